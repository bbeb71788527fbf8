"""Polynomial models, with a proved error, of expectations along the simplex ray.

Along the ray θ = r·direction let t = log s², s² ∝ r². For a bounded function h of the exponents, g(t) = E h(sZ) extends
analytically to |Im t| < π/2: a complex s² only makes the Gaussian density complex, and the integral of its modulus is
(cos Im t)^{−1/2} per dimension. As h depends on differences of exponents only, k − 1 dimensions count:
|g(t)| ≤ sup|h| · (cos Im t)^{−(k−1)/2}. Interpolation in Chebyshev points therefore converges geometrically, with a
proved error, from values at exact points; no wide ball is ever put into a quadrature.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import flint
import numpy as np

from numerics.ball_partition import to_fmpq

_ANGLES = np.linspace(0.02, 1.5, 60)


@dataclass(frozen=True)
class Model:
    """A function g on the parameter interval [left, right] as p(x) ± error, x ∈ [−1, 1] the affine parameter."""

    left: Fraction
    right: Fraction
    polynomial: flint.arb_poly
    error: flint.arb

    def over(self, left: Fraction, right: Fraction) -> flint.arb:
        """Return a ball around all values of g on a subinterval, by monotonicity or the mean value theorem."""
        start, end = self._position(left), self._position(right)
        if left == right:
            return self.polynomial(start) + self.error
        slopes = self._derivative(start.union(end))
        if slopes > 0 or slopes < 0:
            values = self.polynomial(start).union(self.polynomial(end))
        else:
            middle = ((start + end) / 2).mid()
            values = self.polynomial(middle) + slopes * (start.union(end) - middle)
        return values + self.error

    @cached_property
    def _derivative(self) -> flint.arb_poly:
        return self.polynomial.derivative()

    def _position(self, point: Fraction) -> flint.arb:
        return flint.arb(to_fmpq((2 * point - self.left - self.right) / (self.right - self.left)))


def interpolate(
    values: Callable[[flint.arb], Sequence[flint.arb]],
    bound: float,
    dimension: int,
    span: tuple[flint.arb, flint.arb],
    interval: tuple[Fraction, Fraction],
    accuracy: float,
) -> list[Model]:
    """Model several functions of t on a part of `span`.

    With ρ the parameter of an ellipse inside the strip |Im t| ≤ α the Chebyshev coefficients satisfy |a_m| ≤ 2Mρ^{−m},
    and interpolation in n Chebyshev points (of the first kind) turns T_m, m ≥ n, into a polynomial that is at most
    1 on [−1, 1]. So the error is at most 2 Σ_{m ≥ n} |a_m| ≤ 4Mρ^{1−n}/(ρ − 1).

    Parameters
    ----------
    values
        t ↦ the functions' values as balls, for a t of negligible radius.
    bound
        An upper bound on sup|h| for all of them.
    dimension
        k − 1.
    span
        The values of t at parameter 0 and 1.
    interval
        The part to model, in the parameter.
    accuracy
        L: the error is to be about e^{−L}.
    """
    left, right = interval
    start, end = (span[0] + to_fmpq(point) * (span[1] - span[0]) for point in interval)
    count, angle = _plan(float((end - start).upper()) / 2, dimension, accuracy + math.log(bound))
    nodes = [flint.arb.cos_pi_fmpq(flint.fmpq(2 * i + 1, 2 * count)) for i in range(count)]
    samples = list(zip(*(values((start + end + x * (end - start)) / 2) for x in nodes), strict=True))
    ratio = 2 * angle / (end - start).upper()
    rho = (ratio + (1 + ratio**2).sqrt()).lower()
    edge = flint.arb(angle).cos() ** (-flint.arb(dimension) / 2)
    error = 4 * edge * rho ** (1 - count) / (rho - 1)
    basis = [flint.arb_poly(_chebyshev(degree)) for degree in range(count)]
    models = []
    for sample in samples:
        polynomial = flint.arb_poly([])
        for degree in range(count):
            weights = (flint.arb.cos_pi_fmpq(flint.fmpq(degree * (2 * i + 1), 2 * count)) for i in range(count))
            coefficient = sum((w * y for w, y in zip(weights, sample, strict=True)), start=flint.arb(0))
            polynomial += basis[degree] * (coefficient * (2 if degree else 1) / count)
        models.append(Model(left, right, polynomial, flint.arb(0, (bound * error).upper())))
    return models


def _plan(half_width: float, dimension: int, accuracy: float) -> tuple[int, float]:
    """Choose the strip that needs the fewest points."""
    ratios = _ANGLES / half_width
    losses = -dimension / 2 * np.log(np.cos(_ANGLES)) + accuracy + math.log(8)
    counts = np.ceil(losses / np.log(ratios + np.sqrt(1 + ratios**2))) + 1
    best = int(np.argmin(counts))
    return int(counts[best]), float(_ANGLES[best])


def _chebyshev(degree: int) -> flint.fmpz_poly:
    return flint.fmpz_poly.chebyshev_t(degree)
