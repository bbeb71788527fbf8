"""The main job: the whole catalogue decided, and the report on it written."""

import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

from emtheory.numerics.errors import InputError
from emtheory.reports.catalogue.derivation_steps import derivation_document, derivations_of
from emtheory.reports.catalogue.directory import check_replaceable, replaced_directory
from emtheory.reports.catalogue.document import printable, report_document, seconds_of
from emtheory.reports.catalogue.entry import PARTS, EntryVerdict, claims_of, dependency_order, judge
from emtheory.reports.catalogue.figures import decay_drawing, profile_drawing
from emtheory.reports.catalogue.mutants import mutant_of_control, score_document, submit_mutants
from emtheory.reports.catalogue.numbers import SETTINGS, Setting, compare
from emtheory.reports.certificates.certify import write_certificate
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.verdict import Verdict
from emtheory.reports.decide.verify import verify
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.laws.plan import LAWS, LawGrid
from emtheory.reports.laws.run import submit_laws
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.render.html import render_html
from emtheory.reports.render.junit import Problem, TestCase, junit_xml, verdict_case
from emtheory.reports.render.markdown import render_markdown
from emtheory.theory.claim import HOLDS, REFUTED, Claim, Entry

FILES = ("index.html", "report.md", "report.json", "junit.xml", "certificates", "figures", "data")
"""What a report consists of; a folder with anything else is not replaced."""

_LIBRARIES = ("emtheory", "sympy", "mpmath", "python-flint", "numpy", "scipy", "matplotlib")

_CERTIFICATES_NOTE = """\
# Certificates

One for each claim that is decided: its cases, the cover of its domain, and in each cell the enclosures of both sides,
as decimals rounded outwards, with the parameters that produced them.

`emtheory replay FOLDER` verifies them all, without any of the searches that found them; a file by itself is verified by
`emtheory replay FILE`.
"""

Progress = Callable[[str], None]
Examine = Callable[[Claim], Verdict]


def write_report(
    out: Path,
    progress: Progress,
    entries: Sequence[Entry],
    settings: Sequence[Setting] = SETTINGS,
    laws: LawGrid = LAWS,
    *,
    quick: bool = False,
) -> ExitCode:
    """Decide the entries and write the report, whole or not at all.

    Parameters
    ----------
    out
        The folder; it may exist if it is empty or holds nothing but an earlier report.
    progress
        Is told, in a line each, what has been decided.
    entries
        The catalogue.
    settings
        The rows of the table of numbers.
    laws
        What the laws are computed on.
    quick
        Leave out what no verdict depends on: instances of proved statements, mutants, numbers, laws and figures.

    Returns
    -------
    ExitCode
        OK if everything came out as expected, REFUTED if something is decided the wrong way round, INCONCLUSIVE if
        something is open, NOTHING_SELECTED if there is no entry (and nothing is written).

    Raises
    ------
    InputError
        If `out` cannot be replaced.
    OSError
        If nothing can be written beside it.
    ValueError
        If the catalogue is malformed; RuntimeError if one of its claims is.
    """
    if not entries:
        return ExitCode.NOTHING_SELECTED
    _check_catalogue(entries)
    check_replaceable(out, FILES)
    with replaced_directory(out) as folder:
        if quick:
            entries = [_without_instances(entry) for entry in entries]
        (folder / "certificates").mkdir()
        examine = partial(_examine, folder=folder / "certificates")
        verdicts, content, drawings = _decide(entries, settings, laws, examine, progress, quick=quick)
        _write_files(folder, content, drawings, [case for verdict in verdicts for case in _test_cases(verdict)])
    codes = {verdict.exit_code for verdict in verdicts}
    return next((code for code in (ExitCode.REFUTED, ExitCode.INCONCLUSIVE) if code in codes), ExitCode.OK)


