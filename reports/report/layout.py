"""What a report consists of: a file for each format, and folders; the whole is replaced at once or not at all."""

import json
import secrets
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from emtheory.numerics.errors import InputError
from emtheory.numerics.level import KERNEL, STRENGTH
from emtheory.reports.catalogue.entry import PARTS, EntryVerdict, foundations, trusted, with_ancestors
from emtheory.reports.catalogue.examination import PENDING, Examined
from emtheory.reports.catalogue.selected import other_readings, sources_document
from emtheory.reports.certificates.certificate import certificate_name, certificate_text, write_verifier
from emtheory.reports.decide.verdict import INCONCLUSIVE
from emtheory.reports.kernel.proved_entries import theorem_documents
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.render.formats import formats
from emtheory.reports.render.html import statement_pages
from emtheory.reports.render.templating import templates
from emtheory.reports.report.stages import Extras
from emtheory.reports.text_file import check_writable, without_controls
from emtheory.theory.claim import BEYOND, HOLDS, PROPER, REFUTED

SCHEMA = 1
"""Of the report as JSON: to be raised when a key goes or changes its meaning, so that no program misreads it; a new key
needs none."""
PROGRAM = "emtheory"

Json: TypeAlias = Mapping[str, Any]

CERTIFICATES, FIGURES, DATA, STATEMENTS = FOLDERS = "certificates", "figures", "data", "statements"
PDF = "report.pdf"
_OF_AN_ENTRY = "id", "group", "title", "source", "quote", "reading", "universal"


def report_document(
    verdicts: Sequence[EntryVerdict],
    derivations: Sequence[Json],
    extras: Extras,
    run: Json,
    *,
    quick: bool = False,
    left_out: Sequence[str] = (),
    pending: Sequence[str] = (),
    about: Json | None = None,
) -> dict[str, object]:
    """Return the whole report as JSON values; everything that differs between equal runs is under ``run``."""
    readings = other_readings([verdict.entry for verdict in verdicts])
    commands = {} if about is None else about["commands"]
    entries = with_ancestors(
        [
            entry_document(verdict)
            | {"other_readings": list(readings[verdict.entry.id])}
            | {"command": commands.get(verdict.entry.id, f"emtheory show {verdict.entry.id}")}
            for verdict in verdicts
        ]
    )
    return {
        "schema": SCHEMA,
        "program": PROGRAM,
        "ok": all(verdict.ok for verdict in verdicts) and not pending,
        "quick": quick,
        "left_out": list(left_out),
        "pending": list(pending),
        "summary": _summary(verdicts, readings) | {"trusted": trusted(entries)},
        "mutation": extras.mutation,
        "entries": entries,
        "derivations": list(derivations),
        "numbers": list(extras.numbers),
        "laws": extras.laws,
        "explorer": list(extras.explorer),
        "figures": {name: drawing.caption for name, drawing in extras.drawings.items()},
        **(
            sources_document({verdict.entry.id: verdict.outcome for verdict in verdicts})
            if about is None
            else {"sources": [], "about": {name: value for name, value in about.items() if name != "commands"}}
        ),
        "own": about is not None,
        "run": run,
    }


def entry_document(verdict: EntryVerdict) -> dict[str, object]:
    """Return one entry, its verdict and the evidence for it as JSON values."""
    entry = verdict.entry
    described: dict[str, object] = {
        **{name: getattr(entry, name) for name in _OF_AN_ENTRY},
        "constants": [
            {"text": constant.text, "kind": constant.kind, "shown": list(constant.shown)}
            for constant in entry.constants
        ],
        "depends": list(entry.depends),
        "foundations": foundations(verdict),
        "theorems": theorem_documents(verdict.theorems),
        "broken": list(verdict.broken),
        "correction": entry.correction,
        "expected": entry.expected,
        "verdict": verdict.outcome,
        "level": KERNEL if verdict.in_kernel else None if verdict.level is None else STRENGTH[verdict.level],
        "reason": verdict.reason,
        "ok": verdict.ok,
        "status": verdict.status,
        "pending": list(verdict.pending),
        "unsettled": list(verdict.unsettled),
        "problems": list(verdict.problems),
    }
    for part in PARTS:
        described[part] = [found.document for found in getattr(verdict, part)]
    decided = (found for part in PARTS for found in getattr(verdict, part) if found.certificate is not None)
    described["certificates"] = {found.id: certificate_name(found.id) for found in decided}
    return described


def seconds_of(verdicts: Sequence[EntryVerdict]) -> dict[str, dict[str, float]]:
    """Return the time each claim took, by entry; it belongs to the run, not to the evidence."""
    return {
        verdict.entry.id: {
            found.id: round(found.seconds, 3) for found in chain.from_iterable(getattr(verdict, part) for part in PARTS)
        }
        for verdict in verdicts
    }


def printable(value: Any) -> Any:
    """Return JSON values with texts `without_controls`."""
    if isinstance(value, str):
        return without_controls(value)
    if isinstance(value, Mapping):
        return {printable(key): printable(item) for key, item in value.items()}
    return [printable(item) for item in value] if isinstance(value, list) else value


