"""The verifier of certificates. It searches for nothing: it recomputes what is recorded, as it is recorded.

No digits are raised, no interval is divided, and no route is tried after another. What it trusts is the reading of
claims, the routes and proofs of `numerics`, and the comparison of two enclosures.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from functools import partial

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import route_function
from emtheory.numerics.families import check_family
from emtheory.numerics.level import STRENGTH, Level
from emtheory.numerics.proof import has_proof, prove
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import Arguments, check_arguments, check_point
from emtheory.reports.certificates.agreement import require_equal, require_versions
from emtheory.reports.certificates.box_replay import finding_on_box
from emtheory.reports.certificates.certificate import (
    EXACT_DIGITS,
    Json,
    bound,
    case_document,
    cell_document,
    derivation_documents,
    evidence_document,
    plain,
    rounded,
    sealed,
)
from emtheory.reports.certificates.cover import is_cover, is_inside, is_sample
from emtheory.reports.certificates.file import (
    CaseRecord,
    CellRecord,
    Certificate,
    EvidenceRecord,
    QuantityRecord,
    RejectedError,
)
from emtheory.reports.decide.boxes.cell import BOX_METHODS
from emtheory.reports.decide.boxes.family_forms import FamilyProblem, problem_of
from emtheory.reports.decide.boxes.forms import BoxProblem, Memo
from emtheory.reports.decide.boxes.reach import is_followed
from emtheory.reports.decide.cell import ALGEBRA, POINT
from emtheory.reports.decide.domain import Question, read_claim
from emtheory.reports.decide.evaluation import arguments_of, case_of
from emtheory.reports.decide.exact.decision import decide_exactly
from emtheory.reports.decide.exact.positive_weights import check_weights
from emtheory.reports.decide.point import confront
from emtheory.reports.decide.verdict import REFUTED, Finding, Verdict
from emtheory.reports.language.expression import Call, Comparison, calls_of


def replay(certificate: Certificate, document: Json) -> Verdict:
    """Return the verdict that follows from recomputed evidence; RejectedError with the place if another is recorded."""
    require_versions(document["versions"])
    with _place("claim"):
        question = None if certificate.claim.derivation else read_claim(certificate.claim)
    verdict, content = _derived(certificate) if question is None else _decided(certificate, document, question)
    require_equal("", document, sealed(certificate.claim, verdict, **content))
    return verdict


def _derived(certificate: Certificate) -> tuple[Verdict, Json]:
    """Derive again; every step is checked when it is made."""
    claim = certificate.claim
    with _place("claim.derivation"):
        derivations = plain(derivation_documents(claim))
    if not derivations:
        raise RejectedError("claim.k: there is none")
    outcome = REFUTED if any("error" in derivation for derivation in derivations) else STRENGTH[Level.EXACT]
    return Verdict(claim.id, claim.expect, outcome, Level.EXACT, {}, ""), {"derivations": derivations}


def _decided(certificate: Certificate, document: Json, question: Question) -> tuple[Verdict, Json]:
    """Recompute the evidence case by case, and conclude: one cell that fails refutes, else each must hold.

    The weakest evidence counts, and points of an interval are no proof.
    """
    claim = certificate.claim
    evidence = ("assumptions", "cells")
    recorded = [{name: part for name, part in case.items() if name not in evidence} for case in document["cases"]]
    require_equal("cases", recorded, [plain(case_document(question, case)) for case in question.cases])
    refuted = certificate.verdict == REFUTED
    if refuted and sum(len(record.cells) for record in certificate.cases) != 1:
        raise RejectedError("cases: what refutes a claim is one cell")
    findings: list[Finding] = []
    levels: list[Level] = []
    for i, (case, record) in enumerate(zip(question.cases, certificate.cases, strict=True)):
        if refuted and not record.cells:
            require_equal(f"cases.{i}.assumptions", document["cases"][i]["assumptions"], [])
            continue
        with _place(f"cases.{i}"):
            found, strengths = _replayed(question, case, record, document["cases"][i], refuted=refuted)
        findings += found
        levels += strengths
    if all(finding.premises for finding in findings):
        raise RejectedError("cases: no cell is recorded but what assumptions exclude")
    outcome = REFUTED if any(finding.holds is False for finding in findings) else STRENGTH[min(levels)]
    verdict = Verdict(claim.id, claim.expect, outcome, min(levels), {}, "", tuple(findings))
    return verdict, {"cases": document["cases"]}


def _replayed(
    question: Question, case: Case, record: CaseRecord, document: Json, *, refuted: bool
) -> tuple[list[Finding], list[Level]]:
    """Recompute one case; return the findings on its cells, and the strength of all that they rest on."""
    check_weights(question, case)
    common = [each for each in question.assumptions if each not in question.local_assumptions]
    premises = _premises(common, case, record.assumptions)
    require_equal("assumptions", document["assumptions"], [plain(evidence_document(premise)) for premise in premises])
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
    findings: list[Finding] = []
    memo: Memo = {}
    problem: BoxProblem | FamilyProblem | None = None
    if any(cell.method in BOX_METHODS for cell in record.cells):
        if refuted or not question.spans or not is_followed(question, case):
            raise RejectedError("method: boxes are for statements that hold and can be followed over a box")
        problem = problem_of(question, case)
    for j, cell in enumerate(record.cells):
        with _place(f"cells.{j}"):
            if problem is not None and cell.method in BOX_METHODS:
                finding = finding_on_box(problem, cell, memo)
                require_equal("", document["cells"][j], plain(cell_document(question, finding, finding.premises)))
                if finding.holds is None:
                    raise RejectedError("comparisons: they do not decide the claim")
                findings.append(finding)
                levels.append(finding.level)
                continue
            place = _located(question, case, cell)
            # What is decided by algebra is decided where the assumptions hold.
            local = () if cell.method == ALGEBRA else question.local_assumptions
            premises = _premises(local, place, cell.assumptions)
            inside = all(premise.holds for premise in premises)
            finding = _recomputed(question, place, cell) if inside else Finding(place, question.comparison.texts, ())
            require_equal("", document["cells"][j], plain(cell_document(question, finding, premises)))
            if inside:
                if finding.holds is None:
                    raise RejectedError("comparisons: they do not decide the claim")
                findings.append(finding)
                levels += [finding.level, *(premise.level for premise in premises if refuted)]
    return findings, levels


def _located(question: Question, case: Case, cell: CellRecord) -> Case:
    """Return the case at a cell's point, or as it is for a stretch."""
    if cell.method != POINT or not question.spans:
        return case
    point = cell.point or {}
    if point.keys() != question.spans.keys():
        raise RejectedError("point: it does not give the variables of the claim")
    return question.at(case, {name: Fraction(value) for name, value in point.items()})


