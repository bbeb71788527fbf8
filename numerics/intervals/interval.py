"""Interval arithmetic on [lower, upper] with end points in Arb, infinite ones included, rounded outwards.

Every function works at Arb's precision in force: call them inside
`emtheory.numerics.arithmetic.precision.arb_precision`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level

MAX_EXPONENT_BITS = 1 << 17
"""Beyond 2^±131072 an end point is rounded outwards to infinity or zero: an exact rational would not fit memory."""


@dataclass(frozen=True)
class Interval:
    """A real number between two exact points, with the level of evidence that it is there."""

    lower: flint.arb
    upper: flint.arb
    level: Level

    def __add__(self, other: "Interval") -> "Interval":
        return _hull(self, other, (self.lower + other.lower, self.upper + other.upper))

    def __neg__(self) -> "Interval":
        return Interval(-self.upper, -self.lower, self.level)

    def __sub__(self, other: "Interval") -> "Interval":
        return self + (-other)

    def __mul__(self, other: "Interval") -> "Interval":
        for one, factor in ((self, other), (other, self)):
            if one.lower == one.upper and not one.lower.is_finite() and factor.lower <= 0 <= factor.upper:
                _reject(
                    factor,
                    factor.lower == factor.upper,
                    "zero times infinity",
                    "infinity times a number not told from zero",
                )
        corners = tuple(_product(a, b) for a in (self.lower, self.upper) for b in (other.lower, other.upper))
        return _hull(self, other, corners)

    def __truediv__(self, other: "Interval") -> "Interval":
        if other.lower <= 0 <= other.upper:
            _reject(other, other.lower == other.upper, "division by zero", "division by a number not told from zero")
        return self * _hull(other, other, (1 / other.lower, 1 / other.upper))

    def __abs__(self) -> "Interval":
        if self.lower >= 0:
            return self
        return -self if self.upper <= 0 else Interval(flint.arb(0), _largest(-self.lower, self.upper), self.level)

    def __pow__(self, exponent: int) -> "Interval":
        if exponent < 0:
            return from_rational(1, self.level) / self**-exponent
        base = self if exponent % 2 else abs(self)
        return _hull(self, self, (base.lower**exponent, base.upper**exponent))


def from_enclosure(enclosure: Enclosure) -> Interval:
    """Round an enclosure outwards to the precision in force."""
    return Interval(_point(enclosure.lower).lower(), _point(enclosure.upper).upper(), enclosure.level)


def from_ball(ball: flint.arb, level: Level) -> Interval:
    """Return the interval that a ball covers; all numbers for one that is not a number, of which nothing is known."""
    if ball.is_nan():
        return Interval(flint.arb.neg_inf(), flint.arb.pos_inf(), level)
    return Interval(ball.lower(), ball.upper(), level)


def from_rational(value: Fraction | int, level: Level) -> Interval:
    """Enclose a rational number."""
    return from_ball(_point(Fraction(value)), level)


def to_enclosure(interval: Interval) -> Enclosure:
    """Return the enclosure with rational (or infinite) end points that `interval` is."""
    return Enclosure(-_rounded_up(-interval.lower), _rounded_up(interval.upper), interval.level, "statement")


def minimum(left: Interval, right: Interval) -> Interval:
    """Enclose the smaller of two numbers."""
    return -maximum(-left, -right)


def maximum(left: Interval, right: Interval) -> Interval:
    """Enclose the larger of two numbers."""
    level = min(left.level, right.level)
    return Interval(_largest(left.lower, right.lower), _largest(left.upper, right.upper), level)


def sqrt(value: Interval) -> Interval:
    """Enclose the non-negative square root."""
    if value.lower < 0:
        _reject(value, value.upper < 0, "square root of a negative number", "square root of a number not shown >= 0")
    return _increasing(flint.arb.sqrt, value)


def log(value: Interval) -> Interval:
    """Enclose the natural logarithm."""
    if value.lower <= 0:
        _reject(value, value.upper <= 0, "log of a number that is not positive", "log of a number not shown > 0")
    return _increasing(flint.arb.log, value)


def exp(value: Interval) -> Interval:
    """Enclose the exponential."""
    return _increasing(flint.arb.exp, value)


def cos(value: Interval) -> Interval:
    """Enclose the cosine."""
    return _within_one(flint.arb.cos, value)


def sin(value: Interval) -> Interval:
    """Enclose the sine."""
    return _within_one(flint.arb.sin, value)


def power(base: Interval, exponent: Interval) -> Interval:
    """Enclose base**exponent = exp(exponent · log base) for a positive base, or one from 0 on and exponents > 0."""
    if base.lower == 0 and exponent.lower > 0:
        zero = Interval(flint.arb(0), flint.arb(0), min(base.level, exponent.level))
        if base.upper == 0:
            return zero
        return Interval(zero.lower, power(Interval(base.upper, base.upper, base.level), exponent).upper, zero.level)
    if base.lower == base.upper == 0:
        violation = "division by zero (a negative power of zero)"
        _reject(exponent, exponent.upper < 0, violation, "a power of zero with an exponent not shown to be positive")
    if base.lower <= 0:
        what = "a power with a fractional exponent needs a base > 0"
        _reject(base, base.upper <= 0, what, f"{what}, and it is not shown to be")
    return exp(exponent * log(base))


def _increasing(function: Callable[[flint.arb], flint.arb], value: Interval) -> Interval:
    return _hull(value, value, (function(value.lower), function(value.upper)))


def _within_one(function: Callable[[flint.arb], flint.arb], value: Interval) -> Interval:
    if not (value.lower.is_finite() and value.upper.is_finite()):
        return Interval(flint.arb(-1), flint.arb(1), value.level)
    ball = function(value.lower.union(value.upper))
    return Interval(-_least_one(-ball.lower()), _least_one(ball.upper()), value.level)


def _least_one(bound: flint.arb) -> flint.arb:
    return bound if bound <= 1 else flint.arb(1)


def _product(left: flint.arb, right: flint.arb) -> flint.arb:
    return flint.arb(0) if left == 0 or right == 0 else left * right


def _largest(left: flint.arb, right: flint.arb) -> flint.arb:
    return left if left >= right else right


def _hull(left: Interval, right: Interval, corners: tuple[flint.arb, ...]) -> Interval:
    level = min(left.level, right.level)
    if any(corner.is_nan() for corner in corners):
        return Interval(flint.arb.neg_inf(), flint.arb.pos_inf(), level)
    lower, upper = corners[0].lower(), corners[0].upper()
    for corner in corners[1:]:
        lower, upper = -_largest(-lower, -corner.lower()), _largest(upper, corner.upper())
    return Interval(lower, upper, level)


def _reject(value: Interval, outside: bool, violation: str, undecided: str) -> None:
    if outside and value.level >= Level.CERTIFIED:
        raise InputError(violation)
    raise CannotAnswerError(undecided)


def _point(value: Bound) -> flint.arb:
    if isinstance(value, float):
        return flint.arb.pos_inf() if value > 0 else flint.arb.neg_inf()
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def _rounded_up(point: flint.arb) -> Bound:
    """Return a rational number or infinity that is at least `point`, and equal to it when its exponent is moderate."""
    largest = flint.arb(2) ** MAX_EXPONENT_BITS
    if point == 0:
        return Fraction(0)
    if point > largest:
        return math.inf
    if point < -largest:
        return -(Fraction(2) ** MAX_EXPONENT_BITS) if point.is_finite() else -math.inf
    if abs(point) < 1 / largest:
        return Fraction(2) ** -MAX_EXPONENT_BITS if point > 0 else Fraction(0)
    return ball_bounds(point)[0]
