"""Certificates: the evidence for a verdict as JSON values (docs/certificates.md).

Everything in a certificate is text, an integer, true, false or null, so that it means the same wherever it is read.
They are made here, and verified by `emtheory.reports.certificates.replay` and by the program beside them (`verify/`).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from emtheory.numerics.arithmetic.decimal_text import bound, decimal_text
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.fingerprint import versions as installed
from emtheory.numerics.level import STRENGTH
from emtheory.reports.decide.boxes.cell import sides_text
from emtheory.reports.decide.domain import Question, read_claim
from emtheory.reports.decide.point import arguments_of, decide_at, decide_from
from emtheory.reports.decide.verdict import (
    ALGEBRA,
    ANYTHING,
    INCONCLUSIVE,
    POINT,
    Finding,
    Link,
    Verdict,
    enclosure_text,
)
from emtheory.reports.language.expression import AMPLITUDE, Call, Comparison
from emtheory.reports.text_file import write_atomically
from emtheory.theory.claim import PROSE, Claim
from emtheory.theory.errors import DerivationError

FORMAT = "emtheory certificate"
VERSION = 1
"""Of the format: to be raised when what stands in a certificate, or its meaning, changes. The verifier knows this one
only."""

EXACT_DIGITS = 15
"""At these digits a comparison of exactly known numbers is written; they have no part in its decision."""

VERIFIER = "verify"
"""A folder that is a program of its own, for which nothing but Python and python-flint is needed."""

_LIBRARIES = ("emtheory", "gmpy2", "mpmath", "numpy", "python-flint", "sympy")
_GUARD_DIGITS = 25
"""Digits of both sides shown beyond those asked for: enough that another precision shows."""
_QUANTITY_GUARD_DIGITS = 15
"""Digits of quantities kept beyond those asked for: so few that each of them shows in the sides."""
_MARGIN_DIGITS = 6
"""Of a margin, which is rounded down, as in verdicts."""
_LONGEST_NAME = 60
"""Characters of an id in the name of its file. A choice, well within the 255 bytes that file systems allow; a longer id
is cut, and told apart by a digest."""
_PLAIN = re.compile(rf"(?=.{{1,{_LONGEST_NAME}}}$)[a-z0-9][a-z0-9-]*(/[a-z0-9-]+)*")
_UNSAFE = re.compile(r"[^a-z0-9]+")

Json = dict[str, Any]


def sealed(claim: Claim, verdict: Verdict, cases: Sequence[Json] = (), derivations: Sequence[Json] = ()) -> Json:
    """Return the whole certificate from its evidence, with the versions in use and the fingerprint."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "claim": claim_document(claim),
        "verdict": verdict.outcome,
        "level": None if verdict.level is None else STRENGTH[verdict.level],
        "margin": verdict.margin,
        "as_expected": verdict.ok,
        "cases": list(cases),
        "derivations": list(derivations),
    }
    return signed(content)


def signed(content: Json) -> Json:
    """Return the content of a certificate with the versions in use and the fingerprint, as it is read back."""
    content = content | {"versions": versions()}
    certificate: Json = plain(content | {"fingerprint": fingerprint(content)})
    return certificate


def versions() -> dict[str, str]:
    """Return the versions of everything that the numbers depend on, besides the parameters recorded."""
    return installed(*_LIBRARIES)


def fingerprint(certificate: Mapping[str, Any]) -> str:
    """Return the SHA-256 digest of the canonical text: keys sorted, no blanks, without the fingerprint itself."""
    content = {name: value for name, value in certificate.items() if name != "fingerprint"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def certificate_text(certificate: Json) -> str:
    """Return a certificate as the text of its file."""
    return json.dumps(certificate, indent=1) + "\n"


def certificate_name(identifier: str) -> str:
    """Return the file name for the certificate of a claim: safe on every system, and different for different ids."""
    if _PLAIN.fullmatch(identifier):
        return f"{identifier.replace('/', '.')}.json"
    digest = sha256(identifier.encode(errors="surrogatepass")).hexdigest()
    return f"{_UNSAFE.sub('-', identifier.lower())[:_LONGEST_NAME].strip('-')}_{digest[:12]}.json"


def plain(value: Any) -> Any:
    """Return JSON values as they are read back: lists for tuples, and so on."""
    return json.loads(json.dumps(value))


def claim_document(claim: Claim) -> Json:
    """Return what a claim says: all but the prose about it, and without what is left out or has no part in it."""
    names = (
        ["id", "derivation", "general", "k", "expect"] if claim.derivation else [part.name for part in fields(claim)]
    )
    parts = {name: getattr(claim, name) for name in names if name not in PROSE}
    given = {name: value for name, value in parts.items() if value or name == "k"}
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in given.items()}


