"""Whether assumptions leave a point of a domain: a claim about no case is an error, not a pass."""

from collections import deque
from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.decide.boxes.cell import Sides, halves
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.exact.findings import over
from emtheory.reports.decide.point import FIRST_DIGITS, decide_at, leaf_value
from emtheory.reports.decide.verdict import answer
from emtheory.reports.language.expression import Comparison, calls_of, varies

_PARTS = 2000
"""That are looked at, and a tenth where assumptions speak of quantities. A choice: a second, where nothing is found."""
_REACH = 16
"""How far a variable without an upper end is followed. A choice."""


def has_a_point(question: Question, case: Case) -> bool:
    """Whether a point is found at which all assumptions hold.

    Such points are those that every domain is sampled at, and the middles of its parts, which are halved where no
    assumption on variables alone is seen to fail, and a number that is whole may be.
    """
    assumed = question.local_assumptions
    if not assumed or any(_hold(assumed, place) for place in question.places(case)):
        return True
    cheap_first = sorted(assumed, key=lambda each: bool(calls_of(each)))
    plain = [each for each in assumed if not calls_of(each)]
    sides, all_move = [side for each in plain for side in each.operands], len(plain) < len(assumed)
    moving = [name for name in question.spans if all_move or any(varies(side, (name,)) for side in sides)]
    spans = question.spans.items()
    whole = {name: (span.lower, span.lower + _REACH if span.upper is None else span.upper) for name, span in spans}
    waiting = deque[Sides]([whole])
    for _ in range(_PARTS // 10 if all_move else _PARTS):
        if not waiting:
            break
        part = waiting.popleft()
        no_count = any(ceil(part[name][0]) > part[name][1] for name in question.counts)
        if no_count or any(_fails(each, part, case) for each in plain):
            continue
        middle = {name: (low + high) / 2 for name, (low, high) in part.items()}
        middle |= {name: Fraction(round(middle[name])) for name in question.counts}
        try:
            if _hold(cheap_first, question.at(case, middle)):
                return True
        except InputError:
            pass  # The weights are none there, or a count is none: it is no point of the domain.
        sizes = {
            name: (high - low) / (whole[name][1] - whole[name][0]) for name, (low, high) in part.items() if low < high
        }
        name = max(moving, key=lambda name: sizes.get(name, 0))
        if name in sizes:
            waiting += halves(part, name)
    return False


def _hold(assumed: Sequence[Comparison], place: Case) -> bool:
    return all(decide_at(each, place, FIRST_DIGITS).holds for each in assumed)


def _fails(assumption: Comparison, part: Sides, case: Case) -> bool:
    """Whether an assumption on variables alone is seen to hold nowhere in a part."""
    for operator, left, right in assumption.pairs:
        try:
            hull = over(left - right, part, lambda leaf: leaf_value(leaf, case, FIRST_DIGITS))
        except (CannotAnswerError, InputError):
            return False  # It has no value somewhere, which tells nothing of the rest.
        signs = {sign for sign, is_there in ((-1, hull.lower < 0), (1, hull.upper > 0)) if is_there}
        if answer(operator, signs | ({0} if hull.lower <= 0 <= hull.upper else set())) is False:
            return True
    return False
