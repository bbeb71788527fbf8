"""One coordinate of a tile: the Chebyshev points in it, and how far interpolation in them may be off.

Of a function of several coordinates, one after the other is interpolated while the others are real. Interpolation in n
points makes at most Λ_n ≤ 1 + (2/π) log n times as much of a function (Rivlin, The Chebyshev Polynomials, 1974,
Theorem 1.2), so the errors of the coordinates add up, each times the Λ of those before it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import flint
import numpy as np

MAX_POINTS = 40
"""In one coordinate. A choice: tiles are made so small that far fewer suffice."""

_CANDIDATES = 40
"""Half-widths of the strip that are tried. Only the number of points depends on them; the error is bounded for any."""


@dataclass(frozen=True)
class Axis:
    """An interval of a coordinate.

    `lower`, `upper`: its ends, exact; `count`: number of points; `error`: a bound on |f − its interpolant| for every
    function that the axis is made for.
    """

    lower: flint.arb
    upper: flint.arb
    count: int
    error: flint.arb

    @cached_property
    def points(self) -> list[flint.arb]:
        """The Chebyshev points of the first kind, as values of the coordinate."""
        return [(self.lower + self.upper + x * (self.upper - self.lower)) / 2 for x in _cosines(self.count, 1)]

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
    def to_powers(self) -> flint.arb_mat:
        """The matrix that turns values at the points into coefficients of powers of the position."""
        n = self.count
        powers = flint.arb_mat(n, n)
        sums = flint.arb_mat(n, n)
        for degree in range(n):
            for power, coefficient in enumerate(flint.fmpz_poly.chebyshev_t(degree).coeffs()):
                powers[power, degree] = flint.arb(coefficient)
            for i, x in enumerate(_cosines(n, degree)):
                sums[degree, i] = x * (2 if degree else 1) / n
        return powers * sums

    def recentring(self, centre: flint.arb) -> flint.arb_mat:
        """The matrix that turns coefficients of powers of x into those of powers of x − centre."""
        n = self.count
        powers = [flint.arb(1)]
        for _ in range(n - 1):
            powers.append(powers[-1] * centre)
        rows = [[math.comb(j, i) * powers[j - i] if j >= i else flint.arb(0) for j in range(n)] for i in range(n)]
        return flint.arb_mat(rows)


def analytic_axis(
    lower: float, upper: float, edge: Callable[[flint.arb], flint.arb], widest: float, accuracy: float
) -> Axis:
    """Return an axis for functions that are analytic in a strip |Im| < v around the real line.

    With ρ the parameter of an ellipse in the strip the error is at most 4Mρ^{1−n}/(ρ − 1), M a bound on the strip
    (`emtheory.numerics.arithmetic.chebyshev.interpolate`).

    `edge`: v ↦ a bound M; `widest`: the largest v that makes sense; `accuracy`: L; the error is to be about e^{−L}.
    """
    start, end = flint.arb(lower), flint.arb(upper)
    best: Axis | None = None
    for strip in np.linspace(widest / _CANDIDATES, widest, _CANDIDATES).tolist():
        bound = edge(flint.arb(strip)).upper()
        ratio = 2 * flint.arb(strip) / (end - start)
        rho = (ratio + (1 + ratio * ratio).sqrt()).lower()
        needed = (accuracy + math.log(8 * float(bound))) / math.log(float(rho))
        count = max(1, math.ceil(needed + 1 - math.log(2 * (float(rho) - 1)) / math.log(float(rho))))
        if count <= MAX_POINTS and (best is None or count < best.count):
            error = 4 * bound / (rho ** (count - 1) * (rho - 1))
            best = Axis(start, end, count, error.upper())
    if best is None:
        raise ValueError("the interval is too long for the accuracy")
    return best


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
            return Axis(flint.arb(0), end, count, error)
    return None


def total_error(axes: Sequence[Axis], noise: flint.arb) -> flint.arb:
    """Bound the error of interpolation in all coordinates, from values that are off by at most `noise`."""
    total, factor = flint.arb(0), flint.arb(1)
    for axis in axes:
        total += factor * axis.error
        factor *= axis.norm
    return (total + factor * noise).upper()


def _cosines(count: int, degree: int) -> list[flint.arb]:
    """T_degree at the points."""
    return [flint.arb.cos_pi_fmpq(flint.fmpq(degree * (2 * i + 1), 2 * count)) for i in range(count)]
