"""From the ranges of the coordinates of a tile to models of the basic functions there."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product

import flint

from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.chebyshev import Axis, analytic_axis, smooth_axis
from emtheory.numerics.boxes.mixture import RIGHT_ANGLE, Bounds, Divided, Mixture, Multiplied, bounds_for
from emtheory.numerics.boxes.tile import Tile, make_tile
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.point_forms import BasicFunction

MAX_POINTS = 40
"""In one coordinate. A choice: tiles are made so small that far fewer suffice."""

MAX_VALUES = 20_000
"""Places in one tile. A choice: each takes milliseconds."""

_MOST_NEAR_ZERO = 8
"""Points in the square of a radius near 0 that a window is chosen for; where it is looked at more closely, more are
taken."""

_SHARE_OF_AXES = math.log(12)
"""What each of up to three coordinates is more accurate than the model, as a logarithm: their errors add up."""
_NOISE = 2.0
"""By how much more accurate values are than the interpolation, as a logarithm."""

_LARGEST_NEAR_ZERO = Fraction(1, 2)
"""Radius up to which a tile at 0 is tried first; it is halved until few points suffice."""

_Bounds = Bounds | Divided | Multiplied


@dataclass(frozen=True)
class Square:
    """The range of the square of the radius, or of an amplitude, in a tile.

    `lower`, `upper`: exact ends; a fixed square if they are equal; `near_zero`: whether its coordinate is the square
    itself, from 0 on, and not the logarithm.
    """

    lower: Fraction
    upper: Fraction
    near_zero: bool

    @property
    def varies(self) -> bool:
        """Whether it is a coordinate."""
        return self.lower < self.upper


def largest_near_zero(
    mixture: Mixture, functions: Sequence[BasicFunction], index: int, accuracy: float, total: Fraction = Fraction(0)
) -> Fraction:
    """Return the radius, or amplitude, up to which a tile at 0 has few points.

    `mixture`, `functions`: what is modelled. `index`: of the amplitude, or 0. `accuracy`: L of the model. `total`: of
    all squared amplitudes at most; it matters for functions that are multiplied.
    """
    radius, bounds = _LARGEST_NEAR_ZERO, _bounds(mixture, functions, total)
    accuracy += _SHARE_OF_AXES
    while _near_zero(mixture, bounds, index, Square(Fraction(0), radius**2, near_zero=True), accuracy) is None:
        radius /= 2
    return radius


def interpolate(
    mixture: Mixture,
    functions: Sequence[BasicFunction],
    ratios: Sequence[tuple[float, float]],
    squares: Sequence[Square],
    accuracy: float,
) -> Tile:
    """Model basic functions on a tile.

    CannotAnswerError if it would take too many places, or a lattice at one of them would be too large.

    `mixture`, `functions`: what is modelled; `ratios`: ranges of the log-ratios of weights; `squares`: the range of r²,
    or of each squared amplitude; `accuracy`: L: the errors are to be about e^{−L}.
    """
    bounds = _bounds(mixture, functions, sum((square.upper for square in squares), Fraction(0)))
    varying = [square for square in squares if square.varies]
    finer = accuracy + min(math.log(4 * (len(ratios) + len(varying))), _SHARE_OF_AXES)
    axes: list[Axis] = []
    for i, (lower, upper) in enumerate(ratios):
        half = to_arb(mixture.half_range(i))
        widest = RIGHT_ANGLE / float(mixture.half_range(i))
        axes.append(analytic_axis(lower, upper, partial(_strip, bounds, half), widest, finer, MAX_POINTS))
    for index, square in enumerate(squares):
        if square.varies:
            axes.append(_square_axis(mixture, bounds, index, square, finer))
    count = math.prod(axis.count for axis in axes)
    if count > MAX_VALUES:
        raise CannotAnswerError(f"a model in {len(axes)} variables would need {count} places")
    values = {}
    for place in product(*(range(axis.count) for axis in axes)):
        coordinates = [axis.points[i] for axis, i in zip(axes, place, strict=True)]
        rest = iter(coordinates[len(ratios) :])
        at = [
            (next(rest) if square.near_zero else next(rest).exp()) if square.varies else to_arb(square.lower)
            for square in squares
        ]
        values[place] = mixture.values(functions, coordinates[: len(ratios)], at, finer + _NOISE)
    return make_tile(axes, functions, values)


def _bounds(mixture: Mixture, functions: Sequence[BasicFunction], total: Fraction) -> _Bounds:
    plain = bounds_for(functions)
    times = max((function.divided for function in functions), default=0)
    if times:
        return Divided(plain, times, mixture.dimension(0), mixture.squared_half_range())
    return Multiplied(plain, total) if any(function.multiplied for function in functions) else plain


def _strip(bounds: _Bounds, half_range: flint.arb, width: flint.arb) -> flint.arb:
    return bounds.strip(half_range * width)


def _square_axis(mixture: Mixture, bounds: _Bounds, index: int, square: Square, accuracy: float) -> Axis:
    if square.near_zero:
        axis = _near_zero(mixture, bounds, index, square, accuracy, MAX_POINTS)
        if axis is None:
            raise CannotAnswerError("a model at the origin reaches too far out for its accuracy")
        return axis
    if isinstance(bounds, Divided):
        raise CannotAnswerError("what is divided by the square is modelled near 0 only")
    lower, upper = (to_arb(end).log() for end in (square.lower, square.upper))
    dimension = mixture.dimension(index)
    return analytic_axis(
        _outward(lower.lower(), -1),
        _outward(upper.upper(), 1),
        lambda angle: bounds.log_square(angle, dimension),
        RIGHT_ANGLE,
        accuracy,
        MAX_POINTS,
    )


def _near_zero(
    mixture: Mixture, bounds: _Bounds, index: int, square: Square, accuracy: float, most: int = _MOST_NEAR_ZERO
) -> Axis | None:
    dimension, half_range = mixture.dimension(index), mixture.squared_half_range()
    return smooth_axis(
        _above(square.upper), lambda n: bounds.square_derivative(n, dimension, half_range), accuracy, most
    )


def _above(value: Fraction) -> float:
    """A binary number that is not smaller."""
    result = float(value)
    return result if Fraction(result) >= value else math.nextafter(result, math.inf)


def _outward(value: flint.arb, direction: int) -> float:
    """A binary number beyond."""
    return math.nextafter(float(value), direction * math.inf)
