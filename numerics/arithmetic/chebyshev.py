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

from emtheory.numerics.arithmetic.arb import to_fmpq

_ANGLES = np.linspace(0.02, 1.5, 60)
"""Half-widths of the strip that are tried: below π/2, where its bound is infinite. Only the number of points depends on
the choice; whatever is chosen, the error is bounded."""


@dataclass(frozen=True)
class Model:
    """A function g on the parameter interval [left, right] as p(x) ± error, x ∈ [−1, 1] the affine parameter.

    Its derivative in x is p'(x) ± slope_error.
    """

    left: Fraction
    right: Fraction
    polynomial: flint.arb_poly
    error: flint.arb
    slope_error: flint.arb

    def at(self, position: flint.arb) -> flint.arb:
        """Return a ball around g at a position in [−1, 1]."""
        return self.polynomial(position) + self.error

    def slopes(self, positions: flint.arb) -> flint.arb:
        """Return a ball around the derivative in x for all x in a ball: its polynomial is recentred first."""
        centre = positions.mid()
        recentred = self._derivative(flint.arb_poly([centre, 1]))
        return recentred(positions - centre) + self.slope_error

    def over(self, left: Fraction, right: Fraction) -> flint.arb:
        """Return a ball around all values of g on a subinterval, by monotonicity or the mean value theorem."""
        start = self.position(left)
        return self.between(start, start if left == right else self.position(right))

    def between(self, start: flint.arb, end: flint.arb) -> flint.arb:
        """Do the same for the part between two positions in [−1, 1], from `position`."""
        if start is end:
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

    def position(self, point: Fraction) -> flint.arb:
        """Return the position in [−1, 1] of a parameter."""
        return flint.arb(to_fmpq((2 * point - self.left - self.right) / (self.right - self.left)))


def interpolate(
    values: Callable[[flint.arb], Sequence[flint.arb]],
    bound: float,
    dimension: int,
    span: tuple[flint.arb, flint.arb],
    interval: tuple[Fraction, Fraction],
    accuracy: float,
) -> list[Model]:
    """Model functions t ↦ their values as balls on an interval of the parameter of `span`, to about e^{−accuracy}.

    With ρ the parameter of an ellipse inside the strip |Im t| ≤ α, and M ≥ sup|h| for all h, the Chebyshev coefficients
    satisfy |a_m| ≤ 2Mρ^{−m}, and interpolation in n Chebyshev points (of the first kind) turns T_m, m ≥ n, into 0 or
    some ±T_l, l < n. So the error is at most 2 Σ_{m ≥ n} |a_m| ≤ 4Mρ^{1−n}/(ρ − 1), and that of the derivative at most
    4M Σ_{m ≥ n} m²ρ^{−m}, as |T_m'| ≤ m². Values that are off by at most ε move each coefficient by at most 2ε. The
    dimension is k − 1, and t of negligible radius.
    """
    grid = make_grid(bound, dimension, span, interval, accuracy)
    return [grid.model(sample) for sample in zip(*map(values, grid.points()), strict=True)]


@dataclass(frozen=True)
class Grid:
    """The Chebyshev points of an interval of t, and what the error of interpolation in them is made of.

    The interval is one of the parameter of the span, `start` and `end` are t at its ends; `edge` is a bound on the
    strip |Im t| ≤ angle, which is used.
    """

    interval: tuple[Fraction, Fraction]
    start: flint.arb
    end: flint.arb
    count: int
    angle: float
    edge: flint.arb

    def points(self) -> list[flint.arb]:
        """Return the values of t."""
        return [(self.start + self.end + x * (self.end - self.start)) / 2 for x in self._values(1)]

    def model(self, sample: Sequence[flint.arb]) -> Model:
        """Interpolate balls around the values at the points; the model holds for every function with values in them."""
        count = self.count
        ratio = 2 * self.angle / (self.end - self.start).upper()
        rho = (ratio + (1 + ratio**2).sqrt()).lower()
        noise = flint.arb(max(value.rad() for value in sample))
        polynomial, middles = flint.arb_poly([]), [value.mid() for value in sample]
        for degree in range(count):
            terms = (weight * value for weight, value in zip(self._values(degree), middles, strict=True))
            coefficient = sum(terms, start=flint.arb(0))
            polynomial += flint.arb_poly(_chebyshev(degree)) * (coefficient * (2 if degree else 1) / count)
        error = 4 * self.edge * rho ** (1 - count) / (rho - 1) + 2 * count * noise
        slope_error = 4 * self.edge * _square_tail(count, 1 / rho) + 2 * noise * count**3 / 3
        return Model(*self.interval, polynomial, _around_zero(error), _around_zero(slope_error))

    def _values(self, degree: int) -> list[flint.arb]:
        """T_degree at the points."""
        return [self._cosines[degree * (2 * i + 1) % (4 * self.count)] for i in range(self.count)]

    @cached_property
    def _cosines(self) -> list[flint.arb]:
        """Cosines of all multiples of π/2n, up to 2π."""
        return [flint.arb.cos_pi_fmpq(flint.fmpq(j, 2 * self.count)) for j in range(4 * self.count)]


def make_grid(
    bound: float,
    dimension: int,
    span: tuple[flint.arb, flint.arb],
    interval: tuple[Fraction, Fraction],
    accuracy: float,
) -> Grid:
    """Choose the points of a part of the span (t at parameter 0 and 1) for errors of about e^{−accuracy}.

    `bound` is at least sup|h| of every function that will be modelled; the dimension is k − 1, or the number of
    Gaussian dimensions that count.
    """
    start, end = (span[0] + to_fmpq(point) * (span[1] - span[0]) for point in interval)
    count, angle = _plan(float((end - start).upper()) / 2, dimension, accuracy + math.log(bound))
    edge = bound * flint.arb(angle).cos() ** (-flint.arb(dimension) / 2)
    return Grid(interval, start, end, count, angle, edge)


def _square_tail(first: int, ratio: flint.arb) -> flint.arb:
    """Σ_{m ≥ n} m²q^m = q^n (n² + (1 + 2n − 2n²)q + (n − 1)²q²)/(1 − q)³."""
    n = first
    return ratio**n * (n**2 + (1 + 2 * n - 2 * n**2) * ratio + (n - 1) ** 2 * ratio**2) / (1 - ratio) ** 3


def _around_zero(bound: flint.arb) -> flint.arb:
    return flint.arb(0, bound.upper())


def _plan(half_width: float, dimension: int, accuracy: float) -> tuple[int, float]:
    """Choose the strip that needs the fewest points."""
    ratios = _ANGLES / half_width
    losses = -dimension / 2 * np.log(np.cos(_ANGLES)) + accuracy + math.log(8)
    counts = np.ceil(losses / np.log(ratios + np.sqrt(1 + ratios**2))) + 1
    best = int(np.argmin(counts))
    return int(counts[best]), float(_ANGLES[best])


def _chebyshev(degree: int) -> flint.fmpz_poly:
    return flint.fmpz_poly.chebyshev_t(degree)
