"""Where fixed points of EM on given data may be: floating point, from many starts. Nothing is proved here."""

from collections.abc import Iterator

import numpy as np

from emtheory.numerics.data_certificates.cumulants import moments
from emtheory.numerics.data_certificates.points import Points, make_points
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.samples.posterior_sums import Workers, alone
from emtheory.numerics.samples.sample_em import Sample
from emtheory.numerics.samples.simplex import FloatArray, vertices

_FEW_ROWS = 1024
"""EM is run from many starts on so many rows only; Newton's method on all of them does the rest."""
_EM_STEPS = 100
"""Of each such run. A choice: from there Newton's method seldom leaves for another fixed point."""
_NEWTON_STEPS = 30
"""At most: it stops by itself where steps no longer become smaller."""
_ALIKE = 1e-3
"""Limits on few rows that are nearer to each other, relative to the largest start, are taken for one."""


def fixed_point_near(points: Points, start: FloatArray, share: Workers = alone) -> FloatArray:
    """Return what Newton's method on θ = M_n(θ) comes to from a start of length s, nearly to the last digit."""
    theta, smallest = start, np.inf
    for _ in range(_NEWTON_STEPS):
        at = moments(points, theta, share)
        gap = np.eye(points.span) - at.covariance
        step = np.linalg.lstsq(gap, at.mean - theta, rcond=None)[0]
        length = float(np.linalg.norm(step))
        if not length < smallest and smallest < _ALIKE * points.largest_norm:
            return theta
        theta, smallest = theta + step, length
    return theta


def candidates(points: Points, sample: Sample, radius: float, share: Workers = alone) -> Iterator[FloatArray]:
    """Yield fixed points that EM comes to from starts on both sides of every vertex of a simplex, each once or more.

    The radius is that of the smaller starts; the larger ones are as far out as the data's root mean square.
    """
    stride = max(1, sample.n // _FEW_ROWS)
    few = make_points(points.case, Sample(sample.points[::stride], sample.largest_norm, sample.mean_square))
    corners = vertices(points.k, points.span)
    size = max(radius, float(np.sqrt(points.powers[2])))
    limits: list[FloatArray] = []
    for start in (*(size * corners), *(-size * corners)):
        try:
            limit = _limit(few, start)
            if any(np.linalg.norm(limit - other) < _ALIKE * size for other in limits):
                continue
            limits.append(limit)
            yield fixed_point_near(points, limit, share)
        except CannotAnswerError:  # iterates that left the reach of doubles lead nowhere
            continue


def _limit(points: Points, start: FloatArray) -> FloatArray:
    theta = start
    for _ in range(_EM_STEPS):
        theta = moments(points, theta).mean
    return fixed_point_near(points, theta)
