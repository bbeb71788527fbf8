"""A statement over a whole domain, decided exactly by whatever algebra reaches it."""

from emtheory.numerics.algebra.point import is_rational
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.reports.decide.coverage import Coverage
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.exact.exponentials import decide_by_exponentials
from emtheory.reports.decide.exact.findings import proof, refutation_at, refutation_beside
from emtheory.reports.decide.exact.identity import decide_by_identity
from emtheory.reports.decide.exact.problem import AlgebraicProblem, algebraic_problem
from emtheory.reports.decide.exact.slopes import decide_by_slopes
from emtheory.reports.decide.exact.survey import survey
from emtheory.reports.decide.verdict import Finding


def decide_by_algebra(question: Question, case: Case, deadline: float | None = None) -> Coverage | None:
    """Decide a statement on a whole domain, or at the one case of it.

    Where statement and assumptions are algebraic in the variables it is always decided, but for degrees out of reach;
    with logarithms and exponentials often; with other quantities where identities show that it holds. One finding; None
    if this is not for algebra, or beyond it. InputError if the statement has no value somewhere in the domain, or
    assumptions leave nothing of it.
    """
    finding = decide_exactly(question, case, deadline)
    if finding is None:
        return None
    names = ", ".join(question.spans)
    if finding.holds is False:
        return Coverage((finding,), complete=False, covered=f"a {names} that refutes it")
    if not question.spans:
        return Coverage((finding,), complete=True, covered="")
    domain = " × ".join(map(str, question.spans.values()))
    assumed = ", where the assumptions hold" if question.local_assumptions else ""
    return Coverage((finding,), complete=True, covered=f"every {names} in {domain}{assumed}, exactly")


def decide_exactly(question: Question, case: Case, deadline: float | None = None) -> Finding | None:
    """Return the finding of `decide_by_algebra`; without a deadline it is the same every time."""
    problem = algebraic_problem(question, case)
    for method in (_by_signs, decide_by_slopes, decide_by_exponentials, decide_by_identity):
        try:
            finding = method(problem, deadline)
        except CannotAnswerError:  # Not algebraic throughout, or of too high a degree.
            continue
        if finding is not None:
            return finding
    return None


def _by_signs(problem: AlgebraicProblem, deadline: float | None) -> Finding | None:
    seen = survey(problem, deadline) if problem.ranges else None
    if seen is None:
        return None
    if seen.failing is None:
        return proof(problem, seen.found)
    point, signs = seen.failing
    return refutation_at(problem, point) if is_rational(point) else refutation_beside(problem, point, signs)
