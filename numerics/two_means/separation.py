"""How far apart the means must be for a number of steps from infinity to be enough."""

import math
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.refined import GUARD_DIGITS
from emtheory.numerics.two_means import float_values
from emtheory.numerics.two_means.case import moved, with_unit_variance
from emtheory.numerics.two_means.orbits import from_infinity

_BESIDE = Fraction(1, 10**12)
"""From what double precision proposes, a bracket begins so far on both sides."""
_LEAST, _MOST = 1 / 50, 6.0
"""Separations between which the one sought is looked for."""


def separation_needed(case: Case, digits: int, t: Fraction, error: Fraction) -> Enclosure:
    """Enclose a separation at which the relative error of θ_t from infinity passes `error`.

    The error is certainly above it at the lower end, and below at the upper end, so that it passes in between. For a
    balanced fit it decreases in the separation (docs/error-bounds.md, section 15), so that it passes nowhere else, and
    this is the smallest separation that suffices; for other weights that is not shown. CannotAnswerError if there is
    none between 1/50 and 6, or the signs are not seen.
    """
    middle = Fraction(_proposal(case, t, error))
    lower, upper = middle - _BESIDE, middle + _BESIDE
    above, below = (_excess(case, end, t, error, digits) for end in (lower, upper))
    if not (above.lower > 0 and below.upper < 0):
        raise CannotAnswerError(f"the error is not told from {error} on both sides of {float(middle):.12g}")
    while (upper - lower) * 10 ** (digits + GUARD_DIGITS) > lower:
        middle = (lower + upper) / 2
        value = _excess(case, middle, t, error, digits)
        if value.lower <= 0 <= value.upper:
            raise CannotAnswerError(f"the error is not told from {error} at {float(middle):.12g}")
        lower, upper = (middle, upper) if value.lower > 0 else (lower, middle)
    return Enclosure(lower, upper, Level.CERTIFIED, "ball")


def separation_needed_float(case: Case, digits: int, t: Fraction, error: Fraction) -> Enclosure:
    """Return it in double precision."""
    found = Fraction(_proposal(case, t, error))
    slack = Fraction(1, 10**9)
    return Enclosure(found - slack, found + slack, Level.OBSERVED, "float")


def _proposal(case: Case, t: Fraction, error: Fraction) -> float:
    """The root of θ_t/μ − 1 − error, in double precision."""

    def excess(mu: float) -> float:
        place = _moved(case, Fraction(mu))
        return float(float_values.em_iterate(place, 1, math.inf, t).midpoint) / mu - 1 - float(error)

    if excess(_LEAST) <= 0 or excess(_MOST) >= 0:
        raise CannotAnswerError(f"no separation from {_LEAST} to {_MOST} has an error of {error} after {t} steps")
    from scipy.optimize import brentq

    return float(brentq(excess, _LEAST, _MOST, xtol=1e-15, rtol=1e-15))


def _excess(case: Case, mu: Fraction, t: Fraction, error: Fraction, digits: int) -> Enclosure:
    """θ_t − (1 + error)μ."""
    found = from_infinity(_moved(case, mu), digits + 8, t)
    shift = (1 + error) * mu
    return Enclosure(found.lower - shift, found.upper - shift, Level.CERTIFIED, "ball")


def _moved(case: Case, mu: Fraction) -> Case:
    with_unit_variance(case)
    return moved(case, separation=mu)
