"""A lower bound on β for three components: |γ̂_1|² at its least on each cell of a grid, times the cell's mass.

The same sum is computed twice: here in double precision, to choose a grid and pieces of the domain, and by the checker
in Rocq, with enclosures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import erf, floor, sqrt

import numpy as np
from numpy.typing import NDArray

from emtheory.reports.kernel.points.cells import Bounds, Box, Pair, Problem, weight_ends
from emtheory.reports.language.expression import Comparison, Expression

SCALE = 2**30
"""Masses are integers, parts of this: a choice, far finer than the sums need."""
NAME = "posterior_power"
"""The quantity."""
MAX_RADIUS = 20
"""Of what is exported. A choice: exponentials must be finite in double precision."""
AT_MOST = 4
"""More than the quantity, whose true bound 1 is not proved in Rocq."""

_SLACK = Fraction(1, 10**9)
"""By how much a bound is weaker than the guess. A choice: more than rounding errors of double precision."""
_MASS_SLACK = 4
"""By how much a mass is smaller than what is computed, in parts of `SCALE`: likewise."""


@dataclass(frozen=True)
class Grid:
    """The square from −`reach` to `reach`, in squares whose sides are 1/`step`."""

    step: int
    reach: int

    @property
    def half(self) -> int:
        """Number of cells from 0 to the end."""
        return self.step * self.reach


GRIDS = (Grid(4, 4), Grid(8, 4), Grid(16, 5), Grid(32, 5))
"""The coarsest first, which is the quickest: what lies outside has the mass 1e-4, and 1e-6. A choice: 4,096 cells take
the kernel hundredths of a second."""


@cache
def masses(grid: Grid) -> tuple[int, ...]:
    """Return a lower bound on the normal mass of each cell from 0 to the end of a grid's side, in parts of `SCALE`."""
    below = [erf(index / grid.step / sqrt(2)) / 2 for index in range(grid.half + 1)]
    return tuple(max(0, floor((high - low) * SCALE) - _MASS_SLACK) for low, high in pairwise(below))


def power_below(grid: Grid, weights: Sequence[Pair], radius: Pair) -> float:
    """Return the sum over the cells, for ends of each of the three weights and of the radius, which is not negative."""
    edges = np.arange(-grid.half, grid.half + 1) / grid.step
    share = np.array([*masses(grid)[::-1], *masses(grid)]) / SCALE
    first, second, third = weights
    low, high = _exponentials(1.5, radius, edges)
    across = (first[0] * low, first[1] * high)
    low, high = _exponentials(sqrt(3) / 2, radius, edges)
    along = (1 / (second[1] * high + third[1] / low), 1 / (second[0] * low + third[0] / high))
    ends = [1 - 2 / (1 + second[0] / third[1] * low**2), 1 - 2 / (1 + second[1] / third[0] * high**2)]
    apart = np.where((ends[0] < 0) & (ends[1] > 0), 0, np.abs(ends).min(0)) ** 2 * 0.75
    least = 1 / (1 + np.outer(across[1], along[1]))
    most = 1 / (1 + np.outer(across[0], along[0]))
    sides = (1 - 1.5 * most, 1 - 1.5 * least)
    square = np.where((sides[0] < 0) & (sides[1] > 0), 0, np.minimum(np.abs(sides[0]), np.abs(sides[1]))) ** 2
    return float(share @ (square + apart * least**2) @ share)


def _exponentials(rate: float, radius: Pair, edges: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Return the least and greatest e^{rate · r · x} on each cell."""
    products = rate * np.outer(radius, edges)
    cells = np.stack([products[:, :-1], products[:, 1:]])
    return np.exp(cells.min((0, 1))), np.exp(cells.max((0, 1)))


def ends_of(weights: Sequence[Expression], box: Box, symbols: Mapping[str, Fraction]) -> tuple[list[Bounds], Bounds]:
    """Return ends of each weight on a box, and of the radius."""
    radius = (symbols["radius"],) * 2 if "radius" in symbols else box["radius"]
    return [weight_ends(weight, box, symbols) for weight in weights], radius


def plane_problem(
    grid: Grid, comparison: Comparison, weights: Sequence[Expression], symbols: Mapping[str, Fraction]
) -> Problem:
    """Return the problem of a statement about three components."""

    def guess(box: Box) -> dict[str, Pair]:
        sides, radius = ends_of(weights, box, symbols)
        low = power_below(grid, [(float(a), float(b)) for a, b in sides], (float(radius[0]), float(radius[1])))
        return {NAME: (max(low, float(_SLACK)), float(AT_MOST))}

    return Problem(comparison, symbols, guess, (_SLACK,), None, Fraction(0))
