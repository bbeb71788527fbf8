"""How large the gradient function is anywhere: so far at most is the likelihood from the largest of all mixtures.

For every mixing distribution Q, by Jensen's inequality, n⁻¹ Σ log(p_Q(x_i)/p̂(x_i)) ≤ log n⁻¹ Σ p_Q(x_i)/p̂(x_i), which
is log ∫ (D + 1) dQ ≤ log(1 + sup D). Outside the smallest box around the data every E(x_i, t) falls with the distance
from the box, so that only cells that meet it count; and of these only those near a point of the data.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, exp, log, sqrt

import flint
import numpy as np
from numpy.typing import NDArray

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import SLACK, TINY, FloatArray, exponential
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.npmle.polynomials import Basis, Bounded, Polynomials, basis_for, expand
from emtheory.numerics.npmle.problem import Problem, Ratios

_HALF_WIDTHS = {1: 0.25, 2: 0.25, 3: 0.5}
"""Of cells, by dimension, in units of σ. A choice: narrower ones are more, wider ones need more terms."""
_LOST = {1: 1e-17, 2: 1e-14, 3: 1e-6}
"""What a series may leave out, and points far away, relative to D + 1. A choice: less than the gaps asked for."""
_MOST_BOXES = 20_000_000
"""That are looked at. A choice: a minute or two."""
_FINE = {1: 2000, 2: 4000}
"""Boxes on which people look at the gradient function, by dimension. A choice: finer than is seen."""
_SMALLEST = 2.0**-26
"""Half-width of boxes that are not halved any more: rounding errors are larger than what is left."""
MOST_CELLS = 2_000_000
"""A choice: minutes in one dimension."""
_ELSEWHERE = 0.5
"""D + 1 is at most this outside the cells: less would take more of them, and it has to be below 1."""
_BLOCK = 2**19
"""Numbers of an array while cells are expanded, about."""
_TOGETHER = 64
"""Cells at a time, at most."""


@dataclass(frozen=True, eq=False)
class Cover:
    """Cells by whole numbers z, lexicographically ordered: centres low + (2z + 1) hσ.

    Points that are farther than `reach` from a cell, in units of σ, are not expanded on it. Outside of all cells
    (D + 1) e^{−offset} is at most `elsewhere`.
    """

    problem: Problem
    ratios: Ratios
    basis: Basis
    cells: NDArray[np.int64]
    reach: float
    elsewhere: float

    @property
    def width(self) -> float:
        """Of a cell, in the data's units."""
        return 2 * self.basis.half_width / self.problem.scale

    def centres(self, cells: NDArray[np.int64]) -> FloatArray:
        """Return the centres of cells."""
        centres: FloatArray = self.problem.points.min(axis=0) + (cells + 0.5) * self.width
        return centres

    def polynomials(self) -> Iterator[Polynomials]:
        """Yield the polynomials of all cells, some together."""
        problem, bounds = self.problem, self.ratios.bounds
        reached = (self.reach + 2 * self.basis.half_width) / problem.scale
        for group in self._groups():
            centres = self.centres(group)
            low, high = centres.min(axis=0) - reached, centres.max(axis=0) + reached
            inside = ((problem.points >= low) & (problem.points <= high)).all(axis=1)
            near = np.flatnonzero(inside)
            lost = float(bounds[~inside].sum()) * SLACK * decay(self.reach)
            far = (lost, lost * (self.reach * self.basis.h) ** 2 * SLACK)
            size = max(1, _BLOCK // (max(1, len(near)) * self.basis.order))
            for first in range(0, len(centres), size):
                yield expand(problem, self.ratios, self.basis, centres[first : first + size], near, far)

    def _groups(self) -> Iterator[NDArray[np.int64]]:
        """Yield runs of cells that are next to each other along the last coordinate."""
        steps = np.diff(self.cells, axis=0)
        ends = (steps[:, :-1] != 0).any(axis=1) | (steps[:, -1] > 4)
        for run in np.split(self.cells, np.flatnonzero(ends) + 1):
            for first in range(0, len(run), _TOGETHER):
                yield run[first : first + _TOGETHER]


def make_cover(problem: Problem, ratios: Ratios, basis: Basis, lost: float) -> Cover:
    """Return cells outside of which D + 1 is at most 1/2; CannotAnswerError if there would be too many cells."""
    bounds = ratios.bounds
    total = float(bounds.sum()) * SLACK
    largest = max(float(bounds.max()), exp(-ratios.offset))
    reach = max(3.0, sqrt(2 * max(0.0, log(total / (lost * largest)))))
    needed = min(reach, sqrt(max(1.0, 2 * (log(total / _ELSEWHERE) + ratios.offset))))
    width = 2 * basis.half_width / problem.scale
    low = problem.points.min(axis=0)
    count = np.floor((problem.points.max(axis=0) - low) / width).astype(np.int64) + 2
    cells = np.unique(np.floor((problem.points - low) / width).astype(np.int64), axis=0)
    # A point may be one cell off where it is rounded, and the cell that it is in counts from its farther side.
    radius = ceil(needed / (2 * basis.half_width)) + 1
    for axis, most in enumerate(count.tolist()):
        span = np.arange(-min(radius, most), min(radius, most) + 1)
        if len(cells) * len(span) > 20 * MOST_CELLS:
            raise _too_many(len(cells) * len(span))
        moved = np.repeat(cells, len(span), axis=0)
        moved[:, axis] += np.tile(span, len(cells))
        cells = np.unique(moved[(moved[:, axis] >= 0) & (moved[:, axis] < most)], axis=0)
    if len(cells) > MOST_CELLS:
        raise _too_many(len(cells))
    return Cover(problem, ratios, basis, cells, reach, total * decay(needed) * SLACK + TINY)


def decay(distance: float) -> float:
    """Return an upper bound of e^{−distance²/2}."""
    return float(exponential(np.array([-(distance**2) / 2]))[0]) * SLACK + TINY


def _too_many(cells: int) -> CannotAnswerError:
    return CannotAnswerError(
        f"the data are spread over {cells} cells of the kernel's scale or more, and at most {MOST_CELLS} are covered: "
        "a larger variance of the kernel, or fewer columns, would help"
    )


@dataclass(frozen=True, eq=False)
class GradientBound:
    """What is known of the largest value of D + 1: it is between e^offset times `lower` and `upper`."""

    offset: float
    lower: float
    upper: float

    @property
    def gap(self) -> flint.arb:
        """A ball around log(1 + sup D), of which the upper end bounds how far the fit is from the best."""
        with arb_precision(128):
            return flint.arb(self.upper).log() + flint.arb(self.offset)


def gradient_cover(problem: Problem, given: Ratios) -> Cover:
    """Return the cover with the gradient function of a mixing distribution, from its a_i; errors are those of cells."""
    lost = _LOST[problem.m]
    basis: Basis = basis_for(_HALF_WIDTHS[problem.m], problem.m, lost)
    return make_cover(problem, given, basis, lost)


def bound_gradient(cover: Cover, tolerance: float) -> GradientBound:
    """Bound the largest value of the gradient function over all of R^m."""
    offset = cover.ratios.offset
    # Σ w_j D(θ_j) = 0, so that D is not negative at some atom; and D + 1 is at least a_i at x_i.
    lower = max(float(cover.ratios.least.max()), float(exponential(np.array([-offset]))[0]) * (1 - 2.0**-40))
    upper, seen = cover.elsewhere, 0
    for polynomials in cover.polynomials():
        bounded = Bounded(polynomials)
        boxes = bounded.whole()
        while len(boxes):
            local = bounded.local(boxes)
            seen += len(boxes)
            lower = max(lower, float(local.centre.max()))
            is_open = local.upper > lower * (1 + tolerance)
            if seen > _MOST_BOXES or boxes.half_width < _SMALLEST:
                is_open[:] = False
            upper = max(upper, float(local.upper[~is_open].max(initial=0.0)))
            boxes = boxes[is_open].halved()
    return GradientBound(offset, lower, max(upper, lower))


@dataclass(frozen=True, eq=False)
class Envelope:
    """Boxes that cover the data, by centres (B × m) and half-width, with bounds of D over each."""

    centres: FloatArray
    half_width: float
    lower: FloatArray
    upper: FloatArray


def envelope(cover: Cover, most: int | None = None) -> Envelope | None:
    """Return bounds of D on boxes of one size that cover the data; None for fits so bad that D is beyond doubles.

    There are at most so many boxes, if there are no more cells than that; without a number finer ones are not seen.
    """
    most = most or _FINE.get(cover.problem.m, 1)
    problem = cover.problem
    if cover.ratios.offset:
        return None
    halvings, parts = 0, []
    while len(cover.cells) * 2 ** ((halvings + 1) * problem.m) <= most:
        halvings += 1
    for polynomials in cover.polynomials():
        bounded = Bounded(polynomials)
        boxes = bounded.whole()
        for _ in range(halvings):
            boxes = boxes.halved()
        local = bounded.local(boxes)
        centres = polynomials.centres[boxes.cells] + boxes.centres * (cover.basis.h / problem.scale)
        parts.append((centres, local.lower - 1, local.upper - 1))
    centres, lower, upper = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Envelope(centres, cover.basis.h / problem.scale / 2**halvings, lower, upper)
