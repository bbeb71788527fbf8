"""Basic functions on many cells of a tile at once: its polynomials, recentred in each cell."""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import product
from operator import mul

import flint
import numpy as np

from emtheory.numerics.arithmetic.rounding import SLACK, TINY, FloatArray, rounding_factor
from emtheory.numerics.boxes.tile import Model, Tile
from emtheory.numerics.intervals.basic_functions import BasicFunction
from emtheory.numerics.taylor_models.branches import Branches
from emtheory.numerics.taylor_models.models import TaylorModels, cleaned, constants, double, total
from emtheory.numerics.taylor_models.space import Space

_LOSS = rounding_factor(1024)
"""Of recentring, in each of up to three coordinates two roundings for each of up to 40 degrees."""


def tile_models(tile: Tile, coordinates: Sequence[TaylorModels]) -> Mapping[BasicFunction, Branches]:
    """Return the models of all functions of a tile on cells, at Arb's precision in force.

    Parameters
    ----------
    tile
        Where the functions are known.
    coordinates
        Those of the tile, on cells that lie in it.
    """
    positions = []
    for axis, models in zip(tile.axes, coordinates, strict=True):
        middle, off = _everywhere(double((axis.lower + axis.upper) / 2), models.error)
        scale, scale_off = _everywhere(double(axis.scale), models.error)
        positions.append((models - constants(middle, off, models.space)).scaled(scale, scale_off))
    return {function: Branches((_composed(model, tile, positions),)) for function, model in tile.models.items()}


def _composed(model: Model, tile: Tile, positions: Sequence[TaylorModels]) -> TaylorModels:
    """p(x_0 + h) up to total degree d in h; what is beyond is bounded term by term."""
    space = positions[0].space
    shape = [axis.count for axis in tile.axes]
    pairs = [double(coefficient) for coefficient in model.coefficients]
    exact = np.array([middle for middle, _ in pairs]).reshape(*shape, 1)
    off = np.array([error for _, error in pairs]).reshape(*shape, 1)
    boxes = len(positions[0].error)
    recentred = np.broadcast_to(exact, (*shape, boxes)).copy()
    for index, position in enumerate(positions):
        _recentre(np.moveaxis(recentred, index, 0), position.start)
    reaches = [position.reach() for position in positions]
    ends = [abs(position.start) + reach for position, reach in zip(positions, reaches, strict=True)]
    powers = [_powers(reach, count) for reach, count in zip(reaches, shape, strict=True)]
    beyond = [
        reduce(mul, (each[i] for each, i in zip(powers, place, strict=True)), abs(recentred[place]))
        for place in product(*map(range, shape))
        if sum(place) > space.order
    ]
    rest = total(beyond) if beyond else np.zeros(boxes)
    rest = rest + _size(off, ends) + _LOSS * _size(abs(exact), ends) + _upward(model.error)
    result = _horner(recentred, [position.change for position in positions], space, space.order)
    return cleaned(result.coefficients, (result.error + rest * SLACK) * SLACK + TINY, space)


def _recentre(coefficients: FloatArray, centres: FloatArray) -> None:
    """Turn coefficients of powers of x, along the first axis, into those of powers of x − centre, in place."""
    for first in range(len(coefficients) - 1):
        for i in range(len(coefficients) - 2, first - 1, -1):
            coefficients[i] += centres * coefficients[i + 1]


def _horner(coefficients: FloatArray, changes: Sequence[TaylorModels], space: Space, degree: int) -> TaylorModels:
    """The terms up to a total degree, in one coordinate after the other."""
    if not changes:
        return constants(coefficients, np.zeros_like(coefficients), space)
    first, *others = changes
    result: TaylorModels | None = None
    for i in reversed(range(min(len(coefficients), degree + 1))):
        term = _horner(coefficients[i], others, space, degree - i)
        result = term if result is None else result * first + term
    return result if result is not None else constants(np.zeros_like(first.error), np.zeros_like(first.error), space)


def _size(sizes: FloatArray, ends: Sequence[FloatArray]) -> FloatArray:
    """Σ sizes · |x|^i over all terms, at the ends of the positions."""
    for end in ends:
        result = sizes[-1]
        for row in sizes[-2::-1]:
            result = result * end + row
        sizes = result
    return sizes


def _powers(value: FloatArray, count: int) -> list[FloatArray]:
    powers = [np.ones_like(value)]
    for _ in range(count - 1):
        powers.append(powers[-1] * value)
    return powers


def _everywhere(pair: tuple[float, float], like: FloatArray) -> tuple[FloatArray, FloatArray]:
    value, error = pair
    return np.full_like(like, value), np.full_like(like, error)


def _upward(value: flint.arb) -> float:
    return float(np.nextafter(float(value.upper()), np.inf))
