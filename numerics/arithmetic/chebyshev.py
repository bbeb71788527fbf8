"""Interpolation in Chebyshev points, with proved errors: on an axis of a box, and as a model in one variable.

Interpolation in n points makes at most Λ_n ≤ 1 + (2/π) log n times as much of a function (Rivlin, The Chebyshev
Polynomials, 1974, Theorem 1.2). So on a box, where one coordinate after the other is interpolated while the others are
real, the errors of the coordinates add up, each times the Λ of those before it.

Along the ray θ = r·direction let t = log s², s² ∝ r². For a bounded function h of the exponents, g(t) = E h(sZ) extends
analytically to |Im t| < π/2: a complex s² only makes the Gaussian density complex, and the integral of its modulus is
(cos Im t)^{−1/2} per dimension. As h depends on differences of exponents only, k − 1 dimensions count:
|g(t)| ≤ sup|h| · (cos Im t)^{−(k−1)/2}. Interpolation therefore converges geometrically, from values at exact points:
no wide ball is put into a quadrature.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import flint
import numpy as np

from emtheory.numerics.arithmetic.arb import to_arb, to_fmpq

_CANDIDATES = 40
"""Half-widths of the strip that are tried. Only the number of points depends on them; the error is bounded for any."""
_RIGHT_ANGLE = 1.5
"""Below π/2, where bounds on the strip of log s² are infinite."""
_MOST = 2000
"""Points of a model, far more than are ever used."""


@dataclass(frozen=True)
class Axis:
    """An interval of a coordinate.

    `lower`, `upper`: its ends, of negligible radius; `count`: number of points; `error`, `slope_error`: bounds on
    |f − its interpolant|, and on the same of the derivative in the position, for every function that the axis is made
    for.
    """

    lower: flint.arb
    upper: flint.arb
    count: int
    error: flint.arb
    slope_error: flint.arb

    @cached_property
    def points(self) -> list[flint.arb]:
        """The Chebyshev points of the first kind, as values of the coordinate."""
        return [(self.lower + self.upper + x * (self.upper - self.lower)) / 2 for x in self._values(1)]

    def position(self, value: flint.arb) -> flint.arb:
        """Map the interval to [−1, 1]."""
        return (value - (self.lower + self.upper) / 2) * self.scale

    @cached_property
    def scale(self) -> flint.arb:
        """The derivative of the position."""
        return 2 / (self.upper - self.lower)

    @cached_property
    def norm(self) -> flint.arb:
        """Λ_n."""
        return 1 + 2 / flint.arb.pi() * flint.arb(self.count).log()

    @cached_property
    def to_sums(self) -> flint.arb_mat:
        """The matrix that turns values at the points into coefficients of Chebyshev polynomials."""
        n = self.count
        rows = [[x * (2 if degree else 1) / n for x in self._values(degree)] for degree in range(n)]
        return flint.arb_mat(rows)

    @cached_property
    def to_powers(self) -> flint.arb_mat:
        """The matrix that turns values at the points into coefficients of powers of the position."""
        return self._powers * self.to_sums

    def polynomial(self, values: Sequence[flint.arb]) -> flint.arb_poly:
        """Return the polynomial in the position with values at the points."""
        sums = self.to_sums * flint.arb_mat(self.count, 1, list(values))
        return flint.arb_poly((self._powers * sums).entries())

    def recentring(self, centre: flint.arb) -> flint.arb_mat:
        """The matrix that turns coefficients of powers of x into those of powers of x − centre."""
        n = self.count
        powers = [flint.arb(1)]
        for _ in range(n - 1):
            powers.append(powers[-1] * centre)
        rows = [[math.comb(j, i) * powers[j - i] if j >= i else flint.arb(0) for j in range(n)] for i in range(n)]
        return flint.arb_mat(rows)

    def _values(self, degree: int) -> list[flint.arb]:
        """T_degree at the points."""
        return [self._cosines[degree * (2 * i + 1) % (4 * self.count)] for i in range(self.count)]

    @cached_property
    def _cosines(self) -> list[flint.arb]:
        """Cosines of all multiples of π/2n, up to 2π."""
        return [flint.arb.cos_pi_fmpq(flint.fmpq(j, 2 * self.count)) for j in range(4 * self.count)]

    @cached_property
    def _powers(self) -> flint.arb_mat:
        """Coefficients of the Chebyshev polynomials, one in each column."""
        n = self.count
        columns = [[*map(flint.arb, flint.fmpz_poly.chebyshev_t(degree).coeffs())] for degree in range(n)]
        return flint.arb_mat([column + [flint.arb(0)] * (n - len(column)) for column in columns]).transpose()


def analytic_axis(
    lower: flint.arb | float,
    upper: flint.arb | float,
    edge: Callable[[flint.arb], flint.arb],
    widest: float,
    accuracy: float,
    most: int,
) -> Axis:
    """Return an axis for functions that are analytic in a strip |Im| < v around the real line.

    With ρ the parameter of an ellipse inside the strip, and M a bound on the functions there, the Chebyshev
    coefficients satisfy |a_m| ≤ 2Mρ^{−m}, and interpolation in n Chebyshev points (of the first kind) turns T_m, m ≥ n,
    into 0 or some ±T_l, l < n. So the error is at most 2 Σ_{m ≥ n} |a_m| ≤ 4Mρ^{1−n}/(ρ − 1), and that of the
    derivative at most 4M Σ_{m ≥ n} m²ρ^{−m}, as |T_m'| ≤ m².

    `edge`: v ↦ a bound M; `widest`: the largest v that makes sense; `accuracy`: L; the error is to be about e^{−L};
    `most`: points at most, ValueError if more are needed.
    """
    start, end = flint.arb(lower), flint.arb(upper)
    best: tuple[int, flint.arb, flint.arb] | None = None
    for strip in np.linspace(widest / _CANDIDATES, widest, _CANDIDATES).tolist():
        bound = edge(flint.arb(strip)).upper()
        ratio = 2 * flint.arb(strip) / (end - start).upper()
        rho = (ratio + (1 + ratio * ratio).sqrt()).lower()
        needed = (accuracy + float((8 * bound).log())) / math.log(float(rho))
        count = max(1, math.ceil(needed + 1 - math.log(2 * (float(rho) - 1)) / math.log(float(rho))))
        if count <= most and (best is None or count < best[0]):
            best = count, bound, rho
    if best is None:
        raise ValueError("the interval is too long for the accuracy")
    count, bound, rho = best
    error, slope_error = 4 * bound / (rho ** (count - 1) * (rho - 1)), 4 * bound * _square_tail(count, 1 / rho)
    return Axis(start, end, count, error.upper(), slope_error.upper())


def smooth_axis(upper: float, derivatives: Callable[[int], flint.arb], accuracy: float, most: int) -> Axis | None:
    """Return an axis on [0, upper] for functions that are smooth there, but need not be analytic at 0.

    The error of interpolation in n Chebyshev points is at most 2 (X/4)^n sup|f^{(n)}|/n! on an interval of length X.

    `derivatives`: n ↦ a bound on sup|f^{(n)}|/n!; `accuracy`: L; the error is to be about e^{−L}. None if so many
    points do not suffice: they need not do, however many they are.
    """
    end = flint.arb(upper)
    for count in range(1, most + 1):
        error = (2 * (end / 4) ** count * derivatives(count)).upper()
        if error < (-flint.arb(accuracy)).exp():
            return Axis(flint.arb(0), end, count, error, flint.arb.pos_inf())
    return None


def total_error(axes: Sequence[Axis], noise: flint.arb) -> flint.arb:
    """Bound the error of interpolation in all coordinates, from values that are off by at most `noise`."""
    total, factor = flint.arb(0), flint.arb(1)
    for axis in axes:
        total += factor * axis.error
        factor *= axis.norm
    return (total + factor * noise).upper()


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
        return to_arb((2 * point - self.left - self.right) / (self.right - self.left))


@dataclass(frozen=True)
class Grid:
    """The axis of an interval of t, which is one of the parameter of a span."""

    interval: tuple[Fraction, Fraction]
    axis: Axis

    def model(self, sample: Sequence[flint.arb]) -> Model:
        """Interpolate balls around the values at the points; the model holds for every function with values in them.

        Values that are off by at most ε move each Chebyshev coefficient by at most 2ε.
        """
        axis, noise = self.axis, flint.arb(max(value.rad() for value in sample))
        polynomial = axis.polynomial([value.mid() for value in sample])
        errors = total_error([axis], noise), axis.slope_error + 2 * noise * axis.count**3 / 3
        return Model(*self.interval, polynomial, *(flint.arb(0, error.upper()) for error in errors))


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
    axis = analytic_axis(
        start, end, lambda angle: bound * angle.cos() ** (-flint.arb(dimension) / 2), _RIGHT_ANGLE, accuracy, _MOST
    )
    return Grid(interval, axis)


def _square_tail(first: int, ratio: flint.arb) -> flint.arb:
    """Σ_{m ≥ n} m²q^m = q^n (n² + (1 + 2n − 2n²)q + (n − 1)²q²)/(1 − q)³."""
    n = first
    return ratio**n * (n**2 + (1 + 2 * n - 2 * n**2) * ratio + (n - 1) ** 2 * ratio**2) / (1 - ratio) ** 3
