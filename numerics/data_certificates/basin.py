"""Balls around a fixed point from which EM on given data converges to it."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rounding import SLACK
from emtheory.numerics.data_certificates.cell_bound import bound_cell
from emtheory.numerics.data_certificates.fixed_point import FixedPoint
from emtheory.numerics.data_certificates.points import Points
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.samples.posterior_sums import Workers, alone

_DOUBLINGS = 12
"""Of the radius in which the fixed point is known to be alone."""
_BISECTIONS = 4
"""Of the radius then."""
_DIGITS = 3
"""Of the radius, rounded down."""


@dataclass(frozen=True)
class Basin:
    """‖M_n(θ) − θ*‖ ≤ factor ‖θ − θ*‖ for every θ whose part in the span is within `radius` of the fixed point θ*."""

    radius: Fraction
    factor: float


def prove_basin(points: Points, point: FixedPoint, radius: Fraction | None, share: Workers = alone) -> Basin | None:
    """Return the basin of a radius around a fixed point, if one is given; an error if EM does not contract there."""
    if radius is None:
        return None
    around = (float(radius) * SLACK + point.error) * SLACK
    factor = bound_cell(points, point.near, np.full(points.span, around), around, share).upper
    if not factor < 1:
        raise CannotAnswerError("EM is not shown to contract around a fixed point")
    return Basin(radius, factor)


def search_basin(points: Points, point: FixedPoint, share: Workers = alone) -> Basin | None:
    """Return a ball around a fixed point on which EM contracts at least half as fast as at it, or None.

    It is as large, nearly, as can be proved from its centre alone.
    """
    if not point.attracts:
        return None
    wanted = (1 + point.slope) / 2
    best, good, bad = None, 0.0, 0.0
    radius = point.alone_within
    for _ in range(_DOUBLINGS + _BISECTIONS):
        try:
            size = Fraction(decimal_text(Fraction(radius), _DIGITS, "down"))
            found = prove_basin(points, point, size, share)
        except CannotAnswerError:
            found = None
        if found is None or found.factor > wanted:
            bad = radius
        else:
            best, good = found, radius
        radius = (good + bad) / 2 if bad else 2 * radius
    return best
