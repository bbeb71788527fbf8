"""Three components in the plane in Rocq: sums over the cells of a grid, by a checker that is proved correct there.

A mean of what is between 0 and 1 is at least the sum over the cells; it is at most 1 less that sum of the complement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import erf, floor, sqrt
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from emtheory.reports.decide.domain import Question
from emtheory.reports.kernel.files import library
from emtheory.reports.kernel.points.cells import Bounds, Box, Cell, Pair, Problem, weight_ends
from emtheory.reports.kernel.points.texts import Texts
from emtheory.reports.kernel.terms import number
from emtheory.reports.language.expression import Comparison, Expression

SCALE = 2**30
"""Masses are integers, parts of this: a choice, far finer than the sums need."""
NAME = "posterior_power"
"""The quantity."""
MAX_RADIUS = 20
"""Of what is exported. A choice: exponentials must be finite in double precision."""
_MASS_ERROR = Fraction(3, 10**10)
"""By how much the square of the density's mass may be above 1, as far as the lemmas know."""

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


def power_range(grid: Grid, weights: Sequence[Pair], radius: Pair) -> Pair:
    """Return bounds by sums over the cells, for ends of each of the three weights and of the radius, not negative."""
    edges = np.arange(-grid.half, grid.half + 1) / grid.step
    share = np.array([*masses(grid)[::-1], *masses(grid)]) / SCALE
    first, second, third = weights
    low, high = _exponentials(1.5, radius, edges)
    across = (first[0] * low, first[1] * high)
    low, high = _exponentials(sqrt(3) / 2, radius, edges)
    along = (1 / (second[1] * high + third[1] / low), 1 / (second[0] * low + third[0] / high))
    apart = _squares((1 - 2 / (1 + second[0] / third[1] * low**2), 1 - 2 / (1 + second[1] / third[0] * high**2)))
    least = 1 / (1 + np.outer(across[1], along[1]))
    most = 1 / (1 + np.outer(across[0], along[0]))
    sides = _squares((1 - 1.5 * most, 1 - 1.5 * least))
    lower = sides[0] + 0.75 * apart[0] * least**2
    upper = sides[1] + 0.75 * apart[1] * most**2
    return float(share @ lower @ share), float(1 + float(_MASS_ERROR) - share @ (1 - upper) @ share)


def _squares(ends: tuple[NDArray[np.float64], NDArray[np.float64]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and greatest square between two ends."""
    squares = np.square(ends)
    return np.where((ends[0] < 0) & (ends[1] > 0), 0, squares.min(0)), squares.max(0)


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
        return {NAME: power_range(grid, [(float(a), float(b)) for a, b in sides], (float(radius[0]), float(radius[1])))}

    return Problem(comparison, symbols, guess, (_SLACK,), None, Fraction(0))


class PlaneTexts(Texts):
    """What is written of a statement about three components, by sums on a grid."""

    symbols: Mapping[str, Fraction] = MappingProxyType({"k": Fraction(3), "d": Fraction(2)})
    definitions = "plane_definitions"
    lemmas = ("plane_lemmas", "interval_lemmas", "plane_checker")

    def __init__(
        self,
        question: Question,
        weights: Sequence[Expression],
        quantities: Sequence[str],
        values: Mapping[str, Fraction],
        grid: Grid,
    ) -> None:
        super().__init__(question, weights, quantities, values)
        self.grid = grid

    def beginning(self) -> str:
        """Return the lemmas that a proof begins with, those on the grid included."""
        return "\n".join([super().beginning(), *_grid_lemmas(self.grid), library("plane_grid")])

    def integrals(self, quantity: str) -> tuple[str, ...]:
        """Return the propositions that the inner integrals and the outer one converge."""
        case = self.case_terms
        return f"(forall x, converges (inner_integrand {case} x))", f"converges (outer_integrand {case})"

    def bound(self, quantity: str, cell: Cell) -> list[str]:
        """Return the steps that lead to a lower and an upper bound."""
        low, high = cell.bounds[quantity]
        rest = 1 + _MASS_ERROR - high
        symbols = {**self.symbols, **self.values}
        box = {name: ends for name, ends in cell.box.items() if name not in self.values}
        weights, radius = ends_of(self.expressions, box, symbols)
        hulls = " ".join(_hull(ends) for ends in (*weights, radius))
        case, inside = self.case_terms, "ltac:(apply in_hull; [lia|lia|first [lra|interval]])"
        positive = " ".join(["ltac:(first [lra|interval])"] * 3)
        return [
            f"destruct (on_grid {case} {hulls} {_ratio(low)} {_ratio(rest)}",
            f"  {positive} {' '.join([inside] * 4)} ltac:(lia) ltac:(lia)",
            "  ltac:(vm_compute; reflexivity) ltac:(vm_compute; reflexivity))",
            "  as [C_inner [C_outer B]].",
            f"assert (V : {number(low)} <= {quantity} {case} <= {number(high)}) by lra. clear B.",
        ]


def _ratio(value: Fraction) -> str:
    return f"({value.numerator}) {value.denominator}"


def _hull(ends: Bounds) -> str:
    return f"(hull {' '.join(map(_ratio, ends))})"


def _grid_lemmas(grid: Grid) -> list[str]:
    """Return the definition of a grid and the lemma that its cells have the masses that are said."""
    shares, step = masses(grid), grid.step
    heavy = [
        f"Lemma heavy_{index} : heavy {SCALE} {step} {index} {share}.\nProof. by_integral. Qed."
        for index, share in enumerate(shares)
    ]
    listed = "; ".join(map(str, (*reversed(shares), *shares)))
    steps = [f"exact (heavy_reflected _ _ _ _ heavy_{index})" for index in reversed(range(grid.half))]
    steps += [f"exact heavy_{index}" for index in range(grid.half)]
    return [
        "Ltac by_integral := split; [lra|unfold density; integral with (i_prec 40, i_degree 6, i_fuel 100)].",
        *heavy,
        f"Definition scale : Z := {SCALE}.\nDefinition step : Z := {step}.\nDefinition start : Z := - {grid.half}.",
        f"Definition masses_of_grid : list Z := [{listed}]%Z.",
        "Lemma grid_is_heavy : masses scale step start masses_of_grid.",
        "Proof.",
        *(f"  split; [{step}|]." for step in steps),
        "  exact Logic.I.",
        "Qed.\n",
    ]
