"""`emtheory init`: a starter claims file and a CI job."""

from pathlib import Path

import click

from emtheory.numerics.errors import InputError
from emtheory.reports.atomic import write_atomically
from emtheory.reports.commands.install_source import requirement
from emtheory.reports.exit_code import ExitCode

_TEMPLATES = Path(__file__).with_name("templates")
"""The files that are written; jobs have a place for what pip installs."""

JOBS = {"github": ".github/workflows/claims.yml", "gitlab": ".gitlab-ci.yml"}
"""CI system, as its template is called → name of its job."""


def run(folder: Path, ci: str, source: str | None) -> ExitCode:
    """Write the files; InputError, and nothing is written, if one exists or the source of CI is not pinned."""
    job = _template(f"{ci}.yml").replace("{requirement}", requirement(source))
    files = {folder / "claims.toml": _template("claims.toml"), folder / JOBS[ci]: job}
    for path in files:
        if path.exists() or path.is_symlink():
            raise InputError(f"{path} exists already; nothing was written")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
        click.echo(f"wrote {path}")
    click.echo(f"now run: emtheory check {folder / 'claims.toml'}, or emtheory report {folder / 'claims.toml'}")
    return ExitCode.OK


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
