"""What is certified of EM on given data: a ball that it contracts, its fixed points, the likelihood there."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.rounding import SLACK
from emtheory.numerics.data_certificates.cell_bound import bound_cell
from emtheory.numerics.data_certificates.contraction import Contraction, search_contraction
from emtheory.numerics.data_certificates.points import Complement, Points, Simplex
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.basin import Basin, Factor, search_basin
from emtheory.numerics.fit_certificates.evidence import FitEvidence
from emtheory.numerics.fit_certificates.polish import by_newton
from emtheory.numerics.fit_certificates.stationary import Stationary, prove_stationary
from emtheory.numerics.samples.simplex import vertices

Interval = tuple[Fraction, Fraction]

_FEW_ROWS = 1024
"""Rows on which EM is run from many starts; Newton's method on all of them does the rest."""
_EM_STEPS = 100
"""Of each such run. A choice: from there Newton's method seldom leaves for another fixed point, and finds saddles."""
_ALIKE = 1e-3
"""Points that are nearer to each other, relative to the largest start, are taken for one while they are looked for."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """A ball that EM maps into itself and contracts, or None, and fixed points: the one in the ball is the first.

    Of a fixed point the part in the span is certified as that of a fit; in the complement it is at the mean. Where a
    larger ball is known from which EM converges to it, none around it is looked for.
    """

    contraction: Contraction | None
    fixed_points: tuple[FitEvidence, ...]
    complement: Complement

    def box(self, point: FitEvidence) -> tuple[Interval, ...]:
        """Return ends of a fixed point's coordinates in all d dimensions."""
        return tuple(map(ball_bounds, [*point.named["theta"], *self.complement.mean]))


def search(points: Points, radius: Fraction) -> tuple[Evidence, str]:
    """Find and prove what there is: of the ball asked for, or if that does not work of a smaller one, and why.

    The ball is around the origin; CannotAnswerError if exponents are too large for double precision.
    """
    contraction, reason = search_contraction(points, radius)
    proved = list[Stationary]()
    for place in _candidates(points, float(radius)):
        try:
            point = prove_stationary(place, points.rows)
        except CannotAnswerError:
            continue
        proved += [point] if _is_new(point, proved) else []
    found = Evidence(None, tuple(_certified(points, point, None) for point in proved), points.complement)
    inside = []
    if contraction is not None:
        inside = [each for each in found.fixed_points if _is_within(found, each, contraction.radius)]
        if not inside:
            contraction, reason = None, reason or "the fixed point in the ball could not be located"
    others = []
    for each in found.fixed_points:
        if each not in inside:
            rate = float(each.point.em_rate.upper())
            others.append(_certified(points, each.point, search_basin(_factor_near(points, each.point), rate)))
    return Evidence(contraction, (*inside, *others), points.complement), reason


def _candidates(points: Points, radius: float) -> Iterator[Simplex]:
    """Yield where EM comes to from the origin, and from both sides of the vertices of a small and a large simplex."""
    rows = points.rows
    few, corners = rows[:: max(1, len(rows) // _FEW_ROWS)], vertices(points.k, points.span)
    size, seen = max(radius, float(np.sqrt(points.powers[2]))), (list[Simplex](), list[Simplex]())
    for start in (np.zeros(points.span), *(size * corners), *(-size * corners)):
        place: Simplex | None = Simplex(points.case, start)
        try:
            for _ in range(_EM_STEPS if start.any() else 0):
                place = place and place.em_step(few)
            for those, met in zip((few, rows), seen, strict=True):
                place = place and by_newton(place, those, np.inf)
                if place is None or any(place.distance(other) < _ALIKE * size for other in met):
                    break
                met.append(place)
            else:
                yield met[-1]
        except CannotAnswerError:  # iterates that left the reach of doubles lead nowhere
            continue


def _factor_near(points: Points, point: Stationary) -> Factor:
    """Return a bound of the norm of ∇M_n on balls around a fixed point, each of which is a cell."""
    near = np.array([float(x) for x in point.family.centre])
    error = point.error * len(near) ** 0.5 * SLACK

    def factor_on(radius: float) -> float:
        around = (radius + error) * SLACK
        return float(bound_cell(points, near, np.full(len(near), around), around).upper)

    return factor_on


def _certified(points: Points, point: Stationary, basin: Basin | None) -> FitEvidence:
    return FitEvidence(point, basin, None, points.complement.base, len(points.rows))


def _is_new(point: Stationary, others: list[Stationary]) -> bool:
    """Whether a fixed point is proved to differ from others: some coordinate does."""
    return all(not all(x.overlaps(y) for x, y in zip(point.box, other.box, strict=True)) for other in others)


def _is_within(evidence: Evidence, point: FitEvidence, radius: Fraction) -> bool:
    """Whether the whole box of a fixed point is in the ball around the origin."""
    return sum(max(abs(lower), abs(upper)) ** 2 for lower, upper in evidence.box(point)) <= radius**2
