"""Balls that EM on given data maps into itself and contracts, covered by cells.

Cells are boxes that halving the cube around a ball, one coordinate after the other, leads to. A cell is named by the
halves taken, a text of 0 and 1: it is a leaf of a binary tree. The cube has half-width 2^e m with an integer m < 2^24,
so that ends and centres of cells are doubles, exactly.
"""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rounding import SLACK
from emtheory.numerics.data_certificates.cell_bound import CellBound, bound_cell
from emtheory.numerics.data_certificates.points import Points
from emtheory.numerics.samples.simplex import FloatArray

SMALLEST_RADIUS, LARGEST_RADIUS = Fraction(1, 10**6), Fraction(10**6)
"""Of a ball: within these, doubles neither overflow nor underflow."""
_MAX_HALVINGS = 24
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


def cell_bounds(points: Points, ball: Ball) -> BoundCell:
    """Return the function that bounds λ_max(∇M_n) over a cell, or over its part within the ball."""

    def bound(name: str) -> CellBound:
        widths = ball.half_widths(name)
        radius = float(np.sqrt(np.square(widths).sum())) * SLACK
        return bound_cell(points, ball.centre(name), widths, radius if name else ball.radius_above)

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
    """Halve the cell with the largest bound until the factor is known well, beyond what is useful, or after `most`."""
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
        if lower >= useful or known or seen >= most or not worth_halving or len(name) >= _MAX_HALVINGS * ball.span:
            return Cover({name: -upper for upper, name in heap}, lower, witness, seen)
        heapq.heappop(heap)
        waiting = [f"{name}0", f"{name}1"]


_EFFORT = 1.5e11
"""Multiplications that a search may take: some minutes. A choice."""
_MOST_CELLS = 8_000
"""Of a search, however few the data. A choice: some seconds, and a certificate of some hundred kilobytes."""
_MORE = 2
"""Times the effort for the ball that was asked for that may go into smaller ones, together."""
_NEAR = Fraction(21, 20)
"""Ratio of the radii of a ball that does not work and one that does, at which the search for the largest ends."""
_DIGITS = 3
"""Of the radius of a smaller ball, rounded down."""


@dataclass(frozen=True)
class Contraction:
    """EM maps the ball ‖θ‖ ≤ radius into itself, if `maps_into_itself`, and ‖M_n(θ) − M_n(θ')‖ ≤ factor ‖θ − θ'‖ on it.

    The ball is in all d dimensions; the named cells cover its part in the span, and the factor bounds λ_max(∇M_n) on
    them, `origin_image` ‖M_n(0)‖ in the span, and `complement` the norm of the mean of the data in its complement, to
    which EM takes θ there.
    """

    radius: Fraction
    cells: tuple[str, ...]
    factor: float
    origin_image: float
    complement: float

    @property
    def maps_into_itself(self) -> bool:
        """Whether (‖M_n(0)‖ + factor·radius)² + ‖complement‖² ≤ radius², exactly."""
        reach = Fraction(self.origin_image) + Fraction(self.factor) * self.radius
        return reach**2 + Fraction(self.complement) ** 2 <= self.radius**2

    @property
    def largest_useful(self) -> float:
        """The largest factor with which the ball is mapped into itself, nearly; 0 if none is."""
        radius = float(self.radius)
        return max(math.sqrt(max(radius**2 - self.complement**2, 0.0)) - self.origin_image, 0.0) / radius

    @property
    def works(self) -> bool:
        """Whether Banach's theorem applies: one fixed point, and convergence to it from the whole ball."""
        return self.factor < 1 and self.maps_into_itself


def search_contraction(points: Points, radius: Fraction) -> tuple[Contraction | None, str]:
    """Return the ball that was asked for, and no reason; or a smaller one that works, or None, and the reason."""
    pairs = points.span * (points.span + 1) // 2
    cost = points.n * points.k * (pairs * (pairs + 2 * points.span + 4) + 60)
    most = int(min(_MOST_CELLS, max(1, _EFFORT / cost)))
    found, cover = _attempt(points, radius, most)
    if found.works:
        return found, ""
    return _largest_working(points, radius, most), _reason(found, cover)


def _attempt(points: Points, radius: Fraction, most: int) -> tuple[Contraction, Cover]:
    ball = Ball(radius, points.span)
    blank = Contraction(radius, (), math.inf, points.complement.origin_image, points.complement.norm)
    cover = search_cover(ball, cell_bounds(points, ball), most, blank.largest_useful)
    return replace(blank, cells=tuple(sorted(cover.cells)), factor=cover.upper), cover


def _reason(found: Contraction, cover: Cover) -> str:
    """Return why a ball does not work."""
    radius = f"‖θ‖ <= {found.radius}"
    if cover.lower >= 1:
        place = ", ".join(f"{x:.4g}" for x in cover.witness)
        return f"EM does not contract on {radius}: its derivative at ({place}) has norm {cover.lower:.6g} or more"
    image = float(np.hypot(found.origin_image, found.complement))
    away = f"is not shown to map it into itself: the image of the origin has norm {image:.4g}, which"
    if cover.lower >= found.largest_useful:
        return (
            f"EM on {radius} {away} asks for a factor of {found.largest_useful:.4g} at most, and the norm of its "
            f"derivative is {cover.lower:.4g} somewhere"
        )
    if found.factor >= 1:
        return (
            f"whether EM contracts on {radius} is not decided (cells: {len(found.cells)}): the norm of its derivative "
            f"is {cover.lower:.4g} somewhere, and bounded by {found.factor:.4g}"
        )
    return (
        f"EM contracts on {radius} by {found.factor:.6g}, but {away} at this factor asks for a radius of "
        f"{image / (1 - found.factor):.4g}"
    )


def _largest_working(points: Points, radius: Fraction, most: int) -> Contraction | None:
    """Return the largest ball found that works and is smaller than one that does not, or None."""
    good, bad, left = None, radius, _MORE * most
    while left > 0 and (good is None or bad > good.radius * _NEAR):
        middle = bad / 2 if good is None else Fraction(math.sqrt(good.radius * bad))
        middle = Fraction(decimal_text(middle, _DIGITS, "down"))
        if middle < SMALLEST_RADIUS:
            break
        found, cover = _attempt(points, middle, min(most, left))
        left -= cover.seen
        good, bad = (found, bad) if found.works else (good, middle)
        if cover.lower >= 1 and not cover.witness.any():  # EM leaves the origin: no ball around it works.
            break
    return good
