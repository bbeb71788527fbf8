"""`emtheory report`: the main job."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from emtheory.numerics.errors import NothingSelectedError
from emtheory.reports.catalogue.selected import is_about_paper
from emtheory.reports.checking.kept import default_folder
from emtheory.reports.checking.model_files import load_models
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.kernel.rocq_program import require_rocq
from emtheory.reports.progress import keeping
from emtheory.reports.render.json_text import FORMAT
from emtheory.reports.report.own import chosen_entries
from emtheory.reports.report.run import MEANING, write_report
from emtheory.reports.report.stages import Scope


def run(
    files: Sequence[Path],
    models: Sequence[Path],
    out: Path,
    source: str | None,
    select: Sequence[str],
    jobs: int | None,
    scheduler: str | None,
    cache: Path | None,
    *,
    quick: bool,
    use_cache: bool,
    pdf: bool,
    kernel: bool,
    as_json: bool,
) -> ExitCode:
    """Check claims of files, or of the catalogue if there are none, write the report, and return the exit status.

    `quick` leaves out what no verdict depends on; `kernel` has Rocq check what can be exported, which raises its level.
    The folder may exist if it is empty or holds an earlier report. InputError, NothingSelectedError if a pattern
    matches nothing, CannotAnswerError if Rocq is not there.
    """
    if kernel:
        require_rocq()
    chosen, about = chosen_entries(files, source, select, load_models(models))
    folder = (cache or default_folder()) if use_cache else None
    selected = bool(select) or (about is None and not is_about_paper(chosen))
    scope = Scope(
        quick=quick, selected=selected, cache=folder, scheduler=scheduler, pdf=pdf, kernel=kernel, about=about
    )
    kept = f"what is decided is kept in {folder}: the same command goes on from there" if folder else "nothing is kept"
    with keeping(lambda: kept):
        code = write_report(out, chosen, scope if jobs is None else replace(scope, jobs=jobs), _tell)
    if code == ExitCode.NOTHING_SELECTED:
        raise NothingSelectedError("the catalogue is empty")
    if as_json:
        sys.stdout.write((out / FORMAT.file).read_text(encoding="utf-8"))
    else:
        click.echo(f"{out / 'index.html'}: {MEANING[code]}")
    return code


def _tell(line: str) -> None:
    click.echo(f"emtheory: {line}" if line.startswith(("warning: ", "error: ")) else line, err=True)
