"""Balls that EM on given data maps into themselves and contracts."""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rounding import SLACK
from emtheory.numerics.data_certificates.complement import Complement
from emtheory.numerics.data_certificates.cover import (
    MAX_HALVINGS,
    SMALLEST_RADIUS,
    Ball,
    Cover,
    cell_bounds,
    search_cover,
)
from emtheory.numerics.data_certificates.cumulants import moments, norm_bound
from emtheory.numerics.data_certificates.points import Points
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.samples.posterior_sums import Workers, alone

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


def prove_contraction(
    points: Points, complement: Complement, radius: Fraction, cells: Collection[str], share: Workers = alone
) -> Contraction:
    """Return what the cells of these names show about a ball.

    CannotAnswerError if they do not cover it, or exponents are too large for double precision.
    """
    ball = Ball(radius, points.span)
    if max(map(len, cells), default=0) > MAX_HALVINGS * points.span:
        raise CannotAnswerError("a cell is too small for its centre to be exact")
    gap = ball.gap(cells)
    if gap is not None:
        raise CannotAnswerError(f"the cells do not cover the ball: {gap or 'the cube'} is missing")
    bound = cell_bounds(points, ball, share)
    factor = max(bound(name).upper for name in cells)
    return replace(_without_cells(points, complement, radius, share), cells=tuple(sorted(set(cells))), factor=factor)


def _without_cells(points: Points, complement: Complement, radius: Fraction, share: Workers) -> Contraction:
    origin = moments(points, np.zeros(points.span), share)
    image = (norm_bound(origin.mean) + origin.mean_error) * SLACK
    return Contraction(radius, (), math.inf, image, complement.norm_above)


def search_contraction(
    points: Points, complement: Complement, radius: Fraction, share: Workers = alone
) -> tuple[Contraction | None, str]:
    """Return the ball that was asked for, and no reason; or a smaller one that works, or None, and the reason."""
    most = _affordable_cells(points)
    found, cover = _attempt(points, complement, radius, most, share)
    if found.works:
        return found, ""
    return _largest_working(points, complement, radius, most, share), _reason(found, cover)


def _attempt(
    points: Points, complement: Complement, radius: Fraction, most: int, share: Workers
) -> tuple[Contraction, Cover]:
    ball = Ball(radius, points.span)
    blank = _without_cells(points, complement, radius, share)
    cover = search_cover(ball, cell_bounds(points, ball, share), most, blank.largest_useful)
    return replace(blank, cells=tuple(sorted(cover.cells)), factor=cover.upper), cover


def _affordable_cells(points: Points) -> int:
    """Return how many cells the effort is enough for."""
    pairs = points.span * (points.span + 1) // 2
    cost = points.n * points.k * (pairs * (pairs + 2 * points.span + 4) + 60)
    return int(min(_MOST_CELLS, max(1, _EFFORT / cost)))


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


def _largest_working(
    points: Points, complement: Complement, radius: Fraction, most: int, share: Workers
) -> Contraction | None:
    """Return the largest ball found that works and is smaller than one that does not, or None."""
    good, bad, left = None, radius, _MORE * most
    while left > 0 and (good is None or bad > good.radius * _NEAR):
        middle = bad / 2 if good is None else Fraction(math.sqrt(good.radius * bad))
        middle = Fraction(decimal_text(middle, _DIGITS, "down"))
        if middle < SMALLEST_RADIUS:
            break
        found, cover = _attempt(points, complement, middle, min(most, left), share)
        left -= cover.seen
        good, bad = (found, bad) if found.works else (good, middle)
        if cover.lower >= 1 and not cover.witness.any():  # EM leaves the origin: no ball around it works.
            break
    return good
