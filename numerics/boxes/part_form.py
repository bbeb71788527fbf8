"""Functions on many equal parts of a box at once, in double precision: at their centres, on all of them, and slopes.

By the mean value theorem, that of Lebourg for minima, f is on a part within Σ |∂_i f| h_i of its value at the centre,
with the derivatives enclosed over the part and its half-widths h_i (docs/error-bounds.md, section 13). What is not
known is not a number, of which no comparison is true.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import add, mul, neg, sub, truediv

import flint
import numpy as np

from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.ball_arrays import BallArray, hull_of
from emtheory.numerics.arithmetic.rounding import SLACK, FloatArray
from emtheory.numerics.boxes.tile import Tile
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals import form_functions
from emtheory.numerics.intervals.operations import Value, as_interval
from emtheory.numerics.intervals.point_forms import BasicFunction

PARTS = {1: 256, 2: 32, 3: 10}
"""Number of variables → parts of each. A choice: about a thousand in all, for which arrays take little longer than for
one."""


@dataclass(frozen=True)
class PartForm:
    """A function on parts: `value` at the centres, `whole` on all of each, and derivatives times half-widths."""

    value: BallArray
    whole: BallArray
    slopes: BallArray

    def __add__(self, other: "PartForm | Fraction | int | Algebraic") -> "PartForm":
        right = self._lifted(other)
        return _made(self.value + right.value, self.whole + right.whole, self.slopes + right.slopes)

    __radd__ = __add__

    def __neg__(self) -> "PartForm":
        return PartForm(-self.value, -self.whole, -self.slopes)

    def __sub__(self, other: "PartForm | Fraction | int | Algebraic") -> "PartForm":
        return self + -self._lifted(other)

    def __rsub__(self, other: "PartForm | Fraction | int | Algebraic") -> "PartForm":
        return -self + other

    def __mul__(self, other: "PartForm | Fraction | int | Algebraic") -> "PartForm":
        right = self._lifted(other)
        slopes = self.slopes * right.whole + right.slopes * self.whole
        return _made(self.value * right.value, self.whole * right.whole, slopes)

    __rmul__ = __mul__

    def __truediv__(self, other: "PartForm | int") -> "PartForm":
        return self * (Fraction(1, other) if isinstance(other, int) else _inverse(other))

    def minimum(self, other: "PartForm") -> "PartForm":
        """Return the smaller of two: on each part the one that is known to be smaller, or else one of both."""
        difference = (self - other).whole
        first, second = difference.upper <= 0, difference.lower >= 0

        def chosen(one: BallArray, another: BallArray, highest: Callable[..., FloatArray]) -> BallArray:
            either = hull_of(np.minimum(one.lower, another.lower), highest(one.upper, another.upper))
            mids, rads = ((one.mid, another.mid, either.mid), (one.rad, another.rad, either.rad))
            return BallArray(*(np.where(first, a, np.where(second, b, c)) for a, b, c in (mids, rads)))

        # Between two places it changes as one of the two does, or a mean of both (Lebourg's mean value theorem).
        slopes = chosen(self.slopes, other.slopes, np.maximum)
        return _made(chosen(self.value, other.value, np.minimum), chosen(self.whole, other.whole, np.minimum), slopes)

    def __pow__(self, exponent: int) -> "PartForm":
        return reduce(lambda power, bit: power * power * (self if bit == "1" else 1), bin(exponent)[3:], self)

    def _lifted(self, other: "PartForm | Fraction | int | Algebraic") -> "PartForm":
        known = rational(other) if isinstance(other, Fraction | int) else other
        return known if isinstance(known, PartForm) else number(known, len(self.slopes.mid))


def _made(value: BallArray, whole: BallArray, slopes: BallArray) -> PartForm:
    """A function with what the mean value theorem adds to an enclosure of all its values."""
    near = value.widened(slopes.magnitude.sum(axis=0) * SLACK)
    known = np.isfinite(near.mid + near.rad)
    ends = (f(a, b) for f, a, b in ((np.maximum, whole.lower, near.lower), (np.minimum, whole.upper, near.upper)))
    lower, upper = (np.where(known, *each) for each in zip(ends, (whole.lower, whole.upper), strict=True))
    return PartForm(value, hull_of(lower, upper), slopes)


def number(value: Value, variables: int) -> PartForm:
    """Return a number as a function of so many variables, at Arb's precision in force."""
    interval = as_interval(value)
    return _number(interval.lower.union(interval.upper), variables)


