"""Arrays of balls in double precision: midpoints and radii, which contain what is computed with them.

A midpoint is rounded once an operation, by at most u of its modulus, which is added to the radius. Radii are sums and
products of non-negative doubles, and are taken up by `SLACK` and `TINY` (section 14 of docs/error-bounds.md).
"""

import math
from dataclasses import dataclass
from typing import Any

import flint
import numpy as np

from emtheory.numerics.arithmetic.rounding import SLACK, TINY, UNIT, FloatArray, rounding_factor

_FEW = 4096
"""So many numbers are summed exactly and rounded once; of more, which are as many milliseconds, each sum is rounded."""


@dataclass(frozen=True)
class BallArray:
    """An array of intervals [mid − rad, mid + rad]; the two have one shape, or shapes that are broadcast."""

    mid: FloatArray
    rad: FloatArray

    def __add__(self, other: "BallArray") -> "BallArray":
        mid = self.mid + other.mid
        return BallArray(mid, (self.rad + other.rad + UNIT * abs(mid)) * SLACK)

    def __neg__(self) -> "BallArray":
        return BallArray(-self.mid, self.rad)

    def __sub__(self, other: "BallArray") -> "BallArray":
        mid = self.mid - other.mid
        return BallArray(mid, (self.rad + other.rad + UNIT * abs(mid)) * SLACK)

    def __mul__(self, other: "BallArray") -> "BallArray":
        mid = self.mid * other.mid
        rad = abs(self.mid) * other.rad + self.rad * (abs(other.mid) + other.rad) + UNIT * abs(mid)
        return BallArray(mid, rad * SLACK + TINY)

    def widened(self, by: FloatArray) -> "BallArray":
        """Return the balls with larger radii; `by` is an upper bound, not negative, of what is added."""
        return BallArray(self.mid, (self.rad + by) * SLACK)

    @property
    def magnitude(self) -> FloatArray:
        """Upper bounds of the moduli."""
        result: FloatArray = (abs(self.mid) + self.rad) * SLACK
        return result

    @property
    def lower(self) -> FloatArray:
        """Lower ends, rounded down."""
        result: FloatArray = self.mid - (self.rad + UNIT * (abs(self.mid) + self.rad)) * SLACK
        return result

    @property
    def upper(self) -> FloatArray:
        """Upper ends, rounded up."""
        result: FloatArray = self.mid + (self.rad + UNIT * (abs(self.mid) + self.rad)) * SLACK
        return result


def hull_of(lower: FloatArray, upper: FloatArray) -> BallArray:
    """Return balls around the intervals between two arrays of ends."""
    mid = (lower + upper) / 2
    return BallArray(mid, (np.maximum(upper - mid, mid - lower) + UNIT * abs(mid)) * SLACK + TINY)


def from_arb(ball: Any) -> BallArray:
    """Return a ball of Arb as an array of no dimension, somewhat larger."""
    ball = flint.arb(ball)
    mid = float(ball.mid())
    rad = float((ball - mid).abs_upper()) * SLACK + TINY
    return BallArray(np.asarray(mid), np.asarray(rad))


def weighted_sum(weights: FloatArray, values: BallArray) -> flint.arb:
    """Return Σ w v in a ball of Arb, for weights that are at most 4 units of the last place off and not negative."""
    parts = weights * values.mid
    total = float(abs(parts).sum())
    if len(parts) <= _FEW:
        middle, rounded = math.fsum(parts.tolist()), 9 * UNIT * total
    else:
        middle, rounded = float(parts.sum()), rounding_factor(len(parts) + 8) * total
    return flint.arb(middle, (float(weights @ values.rad) + rounded) * SLACK**2 + TINY)
