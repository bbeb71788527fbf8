"""The content of the report as one JSON document; HTML, Markdown and JUnit only present it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.level import STRENGTH
from emtheory.reports.catalogue.derivation_steps import derivation_name
from emtheory.reports.catalogue.entry import PARTS, EntryVerdict
from emtheory.reports.catalogue.reproduce import commands
from emtheory.reports.certificates.certificate import certificate_name
from emtheory.reports.decide.verdict import INCONCLUSIVE, Finding, Link, Verdict, enclosure_text
from emtheory.theory.claim import HOLDS, REFUTED, Claim

SCHEMA = 1
PROGRAM = "emtheory"

Json: TypeAlias = Mapping[str, object]

_WITNESS_DIGITS = 12
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def report_document(
    verdicts: Sequence[EntryVerdict],
    derivations: Sequence[Json],
    numbers: Sequence[Json],
    laws: Json | None,
    mutation: Json | None,
    run: Json,
    *,
    quick: bool = False,
) -> dict[str, object]:
    """Return the whole report as JSON values; everything that differs between equal runs is under ``run``.

    A quick report has no mutation score, no numbers and no laws.
    """
    return {
        "schema": SCHEMA,
        "program": PROGRAM,
        "ok": all(verdict.ok for verdict in verdicts),
        "quick": quick,
        "summary": _summary(verdicts),
        "mutation": mutation,
        "entries": [entry_document(verdict) for verdict in verdicts],
        "derivations": list(derivations),
        "numbers": list(numbers),
        "laws": laws,
        "run": run,
    }


def entry_document(verdict: EntryVerdict) -> dict[str, object]:
    """Return one entry, its verdict and the evidence for it as JSON values."""
    entry = verdict.entry
    described: dict[str, object] = {
        "id": entry.id,
        "group": entry.group,
        "title": entry.title,
        "source": entry.source,
        "quote": entry.quote,
        "reading": entry.reading,
        "universal": entry.universal,
        "depends": list(entry.depends),
        "broken": list(verdict.broken),
        "correction": entry.correction,
        "expected": entry.expected,
        "verdict": verdict.outcome,
        "level": None if verdict.level is None else STRENGTH[verdict.level],
        "reason": verdict.reason,
        "ok": verdict.ok,
        "problems": list(verdict.problems),
    }
    for part in PARTS:
        pairs = zip(getattr(entry, part), getattr(verdict, part), strict=True)
        described[part] = [_claim_document(claim, found) for claim, found in pairs]
    decided = (found for part in PARTS for found in getattr(verdict, part) if found.outcome != INCONCLUSIVE)
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


def printable(value: object) -> object:
    """Return JSON values with characters that no text file should hold (controls, lone surrogates) replaced by �."""
    if isinstance(value, str):
        return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, Mapping):
        return {printable(key): printable(item) for key, item in value.items()}
    return [printable(item) for item in value] if isinstance(value, list) else value


def _summary(verdicts: Sequence[EntryVerdict]) -> dict[str, object]:
    counts = Counter(verdict.outcome for verdict in verdicts)
    refuted = [verdict for verdict in verdicts if verdict.outcome == REFUTED]
    controls = [found for verdict in verdicts for found in verdict.controls]
    return {
        "statements": len(verdicts),
        "as_expected": sum(verdict.ok for verdict in verdicts),
        "verdicts": {name: counts[name] for name in (*STRENGTH.values(), REFUTED, INCONCLUSIVE)},
        "refuted_as_expected": sum(verdict.entry.expected != HOLDS for verdict in refuted),
        "corrected": sum(bool(verdict.entry.correction) for verdict in verdicts),
        "claims": sum(len(getattr(verdict, part)) for verdict in verdicts for part in PARTS),
        "controls": len(controls),
        "controls_refuted": sum(found.outcome == REFUTED for found in controls),
    }


def _claim_document(claim: Claim, verdict: Verdict) -> dict[str, object]:
    described = verdict.as_json()
    # Expectations are the entry's business here, and time belongs to the run.
    for key in ("expected", "ok", "seconds"):
        del described[key]
    counterexample = verdict.counterexample
    shown = counterexample or next(iter(verdict.findings), None)
    return described | {
        "witness": None if counterexample is None else _witness(claim, counterexample),
        "title": claim.title,
        "source": claim.source,
        "statement": claim.statement or None,
        "derivation": derivation_name(claim) if claim.derivation else None,
        "cases": cases_text(claim),
        "commands": list(commands(claim, None if shown is None else shown.case)),
        "findings": [_finding_document(finding) for finding in verdict.findings],
    }


def cases_text(claim: Claim) -> str:
    """Return the cases that a claim is about, for the reader."""
    k = claim.k
    consecutive = len(k) > 2 and k == tuple(range(k[0], k[-1] + 1))
    parts = [f"k = {k[0]} to {k[-1]}" if consecutive else f"k = {', '.join(map(str, k))}"]
    if claim.derivation:
        instances = f"; in coordinates for {parts[0]}" if claim.k else ""
        return f"every k{instances}; symbolic" if claim.general else f"{parts[0]}; symbolic"
    parts.append(claim.weights if isinstance(claim.weights, str) else f"π = ({', '.join(claim.weights)})")
    parts += [f"{name} = {value}" for name, value in (("d", claim.d), ("radius", claim.radius)) if value is not None]
    if claim.amplitudes is not None:
        parts.append(f"amplitudes ({', '.join(claim.amplitudes)})")
    parts += [f"every {name} in [{lower}, {upper}]" for name, (lower, upper) in claim.for_all.items()]
    return "; ".join(parts)


def _witness(claim: Claim, finding: Finding) -> dict[str, object]:
    """Return what refutes a claim, with its place and both values short enough to check by hand."""
    case, link = finding.case, finding.failing
    weights = claim.weights if isinstance(claim.weights, str) else ", ".join(claim.weights)
    place = [f"k = {case.k}", f"weights {weights}", f"d = {case.d}"]
    if case.radius is not None:
        place.append(f"radius {case.radius}")
    if case.amplitudes is not None:
        place.append(f"amplitudes {', '.join(map(str, case.amplitudes))}")
    values = [
        {"expression": text, "value": decimal_text(side.midpoint, _WITNESS_DIGITS), **enclosure_text(side)}
        for text, side in zip(finding.failing_texts, (link.left, link.right), strict=True)
    ]
    return finding.witness() | {"place": ", ".join(place), "values": values}


def _finding_document(finding: Finding) -> dict[str, object]:
    case = finding.case.as_json()
    del case["weights"]  # They are the claim's, and a thousand of them at every point would drown the rest.
    return {
        "case": case,
        "holds": finding.holds,
        "reason": finding.reason,
        "comparisons": [_link_document(finding.texts[i : i + 2], link) for i, link in enumerate(finding.links)],
    }


def _link_document(texts: Sequence[str], link: Link) -> dict[str, object]:
    return {
        "comparison": f"{texts[0]} {link.operator} {texts[1]}",
        "holds": link.holds,
        "level": STRENGTH[link.level],
        "left": {**enclosure_text(link.left), "route": link.left.route},
        "right": {**enclosure_text(link.right), "route": link.right.route},
    }
