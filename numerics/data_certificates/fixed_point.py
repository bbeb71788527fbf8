"""Fixed points of EM on given data, proved to exist and to be alone near by."""

from dataclasses import dataclass

import flint
import numpy as np

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import SLACK, TINY
from emtheory.numerics.data_certificates.cumulants import Moments, moments
from emtheory.numerics.data_certificates.eigenvalue_bounds import largest_eigenvalue_above, largest_eigenvalue_below
from emtheory.numerics.data_certificates.points import Points
from emtheory.numerics.samples.posterior_sums import Workers, alone
from emtheory.numerics.samples.simplex import FloatArray

_BITS = 128
"""Of the arithmetic with the few numbers of a Newton step, whose errors then do not count."""
_REACHES = tuple(2.0**-exponent for exponent in range(4, 44, 2))
"""Radii of balls in which a fixed point is sought to be alone, relative to 1/max ‖x_i‖: the largest first."""


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """A fixed point θ* of M_n on the span, proved to exist within `error` of the doubles `near`, of length s.

    There is no other so near to it as `alone_within`; `slope_below` and `slope` bound λ_max(∇M_n(θ*)).
    """

    near: FloatArray
    error: float
    alone_within: float
    slope_below: float
    slope: float

    @property
    def attracts(self) -> bool | None:
        """Whether EM converges to it from near by, and it is a strict local maximum; None if that is not known."""
        if self.slope < 1:
            return True
        return False if self.slope_below > 1 else None


def prove_fixed_point(points: Points, near: FloatArray, share: Workers = alone) -> FixedPoint | None:
    """Prove that there is a fixed point near a point, of length s, or return None.

    Where C is close to (I − ∇M_n)^{−1}, N(θ) = θ − C(θ − M_n(θ)) is a contraction whose fixed points are those of M_n:
    Krawczyk's operator, in norm (section 14 of docs/error-bounds.md). CannotAnswerError if exponents are too large for
    double precision.
    """
    at = moments(points, near, share)
    try:
        inverse = np.linalg.inv(np.eye(points.span) - at.covariance).astype(np.float64)
    except np.linalg.LinAlgError:
        return None
    step, contraction, size = _newton(near, at, inverse)
    largest = (float(largest_eigenvalue_above(at.covariance)) + at.covariance_error) * SLACK

    def factor(radius: float) -> float:
        return (contraction + size * (at.covariance_error + _drift(points, radius, largest))) * SLACK

    for reach in _REACHES:
        radius = reach / (points.largest_norm * SLACK)
        if factor(radius) < 1 and step * SLACK <= (1 - factor(radius)) * radius:
            error = step / (1 - factor(radius)) * SLACK
            error = step / (1 - factor(error)) * SLACK  # which is known to be near enough for this
            drift = _drift(points, error, largest)
            below = largest_eigenvalue_below(at.covariance) - (at.covariance_error + drift) * SLACK
            return FixedPoint(near, error, radius, below, (largest + drift) * SLACK)
    return None


def distinct(points: list[FixedPoint]) -> list[FixedPoint]:
    """Return the fixed points that are proved to differ from all before them."""
    different: list[FixedPoint] = []
    for point in points:
        if all(_distance_below(point, other) > point.error + other.error for other in different):
            different.append(point)
    return different


def _distance_below(first: FixedPoint, second: FixedPoint) -> float:
    return float(np.sqrt(np.square(first.near - second.near).sum())) / SLACK**2


def _drift(points: Points, radius: float, largest: float) -> float:
    """Return an upper bound of ‖∇M_n(θ) − ∇M_n(θ_0)‖ for ‖θ − θ_0‖ ≤ radius, where radius · max ‖x_i‖ < 1.

    A covariance of posteriors changes at most by the factor e^{±b}, b = 2 radius ‖x_i‖, and e^b − 1 ≤ b/(1 − b/2). It
    is at most ‖x_i‖², and the mean of all has the largest eigenvalue `largest` at θ_0.
    """
    size = min(points.powers[3], points.largest_norm * largest)
    return 2 * radius * size / (1 - radius * points.largest_norm) * SLACK + TINY


def _newton(near: FloatArray, at: Moments, inverse: FloatArray) -> tuple[float, float, float]:
    """Return upper bounds of ‖C(θ − M_n(θ))‖, of ‖I − C(I − Ĉov)‖ and of ‖C‖, in Frobenius' norm."""
    s = len(near)
    with arb_precision(_BITS):
        approximate = flint.arb_mat(inverse.tolist())
        residual = flint.arb_mat(s, 1, [flint.arb(x) - flint.arb(y) for x, y in zip(near, at.mean, strict=True)])
        identity = flint.arb_mat([[int(i == j) for j in range(s)] for i in range(s)])
        defect = identity - approximate * (identity - flint.arb_mat(at.covariance.tolist()))
        size = _frobenius(approximate)
        step = _frobenius(approximate * residual) + size * flint.arb(at.mean_error)
        return _above(step), _above(_frobenius(defect)), _above(size)


def _frobenius(matrix: flint.arb_mat) -> flint.arb:
    return sum((entry.abs_upper() * entry.abs_upper() for entry in matrix.entries()), start=flint.arb(0)).sqrt()


def _above(value: flint.arb) -> float:
    """Return a double that is at least a ball's upper end."""
    return float(value.upper()) * SLACK + TINY
