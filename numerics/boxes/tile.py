"""Models of the basic functions on a tile: polynomials in its coordinates with a proved error.

A cell is a part of a tile. What a function is there follows from its polynomial, recentred, without a quadrature.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from operator import mul

import flint

from emtheory.numerics.arithmetic.chebyshev import Axis, total_error
from emtheory.numerics.intervals.interval import Interval, from_ball
from emtheory.numerics.intervals.operations import Value, apply, as_interval
from emtheory.numerics.intervals.point_forms import BasicFunction
from emtheory.numerics.intervals.taylor_form import TaylorForm
from emtheory.numerics.level import Level

Coefficients = Sequence[flint.arb]
"""Of a polynomial in several variables, the last one running fastest."""


@dataclass(frozen=True)
class Model:
    """A basic function as a polynomial in the positions, ± error."""

    coefficients: Coefficients
    error: flint.arb


@dataclass(frozen=True)
class Tile:
    """Models of several functions in the same coordinates."""

    axes: tuple[Axis, ...]
    models: Mapping[BasicFunction, Model]

    def forms(self, coordinates: Sequence[TaylorForm]) -> Mapping[BasicFunction, TaylorForm]:
        """Return the forms of all functions on a cell, given those of the coordinates there."""
        starts = [as_interval(form.coefficients[0]) for form in coordinates]
        centres = [axis.position(_ball(start)).mid() for axis, start in zip(self.axes, starts, strict=True)]
        recentrings = [axis.recentring(centre) for axis, centre in zip(self.axes, centres, strict=True)]
        # How far the position is from the centre: at h = 0, and anywhere on the cell.
        offsets = [
            axis.position(_ball(start)) - centre for axis, start, centre in zip(self.axes, starts, centres, strict=True)
        ]
        reaches = [
            axis.position(_ball(form.range)) - centre
            for axis, form, centre in zip(self.axes, coordinates, centres, strict=True)
        ]
        return {
            function: _composed(model, self.axes, recentrings, (offsets, reaches), coordinates)
            for function, model in self.models.items()
        }


def make_tile(
    axes: Sequence[Axis], functions: Sequence[BasicFunction], values: Mapping[tuple[int, ...], Sequence[flint.arb]]
) -> Tile:
    """Interpolate functions by their values, for each index of a point in each axis."""
    shape = [axis.count for axis in axes]
    models = {}
    for number, function in enumerate(functions):
        sample = [values[index][number] for index in product(*map(range, shape))]
        noise = reduce(flint.arb.max, (value.rad() for value in sample), flint.arb(0))
        centres: Coefficients = [value.mid() for value in sample]
        models[function] = Model(_transformed(centres, [axis.to_powers for axis in axes]), total_error(axes, noise))
    return Tile(tuple(axes), models)


def _composed(
    model: Model,
    axes: Sequence[Axis],
    recentrings: Sequence[flint.arb_mat],
    places: tuple[Sequence[flint.arb], Sequence[flint.arb]],
    coordinates: Sequence[TaylorForm],
) -> TaylorForm:
    """p(x) = p(x_0) + Σ_i S_i (x_i − x_0i): each term of the recentred polynomial goes to its first variable."""
    offsets, reaches = places
    coefficients = _transformed(model.coefficients, recentrings)
    start, slopes = _slopes(coefficients, [axis.count for axis in axes], reaches)
    for slope, offset in zip(slopes, offsets, strict=True):
        start += slope * offset
    result: list[Value] = [from_ball(start + flint.arb(0, model.error), Level.CERTIFIED)]
    steep = [from_ball(slope * axis.scale, Level.CERTIFIED) for slope, axis in zip(slopes, axes, strict=True)]
    for index in range(1, len(coordinates[0].coefficients)):
        terms = [apply("*", [slope, form.coefficients[index]]) for slope, form in zip(steep, coordinates, strict=True)]
        result.append(reduce(lambda total, term: apply("+", [total, term]), terms))
    return TaylorForm(tuple(result), coordinates[0].domain)


def _slopes(
    coefficients: Coefficients, shape: Sequence[int], reaches: Sequence[flint.arb]
) -> tuple[flint.arb, list[flint.arb]]:
    """The constant term, and for each variable what it is multiplied with, over all the reaches."""
    size = reduce(mul, shape[1:], 1)
    blocks = [coefficients[i * size : (i + 1) * size] for i in range(shape[0])]
    start, others = _slopes(blocks[0], shape[1:], reaches[1:]) if len(shape) > 1 else (blocks[0][0], [])
    first = flint.arb(0)
    for block in reversed(blocks[1:]):
        first = first * reaches[0] + _range(block, shape[1:], reaches[1:])
    return start, [first, *others]


def _range(coefficients: Coefficients, shape: Sequence[int], reaches: Sequence[flint.arb]) -> flint.arb:
    """Enclose a polynomial over the reaches."""
    if not shape:
        return coefficients[0]
    size = len(coefficients) // shape[0]
    total = flint.arb(0)
    for i in reversed(range(shape[0])):
        total = total * reaches[0] + _range(coefficients[i * size : (i + 1) * size], shape[1:], reaches[1:])
    return total


def _transformed(coefficients: Coefficients, matrices: Sequence[flint.arb_mat]) -> Coefficients:
    """Apply one matrix to each index of a tensor."""
    for matrix in matrices:
        # The first index is transformed and becomes the last: after as many turns all are in their places.
        rows = matrix.ncols()
        table = flint.arb_mat(rows, len(coefficients) // rows, coefficients)
        coefficients = (matrix * table).transpose().entries()
    return coefficients


def _ball(value: Interval) -> flint.arb:
    return value.lower.union(value.upper)
