"""Where the limit of EM changes from the mirror image to the truth, when the weight is fitted along with θ."""

import math
from dataclasses import replace
from fractions import Fraction

from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.refined import GUARD_DIGITS
from emtheory.numerics.two_means.case import TwoMeans, with_unit_variance
from emtheory.numerics.two_means.fitted_weight import Region, region, side
from emtheory.numerics.two_means.float_values import fitted_side

_REACH = 60.0
"""As far as θ is looked for. A choice: at weights far from 1/2 the boundary is far from 0."""
_BESIDE = Fraction(1, 10**11)
"""From what double precision proposes, a bracket begins so far on both sides."""
_STEEPNESS = 4
"""Orbits that begin near the boundary lose about so many times the digits by which they do."""


def fitted_boundary(case: Case, digits: int) -> Enclosure:
    """Enclose a θ at which the limit of EM from (θ, W) changes, W being the weight that EM starts with.

    From the lower end it certainly tends to the mirror image (−μ, 1 − W₀), from the upper one to the truth (μ, W₀).
    Both basins are open, so that a point in between belongs to neither.

    Parameters
    ----------
    case, digits
        The law and the weight to start from, and the significant digits wanted.

    Raises
    ------
    CannotAnswerError
        If the limits are not seen.
    """
    p = with_unit_variance(case)
    if p.fit_weight == Fraction(1, 2):
        return _by_symmetry(p)
    accuracy = _STEEPNESS * (digits + GUARD_DIGITS) * math.log(10)
    with arb_precision(working_bits(accuracy)):
        basin = region(p)
        middle = Fraction(_proposal(case))
        lower, upper = middle - _BESIDE, middle + _BESIDE
        if (_side(p, lower, accuracy, basin), _side(p, upper, accuracy, basin)) != (-1, 1):
            raise CannotAnswerError(f"the limits on both sides of θ = {float(middle):.12g} are not seen")
        while (upper - lower) * 10 ** (digits + GUARD_DIGITS) > abs(lower):
            middle = (lower + upper) / 2
            found = _side(p, middle, accuracy, basin)
            if not found:
                raise CannotAnswerError(f"the limit from θ = {float(middle):.12g} is not seen")
            lower, upper = (middle, upper) if found < 0 else (lower, middle)
    return Enclosure(lower, upper, Level.CERTIFIED, "ball")


def fitted_boundary_float(case: Case, digits: int) -> Enclosure:
    """Return it in double precision, by bisection.

    Parameters
    ----------
    case, digits
        As for `fitted_boundary`.
    """
    with_unit_variance(case)
    found, slack = Fraction(_proposal(case)), Fraction(1, 10**9)
    return Enclosure(found - slack, found + slack, Level.OBSERVED, "float")


def _by_symmetry(p: TwoMeans) -> Enclosure:
    """0 for W = 1/2: (0, 1/2) stays, and limits from (±θ, 1/2) are mirror images of each other."""
    with arb_precision(working_bits(30.0)):
        if _side(p, p.separation, 30.0, region(p)) != 1:
            raise CannotAnswerError("the limit from θ = μ is not seen")
    return Enclosure(Fraction(0), Fraction(0), Level.CERTIFIED, "ball")


def _side(p: TwoMeans, theta: Fraction, accuracy: float, basin: Region) -> int:
    return side(replace(p, theta=theta), accuracy, basin)


def _proposal(case: Case) -> float:
    low, high = -_REACH, _REACH
    if (fitted_side(case, low), fitted_side(case, high)) != (-1, 1):
        raise CannotAnswerError(f"the limit does not change between θ = {low:g} and θ = {high:g}")
    while high - low > 4 * math.ulp(max(abs(low), abs(high))) and high - low > 1e-15:
        middle = (low + high) / 2
        low, high = (middle, high) if fitted_side(case, middle) < 0 else (low, middle)
    return (low + high) / 2
