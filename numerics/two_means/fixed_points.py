"""The fixed points of the EM map of two means: how many there are, and where basins end."""

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint

from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.family import BoxForm
from emtheory.numerics.level import Level
from emtheory.numerics.models.fixed_points import FixedPoint, fixed_points, narrowed
from emtheory.numerics.two_means.case import TwoMeans, checked_interval, known_weight, two_means

_ACCURACY = 30.0
"""L by which precision is chosen where fixed points are counted."""
_GUARD_DIGITS = 3
"""Of fixed points, beyond the digits asked for: as many more are printed."""


def fixed_point_count(case: Case, digits: int, low: Fraction | float, high: Fraction | float) -> Enclosure:
    """The number of fixed points in a closed interval.

    `low`, `high`: the ends, perhaps infinite. CannotAnswerError if an end is not told from a fixed point that is not
    known exactly, or M touches θ.
    """
    count = Fraction(len(enclosed_fixed_points(two_means(case), low, high)))
    return Enclosure(count, count, Level.CERTIFIED, "ball")


def basin_boundary(case: Case, digits: int) -> Enclosure:
    """The infimum of the starts from which EM converges to the largest fixed point: the one before it, or −∞.

    M increases, so that every sequence of iterates is monotone, and between two neighbouring simple fixed points it
    leads away from one and to the other.
    """
    p = replace(two_means(case), theta=Fraction(0))
    known = enclosed_fixed_points(p, -math.inf, math.inf)
    if len(known) < 2:
        return Enclosure(-math.inf, -math.inf, Level.CERTIFIED, "ball")
    if known[-2].lower == known[-2].upper:
        return Enclosure(known[-2].lower, known[-2].upper, Level.CERTIFIED, "ball")
    accuracy = 2 * (digits + _GUARD_DIGITS) * math.log(10)
    for _ in range(3):
        with arb_precision(working_bits(accuracy)):
            point = narrowed(known_weight(), p.balls(), known[-2], accuracy)
        found = Enclosure(point.lower, point.upper, Level.CERTIFIED, "ball")
        if found.has_digits(digits + _GUARD_DIGITS):
            return found
        accuracy *= 2
    raise CannotAnswerError(f"the boundary is not known to {digits} digits; it may be zero")


def enclosed_fixed_points(p: TwoMeans, low: Fraction | float, high: Fraction | float) -> list[FixedPoint]:
    """Return the fixed points in a closed interval, enclosed apart from each other.

    InputError if the interval is empty; CannotAnswerError as for `fixed_point_count`.
    """
    low, high = checked_interval(low, high)
    with arb_precision(working_bits(_ACCURACY)):
        return fixed_points(known_weight(), p.balls(), low, high, p.fixed)


def _count(balls: Mapping[str, Any], _: float, arguments: Mapping[str, Any]) -> flint.arb:
    low, high = checked_interval(arguments["low"], arguments["high"])
    half = flint.arb(1) / 2
    known = {Fraction(0)} if half in (balls["fit_weight"], balls["truth_weight"]) else set()
    return flint.arb(len(fixed_points(known_weight(), balls, low, high, known)))


FIXED_POINT_COUNT = BoxForm(_count, None)
