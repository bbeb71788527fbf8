"""One claim and the verdict on it as JSON values, as the report shows them."""

from collections.abc import Sequence

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.level import STRENGTH
from emtheory.numerics.names import label_of
from emtheory.reports.catalogue.reproduce import commands, python_line
from emtheory.reports.decide.coverage import points_text
from emtheory.reports.decide.verdict import Finding, Link, Verdict, enclosure_text
from emtheory.theory.claim import Claim

_WITNESS_DIGITS = 12
"""Of a value in a witness, which a reader compares with what a command prints; its enclosure stands beside it."""

_USUAL_K = 3
"""Shown where a derivation goes through for several k: small, but with R other than −1."""


def claim_document(claim: Claim, verdict: Verdict) -> dict[str, object]:
    """Return a claim and the verdict on it as JSON values."""
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
        "cases": cases_text(claim) + (f": {points_text(verdict.points)}" if verdict.points else ""),
        "commands": list(commands(claim, None if shown is None else shown.case)),
        "python": python_line(claim),
        "findings": [_finding_document(finding) for finding in verdict.findings],
    }


def cases_text(claim: Claim) -> str:
    """Return the cases that a claim is about, for the reader."""
    if claim.family:
        parts = [label_of(claim.family), *(f"{name} = {value}" for name, value in claim.values.items())]
        return "; ".join([*parts, *map(_range_text, claim.for_all.items())])
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
    return "; ".join([*parts, *map(_range_text, claim.for_all.items())])


def _range_text(variable: tuple[str, tuple[str, str]]) -> str:
    name, (lower, upper) = variable
    return f"every {name} in [{lower}, ∞)" if upper == "inf" else f"every {name} in [{lower}, {upper}]"


def _witness(claim: Claim, finding: Finding) -> dict[str, object]:
    """Return what refutes a claim, with its place and both values short enough to check by hand."""
    case, link = finding.case, finding.failing
    weights = claim.weights if isinstance(claim.weights, str) else ", ".join(claim.weights)
    place = [f"k = {case.k}", f"weights {weights}", f"d = {case.d}"]
    if case.family:
        place = [f"{name} = {value}" for name, value in case.parameters] + [f"in {case.subject}"]
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
    case.pop("weights", None)  # They are the claim's, and a thousand of them at every point would drown the rest.
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


def shown_k(claim: Claim) -> int | None:
    """Return the k whose steps are shown for a claim by derivation, or None if those for every k are."""
    if claim.general:
        return None
    return _USUAL_K if _USUAL_K in claim.k else min(claim.k)


def derivation_name(claim: Claim) -> str:
    """Return a name, also for links, of the derivation shown for a claim."""
    return f"{claim.derivation}-{shown_k(claim) or 'general'}"