def _number(value: flint.arb, variables: int) -> PartForm:
    ball, none = _balls([value]).shaped((1,) * variables), np.zeros((variables, *(1,) * variables))
    return PartForm(ball, ball, BallArray(none, none))


def variables(sides: Sequence[tuple[Fraction, Fraction]]) -> list[PartForm]:
    """Return the variables of a box, by their intervals, as functions on its parts, each along an axis of arrays."""
    n, count = len(sides), PARTS[len(sides)]
    forms = []
    for index, (low, high) in enumerate(sides):
        places = [low + (high - low) * (2 * i + 1) / (2 * count) for i in range(count)]
        values = _balls([to_arb(each) for each in places])
        value = values.shaped(tuple(count if i == index else 1 for i in range(n)))
        half = _balls([to_arb((high - low) / (2 * count))])
        chosen = (np.arange(n) == index).reshape(n, *(1,) * n)
        slopes = BallArray(chosen * half.mid, chosen * half.rad)
        forms.append(_made(value, value.widened(half.magnitude), slopes))
    return forms


def on_parts(tile: Tile, coordinates: Sequence[PartForm]) -> Mapping[BasicFunction, PartForm]:
    """Return all functions of a tile, given its coordinates on parts that lie in it, at Arb's precision in force."""
    n = len(coordinates[0].slopes.mid)
    positions = [
        (each - _number((axis.lower + axis.upper) / 2, n)) * _number(axis.scale, n)
        for axis, each in zip(tile.axes, coordinates, strict=True)
    ]
    rows = [_balls(list(model.coefficients)) for model in tile.models.values()]
    shape = (len(rows), *(axis.count for axis in tile.axes))
    table = BallArray(np.stack([row.mid for row in rows]), np.stack([row.rad for row in rows])).shaped(shape)
    grid = np.broadcast_shapes(*(each.value.mid.shape for each in positions))
    # First the centres, then the whole parts.
    places = [
        BallArray(
            np.stack([np.broadcast_to(part.mid, grid) for part in (each.value, each.whole)]).ravel(),
            np.stack([np.broadcast_to(part.rad, grid) for part in (each.value, each.whole)]).ravel(),
        )
        for each in positions
    ]
    found = _horner(table, places, 0).shaped((1 + len(positions), len(rows), 2, *grid))
    forms = {}
    for i, (function, model) in enumerate(tile.models.items()):
        error = np.array(float(np.nextafter(float(model.error.upper()), np.inf)))
        turns = (found[1 + j, i, 1] * position.slopes for j, position in enumerate(positions))
        forms[function] = _made(found[0, i, 0].widened(error), found[0, i, 1].widened(error), reduce(add, turns))
    return forms


def _horner(table: BallArray, places: Sequence[BallArray], index: int) -> BallArray:
    """Polynomials and their derivatives, of shape (1 + coordinates, polynomials, places), by Horner's scheme."""
    if index == len(places):
        return table[:, None]
    size = (1 + len(places), len(table.mid), len(places[0].mid))
    total = BallArray(np.zeros(size), np.zeros(size))
    for i in reversed(range(table.mid.shape[1])):
        inner = _horner(table[:, i], places, index + 1)
        raised = total * places[index]
        raised.mid[1 + index], raised.rad[1 + index] = _pair(raised[1 + index] + total[0])
        if index == len(places) - 1:
            raised.mid[0], raised.rad[0] = _pair(raised[0] + inner)
        total = raised if index == len(places) - 1 else raised + inner
    return total


def _pair(balls: BallArray) -> tuple[FloatArray, FloatArray]:
    return balls.mid, balls.rad


def _balls(values: Sequence[flint.arb]) -> BallArray:
    """Doubles near balls, and bounds of how far all numbers of these are from them."""
    middles = np.array([float(each.mid()) for each in values])
    off = [float(abs(each - flint.arb(middle)).upper()) for each, middle in zip(values, middles.tolist(), strict=True)]
    return BallArray(middles, np.where(np.array(off) == 0, 0.0, np.nextafter(off, np.inf)))


