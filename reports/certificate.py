"""Certificates: the evidence for a verdict as data that `reports.replay` can check (docs/certificates.md).

Everything in a certificate is text, an integer, true, false or null, so that it means the same wherever it is read.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from numerics.case import Case
from numerics.decimal_text import decimal_text
from numerics.enclosure import Bound, Enclosure
from reports.atomic import write_atomically
from reports.cell import POINT
from reports.confront import confront
from reports.domain import Radii, read_claim
from reports.evaluation import arguments_of
from reports.expression import Call, Comparison
from reports.verdict import INCONCLUSIVE, STRENGTH, Finding, Link, Verdict, enclosure_text
from theory.claim import Claim

FORMAT = "emtheory certificate"
VERSION = 1
_LIBRARIES = ("emtheory", "gmpy2", "mpmath", "numpy", "python-flint", "scipy", "sympy")

EXACT_DIGITS = 15
"""At these digits a comparison of exactly known numbers is written; they have no part in its decision."""

_GUARD_DIGITS = 25
"""Digits shown beyond those asked for: enough that another precision shows."""
_MARGIN_DIGITS = 6
_PROSE = ("title", "source", "line")
_LONGEST_NAME = 60
_PLAIN = re.compile(rf"(?=.{{1,{_LONGEST_NAME}}}$)[a-z0-9-]+(/[a-z0-9-]+)*")
_UNSAFE = re.compile(r"[^a-z0-9]+")

Json = dict[str, Any]


def certify(claim: Claim, verdict: Verdict) -> Json:
    """Return the certificate of a verdict.

    Parameters
    ----------
    claim, verdict
        As `reports.verify.verify` takes and returns them.

    Returns
    -------
    dict
        JSON values. A refutation is recorded by its witness, a claim that holds by all cells.

    Raises
    ------
    ValueError
        If the verdict is inconclusive: it has no evidence.
    """
    if verdict.outcome == INCONCLUSIVE:
        raise ValueError(f"claim {claim.id!r} is inconclusive: there is nothing to certify")
    if claim.derivation:
        return sealed(claim, verdict, derivations=derivation_documents(claim))
    question = read_claim(claim)
    deciding = verdict.findings if verdict.counterexample is None else (verdict.counterexample,)
    written = [as_written(question.comparison, finding) for finding in deciding]
    cases = []
    for case in question.cases:
        cells = sorted((f for f in written if f.case.k == case.k), key=_place)
        cases.append(case_document(case, question.radii) | {"cells": [cell_document(cell) for cell in cells]})
    return sealed(claim, replace(verdict, findings=tuple(written)), cases=cases)


def write_certificate(folder: Path, claim: Claim, verdict: Verdict) -> None:
    """Write the certificate of a verdict to its file in a folder, whole or not at all; none of an inconclusive one."""
    path = folder / certificate_name(claim.id)
    if verdict.outcome == INCONCLUSIVE:
        path.unlink(missing_ok=True)
    else:
        write_atomically(path, certificate_text(certify(claim, verdict)))


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
        "versions": versions(),
    }
    certificate: Json = plain(content | {"fingerprint": fingerprint(content)})
    return certificate


def versions() -> dict[str, str]:
    """Return the versions of everything that the numbers depend on, besides the parameters recorded."""
    return {name: version(name) for name in _LIBRARIES}


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
    """Return what a claim says: all but the prose about it, and without what is left out."""
    parts = {part.name: getattr(claim, part.name) for part in fields(claim) if part.name not in _PROSE}
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in parts.items() if value}


def case_document(case: Case, radii: Radii | None) -> Json:
    """Return an exact case; its weights, perhaps thousands, by their digest: they follow from the claim."""
    weights = ",".join(map(str, case.weights))
    return {
        "k": case.k,
        "d": case.d,
        "weights_sha256": sha256(weights.encode()).hexdigest(),
        "radius": None if case.radius is None or radii is not None else str(case.radius),
        "amplitudes": None if case.amplitudes is None else [str(amplitude) for amplitude in case.amplitudes],
        "radii": None if radii is None else [str(end) for end in radii],
    }


def as_written(comparison: Comparison, finding: Finding) -> Finding:
    """Return a finding at a point as it follows from its quantities rounded outwards to the digits that are shown."""
    if not is_point(finding):
        return finding
    values = {call: rounded(value, finding.digits) for call, value in finding.values.items()}
    written = confront(comparison, finding.case, finding.digits, values)
    return confront(comparison, finding.case, EXACT_DIGITS, values) if needs_no_digits(written) else written


def is_point(finding: Finding) -> bool:
    """Whether a finding is about one point, or about no point at all, rather than about a stretch of radii."""
    return finding.cell is None or finding.cell.method == POINT


def needs_no_digits(finding: Finding) -> bool:
    """Whether both sides of every comparison at a point are known exactly."""
    sides = [side for link in finding.links for side in (link.left, link.right)]
    return is_point(finding) and all(side.exact is not None or side.lower == side.upper for side in sides)


def rounded(enclosure: Enclosure, digits: int) -> Enclosure:
    """Return the enclosure that the certificate's decimals stand for; what is exact stays so."""
    if enclosure.exact is not None:
        return enclosure
    ends = enclosure_text(enclosure, digits + _GUARD_DIGITS)
    return replace(enclosure, lower=bound(ends["lower"]), upper=bound(ends["upper"]))


def bound(text: str) -> Bound:
    """Return the end point that a decimal (or ``inf``, ``-inf``) of a certificate is."""
    return float(text) if text.endswith("inf") else Fraction(text)


def cell_document(finding: Finding) -> Json:
    """Return one cell: where, the parameters, every quantity, and both sides of every comparison."""
    shown = finding.digits + _GUARD_DIGITS
    cell = finding.cell
    document: Json = (
        {"lower": None, "upper": None, "method": POINT, "digits": finding.digits, "window": None}
        if cell is None
        else dict(cell.as_json())
    )
    if needs_no_digits(finding):
        document["digits"] = None
    pairs = zip(finding.texts, finding.texts[1:], finding.links, strict=False)
    return document | {
        "quantities": [_quantity(call, finding.case, value, shown) for call, value in finding.values.items()],
        "comparisons": [_comparison(left, right, link, shown) for left, right, link in pairs],
    }


def derivation_documents(claim: Claim) -> list[Json]:
    """Derive a claim's statement once more for each k, and return the steps with their checks."""
    # SymPy takes a third of a second to load, and only derivations need it.
    from reports.commands.derive import as_document  # noqa: PLC0415
    from theory.derivation import DerivationError  # noqa: PLC0415
    from theory.derivations import derive  # noqa: PLC0415

    documents: list[Json] = []
    for k in (None, *claim.k) if claim.general else claim.k:
        try:
            documents.append(as_document(derive(claim.derivation, k)))
        except DerivationError as error:
            return [{"k": k, "error": str(error)}]
    return documents


def _place(finding: Finding) -> tuple[Fraction, Fraction]:
    return (Fraction(0), Fraction(0)) if finding.cell is None else (finding.cell.lower, finding.cell.upper)


def _quantity(call: Call, case: Case, value: Enclosure, shown: int) -> Json:
    return {
        "quantity": call.quantity,
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
