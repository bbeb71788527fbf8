"""Three components in the plane in Rocq: sums over the cells of a grid, by a checker that is proved correct there.

What is averaged is a polynomial in the posteriors times 1, x², xy or y²: its values in a cell are enclosed, and weighed
by the cell's moments; what lies outside the grid is bounded by a lemma.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import erf, exp, floor, pi, sqrt
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from emtheory.reports.decide.domain import Question
from emtheory.reports.kernel.files import library
from emtheory.reports.kernel.points.cells import Bounds, Box, Cell, Pair, Problem, weight_ends
from emtheory.reports.kernel.points.texts import Texts
from emtheory.reports.kernel.terms import number
from emtheory.reports.language.expression import Comparison, Expression

QUANTITIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "posterior_power": ("transform_square",),
        "hessian_min_eigenvalue": ("curvature_xx", "curvature_yy", "curvature_xy"),
    }
)
"""The quantities that are exported for three components, and the integrands that define them."""
SCALE = 2**30
"""Masses are integers, parts of this: a choice, far finer than the sums need."""
MAX_RADIUS = 20
"""Of what is exported. A choice: exponentials must be finite in double precision."""
_SLACK = Fraction(1, 10**9)
"""By how much a bound is weaker than the guess. A choice: more than rounding errors of double precision."""
_MASS_SLACK = 4
"""By how much a mass is smaller than what is computed, in parts of `SCALE`, and at most twice that larger."""


@dataclass(frozen=True)
class Grid:
    """The square from −`reach` to `reach`, in squares whose sides are 1/`step`."""

    step: int
    reach: int

    @property
    def half(self) -> int:
        """Number of cells from 0 to the end."""
        return self.step * self.reach

    @property
    def work(self) -> int:
        """How long the kernel takes for a piece of the domain, in cells; the lemma around the bounds is as many."""
        return 4096 + 4 * self.half**2

    @property
    def bound(self) -> int:
        """An inverse of what three times what lies outside is at most, of the density times 1, |x| or x²."""
        density = exp(-(self.reach**2) / 2) / sqrt(2 * pi)
        return floor(self.reach / (6.1 * (self.reach**2 + 2) * density))


GRIDS = (Grid(4, 4), Grid(8, 4), Grid(16, 5), Grid(32, 5))
"""The coarsest first, which is the quickest: what lies outside has the mass 1e-4, and 1e-6. A choice: 4,096 cells take
the kernel tenths of a second."""


@cache
def masses(grid: Grid) -> tuple[int, ...]:
    """Return a lower bound on the normal mass of each cell from 0 to the end of a grid's side, in parts of `SCALE`."""
    below = [erf(index / grid.step / sqrt(2)) / 2 for index in range(grid.half + 1)]
    return tuple(max(0, floor((high - low) * SCALE) - _MASS_SLACK) for low, high in pairwise(below))


_POWERS = (2, 0), (0, 2), (1, 1)
"""Of x and y in the entries of the Hessian."""
Ends = tuple[NDArray[np.float64], NDArray[np.float64]]
"""The least and the greatest value in each cell."""


def entry_ranges(name: str, grid: Grid, weights: Sequence[Pair], radius: Pair) -> tuple[Pair, ...]:
    """Return bounds on β_1, or on the entries xx, yy and xy of the Hessian, by the sums that Rocq computes.

    The weights and the radius, which is not negative, are given by their ends.
    """
    edges = np.arange(-grid.half, grid.half + 1) / grid.step
    first, second, third = weights
    low, high = _exponentials(1.5, radius, edges)
    across = (first[0] * low, first[1] * high)
    low, high = _exponentials(sqrt(3) / 2, radius, edges)
    along = (1 / (second[1] * high + third[1] / low), 1 / (second[0] * low + third[0] / high))
    apart = 1 - 2 / (1 + second[0] / third[1] * low**2), 1 - 2 / (1 + second[1] / third[0] * high**2)
    share = 1 / (1 + np.outer(across[1], along[1])), 1 / (1 + np.outer(across[0], along[0]))
    squares = _squares(apart)
    if name == "posterior_power":
        sides = _squares((1 - 1.5 * share[1], 1 - 1.5 * share[0]))
        ends = (sides[0] + 0.75 * squares[0] * share[0] ** 2, sides[1] + 0.75 * squares[1] * share[1] ** 2)
        return _pairs(_total(grid, ends, 0, 0))
    far = _squares((share[0] - 0.5, share[1] - 0.5))
    spread = 9 / 16 - 9 / 4 * far[1], 9 / 16 - 9 / 4 * far[0]
    rest = 0.75 * share[0] ** 2 * (1 - squares[1]), 0.75 * share[1] ** 2 * (1 - squares[0])
    products = np.stack([one * other for one in spread for other in apart]) * 2 / sqrt(3)
    skew = (products.min(0), products.max(0))
    a20, a02, a11 = (_total(grid, spread, *powers) for powers in _POWERS)
    b20, b02, b11 = (_total(grid, rest, *powers) for powers in _POWERS)
    c20, c02, c11 = (_total(grid, skew, *powers) for powers in _POWERS)
    return _pairs(
        1 - (a20 + a02 / 3 + b02)[::-1] + c11,
        1 - (a20 / 3 + a02 + b20 + c11)[::-1],
        b11 - (2 * a11 / 3 + c20 / 2)[::-1] + c02 / 2,
    )