def apply(name: str, operands: Sequence[PartForm]) -> PartForm:
    """Apply an operation or function of `emtheory.reports.language.expression.Operation`, other than ``**``."""
    return _UNARY[name](operands[0]) if len(operands) == 1 else reduce(_BINARY[name], operands)


def to_power(base: PartForm, exponent: Fraction) -> PartForm:
    """Raise to a constant power."""
    if exponent.denominator > 1:
        e = to_arb(exponent)
        return _composed(base, lambda x: x**e, lambda x: e * x ** (e - 1))
    if exponent == 0:
        return number(rational(1), len(base.slopes.mid))
    power = (base if exponent > 0 else _inverse(base)) ** abs(int(exponent))
    if exponent % 2:
        return power
    return PartForm(power.value, hull_of(np.maximum(power.whole.lower, 0.0), power.whole.upper), power.slopes)


def to_variable_power(base: PartForm, exponent: PartForm) -> PartForm:
    """Raise to a power that varies: exp(exponent · log base)."""
    return apply("exp", [exponent * apply("log", [base])])


def _composed(
    form: PartForm, function: Callable[[flint.arb], flint.arb], slope: Callable[[flint.arb], flint.arb]
) -> PartForm:
    return _made(_image(function, form.value), _image(function, form.whole), form.slopes * _image(slope, form.whole))


def _image(function: Callable[[flint.arb], flint.arb], balls: BallArray) -> BallArray:
    pairs = zip(balls.mid.ravel().tolist(), balls.rad.ravel().tolist(), strict=True)
    values = [function(flint.arb(mid, rad) if math.isfinite(mid + rad) else flint.arb.nan()) for mid, rad in pairs]
    return _balls(values).shaped(balls.mid.shape)


def _inverse(form: PartForm) -> PartForm:
    value, whole = _inverse_of(form.value), _inverse_of(form.whole)
    return _made(value, whole, -(form.slopes * (whole * whole)))


def _inverse_of(balls: BallArray) -> BallArray:
    lower, upper = balls.lower, balls.upper
    known = (lower > 0) | (upper < 0)
    return hull_of(
        *(np.where(known, np.nextafter(1 / end, to), np.nan) for end, to in ((upper, -np.inf), (lower, np.inf)))
    )


def _root(form: PartForm, least: float = -np.inf) -> PartForm:
    """The square root of what is known to be at least `least`; without a slope where that may be 0."""
    value, whole = (
        hull_of(np.nextafter(np.sqrt(np.maximum(each.lower, least)), 0.0), np.nextafter(np.sqrt(each.upper), np.inf))
        for each in (form.value, form.whole)
    )
    return _made(value, whole, form.slopes * _inverse_of(whole + whole))


@form_functions.smallest_eigenvalue_of.register
def _smallest_eigenvalue(corner: PartForm, matrix: Sequence[Sequence[PartForm]]) -> PartForm:
    """Of two rows: (a + d)/2 − √(((a − d)/2)² + b²), the root at least by its range."""
    if len(matrix) > 2:
        raise CannotAnswerError("eigenvalues of matrices beyond 2 × 2 are not followed on parts")
    (a, b), (_, d) = matrix
    half = (a - d) / 2
    return (a + d) / 2 - _root(to_power(half, Fraction(2)) + to_power(b, Fraction(2)), 0.0)


_UNARY: Mapping[str, Callable[[PartForm], PartForm]] = {
    "neg": neg,
    "abs": lambda form: -form.minimum(-form),
    "sqrt": _root,
    "exp": lambda form: _composed(form, flint.arb.exp, flint.arb.exp),
    "log": lambda form: _composed(form, flint.arb.log, lambda x: 1 / x),
    "cos": lambda form: _composed(form, flint.arb.cos, lambda x: -x.sin()),
    "sin": lambda form: _composed(form, flint.arb.sin, flint.arb.cos),
}
_BINARY: Mapping[str, Callable[[PartForm, PartForm], PartForm]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truediv,
    "min": PartForm.minimum,
    "max": lambda left, right: -((-left).minimum(-right)),
}