def case_document(question: Question, case: Case) -> Json:
    """Return an exact case and what varies; its weights, perhaps thousands, by their digest: the claim gives them."""
    weights = ",".join(map(str, case.weights))
    varying = " ".join(question.spans)
    return {
        "k": case.k,
        "d": case.d,
        "weights_sha256": sha256(weights.encode()).hexdigest(),
        "radius": None if case.radius is None or "radius" in varying else str(case.radius),
        "amplitudes": None if case.amplitudes is None or AMPLITUDE in varying else list(map(str, case.amplitudes)),
        "for_all": {name: str(span) for name, span in question.spans.items()},
    }


def cell_document(question: Question, finding: Finding, premises: Sequence[Finding] = ()) -> Json:
    """Return one cell: place, evidence, and what was found on assumptions that hold at one place, not another.

    A place that an assumption excludes has no evidence but that against the assumption: its finding has no links.
    """
    where: Json = {"method": POINT, "point": point_document(question, finding.case), "stretch": None, "window": None}
    whole, box = finding.whole, finding.box
    if whole is not None:
        where |= {"method": ALGEBRA, "point": dict(whole.place) or None}
    if box is not None:
        sides, around = (sides_text(part, box.tail) for part in (box.sides, box.window))
        where = {"method": box.method, "point": None, "stretch": sides, "window": around}
    return where | {"assumptions": [evidence_document(premise) for premise in premises]} | evidence_document(finding)


def point_document(question: Question, case: Case) -> dict[str, str]:
    """Return the values that the variables of a claim have in a case."""
    return {name: str(value_of(name, case)) for name in question.spans}


def value_of(name: str, case: Case) -> Fraction:
    """Return the value of a variable in a case."""
    if name.startswith(AMPLITUDE) and case.amplitudes is not None:
        return case.amplitudes[int(name.removeprefix(AMPLITUDE)) - 1]
    value = case.radius if name == "radius" else dict(case.parameters).get(name)
    if not isinstance(value, Fraction):
        raise ValueError(f"the case has no {name} that is a fraction")
    return value


def evidence_document(finding: Finding) -> Json:
    """Return the digits, every quantity, and both sides of every comparison."""
    shown = finding.digits + _GUARD_DIGITS
    pairs = zip(finding.texts, finding.texts[1:], finding.links, strict=False)
    return {
        "digits": None if needs_no_digits(finding) else finding.digits,
        "quantities": [_quantity(call, finding.case, value, shown) for call, value in finding.values.items()],
        "comparisons": [_comparison(left, right, link, shown) for left, right, link in pairs],
    }


def needs_no_digits(finding: Finding) -> bool:
    """Whether it is about a point, and both sides of every comparison are known exactly."""
    sides = [side for link in finding.links for side in (link.left, link.right)]
    at_point = finding.whole is None and finding.box is None
    return at_point and all(side.exact is not None or side.lower == side.upper for side in sides)


def rounded(enclosure: Enclosure, digits: int) -> Enclosure:
    """Return the enclosure that the certificate's decimals stand for; what is exact stays so."""
    if enclosure.exact is not None:
        return enclosure
    ends = enclosure_text(enclosure, digits + _QUANTITY_GUARD_DIGITS)
    return replace(enclosure, lower=bound(ends["lower"]), upper=bound(ends["upper"]))


def derivation_documents(claim: Claim) -> list[Json]:
    """Derive a claim's statement for each k, and return the steps with their checks, or the one that fails."""
    ks = (None, *claim.k) if claim.general else claim.k
    return derivation_evidence(derived(claim.derivation, k) for k in ks)


def derived(name: str, k: int | None) -> dict[str, Any]:
    """Derive a statement, for every k if it is None; return its document, or the ``error`` of the step that fails."""
    # SymPy takes a third of a second to load, and only derivations need it.
    from emtheory.theory.derivations import derive  # noqa: PLC0415

    try:
        return derive(name, k).as_json()
    except DerivationError as error:
        return {"k": k, "error": str(error)}


def derivation_evidence(derivations: Iterable[Json]) -> list[Json]:
    """Return of what `derived` gives for each k what a certificate records."""
    documents: list[Json] = []
    for document in derivations:
        if "error" in document:
            return [document]
        steps = [{name: part for name, part in step.items() if name != "latex"} for step in document["steps"]]
        documents.append({name: part for name, part in document.items() if name != "conclusion"} | {"steps": steps})
    return documents


def _quantity(call: Call, case: Case, value: Enclosure, shown: int) -> Json:
    return {
        "quantity": call.label,
        "arguments": {name: str(argument) for name, argument in arguments_of(call, case).items()},
        "route": value.route,
        "level": str(value.level),
        **_ends(value, shown),
        "at": None if value.at is None else str(value.at),
    }


