"""The verifier of certificates. It searches for nothing: it recomputes what is recorded, as it is recorded.

No digits are raised, no interval is divided and no route is tried after another. What it trusts is the reading of
claims, the routes and proofs of `numerics`, and the comparison of two enclosures.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from numerics.case import Case
from numerics.enclosure import Enclosure, Level
from numerics.errors import CannotAnswerError, InputError
from numerics.evaluate import route_function
from numerics.quantity import QUANTITIES, check_arguments, check_point
from reports.cell import ORIGIN, POINT
from reports.certificate import (
    EXACT_DIGITS,
    case_document,
    cell_document,
    derivation_documents,
    plain,
    rounded,
    sealed,
    versions,
)
from reports.certificate_file import CellRecord, Certificate, QuantityRecord, RejectedError
from reports.confront import confront
from reports.domain import Question, Radii, read_claim
from reports.evaluation import arguments_of, calls_of, case_of
from reports.expression import Call, Comparison
from reports.sample_points import sample_points
from reports.verdict import REFUTED, STRENGTH, Finding, Verdict

Json = dict[str, Any]

_LONGEST_SHOWN = 100


def replay(certificate: Certificate, document: Json) -> Verdict:
    """Verify a certificate.

    Parameters
    ----------
    certificate, document
        As `reports.certificate_file.read_certificate` returns them.

    Returns
    -------
    Verdict
        What follows from the recomputed evidence, and it is what is recorded.

    Raises
    ------
    RejectedError
        If anything recorded is not what follows; the message tells where.
    """
    _require_equal("versions", document["versions"], versions())
    try:
        verdict, content = (_derived if certificate.claim.derivation else _decided)(certificate, document)
    except (InputError, CannotAnswerError) as error:
        raise RejectedError(str(error)) from None
    _require_equal("", document, sealed(certificate.claim, verdict, **content))
    return verdict


def _derived(certificate: Certificate, document: Json) -> tuple[Verdict, Json]:
    """Derive again; every step is checked when it is made."""
    claim = certificate.claim
    derivations = plain(derivation_documents(claim))
    fails = any("error" in derivation for derivation in derivations)
    outcome = REFUTED if fails else STRENGTH[Level.EXACT]
    return Verdict(claim.id, claim.expect, outcome, Level.EXACT, {}, ""), {"derivations": derivations}


def _decided(certificate: Certificate, document: Json) -> tuple[Verdict, Json]:
    """Recompute every cell, and conclude from them."""
    claim = certificate.claim
    question = read_claim(claim)
    cases = [plain(case_document(case, question.radii)) for case in question.cases]
    recorded = [{name: part for name, part in case.items() if name != "cells"} for case in document["cases"]]
    _require_equal("cases", recorded, cases)
    complete = _is_complete(certificate, question)
    findings: list[Finding] = []
    for i, (case, record) in enumerate(zip(question.cases, certificate.cases, strict=True)):
        cases[i]["cells"] = []
        for j, cell in enumerate(record.cells):
            place = f"cases.{i}.cells.{j}"
            try:
                findings.append(_recomputed(question.comparison, case, cell))
            except (RejectedError, InputError, CannotAnswerError) as error:
                raise RejectedError(f"{place}: {error}") from None
            cases[i]["cells"].append(plain(cell_document(findings[-1])))
            _require_equal(place, document["cases"][i]["cells"][j], cases[i]["cells"][j])
    outcome, level = _conclusion(findings, complete=complete)
    return Verdict(claim.id, claim.expect, outcome, level, {}, "", tuple(findings)), {"cases": cases}


def _is_complete(certificate: Certificate, question: Question) -> bool:
    """Whether the cells cover the domain, not only points of it; RejectedError if they do neither."""
    cells = [cell for case in certificate.cases for cell in case.cells]
    if certificate.verdict == REFUTED:
        if len(cells) != 1 or not _is_inside(cells[0], question.radii):
            raise RejectedError(f"cases: {len(cells)} cells; what refutes a claim is one cell inside its domain")
        return True
    covered = [_is_cover(case.cells, question.radii) for case in certificate.cases]
    for i, case in enumerate(certificate.cases):
        if not covered[i] and not _is_sample(case.cells, question.radii):
            raise RejectedError(f"cases.{i}.cells: they leave a gap, overlap or reach beyond the domain")
    return all(covered)


def _is_cover(cells: Sequence[CellRecord], radii: Radii | None) -> bool:
    """Whether the cells follow each other from the lower end to the upper, both included."""
    if radii is None:
        return len(cells) == 1
    reach: Fraction | None = None
    for cell in cells:
        lower, upper = _ends(cell)
        if reach is None:
            follows = lower == radii[0] and cell.method != ORIGIN
        else:
            follows = lower == reach and lower < upper and (cell.method != ORIGIN or lower == 0)
        if not follows or (cell.method == POINT) != (lower == upper):
            return False
        reach = upper
    return reach == radii[1]


def _is_sample(cells: Sequence[CellRecord], radii: Radii | None) -> bool:
    """Whether the cells are the points that every interval is sampled at."""
    if radii is None or any(cell.lower != cell.upper for cell in cells):
        return False
    return [_ends(cell)[0] for cell in cells] == sorted(sample_points(*radii))


def _is_inside(cell: CellRecord, radii: Radii | None) -> bool:
    lower, upper = _ends(cell)
    return radii is None or radii[0] <= lower <= upper <= radii[1]


def _ends(cell: CellRecord) -> Radii:
    return Fraction(cell.lower or 0), Fraction(cell.upper or 0)


def _recomputed(comparison: Comparison, case: Case, record: CellRecord) -> Finding:
    """Decide the statement on a cell once more, with the parameters recorded."""
    if record.method != POINT:
        raise RejectedError("no method for this cell")
    at = case if record.lower is None else case.at_radius(Fraction(record.lower))
    digits = record.digits or EXACT_DIGITS
    calls = calls_of(comparison)
    if len(calls) != len(record.quantities):
        raise RejectedError(f"quantities: {len(record.quantities)}, and the statement has {len(calls)}")
    values = {
        call: _established(call, at, digits, quantity) for call, quantity in zip(calls, record.quantities, strict=True)
    }
    return confront(comparison, at, digits, values)


def _established(call: Call, case: Case, digits: int, record: QuantityRecord) -> Enclosure:
    """Compute a quantity by the route recorded, or prove what a search has found."""
    quantity = QUANTITIES[call.quantity]
    at = case_of(call, case)
    check_point(quantity, at)
    arguments = check_arguments(quantity, arguments_of(call, case), case.k)
    return rounded(route_function(call.quantity, record.route)(at, digits, **arguments), digits)


def _conclusion(findings: Sequence[Finding], *, complete: bool) -> tuple[str, Level]:
    """One cell that fails refutes; else each must hold, and the weakest counts; points of an interval are no proof."""
    failing = [finding.level for finding in findings if finding.holds is False]
    if failing:
        return REFUTED, max(failing)
    if any(finding.holds is None for finding in findings):
        raise RejectedError("cases: a cell does not decide the claim")
    level = min(finding.level for finding in findings)
    level = level if complete else min(level, Level.SUPPORTED)
    return STRENGTH[level], level


def _require_equal(place: str, recorded: object, found: object) -> None:
    """Raise RejectedError that names the first place at which what is recorded is not what was found."""
    if isinstance(recorded, dict) and isinstance(found, dict) and recorded.keys() == found.keys():
        for name, part in recorded.items():
            _require_equal(f"{place}.{name}".lstrip("."), part, found[name])
    elif isinstance(recorded, list) and isinstance(found, list) and len(recorded) == len(found):
        for index, (left, right) in enumerate(zip(recorded, found, strict=True)):
            _require_equal(f"{place}.{index}", left, right)
    elif recorded != found or type(recorded) is not type(found):
        raise RejectedError(f"{place}: {_shown(recorded)} is recorded, and {_shown(found)} was found")


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
