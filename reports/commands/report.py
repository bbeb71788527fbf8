"""`emtheory report`: the main job."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from emtheory.reports.api.report import written
from emtheory.reports.checking.kept import default_folder
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.progress import keeping
from emtheory.reports.render.json_text import FORMAT


def run(
    files: Sequence[Path],
    out: Path,
    jobs: int | None,
    cache: Path | None,
    *,
    use_cache: bool,
    as_json: bool,
    **options: Any,
) -> ExitCode:
    """Check claims of files, or of the catalogue if there are none, write the report, and return the exit status.

    `options` are those of `emtheory.reports.api.report.written`. The folder may exist if it is empty or holds an
    earlier report. InputError, NothingSelectedError if a pattern matches nothing, CannotAnswerError if Rocq is not
    there.
    """
    folder = (cache or default_folder()) if use_cache else None
    kept = f"what is decided is kept in {folder}: the same command goes on from there" if folder else "nothing is kept"
    with keeping(lambda: kept):
        if jobs is not None:
            options["jobs"] = jobs
        found = written(out, files, tell=_tell, cache=folder, **options)
    if as_json:
        sys.stdout.write((out / FORMAT.file).read_text(encoding="utf-8"))
    else:
        click.echo(repr(found))
    return found.code


def _tell(line: str) -> None:
    click.echo(f"emtheory: {line}" if line.startswith(("warning: ", "error: ")) else line, err=True)
