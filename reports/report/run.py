"""The main job: the whole catalogue decided, and the report on it written, in stages until it is complete."""

import platform
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any

from emtheory.numerics.errors import CannotAnswerError, InputError, require_packages
from emtheory.numerics.fingerprint import versions
from emtheory.numerics.processes import processors
from emtheory.numerics.side_by_side import LostProcessError
from emtheory.reports.catalogue.entry import (
    EXIT_CODES,
    PARTS,
    EntryVerdict,
    claims_of,
    dependency_order,
    derivations_of,
    entry_verdicts,
)
from emtheory.reports.catalogue.examination import (
    Examined,
    derivation_task,
    examination_tasks,
    finish_examination,
    pending,
)
from emtheory.reports.checking.tasks import Result, Start, Task, result_of, workshop
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.report.layout import (
    check_replaceable,
    part_names,
    printable,
    replaced_directory,
    report_document,
    seconds_of,
    write_parts,
)
from emtheory.reports.report.stages import (
    VERDICTS,
    Extras,
    Scope,
    Stage,
    finish_extras,
    first_read,
    plan_stages,
    wait_for,
)
from emtheory.theory.claim import Entry

_LIBRARIES = ("emtheory", "sympy", "mpmath", "python-flint", "numpy", "scipy", "matplotlib")


def write_report(out: Path, entries: Sequence[Entry], scope: Scope, tell: Callable[[str], None]) -> ExitCode:
    """Decide the entries and write the report: first verdicts, then all, then the rest, each time whole or not at all.

    OK if everything came out as expected, REFUTED if something is decided the wrong way round, INCONCLUSIVE if
    something is open, NOTHING_SELECTED if there is no entry (and nothing is written); BAD_INPUT or INTERNAL_ERROR if
    there is no verdict on a claim, which is told. InputError if `out` cannot be replaced; CannotAnswerError if what no
    verdict depends on was not computed because a process was lost; the report is left incomplete; OSError if nothing
    can be written beside it; ValueError if the catalogue is malformed; RuntimeError if one of its claims is.
    """
    if not entries:
        return ExitCode.NOTHING_SELECTED
    _check_catalogue(entries)
    # A quick report on a user's claims has no figures and no samples of its own.
    drawn = () if scope.quick and scope.about is not None else ("matplotlib", "scipy")
    require_packages("a report", *drawn, *(("typst", "tylax") if scope.pdf else ()))
    check_replaceable(out, part_names())
    if scope.quick:
        entries = [_without_instances(entry) for entry in entries]
    begin = perf_counter()
    with workshop(scope.jobs, scope.cache, lambda text: tell(f"warning: {text}"), scope.scheduler) as start:
        stages, tasks = plan_stages(entries, scope)
        # All is begun before anything is waited for; what is known from an earlier run is there at once.
        begun = [[start(task) for task in stage.tasks] for stage in stages]
        known = [bool(futures) and all(future.done() for future in futures) for futures in begun]
        reached: dict[str, float] = {}
        for number, stage in enumerate(stages, start=1):
            lost = _wait(stage, start, own=scope.about is not None)
            reached[stage.name] = round(perf_counter() - begin, 1)
            if lost and set(stage.parts) & set(scope.wanted):
                raise CannotAnswerError(f"{', '.join(lost)}: a process was lost; {out} is not complete: run it again")
            if number < len(stages) and all(known[number:]):
                continue
            missing = tuple(chain.from_iterable(later.parts for later in stages[number:]))
            verdicts = entry_verdicts(entries, _examined(entries, missing, start, kernel=scope.kernel))
            extras = Extras() if missing else finish_extras(tasks, scope, verdicts, start)
            done = _results(chain.from_iterable(each.tasks for each in stages[:number]), start)
            run = run_data(verdicts, perf_counter() - begin, reached, done)
            shown = list(_derivations(entries, start))
            document = report_document(
                verdicts,
                shown,
                extras,
                run,
                quick=scope.quick,
                left_out=scope.left_out,
                pending=missing,
                about=scope.about,
            )
            _replace(out, document, verdicts, extras, pdf=scope.pdf)
            if missing:
                what = f"{stage.name} after {run['seconds']:.0f} s; still being computed: {', '.join(missing)}"
                tell(f"{out / 'index.html'}: {what}")
    errors = [found for verdict in verdicts for part in PARTS for found in getattr(verdict, part) if found.error]
    for found in errors:
        tell(f"error: claim {found.id!r}: {found.reason}")
    if errors:
        # What is wrong with a claim of the catalogue is a mistake of ours.
        own = scope.about is not None
        return max(found.error for found in errors if found.error) if own else ExitCode.INTERNAL_ERROR
    codes = {verdict.exit_code for verdict in verdicts}
    return next(code for code in EXIT_CODES.values() if code in codes)


