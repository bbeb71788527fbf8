"""Covers of a ball by cells: boxes that halving the cube around it, one coordinate after the other, leads to.

A cell is named by the halves taken, a text of 0 and 1: it is a leaf of a binary tree. The cube has half-width 2^e m
with an integer m < 2^24, so that ends and centres of cells are doubles, exactly.
"""

import heapq
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from emtheory.numerics.arithmetic.rounding import SLACK
from emtheory.numerics.data_certificates.cell_bound import CellBound, bound_cell
from emtheory.numerics.data_certificates.points import Points
from emtheory.numerics.samples.posterior_sums import Workers, alone
from emtheory.numerics.samples.simplex import FloatArray

SMALLEST_RADIUS, LARGEST_RADIUS = Fraction(1, 10**6), Fraction(10**6)
"""Of a ball: within these, doubles neither overflow nor underflow."""
MAX_HALVINGS = 24
"""Of one coordinate: with the 24 bits of the cube, centres still have at most 53."""
_CUBE_BITS = 24
"""Of the cube's half-width."""
_CLOSE = 0.1
"""The factor is found when it is known to this part of its distance from 1. A choice: half the part takes 2 to 2^s/2
times as many cells."""
_WORTH = 4
"""Cells per dimension without which halving does not help: the cube reaches √s times as far as the ball."""

BoundCell = Callable[[str], CellBound]


@dataclass(frozen=True)
class Ball:
    """The ball ‖θ‖ ≤ radius in the span's s dimensions, and the cube around it."""

    radius: Fraction
    span: int

    @property
    def half_width(self) -> float:
        """Half the width of the cube: the radius, rounded upwards to 24 bits."""
        exponent = math.frexp(float(self.radius) * SLACK)[1] - _CUBE_BITS
        return math.ldexp(math.ceil(math.ldexp(float(self.radius) * SLACK, -exponent)), exponent)

    @property
    def radius_above(self) -> float:
        """The radius, rounded upwards."""
        return float(self.radius) * SLACK

    def half_widths(self, name: str) -> FloatArray:
        """Return the half-widths of a cell, of length s."""
        halvings = [len(range(axis, len(name), self.span)) for axis in range(self.span)]
        widths: FloatArray = np.ldexp(self.half_width, -np.array(halvings))
        return widths

    def centre(self, name: str) -> FloatArray:
        """Return the centre of a cell, of length s."""
        centre, widths = np.zeros(self.span), np.full(self.span, self.half_width)
        for index, half in enumerate(name):
            axis = index % self.span
            widths[axis] /= 2
            centre[axis] += widths[axis] if half == "1" else -widths[axis]
        return centre

    def distance(self, name: str) -> float:
        """Return a lower bound of ‖θ‖ in a cell."""
        nearest = np.maximum(np.abs(self.centre(name)) - self.half_widths(name), 0)
        return float(np.sqrt(np.square(nearest).sum())) / SLACK

    def is_outside(self, name: str) -> bool:
        """Whether no point of a cell is in the ball."""
        return self.distance(name) > self.radius_above

    def gap(self, names: Collection[str]) -> str | None:
        """Return a cell that meets the ball and is not covered by the cells named, or None if these cover the ball."""
        beginnings = {name[:length] for name in names for length in range(len(name))}
        cells, open_cells = set(names), [""]
        while open_cells:
            name = open_cells.pop()
            if name in cells or self.is_outside(name):
                continue
            if name not in beginnings:
                return name
            open_cells += [f"{name}0", f"{name}1"]
        return None


def cell_bounds(points: Points, ball: Ball, share: Workers = alone) -> BoundCell:
    """Return the function that bounds λ_max(∇M_n) over a cell, or over its part within the ball."""

    def bound(name: str) -> CellBound:
        widths = ball.half_widths(name)
        radius = float(np.sqrt(np.square(widths).sum())) * SLACK
        return bound_cell(points, ball.centre(name), widths, radius if name else ball.radius_above, share)

    return bound


@dataclass(frozen=True)
class Cover:
    """What a search has found: cells that cover the ball by name, with an upper bound of λ_max(∇M_n) on each.

    It is at least `lower` at the witness, the centre of a cell within the ball, of length s; `seen` cells were looked
    at.
    """

    cells: dict[str, float]
    lower: float
    witness: FloatArray
    seen: int

    @property
    def upper(self) -> float:
        """λ_max(∇M_n) is at most this on the ball."""
        return max(self.cells.values())


def search_cover(ball: Ball, bound: BoundCell, most: int, useful: float = 1.0) -> Cover:
    """Halve the cell with the largest bound until the largest eigenvalue over the ball is known well enough.

    The search also ends where the largest eigenvalue is found to be more than is useful (at most 1: a larger factor
    shows nothing), or after `most` cells.
    """
    heap: list[tuple[float, str]] = []
    lower, witness = 0.0, np.zeros(ball.span)
    waiting, seen = [""], 0
    worth_halving = most >= _WORTH**ball.span
    while True:
        for name in waiting:
            if ball.is_outside(name):
                continue
            found, seen = bound(name), seen + 1
            heapq.heappush(heap, (-found.upper, name))
            centre = ball.centre(name)
            if found.lower > lower and float(np.sqrt(np.square(centre).sum())) * SLACK <= float(ball.radius):
                lower, witness = found.lower, centre
        upper, name = -heap[0][0], heap[0][1]
        known = upper - lower <= _CLOSE * (1 - lower)
        if lower >= useful or known or seen >= most or not worth_halving or len(name) >= MAX_HALVINGS * ball.span:
            return Cover({name: -upper for upper, name in heap}, lower, witness, seen)
        heapq.heappop(heap)
        waiting = [f"{name}0", f"{name}1"]
