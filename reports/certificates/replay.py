"""The verifier of certificates. It searches for nothing: it recomputes what is recorded, as it is recorded.

No digits are raised, no interval is divided, and no route is tried after another. What it trusts is the reading of
claims, the routes and proofs of `numerics`, and the comparison of two enclosures.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from functools import partial

from emtheory.numerics.arithmetic.decimal_text import bound
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import has_proof, prove, route_function
from emtheory.numerics.families import check_family
from emtheory.numerics.level import STRENGTH, Level
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import Arguments, check_arguments, check_point
from emtheory.reports.certificates.certificate import (
    EXACT_DIGITS,
    Json,
    case_document,
    cell_document,
    derivation_documents,
    evidence_document,
    plain,
    point_document,
    rounded,
    sealed,
)
from emtheory.reports.certificates.file import (
    CaseRecord,
    CellRecord,
    Certificate,
    EvidenceRecord,
    QuantityRecord,
    RejectedError,
    require_equal,
    require_versions,
)
from emtheory.reports.decide.boxes.cell import BOX_METHODS, INFINITE, TAIL, BoxCell, Sides
from emtheory.reports.decide.boxes.decision import decide_cell
from emtheory.reports.decide.boxes.family_forms import FamilyProblem, problem_of
from emtheory.reports.decide.boxes.forms import BoxProblem, Memo
from emtheory.reports.decide.boxes.reach import is_followed, unbounded
from emtheory.reports.decide.boxes.tail_forms import SMALLEST_START
from emtheory.reports.decide.boxes.tuning import TUNING
from emtheory.reports.decide.domain import Question, read_claim
from emtheory.reports.decide.exact.algebra import check_weights, decide_exactly
from emtheory.reports.decide.inhabited import has_a_point
from emtheory.reports.decide.point import arguments_of, case_of, decide_from
from emtheory.reports.decide.verdict import ALGEBRA, POINT, REFUTED, Finding, Verdict
from emtheory.reports.language.expression import Call, Comparison, calls_of
from emtheory.reports.language.span import Span

Ends = Mapping[str, tuple[Fraction, Bound]]
"""Variable → the ends of its interval, the upper one perhaps infinite."""


def replay(certificate: Certificate, document: Json) -> Verdict:
    """Return the verdict that follows from recomputed evidence; RejectedError with the place if another is recorded."""
    require_versions(document["versions"])
    with _place("claim"):
        question = None if certificate.claim.derivation else read_claim(certificate.claim)
    verdict, content = _derived(certificate) if question is None else _decided(certificate, question)
    for name, evidence in content.items():  # What differs is told where it stands, and not what follows from it.
        require_equal(name, document.get(name), plain(evidence))
    require_equal("", document, sealed(certificate.claim, verdict, **content))
    return verdict


def _derived(certificate: Certificate) -> tuple[Verdict, Json]:
    """Derive again; every step is checked when it is made."""
    claim = certificate.claim
    with _place("claim.derivation"):
        derivations = derivation_documents(claim)
    if not derivations:
        raise RejectedError("claim.k: there is none")
    outcome = REFUTED if any("error" in derivation for derivation in derivations) else STRENGTH[Level.EXACT]
    return Verdict(claim.id, claim.expect, outcome, Level.EXACT, {}, ""), {"derivations": derivations}


def _decided(certificate: Certificate, question: Question) -> tuple[Verdict, Json]:
    """Recompute the evidence case by case, and conclude: one cell that fails refutes, else each must hold.

    The weakest evidence counts, and points of an interval are no proof.
    """
    claim, refuted = certificate.claim, certificate.verdict == REFUTED
    if len(certificate.cases) != len(question.cases):
        raise RejectedError(f"cases: {len(certificate.cases)} are recorded, and the claim has {len(question.cases)}")
    if refuted and sum(len(record.cells) for record in certificate.cases) != 1:
        raise RejectedError("cases: what refutes a claim is one cell")
    findings: list[Finding] = []
    levels: list[Level] = []
    cases = []
    for i, (case, record) in enumerate(zip(question.cases, certificate.cases, strict=True)):
        evidence: Json = {"assumptions": [], "cells": []}
        if record.cells or not refuted:
            with _place(f"cases.{i}"):
                found, strengths, evidence = _replayed(question, case, record, refuted=refuted)
            findings += found
            levels += strengths
        cases.append(case_document(question, case) | evidence)
    if all(finding.premises for finding in findings):
        raise RejectedError("cases: no cell is recorded but what assumptions exclude")
    outcome = REFUTED if any(finding.holds is False for finding in findings) else STRENGTH[min(levels)]
    verdict = Verdict(claim.id, claim.expect, outcome, min(levels), {}, "", tuple(findings))
    return verdict, {"cases": cases}


def _replayed(
    question: Question, case: Case, record: CaseRecord, *, refuted: bool
) -> tuple[list[Finding], list[Level], Json]:
    """Recompute one case; return the findings on its cells, the strength of all that they rest on, and the evidence."""
    check_weights(question, case)
    common = [each for each in question.assumptions if each not in question.local_assumptions]
    premises = _premises(common, case, record.assumptions)
    if any(premise.holds is None for premise in premises):
        raise RejectedError("assumptions: it is not known whether one holds")
    excluded = any(premise.holds is False for premise in premises)
    # An assumption matters where it excludes a case, and where a witness must satisfy it.
    levels = [premise.level for premise in premises if premise.holds is False or refuted]
    if excluded or refuted:
        fits = not record.cells if excluded else all(is_inside(cell, question.spans) for cell in record.cells)
    elif is_cover(record.cells, question):
        fits = True
    else:
        fits = is_sample(record.cells, question, case)
        levels.append(Level.SUPPORTED)
    if not fits:
        raise RejectedError("cells: they leave a gap, overlap or reach beyond the domain")
    if record.cells and not refuted and not has_a_point(question, case):
        raise RejectedError("cells: no point is found at which all assumptions hold")
    problem: BoxProblem | FamilyProblem | None = None
    if any(cell.method in BOX_METHODS for cell in record.cells):
        if not question.spans or not is_followed(question, case):
            raise RejectedError("method: boxes are for statements that can be followed over a box")
        problem = problem_of(question, case)
    findings: list[Finding] = []
    memo: Memo = {}
    local: Sequence[Finding]
    cells = []
    for j, cell in enumerate(record.cells):
        with _place(f"cells.{j}"):
            if problem is not None and cell.method in BOX_METHODS:
                finding = decide_cell(problem, _cell(problem, cell), memo).finding
                local, inside = finding.premises, True
            else:
                finding, local = _recomputed(question, case, cell)
                inside = all(premise.holds for premise in local)
            if inside and finding.holds is None:
                raise RejectedError("comparisons: they do not decide the claim")
        cells.append(cell_document(question, finding, local))
        findings += [finding] if inside else []
        levels += [finding.level, *(premise.level for premise in local if refuted)] if inside else []
    return findings, levels, {"assumptions": list(map(evidence_document, premises)), "cells": cells}


def _recomputed(question: Question, case: Case, cell: CellRecord) -> tuple[Finding, Sequence[Finding]]:
    """Decide the statement at a point, or on the whole domain by algebra, once more; and the assumptions at a point.

    Where one of these fails there is nothing to decide, and the finding has no links.
    """
    if cell.method == ALGEBRA:  # It is decided where the assumptions hold.
        if cell.stretch is not None or cell.window is not None or cell.assumptions:
            raise RejectedError("stretch: what is decided by algebra is decided on the whole domain")
        finding = decide_exactly(question, case)
        if finding is None or finding.whole is None:
            raise RejectedError(f"method: {cell.method} does not decide the statement")
        return finding, ()
    if question.spans:
        point = cell.point or {}
        if point.keys() != question.spans.keys():
            raise RejectedError("point: it does not give the variables of the claim")
        case = question.at(case, {name: Fraction(value) for name, value in point.items()})
    premises = _premises(question.local_assumptions, case, cell.assumptions)
    if not all(premise.holds for premise in premises):
        return Finding(case, question.comparison.texts, ()), premises
    return _at_point(question.comparison, case, cell), premises


def _premises(assumptions: Sequence[Comparison], case: Case, records: Sequence[EvidenceRecord]) -> list[Finding]:
    """Decide assumptions once more, with the parameters recorded."""
    if len(records) != len(assumptions):
        raise RejectedError(f"assumptions: {len(records)} are recorded, and the claim has {len(assumptions)}")
    return [_at_point(*each) for each in zip(assumptions, [case] * len(records), records, strict=True)]


def _at_point(comparison: Comparison, case: Case, record: EvidenceRecord) -> Finding:
    calls = calls_of(comparison)
    if len(calls) != len(record.quantities):
        raise RejectedError(f"quantities: {len(record.quantities)} are recorded, and the statement has {len(calls)}")
    digits = record.digits or EXACT_DIGITS
    pairs = zip(calls, record.quantities, strict=True)
    return decide_from(comparison, case, digits, {call: _established(call, case, digits, each) for call, each in pairs})


def _established(call: Call, case: Case, digits: int, record: QuantityRecord) -> Enclosure:
    """Compute a quantity by the route recorded, or prove what a search has found."""
    quantity = find_quantity(call.quantity)
    at = case_of(call, case)
    check_point(quantity, at)
    check_family(quantity, at)
    arguments = check_arguments(quantity, arguments_of(call, case), case.k)
    recompute = partial(route_function(call.quantity, record.route), at, digits, **arguments)
    if record.route != "ball" or not has_proof(call.quantity):
        return rounded(recompute(), digits)
    try:
        return _proved(call.quantity, at, arguments, record)
    except CannotAnswerError:  # The proof is for other cases than this; here the route needs no proposal.
        return rounded(recompute(), digits)


def _proved(name: str, case: Case, arguments: Arguments, record: QuantityRecord) -> Enclosure:
    """Return the enclosure recorded, if it can be proved from the place recorded."""
    lower, upper = bound(record.lower), bound(record.upper)
    if not lower <= upper:
        raise RejectedError(f"quantities: the enclosure of {name} is empty")
    found = Enclosure(lower, upper, Level.CERTIFIED, record.route)
    if record.at is not None:
        if _is_proved(name, case, arguments, found):
            raise RejectedError(f"quantities: the proof of {name} starts from no place")
        found = replace(found, at=Fraction(record.at))
    if not _is_proved(name, case, arguments, found):
        raise RejectedError(f"quantities: the enclosure of {name} is not proved")
    return found


def _is_proved(name: str, case: Case, arguments: Arguments, found: Enclosure) -> bool:
    try:
        return prove(name, case, arguments, found)
    except OverflowError:  # An infinite end is given where only a number can be proved.
        return False


@contextmanager
def _place(place: str) -> Iterator[None]:
    """Turn what goes wrong in the block into a rejection that names the place."""
    try:
        yield
    except (RejectedError, InputError, CannotAnswerError) as error:
        raise RejectedError(f"{place}.{error}" if isinstance(error, RejectedError) else f"{place}: {error}") from None


def _cell(problem: BoxProblem | FamilyProblem, record: CellRecord) -> BoxCell:
    box, window, whole = _sides(record.stretch), _sides(record.window), _whole(problem.question.spans)
    names = list(whole)
    if record.digits is None or record.digits > TUNING.digits:
        raise RejectedError("digits: they are more than a search would take")
    if (
        list(box) != names
        or list(window) != names
        or not all(window[name][0] <= box[name][0] <= box[name][1] <= window[name][1] for name in names)
    ):
        raise RejectedError("window: it does not contain the box, or is in other variables")
    if not all(whole[name][0] <= window[name][0] and window[name][1] <= whole[name][1] for name in names):
        raise RejectedError("window: it reaches beyond the domain")
    tail = unbounded(problem.question) if record.method == TAIL else ""
    if record.method == TAIL and not (tail and box[tail][0] >= SMALLEST_START):
        raise RejectedError("stretch: a tail begins at 1 or more, in a variable without an upper end")
    return BoxCell(box, record.digits, window, tail)


def is_cover(cells: Sequence[CellRecord], question: Question) -> bool:
    """Whether the cells are boxes, each once, that leave nothing out of the domain, or one cell that is all of it."""
    methods = [cell.method for cell in cells]
    if all(span.is_single for span in question.spans.values()):
        return methods in ([POINT], [ALGEBRA]) and is_inside(cells[0], question.spans)
    if methods == [ALGEBRA] or not set(methods) <= BOX_METHODS:
        return methods == [ALGEBRA]
    boxes = [_recorded(cell.stretch) for cell in cells]
    return len({tuple(box.items()) for box in boxes}) == len(boxes) and fills(boxes, _whole(question.spans))


def is_sample(cells: Sequence[CellRecord], question: Question, case: Case) -> bool:
    """Whether the cells are the points that every such domain is sampled at."""
    expected = [point_document(question, place) for place in question.places(case)]
    return [cell.point for cell in cells] == expected


def is_inside(cell: CellRecord, spans: Mapping[str, Span]) -> bool:
    """Whether a cell is a point of the domain, or all of it by `ALGEBRA`; a box refutes nothing."""
    if cell.method != POINT:
        return cell.method == ALGEBRA
    point = cell.point or {}
    return point.keys() == spans.keys() and all(Fraction(point[name]) in span for name, span in spans.items())


def _whole(spans: Mapping[str, Span]) -> Ends:
    return {name: (span.lower, math.inf if span.upper is None else span.upper) for name, span in spans.items()}


def _recorded(record: object) -> Ends:
    """The box that is recorded; RejectedError if none is."""
    if not isinstance(record, dict):
        raise RejectedError("cells: one does not say which box it is about")
    return {
        name: (Fraction(lower), math.inf if upper == INFINITE else Fraction(upper))
        for name, (lower, upper) in record.items()
    }


def _sides(record: object) -> Sides:
    """The box that is recorded, of a tail with its lower end twice."""
    ends = _recorded(record).items()
    return {name: (lower, upper if isinstance(upper, Fraction) else lower) for name, (lower, upper) in ends}


def fills(boxes: Sequence[Ends], whole: Ends) -> bool:
    """Whether boxes, all in the same variables, leave out nothing of a box.

    Where none of them contains it, it is cut along a face of one that reaches into it, and each part is looked at.
    """
    if any(box.keys() != whole.keys() for box in boxes):
        return False
    waiting = [(whole, list(boxes))]
    while waiting:
        part, near = waiting.pop()
        near = [box for box in near if all(_meet(box[name], part[name]) for name in part)]
        if not near:
            return False
        if any(all(box[n][0] <= part[n][0] and part[n][1] <= box[n][1] for n in part) for box in near):
            continue
        name, at = next(
            (name, Fraction(end))
            for name in part
            for end in near[len(near) // 2][name]
            if part[name][0] < end < part[name][1]
        )
        waiting += [({**part, name: (part[name][0], at)}, near), ({**part, name: (at, part[name][1])}, near)]
    return True


def _meet(first: tuple[Fraction, Bound], second: tuple[Fraction, Bound]) -> bool:
    """Whether two intervals have more than an end in common, or one is a point of the other."""
    low, high = max(first[0], second[0]), min(first[1], second[1])
    return low < high or (low == high and second[0] == second[1])
