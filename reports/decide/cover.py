"""A statement over the whole domain of a claim at one k, by whatever covers it best."""

from collections.abc import Sequence

from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.reports.decide.coverage import Coverage
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.exact.decision import decide_by_algebra
from emtheory.reports.decide.exact.positive_weights import check_weights
from emtheory.reports.decide.point import decide_at
from emtheory.reports.decide.verdict import Finding
from emtheory.reports.language.expression import Comparison


def cover(question: Question, case: Case, digits_max: int, deadline: float | None) -> Coverage:
    """Decide a statement over the domain at one k.

    Parameters
    ----------
    question, case
        What is asked, and one of its cases.
    digits_max, deadline
        How far quantities are refined, and a reading of `time.monotonic` after which nothing more is tried.

    Returns
    -------
    Coverage
        Without findings if an assumption excludes this k.

    Raises
    ------
    InputError
        If the statement has no value or a weight is not positive somewhere, or assumptions exclude all that was tried
        of an interval.
    """
    check_weights(question, case, deadline)
    local = question.local_assumptions
    for assumption in question.assumptions:
        if assumption not in local:
            premise = decide_at(assumption, case, digits_max, deadline)
            if premise.holds is False:
                return Coverage((), complete=True, covered="excluded by an assumption", excluded_by=premise.level)
            if premise.holds is None:
                reason = f"it is not known whether the assumption holds: {premise.reason}"
                return Coverage((Finding(case, premise.texts, (), reason),), complete=True, covered="")
    covered = decide_by_algebra(question, case, deadline)
    if covered is None and not question.spans:
        return Coverage((decide_at(question.comparison, case, digits_max, deadline),), complete=True, covered="")
    if covered is None:
        covered = _whole(question, case, digits_max, deadline)
    return covered or _at_points(question, case, local, digits_max, deadline)


def _whole(question: Question, case: Case, digits_max: int, deadline: float | None) -> Coverage | None:
    """Decide over all of a domain; None if there is no way to."""
    radii = question.spans.get("radius")
    alone = not question.local_assumptions
    # Imported here and not above: what needs no model of a quantity is decided without NumPy.
    if radii is not None and radii.upper is not None and len(question.spans) == 1 and alone:
        from emtheory.reports.decide.cover_radius import decide_on_interval

        ends, opened = (radii.lower, radii.upper), (radii.open_lower, radii.open_upper)
        return decide_on_interval(question.comparison, case, ends, digits_max, deadline, opened)
    from emtheory.reports.decide.cover_weight import decide_on_weights, is_decidable

    if is_decidable(question, case) and alone:
        return decide_on_weights(question, case, digits_max, deadline)
    from emtheory.reports.decide.boxes.cover import decide_on_box
    from emtheory.reports.decide.boxes.forms import is_followed

    return decide_on_box(question, case, digits_max, deadline) if is_followed(question, case) else None


def _at_points(
    question: Question, case: Case, assumptions: Sequence[Comparison], digits_max: int, deadline: float | None
) -> Coverage:
    """Decide at points of the box where the assumptions hold; the first that fails is the last."""
    findings: list[Finding] = []
    for place in question.places(case):
        if all(decide_at(assumption, place, digits_max, deadline).holds for assumption in assumptions):
            findings.append(decide_at(question.comparison, place, digits_max, deadline))
            if findings[-1].holds is not True:
                break
    if not findings:
        raise InputError(f"k = {case.k}: the assumptions hold at none of the points tried: the domain may be empty")
    return Coverage(tuple(findings), complete=False, covered=f"{len(findings)} points of the domain, not all of it")