def _total(grid: Grid, values: Ends, across: int, along: int) -> NDArray[np.float64]:
    """Return bounds on the mean of values in cells times powers of x and y, what lies outside the grid included."""
    edges = np.arange(-grid.half, grid.half + 1) / grid.step
    mass = np.array([*masses(grid)[::-1], *masses(grid)]) / SCALE
    density = np.exp(-edges * edges / 2) / sqrt(2 * pi)
    moments = mass, -np.diff(density), mass - np.diff(edges * density)
    sides = moments[across], moments[along]
    half = float(np.abs(sides[0]) @ (values[1] - values[0]) @ np.abs(sides[1])) / 2
    error = half + 2.1 / grid.bound + 32 * grid.half / SCALE + 1e-6
    return float(sides[0] @ (values[0] + values[1]) @ sides[1]) / 2 + np.array([-error, error])


def _pairs(*ends: NDArray[np.float64]) -> tuple[Pair, ...]:
    return tuple((float(low), float(high)) for low, high in ends)


def value_range(entries: Sequence[Pair]) -> Pair:
    """Return the range of what has a single entry, or of the smaller eigenvalue of three, each by a slack weaker."""
    slack = 3 * float(_SLACK)
    if len(entries) == 1:
        return entries[0]
    (p, p_high), (q, q_high), ends = entries
    aside = max(map(abs, ends)) + slack
    return (p + q) / 2 - sqrt((p - q) ** 2 / 4 + aside**2) - slack, min(p_high, q_high) + slack


def _squares(ends: Ends) -> Ends:
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


def _entries(name: str, grid: Grid, weights: Sequence[Bounds], radius: Bounds) -> tuple[Pair, ...]:
    *sides, ends = ((float(low), float(high)) for low, high in (*weights, radius))
    return entry_ranges(name, grid, sides, ends)


def plane_problem(
    grid: Grid,
    comparison: Comparison,
    quantities: Sequence[str],
    weights: Sequence[Expression],
    symbols: Mapping[str, Fraction],
) -> Problem:
    """Return the problem of a statement about three components."""

    def guess(box: Box) -> dict[str, Pair]:
        ends = ends_of(weights, box, symbols)
        return {name: value_range(_entries(name, grid, *ends)) for name in quantities}

    return Problem(comparison, symbols, guess, (_SLACK,), None, Fraction(0))


class PlaneTexts(Texts):
    """What is written of a statement about three components, by sums on a grid."""

    symbols: Mapping[str, Fraction] = MappingProxyType({"k": Fraction(3), "d": Fraction(2)})
    definitions = "plane_definitions"
    lemmas = ("plane_means", "plane_lemmas", "interval_lemmas", "plane_checker")

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
        hessian = [library("plane_hessian")] if "hessian_min_eigenvalue" in self.quantities else []
        return "\n".join([super().beginning(), *_grid_lemmas(self.grid), library("plane_grid"), *hessian])

    def integrals(self, quantity: str) -> tuple[str, ...]:
        """Return the propositions that the means exist: that the inner integrals and the outer one converge."""
        return tuple(f"mean_exists ({integrand} {self.case_terms})" for integrand in QUANTITIES[quantity])

    def bound(self, quantity: str, cell: Cell) -> list[str]:
        """Return the steps that lead to a lower and an upper bound."""
        symbols = {**self.symbols, **self.values}
        box = {name: ends for name, ends in cell.box.items() if name not in self.values}
        weights, radius = ends_of(self.expressions, box, symbols)
        hulls = " ".join(f"(hull {' '.join(map(_ratio, ends))})" for ends in (*weights, radius))
        parts = [
            f"({floor(low / _SLACK) - 1}) ({1 - floor(-high / _SLACK)})"
            for low, high in (map(Fraction, ends) for ends in _entries(quantity, self.grid, weights, radius))
        ]
        case, inside = self.case_terms, "ltac:(apply in_hull; [lia|lia|first [lra|interval]])"
        low, high = map(number, cell.bounds[quantity])
        ending = "by_entries B" if len(parts) > 1 else "(unfold parts in B; lra)"
        return [
            f"destruct ({quantity}_on_grid {case} {hulls}",
            f"  {' '.join(['ltac:(first [lra|interval])'] * 3)} {' '.join([inside] * 4)}",
            f"  {' '.join(parts)} ltac:(vm_compute; reflexivity)) as [C_{quantity} B].",
            *(f"destruct C_{quantity} as [C_{index} C_{quantity}]." for index in range(len(parts) - 1)),
            f"assert (V_{quantity} : {low} <= {quantity} {case} <= {high}) by {ending}.",
            "clear B.",
        ]


def _ratio(value: Fraction) -> str:
    return f"({value.numerator}) {value.denominator}"


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
        "Ltac by_integral := unfold heavy, density; integral with (i_prec 40, i_degree 6, i_fuel 100).",
        *heavy,
        f"Definition scale : Z := {SCALE}.\nDefinition step : Z := {step}.\nDefinition start : Z := - {grid.half}.",
        f"Definition bound : Z := {grid.bound}.",
        f"Definition masses_of_grid : list Z := [{listed}]%Z.",
        "Lemma grid_is_heavy : masses scale step start masses_of_grid.",
        "Proof.",
        *(f"  split; [{step}|]." for step in steps),
        "  exact Logic.I.",
        "Qed.\n",
        "Lemma tails_of_grid : forall n, (n <= 2)%nat -> 3 * tail_of n (IZR (- start) / IZR step) <= 1 / IZR bound.",
        "Proof.",
        "  intros n Hn. unfold tail_of, tail, unit, density, start, step, bound.",
        "  each n; simpl Nat.eqb; cbv iota; simpl Z.opp; interval.",
        "Qed.\n",
    ]
