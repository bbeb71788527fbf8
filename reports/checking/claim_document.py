"""One claim and the verdict on it as JSON values, as the report shows them."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.case import Case
from emtheory.numerics.families import find_family
from emtheory.numerics.level import STRENGTH
from emtheory.numerics.names import SEPARATOR, is_model, label_of, short_name
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.point import arguments_of
from emtheory.reports.decide.verdict import Finding, Link, Verdict, enclosure_text, points_text
from emtheory.reports.language.expression import Call, subexpressions
from emtheory.theory.claim import HOLDS, Claim, written

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


def evaluate_command(quantity: str, case: Case, weights: str, arguments: dict[str, str], model_file: str = "") -> str:
    """Return the ``emtheory evaluate`` command for a quantity on a case, as typed, weights as they are written."""
    if is_model(case.family):
        words = ["emtheory", "evaluate", short_name(quantity), "--models", model_file, "--model", case.subject]
        used = find_family(case.family).used_by(find_quantity(quantity))
        for name, value in case.parameters:
            words += ["--at", f"{name}={value}"] if name in used else []
        return shlex.join([*words, *_settings(arguments)])
    if case.family:
        words = ["emtheory", "evaluate", quantity.rpartition(SEPARATOR)[2], "--family", case.family]
        for name in find_family(case.family).used_by(find_quantity(quantity)):
            words += [f"--{name.replace('_', '-')}={dict(case.parameters)[name]}"]
        return shlex.join([*words, *_settings(arguments)])
    words = ["emtheory", "evaluate", quantity, "--k", str(case.k), "--weights", weights]
    if case.d != case.k - 1:
        words += ["--d", str(case.d)]
    if find_quantity(quantity).needs_point and case.radius is not None:
        words += ["--radius", str(case.radius)]
    elif find_quantity(quantity).needs_point and case.amplitudes is not None:
        words += ["--amplitudes", ",".join(map(str, case.amplitudes))]
    return shlex.join([*words, *_settings(arguments)])


def _settings(arguments: dict[str, str]) -> Iterator[str]:
    for name, value in arguments.items():
        yield from ("--set", f"{name}={value}")


def commands(claim: Claim, case: Case | None) -> tuple[str, ...]:
    """Return what to run to see every quantity of a claim at a case, or every step of its derivation."""
    if claim.derivation:
        options = [["--general"]] if claim.general else []
        options += [["--k", str(k)] for k in claim.k]
        return tuple(shlex.join(["emtheory", "derive", claim.derivation, *option]) for option in options)
    return () if case is None else tuple(dict.fromkeys(_evaluations(claim, case)))


def python_line(claim: Claim) -> str:
    """Return the line of Python that decides a claim, whole, as the report did."""
    if claim.derivation:
        k = "" if claim.general or not claim.k else f", k={claim.k[0]}"
        return f"emtheory.derive({claim.derivation!r}{k}{', general=True' if claim.general else ''})"
    return f"emtheory.check(emtheory.Claim({written(replace(claim, expect=HOLDS), _model(claim))}))"


def _model(claim: Claim) -> str:
    """The family of a claim as Python writes it: the text of a model is that of its file."""
    if not is_model(claim.family) or not claim.model_file:
        return repr(claim.family)
    return f"emtheory.models({claim.model_file!r})[{label_of(claim.family)!r}].text"


def _evaluations(claim: Claim, case: Case) -> Iterator[str]:
    weights = claim.weights if isinstance(claim.weights, str) else ",".join(claim.weights)
    if case.parameters and not case.family:
        weights = ",".join(map(str, case.weights))
        if isinstance(claim.weights, str):
            ((name, value),) = case.parameters
            weights = claim.weights.replace(f":{name}", f":{value}")
    for operand in read_claim(claim).comparison.operands:
        for part in subexpressions(operand):
            if isinstance(part, Call):
                arguments = {name: str(value) for name, value in arguments_of(part, case).items()}
                yield evaluate_command(part.quantity, case, weights, arguments, claim.model_file)
