"""A statement over the whole domain of a claim at one k, by whatever covers it best."""

from contextlib import closing
from fractions import Fraction
from time import monotonic

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.side_by_side import Calls, one_by_one
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.exact.algebra import check_values, check_weights, decide_by_algebra
from emtheory.reports.decide.point import decide_at
from emtheory.reports.decide.verdict import TIME_IS_UP, Coverage, Finding, points_text
from emtheory.reports.language.span import Point, points

_DIGITS_ONCE_OPEN = 30
"""Of points, once one is undecided."""
_SEVERAL = 2
"""Variables of a domain of many boxes."""
_REFUTED = "a point that refutes it"
_NO_TAIL = "no radius is found from which on it holds; in reach are boxes with an upper end"


def is_spread(question: Question, case: Case) -> bool:
    """Whether a domain is covered by boxes so many that they are decided side by side, unless algebra decides it."""
    if len(question.spans) < _SEVERAL:
        return False
    from emtheory.reports.decide.boxes.reach import is_followed

    return is_followed(question, case)


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
    return _by_boxes(question, case, digits_max, deadline, calls)


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


def _by_boxes(
    question: Question, case: Case, digits_max: int, deadline: float | None, calls: Calls = one_by_one
) -> Coverage:
    """Decide on a domain that algebra does not decide: on all of it where that is in reach, else at points."""
    # Imported here and not above: what needs no model of a quantity is decided without NumPy.
    from emtheory.reports.decide.boxes.reach import are_points_slow, out_of_reach
    from emtheory.reports.decide.boxes.whole_box import decide_on_box

    if all(span.is_single for span in question.spans.values()):
        found = question.decide_at(case, {name: span.lower for name, span in question.spans.items()}, digits_max)
        return Coverage(() if found is None else (found,), complete=True, covered="the one point")
    beyond = out_of_reach(question, case)
    if beyond:
        slow = are_points_slow(question, case)
        return _undecided(question, case, beyond) if slow else _at_points(question, case, digits_max, deadline, beyond)
    covered = decide_on_box(question, case, digits_max, deadline, calls)
    return _at_points(question, case, digits_max, deadline, _NO_TAIL) if covered is None else covered


def _at_points(question: Question, case: Case, digits_max: int, deadline: float | None, beyond: str) -> Coverage:
    """Decide at points of the box where the assumptions hold, and look for one at which it fails."""
    from emtheory.reports.decide.boxes.proposals import refuted_somewhere

    known: dict[tuple[Fraction, ...], Finding | None] = {}

    def decide(point: Point, digits: int) -> Finding | None:
        place = tuple(point.values())
        if place in known:
            return known[place]
        return question.decide_at(case, point, min(digits, digits_max), deadline)

    for point in points(question.spans):
        # Once one is undecided only a refutation can still change the verdict: it is not sought as hard.
        is_open = any(finding is not None and finding.holds is None for finding in known.values())
        digits = min(_DIGITS_ONCE_OPEN, digits_max) if is_open else digits_max
        found = question.decide_at(case, point, digits, deadline)
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
    return Coverage(findings, complete=False, covered=covered, beyond=beyond)
