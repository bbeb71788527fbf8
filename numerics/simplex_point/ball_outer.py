"""The nodes of the outer integral over u, and where the integrands end."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np

from emtheory.numerics.arithmetic.rational import log_of
from emtheory.numerics.arithmetic.trapezoid import widest_step
from emtheory.numerics.simplex_point.ball_inner import RIGHT_ANGLE


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


def plan_outer(k: int, s: float, accuracy: float, degree: int, order: int, right: float) -> OuterRule:
    """Choose the outer nodes for an accuracy; whatever is chosen, its error is bounded afterwards.

    The degree is the power of cos(angle) that the integrand loses in the strip; the integrand is at most e^{pu +
    p²s²/2} for 0 < p ≤ order, up to constants (its decay to the left), and has fallen to e^{−accuracy} at `right`.
    """
    step, angle, shift = widest_step(accuracy, lambda a: -degree * np.log(np.cos(a)), RIGHT_ANGLE, k / (2 * s**2))
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
