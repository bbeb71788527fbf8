"""The functions D_n(u) = E f_n(u + sZ), f_n(y) = e^{ny} exp(−e^y), on a lattice in ball arithmetic.

With S = Σ π_j e^{sZ_j} every expectation on a regular simplex is an integral over u of products of D_n(u + log π_j).
The values here are balls that contain D_n: the error of the inner trapezoidal rule is proved (docs/error-bounds.md)
and added. All bounds hold for every s in the ball that is given, so an interval of radii may be passed.
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
from emtheory.numerics.errors import CannotAnswerError

Array = npt.NDArray[np.object_]

RIGHT_ANGLE = 1.57
"""Just below π/2, where |exp(−e^{u+iv})| ≤ 1 ends."""

MAX_TABLE_BITS = 1 << 31
"""Bits a table may take before the request is called too large."""


@dataclass(frozen=True)
class OuterRule:
    """Nodes u_i = (first + i)·step, i = 0..count − 1, and the strip |Im u| < angle + shift used for their error.

    Attributes
    ----------
    step
        A binary float, so exact in Arb.
    angle
        a < π/2, the part of the strip in which exp(−e^u S) is bounded.
    shift
        The part gained by moving the contour of the Gaussian variables.
    accuracy
        L: errors are meant to be about e^{−L}.
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


def plan_outer(k: int, s: float, accuracy: float, degree: int, order: int, right: float) -> OuterRule:
    """Choose the outer nodes; whatever is chosen, its error is bounded afterwards.

    Parameters
    ----------
    k
        Number of components.
    s
        Standard deviation of the exponents.
    accuracy
        L.
    degree
        Power of cos(angle) that the integrand loses in the strip.
    order
        The integrand is at most e^{pu + p²s²/2} for 0 < p ≤ order, up to constants (its decay to the left).
    right
        Where it has fallen to e^{−L} to the right.
    """
    step, angle, shift = widest_step(
        accuracy,
        lambda a, b: k * b**2 / (2 * s**2) - degree * np.log(np.cos(a)),
        RIGHT_ANGLE,
        s * math.sqrt(2 * accuracy / k),
    )
    power = min(order, math.sqrt(2 * accuracy) / s)
    left = accuracy / power + power * s**2 / 2 + max(0.0, 1 / power - 1) * math.log(k)
    first = -math.ceil(left / step)
    count = math.ceil(right / step) - first + 1
    return OuterRule(step, first, count, angle, shift, accuracy)


def right_end(weights: Mapping[Fraction, int], s: float, accuracy: float) -> float:
    """Estimate where P(u) falls to e^{−L}: P(u) ≤ ψ(u + log w)^n if n components weigh at least w.

    Parameters
    ----------
    weights
        Distinct weight → number of components.
    s
        Standard deviation of the exponents.
    accuracy
        L.
    """
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


def laplace_moments(scale: flint.arb, s: flint.arb, outer: OuterRule, degree: int, multiplicity: int = 1) -> Array:
    """Return balls around D_n(u_i + log scale), n = 0..degree.

    Parameters
    ----------
    scale
        Positive; a weight π_j, or e^μ.
    s
        Positive standard deviation.
    outer
        Its nodes u_i.
    degree
        Highest n.
    multiplicity
        To what power the values will be raised: they are made so much more accurate.

    Returns
    -------
    numpy.ndarray
        Shape (degree + 1, nodes), of `flint.arb`.

    Raises
    ------
    CannotAnswerError
        If the table would be too large.
    """
    inner = _plan_inner(s, outer, degree, outer.accuracy + math.log(multiplicity) + 12)
    weights = inner.weights()
    # Beyond this x^n e^{−x} decreases and is negligible; what is left out there is bounded by its first value.
    end = inner.accuracy + degree * math.log(inner.accuracy + 2 * degree)
    sums = _direct_sums if inner.stride > len(weights) else _convolved_sums
    values = sums(scale, outer, inner, weights, degree, end)
    total = sum(weights, start=flint.arb(0)).upper()
    for n in range(degree + 1):
        error = inner.error(n) + total * _power_exp(flint.arb(end), n)
        values[n] = values[n] + flint.arb(0, error.upper())
    return values


def raised(values: Array, exponent: int) -> Array:
    """Return powers of non-negative numbers in balls, also of a ball that contains zero, where ``**`` gives nan."""

    def power(value: flint.arb) -> flint.arb:
        return value**exponent if value > 0 else flint.arb(0, value.abs_upper() ** exponent)

    return np.array([power(value) for value in values], dtype=object)


