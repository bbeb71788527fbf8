"""`emtheory.report`: the main job, the whole catalogue decided and the report on it written."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emtheory.numerics.errors import NothingSelectedError
from emtheory.numerics.processes import processors
from emtheory.reports.api import given
from emtheory.reports.api.given import File
from emtheory.reports.catalogue.selected import is_about_paper
from emtheory.reports.checking.model_files import load_models
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.kernel.rocq_program import require_rocq
from emtheory.reports.notebook import Judged, Tabular
from emtheory.reports.render.json_text import FORMAT
from emtheory.reports.report.own import chosen_entries
from emtheory.reports.report.run import write_report
from emtheory.reports.report.stages import Scope

_MOST_NAMED = 5
"""Statements that are named where they did not come out as expected."""


@dataclass(frozen=True, repr=False)
class Report(Judged, Tabular):
    """A report that was written. It has no truth value: ask for `ok`.

    Attributes
    ----------
    folder
        Where it is; people begin with its ``index.html``, programs with its ``report.json``.
    code
        The exit status of ``emtheory report``.
    entries
        Id, verdict and whether it came out as expected, of each statement.
    """

    folder: Path
    code: ExitCode
    entries: tuple[tuple[str, str, bool], ...]

    @property
    def ok(self) -> bool:
        """Whether everything came out as expected."""
        return self.code == ExitCode.OK

    def document(self) -> Mapping[str, Any]:
        """Return the content of the report, as its ``report.json`` has it; OSError if that has gone."""
        document: Mapping[str, Any] = json.loads((self.folder / FORMAT.file).read_text(encoding="utf-8"))
        return document

    def __repr__(self) -> str:
        others = [f"{name} ({verdict})" for name, verdict, ok in self.entries if not ok]
        count = len(self.entries)
        named = ", ".join([*others[:_MOST_NAMED], *(["…"] if len(others) > _MOST_NAMED else [])])
        told = f"{count - len(others)} of {count} came out as expected{f', but not {named}' if others else ''}"
        return f"{self.folder / 'index.html'}: {told}"

    def _header(self) -> Sequence[str]:
        return "", "statement", "verdict"

    def _rows(self) -> Iterator[Sequence[str]]:
        return (("✓" if ok else "✗", name, verdict) for name, verdict, ok in self.entries)

    def _records(self) -> Iterator[Mapping[str, Any]]:
        return ({"id": name, "verdict": verdict, "ok": ok} for name, verdict, ok in self.entries)

    def _remarks(self) -> Iterator[str]:
        yield repr(self)


def report(
    out: File = "report",
    *claims: File,
    models: File | Sequence[File] = (),
    source: str | None = None,
    select: str | Sequence[str] = (),
    quick: bool = False,
    pdf: bool = False,
    kernel: bool = False,
    jobs: int | None = None,
    scheduler: str | None = None,
    cache: File | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Check claims and write a report, as ``emtheory report`` does; that on the whole catalogue takes minutes.

    Other processes are used: a script guards its main part with ``if __name__ == "__main__"``.

    Parameters
    ----------
    out
        The folder; it may exist if it is empty or holds nothing but an earlier report.
    claims
        Claims files, or folders with such, that it is about; the catalogue if there is none.
    models
        Files with models that claims may name, besides those of their own files.
    source
        The source whose statements are checked, or ``"all"``; by default the paper, or all where `select` is given.
    select
        Ids, or patterns of ids, of the statements to check; what they rest on is checked too.
    quick
        Leave out instances of proved statements, mutants, numbers and figures.
    pdf
        Write ``report.pdf``, and the figures as PDF, too; it needs the packages typst and tylax.
    kernel
        Have Rocq check every claim that can be exported, which raises their level.
    jobs
        Processes, by default one a processor.
    scheduler
        Address of a Dask scheduler whose workers compute instead.
    cache
        Folder for what earlier runs found out; by default everything is found out anew.
    progress
        Is told, in a line each, what has been written so far.

    Returns
    -------
    Report
        Where it is and how the statements came out.

    Raises
    ------
    InputError
        If there is no such source, or `out` cannot be replaced.
    NothingSelectedError
        If there is nothing to check.
    CannotAnswerError
        If a process was lost, or Rocq is asked for and not installed.
    OSError
        If nothing can be written.

    Examples
    --------
    >>> import emtheory
    >>> emtheory.report("report", quick=True).ok  # doctest: +SKIP
    True
    """
    tell = given.progress(progress)
    names, named = given.texts(select, "select"), None if source is None else given.text(source, "source")
    files = [given.file(path, "claims") for path in claims]
    chosen, about = chosen_entries(files, named, names, load_models(given.files(models, "models")))
    scope = Scope(
        selected=bool(names) or (about is None and not is_about_paper(chosen)),
        about=about,
        quick=given.flag(quick, "quick"),
        pdf=given.flag(pdf, "pdf"),
        kernel=given.flag(kernel, "kernel"),
        jobs=processors() if jobs is None else given.count(jobs, "jobs", 1, given.MAX_JOBS),
        cache=given.optional_file(cache, "cache"),
        scheduler=None if scheduler is None else given.text(scheduler, "scheduler"),
    )
    if scope.kernel:
        require_rocq()
    folder = given.file(out, "out")
    code = write_report(folder, chosen, scope, tell)
    if code == ExitCode.NOTHING_SELECTED:
        raise NothingSelectedError("there is nothing to check")
    entries = Report(folder, code, ()).document()["entries"]
    return Report(folder, code, tuple((each["id"], each["verdict"], each["ok"]) for each in entries))