def decided_statements(
    entries: Sequence[Entry], start: Start
) -> tuple[list[tuple[dict[str, Any], EntryVerdict]], list[dict[str, Any]]]:
    """Decide entries without what no verdict depends on.

    Return each as the report has it, with the verdict, and the derivations.
    """
    entries = [_without_instances(entry) for entry in entries]
    for claim in (claim for entry in entries for claim in claims_of(entry)):
        for task in examination_tasks(claim):
            start(task)
    verdicts = entry_verdicts(entries, _examined(entries, (), start, kernel=False))
    document: dict[str, Any] = report_document(verdicts, (), Extras(), {})
    return list(zip(document["entries"], verdicts, strict=True)), list(_derivations(entries, start))


def _wait(stage: Stage, start: Start, *, own: bool) -> list[str]:
    try:
        return wait_for(stage, start)
    except InputError as error:  # of the user's, or a mistake of ours
        raise error if own else RuntimeError(f"catalogue {error}") from None


def _replace(
    out: Path, document: Mapping[str, Any], verdicts: Sequence[EntryVerdict], extras: Extras, *, pdf: bool
) -> None:
    # What was put into the folder since it was looked at last must not be lost either.
    check_replaceable(out, part_names())
    claims = [found for verdict in verdicts for part in PARTS for found in getattr(verdict, part)]
    with replaced_directory(out) as folder:
        write_parts(folder, printable(document), claims, extras.drawings, pdf=pdf)


def _examined(entries: Sequence[Entry], missing: Collection[str], start: Start, *, kernel: bool) -> Iterator[Examined]:
    """Yield what is known about each claim, as `entry_verdicts` takes it; those of missing parts are pending."""
    begun = {entry.id for entry in (first_read(entries) if VERDICTS in missing else entries)}
    for entry in entries:
        for part in PARTS:
            for claim in getattr(entry, part):
                waits = part in missing or entry.id not in begun
                yield pending(claim) if waits else finish_examination(claim, start, kernel=kernel)


def _derivations(entries: Sequence[Entry], start: Start) -> Iterator[dict[str, Any]]:
    """Yield the derivations that are there to be shown."""
    for name, k, entry in derivations_of(entries):
        future = start(derivation_task(name, k))
        if future.done():
            with suppress(LostProcessError):
                document = result_of(future).value
                if "error" not in document:
                    yield document | {"entry": entry}


def run_data(
    verdicts: Sequence[EntryVerdict], seconds: float, reached: Mapping[str, float], done: Sequence[tuple[Task, Result]]
) -> dict[str, Any]:
    """Return what of a report differs between equal runs."""
    work: dict[str, float] = {}
    for task, result in done:
        work[task.function.__name__] = work.get(task.function.__name__, 0.0) + result.seconds
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "machine": f"{platform.platform()}, {platform.machine()}, {processors()} processors",
        "versions": {"python": platform.python_version()} | versions(*_LIBRARIES),
        "reused": sum(result.reused for _, result in done),
        "stages": dict(reached),
        "work": {name: round(total, 1) for name, total in work.items()},
        "claims": seconds_of(verdicts),
    }


def _results(tasks: Iterable[Task], start: Start) -> list[tuple[Task, Result]]:
    """Return the tasks, each once, with their results, but those that failed."""
    found: dict[Future[Any], tuple[Task, Result]] = {}
    for task in tasks:
        with suppress(Exception):  # What failed is told with its claim.
            future = start(task)
            found[future] = task, result_of(future)
    return list(found.values())


def _without_instances(entry: Entry) -> Entry:
    """Leave out numeric instances, and the derivations for one k beside those for every k."""
    general = (replace(claim, k=()) if claim.general else claim for claim in entry.claims)
    return replace(entry, claims=tuple(general), instances=())


def _check_catalogue(entries: Sequence[Entry]) -> None:
    """Find what is malformed before anything is computed."""
    dependency_order(entries)
    for claim in (claim for entry in entries for claim in claims_of(entry)):
        if claim.sharpen is not None:
            raise InputError(
                f"claim {claim.id!r}: the statement has a free constant, {claim.sharpen.constant}; a report is about "
                "statements without one, and emtheory sharpen finds its best value"
            )
        if claim.statement:
            try:
                read_claim(claim)
            except InputError as error:
                raise RuntimeError(f"catalogue claim {claim.id!r}: {error}") from error
