"""Sums of f_n(y) = e^{ny} exp(−e^y) against Gaussian weights, on a lattice that all Gaussians of a case share.

E f_n(u + δ + sZ) is a sum over the lattice y = jh of f_n(u + y) with weights (h/s)φ((y − δ)/s): a mean δ moves the
weights, not the samples. So f_n is sampled once, whatever the weights π_j = e^δ of the components, and for the
deviations of a log-normal reference, too. Errors are proved in docs/error-bounds.md, section 2.

`OuterRule` has the nodes of the outer integral over u.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np
import numpy.typing as npt

from emtheory.numerics.arithmetic.rational import log_of
from emtheory.numerics.arithmetic.trapezoid import discretisation_error, widest_step

Array = npt.NDArray[np.object_]

RIGHT_ANGLE = 1.57
"""Just below π/2, where |exp(−e^{u+iv})| ≤ 1 ends."""


@dataclass(frozen=True)
class InnerRule:
    """Weights (h/s)φ((jh − ε)/s), |j| ≤ reach, for one deviation s > 0.

    The step h is a fraction of the outer step, and the strip the half-width of that in which the error is bounded.
    """

    s: flint.arb
    step: flint.arb
    reach: int
    strip: float

    def half_weights(self) -> list[flint.arb]:
        """Return the weights for ε = 0, j = 0..reach; those for −j are the same."""
        ratio = self.step / self.s
        half = [ratio * (2 * flint.arb.pi()).rsqrt()]
        quotient = (-ratio * ratio / 2).exp()  # of the values at j + 1 and at j: e^{−(2j + 1)h²/(2s²)}
        growth = quotient * quotient
        for _ in range(self.reach):
            half.append(half[-1] * quotient)
            quotient *= growth
        return half

    def moved(self, half: list[flint.arb], offset: flint.arb) -> list[flint.arb]:
        """Return the weights for ε = offset, from j = −reach on: those for 0 times e^{jhε/s²} e^{−ε²/(2s²)}."""
        rate = offset / (self.s * self.s)
        growth = (rate * self.step).exp()
        first = (-rate * (self.reach * self.step + offset / 2)).exp()
        moved: list[flint.arb] = (first * flint.arb_poly(half[:0:-1] + half)(flint.arb_poly([0, growth]))).coeffs()
        return moved

    def error(self, n: int, offset: flint.arb) -> flint.arb:
        """Bound |Σ weights·f_n(u + jh) − E f_n(u + ε + sZ)| for every real u and |ε| ≤ offset.

        In z = (y − ε)/s the integrand is φ(z)f_n(u + ε + sz). On Im z = b, v = sb, |φ(x + ib)| = e^{b²/2}φ(x) and
        |f_n| ≤ sup_t t^n e^{−t cos v} = (n/(e cos v))^n. Beyond the last node, at a distance Z = (reach·h − |ε|)/s or
        more, the terms are at most sup f_n·φ, which decreases: each side is at most sup f_n·∫_Z^∞ φ.
        """
        strip = flint.arb(self.strip)
        edge = (strip**2 / (2 * self.s**2)).exp() * supremum(n) / strip.cos() ** n
        tails = supremum(n) * ((self.reach * self.step - offset) / (self.s * flint.arb(2).sqrt())).erfc()
        return discretisation_error(edge, self.strip, self.step) + tails.upper()

    def total(self) -> flint.arb:
        """Bound the sum of the weights: of a density that rises and falls it is at most 1 + h sup."""
        return (1 + self.step / self.s).upper()


def widest_inner_step(deviation: float, accuracy: float, degree: int) -> tuple[float, float]:
    """Return the largest step of an inner rule for D_n up to a degree, to about e^{−accuracy}, and its strip."""
    step, strip, _ = widest_step(
        accuracy,
        lambda a: a**2 / (2 * deviation**2) - degree * np.log(np.cos(a)),
        min(RIGHT_ANGLE, 2 * spread(deviation, accuracy)),
    )
    return step, strip


def spread(deviation: float, accuracy: float) -> float:
    """Return the distance at which a Gaussian has fallen to e^{−accuracy}."""
    return deviation * math.sqrt(2 * accuracy)


@dataclass(frozen=True)
class Samples:
    """f_n at y = ih, i = first, first + 1, …, for each n, up to where all that follows is negligible (e^y > end)."""

    first: int
    values: tuple[list[flint.arb], ...]
    end: float

    def left_out(self, n: int) -> flint.arb:
        """Bound the samples left out: x^n e^{−x} decreases beyond n."""
        return power_exp(flint.arb(self.end), n)


def take_samples(step: flint.arb, first: int, count: int, degree: int, end: float) -> Samples:
    """Sample f_0..f_degree at y = i·step for `count` values of i from `first`, as long as e^y ≤ end > degree."""
    points, point, growth, last = [], (first * step).exp(), step.exp(), flint.arb(end)
    for _ in range(count):
        if point > last:
            break
        points.append(point)
        point *= growth
    values = [[(-x).exp() for x in points]]
    for _ in range(degree):
        values.append([x * value for x, value in zip(points, values[-1], strict=True)])
    return Samples(first, tuple(values), end)


def power_exp(x: flint.arb, n: int) -> flint.arb:
    """x^n e^{−x}."""
    return x**n * (-x).exp()


def supremum(n: int) -> flint.arb:
    """sup_{x ≥ 0} x^n e^{−x} = (n/e)^n."""
    return power_exp(flint.arb(n), n) if n else flint.arb(1)


@dataclass(frozen=True)
class OuterRule:
    """Nodes u_i = (first + i)·step, i = 0..count − 1, and the strip |Im u| < angle + shift used for their error.

    The step is a binary float, so exact in Arb; the angle a < π/2 is the part of the strip in which exp(−e^u S) is
    bounded, and the shift that gained by moving the contour of the Gaussian variables. Errors are meant to be
    e^{−accuracy}.
    """

    step: float
    first: int
    count: int
    angle: float
    shift: float
    accuracy: float

    @property
    def strip(self) -> flint.arb:
        """Half-width of the strip; a sum of doubles would be rounded, perhaps upwards."""
        return flint.arb(self.angle) + self.shift

    def node(self, index: int) -> flint.arb:
        """u_index; −1 and `count` are the first nodes left out."""
        return flint.arb(self.step) * (self.first + index)


def plan_outer(
    k: int, s: float, accuracy: float, degree: int, order: int, right: float, *, moved: bool = True
) -> OuterRule:
    """Choose the outer nodes for an accuracy; whatever is chosen, errors are bounded, or estimated, afterwards.

    The degree is the power of cos(angle) that the integrand loses in the strip; the integrand is at most e^{pu +
    p²s²/2} for 0 < p ≤ order, up to constants (its decay to the left), and has fallen to e^{−accuracy} at `right`.
    The contour of the Gaussian variables is `moved` where all of the integrand is made of them.
    """
    curvature = k / (2 * s**2) if moved else math.inf
    step, angle, shift = widest_step(accuracy, lambda a: -degree * np.log(np.cos(a)), RIGHT_ANGLE, curvature)
    power = min(order, math.sqrt(2 * accuracy) / s)
    left = accuracy / power + power * s**2 / 2 + max(0.0, 1 / power - 1) * math.log(k)
    first = -math.ceil(left / step)
    count = math.ceil(right / step) - first + 1
    return OuterRule(step, first, count, angle, shift, accuracy)


def right_end(weights: Mapping[Fraction, int], s: float, accuracy: float) -> float:
    """Estimate where P(u) falls to e^{−accuracy}: P(u) ≤ ψ(u + log w)^n if n components weigh at least w."""
    ends = []
    heavier = 0
    for weight in sorted(weights, reverse=True):
        heavier += weights[weight]
        ends.append(laplace_end(s, accuracy / heavier) - log_of(weight))
    return min(ends)


def laplace_end(s: float, accuracy: float) -> float:
    """Estimate where ψ falls to e^{−L}: log ψ(u) ≈ −(W² + 2W)/(2s²) with We^W = s²e^u (Laplace's method)."""
    ratio = 2 * accuracy / (1 + math.sqrt(1 + 2 * s**2 * accuracy))
    return ratio * s**2 + math.log(ratio)
