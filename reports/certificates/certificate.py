"""Certificates: the evidence for a verdict as JSON values (docs/certificates.md).

Everything in a certificate is text, an integer, true, false or null, so that it means the same wherever it is read.
`emtheory.reports.certificates.certify` makes them and `emtheory.reports.certificates.replay` verifies them.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from hashlib import sha256
from typing import Any

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.fingerprint import versions as installed
from emtheory.numerics.level import STRENGTH
from emtheory.reports.decide.boxes.cell import sides_text
from emtheory.reports.decide.cell import ALGEBRA, POINT
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.evaluation import arguments_of
from emtheory.reports.decide.verdict import Finding, Link, Verdict, enclosure_text
from emtheory.reports.language.expression import AMPLITUDE, Call
from emtheory.theory.claim import PROSE, Claim

FORMAT = "emtheory certificate"
VERSION = 1
"""Of the format: to be raised when what stands in a certificate, or its meaning, changes. The verifier knows this one
only."""

EXACT_DIGITS = 15
"""At these digits a comparison of exactly known numbers is written; they have no part in its decision."""

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


def bound(text: str) -> Bound:
    """Return the end point that a decimal (or ``inf``, ``-inf``) of a certificate is."""
    return float(text) if text.endswith("inf") else Fraction(text)


def derivation_documents(claim: Claim) -> list[Json]:
    """Derive a claim's statement for each k, and return the steps with their checks, or the one that fails."""
    # SymPy takes a third of a second to load, and only derivations need it.
    from emtheory.reports.certificates.derivation import derived  # noqa: PLC0415

    ks = (None, *claim.k) if claim.general else claim.k
    return derivation_evidence(derived(claim.derivation, k) for k in ks)


def derivation_evidence(derivations: Iterable[Json]) -> list[Json]:
    """Return of what `emtheory.reports.certificates.derivation.derived` gives for each k what a certificate records."""
    documents: list[Json] = []
    for document in derivations:
        if "error" in document:
            return [document]
        steps = [{name: part for name, part in step.items() if name != "latex"} for step in document["steps"]]
        documents.append(document | {"steps": steps})
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
        "difference": None if link.difference is None else _ends(link.difference, shown),
        "power": link.power,
    }


def _ends(enclosure: Enclosure, shown: int) -> dict[str, str]:
    if enclosure.exact is not None:
        lower, upper = enclosure.exact.enclose(shown)
        enclosure = replace(enclosure, lower=lower, upper=upper)
    return enclosure_text(enclosure, shown)
