"""A statement over the whole domain of a claim at one k, by whatever covers it best."""

from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from time import monotonic

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.side_by_side import Calls, one_by_one
from emtheory.reports.decide.coverage import TIME_IS_UP, Coverage, decide_at_point, points_text
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.exact.decision import decide_by_algebra
from emtheory.reports.decide.exact.positive_weights import check_weights
from emtheory.reports.decide.exact.values import check_values
from emtheory.reports.decide.point import decide_at
from emtheory.reports.decide.verdict import Finding
from emtheory.reports.language.span import Point, points

_DIGITS_ONCE_OPEN = 30
"""Of points, once one is undecided."""
_REFUTED = "a point that refutes it"
_NO_TAIL = "no radius is found from which on it holds; in reach are boxes with an upper end"


def is_spread(question: Question, case: Case) -> bool:
    """Whether a domain is covered by boxes, which may be decided side by side, unless algebra decides it at once."""
    return _way(question, case) is _by_boxes


def cover(
    question: Question, case: Case, digits_max: int, deadline: float | None, calls: Calls = one_by_one
) -> Coverage:
    """Decide a statement over the domain at one k.

    Without findings if an assumption excludes this k. InputError if the statement has no value or a weight is not
    positive somewhere, or assumptions exclude all that was tried of an interval; LostProcessError if a process was
    lost.
    """
    # How long algebra takes is not known before: in another process it can be stopped.
    with closing(calls(_at_once, [(question, case, digits_max)], deadline)) as results:
        at_once = next(results)
    if at_once is None:
        return _undecided(question, case, TIME_IS_UP)
    if at_once:
        return at_once[0]
    way = _way(question, case)
    spread = {"calls": calls} if way is _by_boxes else {}
    return way(question, case, digits_max, deadline, **spread)


def _at_once(question: Question, case: Case, digits_max: int, seconds: float | None) -> tuple[Coverage, ...]:
    """Check weights and assumptions, and decide by algebra; nothing if that cannot be."""
    deadline = None if seconds is None else monotonic() + seconds
    try:
        check_weights(question, case, deadline)
    except CannotAnswerError as error:
        return (_undecided(question, case, str(error)),)
    local = question.local_assumptions
    for assumption in question.assumptions:
        if assumption not in local:
            premise = decide_at(assumption, case, digits_max, deadline)
            if premise.holds is False:
                return (Coverage((), complete=True, covered="excluded by an assumption", excluded_by=premise.level),)
            if premise.holds is None:
                reason = f"it is not known whether the assumption holds: {premise.reason}"
                return (Coverage((Finding(case, premise.texts, (), reason),), complete=True, covered=""),)
    covered = None if case.family else decide_by_algebra(question, case, deadline)
    if covered is None and question.spans:
        check_values(question, case, deadline)
    elif covered is None:
        covered = Coverage((decide_at(question.comparison, case, digits_max, deadline),), complete=True, covered="")
    return () if covered is None else (covered,)


def _undecided(question: Question, case: Case, reason: str) -> Coverage:
    return Coverage((Finding(case, question.comparison.texts, (), reason),), complete=False, covered="nothing")


def _way(question: Question, case: Case) -> Callable[..., Coverage]:
    """What covers a domain that algebra does not decide."""
    radii = None if case.family else question.spans.get("radius")
    alone = not question.local_assumptions
    # Imported here and not above: what needs no model of a quantity is decided without NumPy.
    if radii is not None and radii.upper is not None and len(question.spans) == 1 and alone:
        return _by_intervals
    if not question.spans:
        return _at_points
    if radii is not None and len(question.spans) == 1 and alone:
        from emtheory.reports.decide.cell_forms import has_forms

        if has_forms(question.comparison, case):
            return _by_ray
    from emtheory.reports.decide.cover_weight import decide_on_weights, is_decidable

    if is_decidable(question, case) and alone:
        return decide_on_weights
    from emtheory.reports.decide.boxes.reach import are_points_slow, is_followed

    if is_followed(question, case):
        return _by_boxes
    return _out_of_reach if are_points_slow(question, case) else _at_points