@dataclass(frozen=True)
class _InnerRule:
    """Nodes y_j = j·step, |j| ≤ reach, with step = (outer step)/stride, for the variable y = sZ."""

    s: flint.arb
    step: flint.arb
    stride: int
    reach: int
    strip: float
    accuracy: float

    def weights(self) -> list[flint.arb]:
        """(h/s)φ(jh/s) for j = −reach..reach."""
        ratio = self.step / self.s
        half = [ratio * (-((j * ratio) ** 2) / 2).exp() for j in range(self.reach + 1)]
        norm = (2 * flint.arb.pi()).rsqrt()
        half = [norm * weight for weight in half]
        return half[:0:-1] + half

    def error(self, n: int) -> flint.arb:
        """Bound |Σ weights·f_n(u + y_j) − D_n(u)| for every real u.

        In z = y/s the integrand is φ(z)f_n(u + sz). On Im z = b, v = sb, |φ(x + ib)| = e^{b²/2}φ(x) and
        |f_n| ≤ sup_t t^n e^{−t cos v} = (n/(e cos v))^n. Beyond the last node Z = reach·h/s the terms are at most
        sup f_n·φ, which decreases: each side is at most sup f_n·∫_Z^∞ φ.
        """
        strip = flint.arb(self.strip)
        edge = (strip**2 / (2 * self.s**2)).exp() * _supremum(n) / strip.cos() ** n
        tails = _supremum(n) * (self.reach * self.step / (self.s * flint.arb(2).sqrt())).erfc()
        return discretisation_error(edge, self.strip, self.step) + tails.upper()


def _plan_inner(s: flint.arb, outer: OuterRule, degree: int, accuracy: float) -> _InnerRule:
    deviation = float(s.mid())
    spread = deviation * math.sqrt(2 * accuracy)
    step, strip, _ = widest_step(
        accuracy,
        lambda a, _: a**2 / (2 * deviation**2) - degree * np.log(np.cos(a)),
        min(RIGHT_ANGLE, 2 * spread),
    )
    stride = math.ceil(outer.step / step)
    reach = math.ceil(spread * stride / outer.step)
    entries = min(outer.count * (2 * reach + 1), outer.count * stride + 2 * reach + 1) * (degree + 1)
    if entries * (flint.ctx.prec + 512) > MAX_TABLE_BITS:
        raise CannotAnswerError(f"a table of {entries} numbers with {flint.ctx.prec} bits would be needed")
    return _InnerRule(s, flint.arb(outer.step) / stride, stride, reach, strip, accuracy)


def _convolved_sums(
    scale: flint.arb, outer: OuterRule, inner: _InnerRule, weights: list[flint.arb], degree: int, end: float
) -> Array:
    """All sums by polynomial products: they share the lattice of the inner step.

    Only every stride-th coefficient of the whole product is wanted, so each phase of the lattice has its own.
    """
    first = outer.first * inner.stride - inner.reach
    length = (outer.count - 1) * inner.stride + len(weights)
    points = _progression(scale * (first * inner.step).exp(), inner.step.exp(), length, end)
    values = [(-x).exp() for x in points]
    result = np.full((degree + 1, outer.count), flint.arb(0), dtype=object)
    for n in range(degree + 1):
        if n:
            values = [x * value for x, value in zip(points, values, strict=True)]
        for phase in range(inner.stride):
            kernel = weights[phase :: inner.stride][::-1]
            product = (flint.arb_poly(kernel) * flint.arb_poly(values[phase :: inner.stride])).coeffs()
            sums = product[len(kernel) - 1 :][: outer.count]
            result[n, : len(sums)] += sums
    return result


def _direct_sums(
    scale: flint.arb, outer: OuterRule, inner: _InnerRule, weights: list[flint.arb], degree: int, end: float
) -> Array:
    """The same sums one by one, for s so small that few points of the lattice are needed."""
    kernel = np.array(weights, dtype=object)
    factors = _progression((-inner.reach * inner.step).exp(), inner.step.exp(), len(weights), math.inf)
    result = np.full((degree + 1, outer.count), flint.arb(0), dtype=object)
    for index in range(outer.count):
        centre = scale * outer.node(index).exp()
        points = [x for x in (centre * factor for factor in factors) if not x > end]
        values = np.array([(-x).exp() for x in points], dtype=object)
        for n in range(degree + 1):
            if n:
                values = values * np.array(points, dtype=object)
            if points:
                result[n, index] = kernel[: len(points)] @ values
    return result


def _progression(start: flint.arb, ratio: flint.arb, length: int, end: float) -> list[flint.arb]:
    """Return start·ratio^i, i < length, up to the first that provably exceeds `end`."""
    terms = [start]
    for _ in range(length - 1):
        following = terms[-1] * ratio
        if following > end:
            break
        terms.append(following)
    return terms


def _power_exp(x: flint.arb, n: int) -> flint.arb:
    return x**n * (-x).exp()


def _supremum(n: int) -> flint.arb:
    """sup_{x ≥ 0} x^n e^{−x} = (n/e)^n."""
    return _power_exp(flint.arb(n), n) if n else flint.arb(1)