def _decide(
    entries: Sequence[Entry],
    settings: Sequence[Setting],
    grid: LawGrid,
    examine: Examine,
    progress: Progress,
    *,
    quick: bool,
) -> tuple[tuple[EntryVerdict, ...], Any, dict[str, Drawing]]:
    """Return the verdicts, the document with everything in it, and the figures; on all processors."""
    start = perf_counter()
    claims = [claim for entry in entries for claim in claims_of(entry)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        # All is submitted before anything is waited for.
        stream = pool.map(examine, claims)
        numbers = pool.map(compare, () if quick else settings)
        derivations = [pool.submit(derivation_document, *shown) for shown in derivations_of(entries)]
        drawn = {} if quick else {"decay": decay_drawing, "profile": profile_drawing}
        figures = {name: pool.submit(draw) for name, draw in drawn.items()}
        collect_laws = None if quick else submit_laws(pool, grid)
        mutants = () if quick else submit_mutants(pool, entries)
        try:
            verdicts = judge(entries, _told(stream, len(claims), progress))
            shown = [derivation.result() for derivation in derivations]
            rows, drawings = list(numbers), {name: figure.result() for name, figure in figures.items()}
            laws = None if collect_laws is None else collect_laws()
            changed = [mutant for made in mutants for mutant in made.result()]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    run = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(perf_counter() - start, 1),
        "machine": f"{platform.platform()}, {platform.machine()}, {os.cpu_count()} processors",
        "versions": {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES},
        "claims": seconds_of(verdicts),
    }
    controls = [
        mutant_of_control(verdict.entry, claim, found.outcome)
        for verdict in verdicts
        for claim, found in zip(verdict.entry.controls, verdict.controls, strict=True)
    ]
    mutation = None if quick else score_document([*changed, *controls])
    tables = None if laws is None else laws.document
    document = report_document(verdicts, shown, rows, tables, mutation, run, quick=quick)
    return verdicts, printable(document), drawings | ({} if laws is None else dict(laws.drawings))


def _without_instances(entry: Entry) -> Entry:
    """Leave out numeric instances, and the derivations for one k beside those for every k."""
    general = (replace(claim, k=()) if claim.general else claim for claim in entry.claims)
    return replace(entry, claims=tuple(general), instances=())


def _check_catalogue(entries: Sequence[Entry]) -> None:
    """Find what is malformed before anything is computed."""
    dependency_order(entries)
    for claim in (claim for entry in entries for claim in claims_of(entry)):
        if claim.statement:
            try:
                read_claim(claim)
            except InputError as error:
                raise RuntimeError(f"catalogue claim {claim.id!r}: {error}") from error


def _examine(claim: Claim, folder: Path) -> Verdict:
    """Verify a claim in a process of its own and write its certificate; RuntimeError if the claim is malformed."""
    try:
        verdict = verify(claim)
        write_certificate(folder, claim, verdict)
    except InputError as error:
        raise RuntimeError(f"catalogue claim {claim.id!r}: {error}") from error
    return verdict


def _told(verdicts: Iterator[Verdict], total: int, progress: Progress) -> Iterator[Verdict]:
    for number, verdict in enumerate(verdicts, start=1):
        progress(f"[{number}/{total}] {verdict.id}: {verdict.outcome}")
        yield verdict


def _test_cases(verdict: EntryVerdict) -> Iterator[TestCase]:
    """Yield the entry's own test case and those of its claims."""
    entry = verdict.entry
    kind = "failure" if verdict.exit_code == ExitCode.REFUTED else "error"
    problem = None if verdict.ok else Problem(kind, "; ".join(verdict.problems))
    yield TestCase(entry.id, "statement", problem, properties={"verdict": verdict.outcome})
    for part in PARTS:
        for found in getattr(verdict, part):
            expected = REFUTED if part == "controls" else HOLDS
            if part == "claims" and entry.expected == REFUTED:
                # One failing claim refutes the statement; which one is not prescribed.
                expected = REFUTED if found.outcome == REFUTED else HOLDS
            yield verdict_case(replace(found, expected=expected), entry.id, times=False)


def _write_files(
    folder: Path, content: Mapping[str, Any], drawings: Mapping[str, Drawing], cases: Sequence[TestCase]
) -> None:
    for name in ("figures", "data"):
        (folder / name).mkdir()
    texts = {
        "index.html": render_html(content, {name: drawing.svg for name, drawing in drawings.items()}),
        "report.md": render_markdown(content),
        "report.json": _json(content),
        "junit.xml": str(printable(junit_xml("emtheory report", cases).decode())),
        "certificates/README.md": _CERTIFICATES_NOTE,
    }
    texts |= {f"figures/{name}.svg": drawing.svg for name, drawing in drawings.items()}
    texts |= {f"data/{name}.csv": drawing.csv for name, drawing in drawings.items()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
