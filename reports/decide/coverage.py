"""How far a statement was decided over a domain."""

from dataclasses import dataclass

from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.level import Level
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.point import FIRST_DIGITS, decide_at
from emtheory.reports.decide.verdict import Finding
from emtheory.reports.language.span import Point

TIME_IS_UP = "the time is up"
"""Why something was left undecided."""


def points_text(count: int) -> str:
    """Return how it is told that a statement holds at points of its domain, which say nothing of the others."""
    return f"{count} {'point' if count == 1 else 'points'} of the domain only"


@dataclass(frozen=True)
class Coverage:
    """How far a statement was decided over the part of a domain with one k.

    `findings`: the cases or cells that were decided, or not, in order; or the one that refutes the statement;
    `complete`: whether the statement was decided for every case there; `covered`: what was covered, for the reader;
    empty if that is clear; `excluded_by`: if an assumption excludes this k, the strength of the evidence that it does;
    `beyond`: if the statement was looked at in points only, why no more is in reach, and what would be.
    """

    findings: tuple[Finding, ...]
    complete: bool
    covered: str
    excluded_by: Level | None = None
    beyond: str = ""


def decide_at_point(
    question: Question,
    case: Case,
    point: Point,
    digits_max: int,
    deadline: float | None = None,
    first: int = FIRST_DIGITS,
) -> Finding | None:
    """Decide a statement at a point of its domain; None where an assumption is not seen to hold."""
    try:
        place = question.at(case, point)
    except InputError:
        return None
    assumptions = question.local_assumptions
    if any(decide_at(each, place, digits_max, deadline, first).holds is not True for each in assumptions):
        return None
    return decide_at(question.comparison, place, digits_max, deadline, first)
