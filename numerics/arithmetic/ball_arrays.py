"""Arrays of balls in double precision: midpoints and radii, which contain what is computed with them.

A midpoint is rounded once an operation, by at most u of its modulus, which is added to the radius. Radii are sums and
products of non-negative doubles, and are taken up by `SLACK` and `TINY` (section 14 of docs/error-bounds.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from emtheory.numerics.arithmetic.rounding import SLACK, TINY, UNIT, FloatArray, rounding_factor


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

    def __getitem__(self, key: Any) -> "BallArray":
        return BallArray(self.mid[key], self.rad[key])

    def shaped(self, shape: tuple[int, ...]) -> "BallArray":
        """Return the same balls in another shape."""
        return BallArray(self.mid.reshape(shape), self.rad.reshape(shape))

    def sum(self, axis: int) -> "BallArray":
        """Return the sums along an axis."""
        rounded = rounding_factor(self.mid.shape[axis]) * abs(self.mid).sum(axis)
        return BallArray(self.mid.sum(axis), (self.rad.sum(axis) + rounded) * SLACK)

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


def common(left: BallArray, right: BallArray) -> BallArray:
    """Return balls around what two have in common, which is not nothing; one that is no number tells nothing."""
    return hull_of(np.fmax(left.lower, right.lower), np.fmin(left.upper, right.upper))


def jet_product(left: BallArray, right: BallArray) -> BallArray:
    """Return the product of numbers with derivatives, of shapes (…, 1 + variables, n): first the value, then slopes."""
    whole, cross = left * right[..., :1, :], left[..., :1, :] * right[..., 1:, :]
    slopes = whole[..., 1:, :] + cross
    whole.mid[..., 1:, :], whole.rad[..., 1:, :] = slopes.mid, slopes.rad
    return whole


def weighted_sums(values: BallArray, weights: FloatArray, starts: Sequence[int]) -> BallArray:
    """Return the sums Σ_n values[…, n] weights[n] over each block, for weights at most 4 units of the last place off.

    They are not negative, and no block is empty; `starts`: where the blocks start. A product of matrices would be
    spread over threads, which wait for each other where processes share the processors.
    """
    off = values.rad + rounding_factor(len(weights) + 8) * abs(values.mid)
    mid, rad = (np.add.reduceat(each * weights, starts, axis=-1) for each in (values.mid, off))
    return BallArray(mid, rad * SLACK**2 + TINY)


def matrix_product(left: BallArray, right: BallArray) -> BallArray:
    """Return the product of matrices of balls."""
    rounded = rounding_factor(left.mid.shape[-1] + 8)
    magnitude = abs(right.mid)
    rad = abs(left.mid) @ (right.rad + rounded * magnitude) + left.rad @ (magnitude + right.rad)
    return BallArray(left.mid @ right.mid, rad * SLACK**2 + TINY)