def _summary(verdicts: Sequence[EntryVerdict], readings: Mapping[str, Sequence[str]]) -> dict[str, object]:
    counts = Counter(verdict.outcome for verdict in verdicts)
    refuted = [verdict for verdict in verdicts if verdict.outcome == REFUTED]
    ours = [verdict for verdict in refuted if verdict.entry.group == BEYOND]
    holding = {verdict.entry.id for verdict in verdicts if verdict.holds}
    controls = [found for verdict in verdicts for found in verdict.controls]
    incomplete = sum(
        bool(verdict.entry.correction) and verdict.outcome != REFUTED and verdict.entry.group != BEYOND
        for verdict in verdicts
    )
    false = len(refuted) - len(ours)
    proper = [verdict for verdict in verdicts if verdict.entry.group in PROPER]
    # The readings of a sentence are one sentence.
    said = {verdict.entry.id for verdict in verdicts if verdict.entry.group not in (*PROPER, BEYOND)}
    sentences = {frozenset({name, *readings[name]} & said) for name in said}
    false_ids = {verdict.entry.id for verdict in refuted}
    return {
        "statements": len(verdicts),
        "as_expected": sum(verdict.ok for verdict in verdicts),
        "pending": sum(verdict.status == PENDING for verdict in verdicts),
        "verdicts": {name: counts[name] for name in (*STRENGTH.values(), REFUTED, INCONCLUSIVE)},
        "refuted_as_expected": sum(verdict.entry.expected != HOLDS for verdict in refuted),
        "statements_of_summary": sum(verdict.entry.group != BEYOND for verdict in verdicts),
        "false_or_incomplete": false + incomplete,
        "refuted_of_summary": false,
        "incomplete": incomplete,
        "proper": len(proper),
        "proper_holding": sum(verdict.holds for verdict in proper),
        "sentences": len(sentences),
        "sentences_false": sum(each <= false_ids for each in sentences),
        "sentences_false_in_one_reading": sum(bool(each & false_ids) and not each <= false_ids for each in sentences),
        "refuted_beyond": len(ours),
        "refuted_in_one_reading": sum(not holding.isdisjoint(readings[verdict.entry.id]) for verdict in refuted),
        "chapters": dict(Counter(verdict.entry.group for verdict in verdicts)),
        "corrected": sum(bool(verdict.entry.correction) for verdict in verdicts),
        "claims": sum(
            found.outcome != PENDING for verdict in verdicts for part in PARTS for found in getattr(verdict, part)
        ),
        "in_kernel": sum(found.in_kernel for verdict in verdicts for part in PARTS for found in getattr(verdict, part)),
        "controls": len(controls),
        "controls_refuted": sum(found.outcome == REFUTED for found in controls),
    }


def check_replaceable(folder: Path, known: Collection[str]) -> None:
    """Raise InputError unless a folder is free, empty, or holds the `known` files only, and can have a neighbour."""
    check_writable(next(place for place in folder.resolve().parents if place.exists()), str(folder))
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; give a folder for the report")
    names = sorted(path.name for path in folder.iterdir())
    if not names:
        return
    if not _is_report(folder):
        raise InputError(f"{folder} is not empty and not an earlier report: give another folder, or remove it first")
    foreign = [name for name in names if name not in known]
    if foreign:
        raise InputError(
            f"{folder} holds {foreign[0]!r}, which is not part of a report and would be lost: move it away"
        )


@contextmanager
def replaced_directory(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside `folder`, which takes its place if the block succeeds; OSError if it cannot be made."""
    target = folder.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    mark = secrets.token_hex(4)
    new, old = (target.with_name(f".{target.name}.{mark}.{name}") for name in ("new", "old"))
    try:
        new.mkdir()
        yield new
        if target.exists():
            target.rename(old)
        try:
            new.rename(target)
        except BaseException:
            if old.exists():
                old.rename(target)
            raise
    except OSError as error:  # who asked for the folder knows nothing of another beside it
        raise OSError(error.errno, error.strerror or str(error), str(folder)) from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)


def _is_report(folder: Path) -> bool:
    try:
        document = json.loads((folder / "report.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and document.get("program") == PROGRAM and "schema" in document


def part_names() -> tuple[str, ...]:
    """Return the names of all files and folders of a report; a folder with anything else is not replaced."""
    return (*(each.file for each in formats()), PDF, *FOLDERS)


def write_parts(
    folder: Path,
    document: Mapping[str, Any],
    claims: Sequence[Examined],
    drawings: Mapping[str, Drawing],
    *,
    pdf: bool = False,
) -> None:
    """Write a report to an empty folder."""
    for name in FOLDERS:
        (folder / name).mkdir()
    figures = {name: drawing.svg for name, drawing in drawings.items()}
    texts = {each.file: printable(each.render(document, figures)) for each in formats()}
    texts |= {
        f"{CERTIFICATES}/{certificate_name(claim.id)}": certificate_text(claim.certificate)
        for claim in claims
        if claim.certificate is not None
    }
    texts |= {f"{CERTIFICATES}/README.md": templates().get_template("certificates.md").render()}
    texts |= {f"{STATEMENTS}/{name}": printable(page) for name, page in statement_pages(document).items()}
    texts |= {f"{FIGURES}/{name}.svg": svg for name, svg in figures.items()}
    texts |= {f"{DATA}/{name}.csv": drawing.csv for name, drawing in drawings.items()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    write_verifier(folder / CERTIFICATES)
    if pdf:
        from emtheory.reports.pdf.document import figure_pdf, report_pdf  # noqa: PLC0415 (an extra, seldom wanted)

        (folder / PDF).write_bytes(report_pdf(document, figures))
        for name, svg in figures.items():
            (folder / FIGURES / f"{name}.pdf").write_bytes(figure_pdf(svg))
