"""Where a sign that is seen with certainty changes, and how far apart two means must be for EM to be near soon."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.limits.orbits import from_infinity
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


_LEAST, _MOST = 1 / 50, 6.0
"""Separations between which the one sought is looked for."""


def separation_needed(case: Case, digits: int, t: Fraction, error: Fraction) -> Enclosure:
    """Enclose a separation at which the relative error of θ_t from infinity passes `error`.

    The error is certainly above it at the lower end, and below at the upper end, so that it passes in between. For a
    balanced fit it decreases in the separation (docs/error-bounds.md, section 15), so that it passes nowhere else, and
    this is the smallest separation that suffices; for other weights that is not shown. CannotAnswerError if there is
    none between 1/50 and 6, or the signs are not seen.
    """

    def side(mu: Fraction) -> int:
        found, passed = from_infinity(_moved(case, mu), digits + 8, t, "ball"), (1 + error) * mu
        return -1 if found.lower > passed else int(found.upper < passed)

    return crossing(side, _proposal(case, t, error), digits)


def separation_needed_float(case: Case, digits: int, t: Fraction, error: Fraction) -> Enclosure:
    """Return it in double precision."""
    return proposed(_proposal(case, t, error))


def _proposal(case: Case, t: Fraction, error: Fraction) -> float:
    """The root of θ_t/μ − 1 − error, in double precision."""
    check_unit_variance(case)

    def excess(mu: float) -> float:
        return float(from_infinity(_moved(case, Fraction(mu)), 1, t, "float").midpoint) / mu - 1 - float(error)

    if excess(_LEAST) <= 0 or excess(_MOST) >= 0:
        raise CannotAnswerError(f"no separation from {_LEAST} to {_MOST} has an error of {error} after {t} steps")
    from scipy.optimize import brentq

    return float(brentq(excess, _LEAST, _MOST, xtol=1e-15, rtol=1e-15))


def _moved(case: Case, mu: Fraction) -> Case:
    return replace(case, parameters=tuple({**dict(case.parameters), "separation": mu}.items()))