def _by_intervals(question: Question, case: Case, digits_max: int, deadline: float | None) -> Coverage:
    from emtheory.reports.decide.boxes.cover import decide_on_box
    from emtheory.reports.decide.boxes.reach import is_followed
    from emtheory.reports.decide.cover_radius import agree_far, decide_on_interval

    radii = question.spans["radius"]
    if radii.lower == 0 and is_followed(question, case) and agree_far(question.comparison, case):
        covered = decide_on_box(question, case, digits_max, deadline)
        if covered is not None and (covered.complete or covered.findings[-1].holds is False):
            return covered
    ends, opened = (radii.lower, radii.top), (radii.open_lower, radii.open_upper)
    covered = decide_on_interval(question.comparison, case, ends, digits_max, deadline, opened)
    return _at_points(question, case, digits_max, deadline) if covered is None else covered


def _by_ray(question: Question, case: Case, digits_max: int, deadline: float | None) -> Coverage:
    from emtheory.reports.decide.boxes.reach import is_followed
    from emtheory.reports.decide.cover_ray import decide_on_ray

    covered = decide_on_ray(question, case, digits_max, deadline)
    if covered is None:
        return _at_points(question, case, digits_max, deadline, _NO_TAIL)
    decided = covered.complete or covered.findings[-1].holds is False
    # Near the radius 0, where sides may touch, each of the two ways knows what the other does not.
    return covered if decided or not is_followed(question, case) else _by_boxes(question, case, digits_max, deadline)


def _by_boxes(
    question: Question, case: Case, digits_max: int, deadline: float | None, calls: Calls = one_by_one
) -> Coverage:
    from emtheory.reports.decide.boxes.cover import decide_on_box

    covered = decide_on_box(question, case, digits_max, deadline, calls)
    return _at_points(question, case, digits_max, deadline, _NO_TAIL) if covered is None else covered


def _out_of_reach(question: Question, case: Case, digits_max: int, deadline: float | None) -> Coverage:
    """Say so at once, and what would be in reach."""
    from emtheory.reports.decide.boxes.reach import out_of_reach

    return _undecided(question, case, out_of_reach(question, case))


def _at_points(question: Question, case: Case, digits_max: int, deadline: float | None, beyond: str = "") -> Coverage:
    """Decide at points of the box where the assumptions hold, and look for one at which it fails."""
    if not question.spans:
        return Coverage((decide_at(question.comparison, case, digits_max, deadline),), complete=True, covered="")
    from emtheory.reports.decide.boxes.proposals import refuted_somewhere
    from emtheory.reports.decide.boxes.reach import out_of_reach

    known: dict[tuple[Fraction, ...], Finding | None] = {}

    def decide(point: Point, digits: int) -> Finding | None:
        place = tuple(point.values())
        if place in known:
            return known[place]
        return decide_at_point(question, case, point, min(digits, digits_max), deadline)

    for point in points(question.spans):
        # Once one is undecided only a refutation can still change the verdict: it is not sought as hard.
        is_open = any(finding is not None and finding.holds is None for finding in known.values())
        digits = min(_DIGITS_ONCE_OPEN, digits_max) if is_open else digits_max
        found = decide_at_point(question, case, point, digits, deadline)
        if found is not None and found.holds is False:
            return Coverage((found,), complete=False, covered=_REFUTED)
        known[tuple(point.values())] = found
    findings = tuple(finding for finding in known.values() if finding is not None)
    if not findings:
        raise InputError(f"{case.subject}: the assumptions hold at none of the points tried: the domain may be empty")
    refuting = refuted_somewhere(question.comparison, question.spans, decide)
    if refuting is not None:
        return Coverage((refuting,), complete=False, covered=_REFUTED)
    covered = points_text(len(findings))
    return Coverage(findings, complete=False, covered=covered, beyond=beyond or out_of_reach(question, case))