def _premises(assumptions: Sequence[Comparison], case: Case, records: Sequence[EvidenceRecord]) -> list[Finding]:
    """Decide assumptions once more, with the parameters recorded."""
    if len(records) != len(assumptions):
        raise RejectedError(f"assumptions: {len(records)} are recorded, and the claim has {len(assumptions)}")
    return [_at_point(*each) for each in zip(assumptions, [case] * len(records), records, strict=True)]


def _recomputed(question: Question, case: Case, record: CellRecord) -> Finding:
    """Decide the statement at a point, or on the whole domain by algebra, once more."""
    if record.method == POINT:
        return _at_point(question.comparison, case, record)
    return _by_algebra(question, case, record)


def _by_algebra(question: Question, case: Case, record: CellRecord) -> Finding:
    if record.stretch is not None or record.window is not None:
        raise RejectedError("stretch: what is decided by algebra is decided on the whole domain")
    finding = decide_exactly(question, case)
    if finding is None or finding.whole is None:
        raise RejectedError(f"method: {record.method} does not decide the statement")
    return finding


def _at_point(comparison: Comparison, case: Case, record: EvidenceRecord) -> Finding:
    calls = calls_of(comparison)
    if len(calls) != len(record.quantities):
        raise RejectedError(f"quantities: {len(record.quantities)} are recorded, and the statement has {len(calls)}")
    digits = record.digits or EXACT_DIGITS
    pairs = zip(calls, record.quantities, strict=True)
    return confront(comparison, case, digits, {call: _established(call, case, digits, each) for call, each in pairs})


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
