"""Where a sign that is seen with certainty changes: bisection from what double precision proposes."""

from collections.abc import Callable
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.refined import GUARD_DIGITS

_BESIDE = Fraction(1, 10**11)
"""From what double precision proposes, a bracket begins so far on both sides."""
_SLACK = Fraction(1, 10**9)
"""How far off a proposal is taken to be."""


def crossing(sign: Callable[[Fraction], int], proposal: float, digits: int) -> Enclosure:
    """Enclose a place at which a sign turns from −1 to 1; CannotAnswerError where it is not seen, which is 0."""

    def seen(place: Fraction) -> int:
        found = sign(place)
        if not found:
            raise CannotAnswerError(f"on which side {float(place):.12g} is, is not seen")
        return found

    lower, upper = Fraction(proposal) - _BESIDE, Fraction(proposal) + _BESIDE
    if (seen(lower), seen(upper)) != (-1, 1):
        raise CannotAnswerError(f"nothing changes at {proposal:.12g}")
    while (upper - lower) * 10 ** (digits + GUARD_DIGITS) > abs(lower):
        middle = (lower + upper) / 2
        lower, upper = (middle, upper) if seen(middle) < 0 else (lower, middle)
    return Enclosure(lower, upper, Level.CERTIFIED, "ball")


def proposed(proposal: float) -> Enclosure:
    """Return what double precision says."""
    return Enclosure(Fraction(proposal) - _SLACK, Fraction(proposal) + _SLACK, Level.OBSERVED, "float")


def check_unit_variance(case: Case) -> None:
    """Raise CannotAnswerError if the variance of the fit is not that of the data."""
    if case.rationals["fit_variance"] != 1:
        raise CannotAnswerError("that is asked of fits with the variance 1 only")