def _comparison(left: str, right: str, link: Link, shown: int) -> Json:
    return {
        "comparison": f"{left} {link.operator} {right}",
        "holds": link.holds,
        "level": STRENGTH[link.level],
        "margin": None if link.distance is None else decimal_text(link.distance, _MARGIN_DIGITS, "down"),
        "left": _ends(link.left, shown),
        "right": _ends(link.right, shown),
        # Where sides touch inside a cell, without ends of their own, it is over a power of what is not recorded.
        "difference": None if link.difference is None or link.left == ANYTHING else _ends(link.difference, shown),
        "power": link.power,
    }


def _ends(enclosure: Enclosure, shown: int) -> dict[str, str]:
    if enclosure.exact is not None:
        lower, upper = enclosure.exact.enclose(shown)
        enclosure = replace(enclosure, lower=lower, upper=upper)
    return enclosure_text(enclosure, shown)


def write_certificate(folder: Path, claim: Claim, verdict: Verdict) -> str | None:
    """Write the certificate of a verdict to its file in a folder, as `keep_certificate`."""
    return keep_certificate(folder, claim, None if verdict.outcome == INCONCLUSIVE else certify(claim, verdict))


def keep_certificate(folder: Path, claim: Claim, certificate: Json | None) -> str | None:
    """Write a certificate to its file in a folder that exists, whole or not at all, and return its name.

    Without a certificate, as of an inconclusive verdict, an earlier file is removed.
    """
    name = certificate_name(claim.id)
    if certificate is None:
        (folder / name).unlink(missing_ok=True)
        return None
    write_atomically(folder / name, certificate_text(certificate))
    write_verifier(folder)
    return name


def write_about_data(path: Path, document: Json) -> Path:
    """Write a certificate about data to a folder that exists, the standalone verifier beside it; return its path."""
    write_atomically(path, certificate_text(document))
    write_verifier(path.parent)
    return path


def write_verifier(folder: Path) -> None:
    """Write the standalone verifier beside certificates, but for files that are there already."""
    for name, text in verifier_files().items():
        path = folder / VERIFIER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8", errors="replace") != text:
            write_atomically(path, text)


@cache
def verifier_files() -> Mapping[str, str]:
    """Return the files of the standalone verifier, modules but for one: path in its folder → text."""
    folder = Path(__file__).with_name(VERIFIER)
    files = sorted(path for path in folder.rglob("*.*") if path.suffix in (".py", ".toml"))
    return MappingProxyType({path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files})


def certify(claim: Claim, verdict: Verdict, derived: Iterable[Json] | None = None) -> Json:
    """Return the certificate of a verdict, a refutation by its witness, a claim that holds by all cells.

    A claim by derivation may come with what was `derived` for each k. An inconclusive verdict, without evidence, is a
    ValueError.
    """
    if verdict.outcome == INCONCLUSIVE:
        raise ValueError(f"claim {claim.id!r} is inconclusive: there is nothing to certify")
    if claim.derivation:
        evidence = derivation_documents(claim) if derived is None else derivation_evidence(derived)
        return sealed(claim, verdict, derivations=evidence)
    question = read_claim(claim)
    refuting = verdict.counterexample
    findings = tuple(
        as_written(question.comparison, finding) for finding in (verdict.findings if refuting is None else (refuting,))
    )
    cases = [_case(question, case, [f for f in findings if f.case.k == case.k], refuting) for case in question.cases]
    return sealed(claim, replace(verdict, findings=findings), cases)


def _case(question: Question, case: Case, findings: Sequence[Finding], refuting: Finding | None) -> Json:
    """Record a case; next to one that refutes the claim the others are recorded without evidence."""
    document = case_document(question, case) | {"assumptions": [], "cells": []}
    if refuting is not None and not findings:
        return document
    common = [each for each in question.assumptions if each not in question.local_assumptions]
    document["assumptions"] = [evidence_document(premise) for premise in _premises(common, case)]
    if not question.local_assumptions or any(
        finding.whole is not None or finding.box is not None for finding in findings
    ):
        document["cells"] = [cell_document(question, finding, finding.premises) for finding in findings]
        return document
    known = {finding.case: finding for finding in findings}
    places = list(question.places(case)) if refuting is None else list(known)
    for place in places:
        finding = known.get(place, Finding(place, question.comparison.texts, ()))
        premises = _premises(question.local_assumptions, place)
        document["cells"].append(cell_document(question, finding, premises))
    return document


def _premises(assumptions: Sequence[Comparison], case: Case) -> list[Finding]:
    return [as_written(assumption, decide_at(assumption, case)) for assumption in assumptions]


def as_written(comparison: Comparison, finding: Finding) -> Finding:
    """Return a finding as it follows from its quantities rounded outwards to the digits that are shown."""
    if finding.whole is not None or finding.box is not None:
        return finding
    values = {call: rounded(value, finding.digits) for call, value in finding.values.items()}
    written = decide_from(comparison, finding.case, finding.digits, values)
    return decide_from(comparison, finding.case, EXACT_DIGITS, values) if needs_no_digits(written) else written
