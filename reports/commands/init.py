"""`emtheory init`: a starter claims file, and a CI job that installs this program from a pinned place.

The user names the place; it is never an index where the name is free.
"""

import json
import re
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath

import click

from emtheory.numerics.errors import InputError
from emtheory.reports.checking.claims_file import SCHEMA_FILE, claims_schema
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.text_file import make_folder, write_atomically

_TEMPLATES = Path(__file__).with_name("templates")
"""The files that are written; jobs have a place for what pip installs."""

JOBS = {"github": ".github/workflows/claims.yml", "gitlab": ".gitlab-ci.yml"}
"""CI system, as its template is called → name of its job."""

EXAMPLES = "git+https://HOST/OWNER/emtheory@v0.2.0, https://HOST/emtheory.whl#sha256=… or vendor/emtheory.whl"

_SAFE = re.compile(r"[A-Za-z0-9._~:/@+=#%-]+")
"""No character that means something to a shell, to YAML or to a reader of the job."""

_REPOSITORY = re.compile(r"git\+(?:https|ssh|file)://.+")
_REVISION = re.compile(r"[0-9a-f]{40}|v?\d+\.\d+[\w.+-]*")
_ARCHIVE_NAME = re.compile(r"\.(?:whl|tar\.gz|zip)$")
_ARCHIVE = re.compile(r"(?:https|file)://[^#]+\.(?:whl|tar\.gz|zip)(#sha256=[0-9a-f]{64})?")


def run(folder: Path, ci: str, source: str | None) -> ExitCode:
    """Write the files; InputError, and nothing is written, if one exists or the source of CI is not pinned.

    Without a source, where none is known either, there is no job, and it is told what it would take.
    """
    source = _own_source() if source is None else source
    files = {folder / "claims.toml": _template("claims.toml"), folder / SCHEMA_FILE: claims_schema()}
    if source is not None:
        files[folder / JOBS[ci]] = _template(f"{ci}.yml").replace("{requirement}", requirement(source))
    for path in files:
        if path.exists() or path.is_symlink():
            raise InputError(f"{path} exists already; nothing was written")
    for path, content in files.items():
        make_folder(path.parent)
        write_atomically(path, content)
        click.echo(f"wrote {path}")
    if source is None:
        click.echo(f"no CI job was written: name the place that CI installs emtheory from by --from {EXAMPLES}")
    click.echo(f"now run: emtheory check {folder / 'claims.toml'}, or emtheory report {folder / 'claims.toml'}")
    return ExitCode.OK


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def requirement(source: str) -> str:
    """Return what pip is told to install: a pinned Git URL, an archive with its digest, or a path in the repository."""
    if not _SAFE.fullmatch(source):
        raise InputError(f"--from {source!r}: letters, digits and ._~:/@+=#%- only, as in {EXAMPLES}")
    if source.startswith("git+"):
        return _pinned_repository(source)
    if "://" in source:
        return _pinned_archive(source)
    path = PurePosixPath(source)
    named = "/" in source or _ARCHIVE_NAME.search(source)  # a bare name would be looked up in an index
    if path.is_absolute() or ".." in path.parts or not path.parts or not named:
        raise InputError(f"--from {source}: a path in the repository that CI checks out, or a URL, as in {EXAMPLES}")
    return f"./{path}"


def _pinned_repository(source: str) -> str:
    place, at, revision = source.rpartition("@")
    if not at or "/" in revision or place.endswith(":/"):
        raise InputError(f"--from {source}: pin it to a version or a commit: {source}@v0.2.0")
    if not _REPOSITORY.fullmatch(place):
        raise InputError(f"--from {source}: git+https://, git+ssh:// or git+file:// is wanted")
    if not _REVISION.fullmatch(revision):
        raise InputError(
            f"--from {source}: {revision!r} may move: pin it to a tag such as v0.2.0, or to all 40 digits of a commit"
        )
    return source


def _pinned_archive(source: str) -> str:
    match = _ARCHIVE.fullmatch(source)
    if match is None:
        raise InputError(f"--from {source}: the URL of a .whl, .tar.gz or .zip, or of a Git repository: {EXAMPLES}")
    if not match[1]:
        raise InputError(f"--from {source}: pin it by its digest: {source}#sha256=…")
    return source


def _own_source() -> str | None:
    """Return the repository and commit that pip installed this program from, if it did."""
    record = json.loads(distribution("emtheory").read_text("direct_url.json") or "{}")
    version_control = record.get("vcs_info", {})
    if version_control.get("vcs") != "git" or record["url"].startswith("file:"):
        return None
    return f"git+{record['url']}@{version_control['commit_id']}"
