"""KL off the simplex from the β_m on a path: what is averaged on it is much less noisy than a logarithm.

Since ∂KL/∂(ρ_m²) = β_m/2, along the path of squared amplitudes (1 − u) ρ̄_m² + u ρ_m²

    KL = KL̄ + ½ ∫_0^1 Σ_m (ρ_m² − ρ̄_m²) β_m(u) du.

It starts at the simplex of the same radius, where KL and β_m are known in one dimension, or at the origin if that is
too far out for double precision. The integral is taken by the rule of Clenshaw and Curtis, whose nodes contain those of
the rule with half as many intervals; their difference is far larger than the error of the finer one.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from emtheory.numerics.any_point.sobol_points import Floats
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point import float_laplace

_INTERVALS, _FEWER, _MANY = 12, 4, 512
"""Multiples of 4; the fewer ones beyond so many components, where a node takes seconds."""


@dataclass(frozen=True, eq=False)
class DivergencePath:
    """A path from u = 0, where KL and β_m are known, m = 1..⌊k/2⌋, to the point at u = 1.

    The amplitudes ρ_m at the nodes between have shape (nodes, ⌊k/2⌋); the shifts are ρ_m² − ρ̄_m².
    """

    start_divergence: float
    start_powers: Floats
    amplitudes: Floats
    shifts: Floats

    def divergence(self, powers: Floats, *, coarse: bool = False) -> float:
        """Return KL from the β_m, m = 1.., at the nodes between 0 and 1 and at 1, shape (nodes + 1, ⌊k/2⌋).

        With `coarse` from every other node.
        """
        slopes = np.concatenate([self.start_powers[np.newaxis], powers]) @ self.shifts / 2
        slopes = slopes[::2] if coarse else slopes
        return self.start_divergence + float(_weights(len(slopes) - 1) @ slopes)


def divergence_path(case: Case) -> DivergencePath:
    """Return the path to the case's point."""
    squares = np.array([float(square) for square in case.squared_amplitudes])
    near = replace(case, amplitudes=None, radius=Fraction(np.sqrt(squares.sum())))
    try:
        divergence = float(near.squared_radius) / 2 - float_laplace.expected_log_sum(near)
        powers = np.array(float_laplace.float_posterior_moments(near, 2).power_vector(case.frequencies), dtype=float)
        start = np.array([float(square) for square in near.squared_amplitudes])
    except CannotAnswerError:
        divergence, start = 0.0, np.zeros_like(squares)
        powers = np.abs(np.fft.rfft([float(weight) for weight in case.weights])[1:]) ** 2
    intervals = _INTERVALS if case.k <= _MANY else _FEWER
    u = ((1 - np.cos(np.pi * np.arange(1, intervals) / intervals)) / 2)[:, np.newaxis]
    return DivergencePath(divergence, powers, np.sqrt((1 - u) * start + u * squares), squares - start)


def _weights(intervals: int) -> Floats:
    """Weights for the integral over [0, 1] from the values at (1 − cos(πj/n))/2, j = 0..n, for even n.

    They are the integrals of the interpolating polynomials cos(lφ), 1/(1 − l²) for even l.
    """
    degrees = np.arange(0, intervals + 1, 2)
    ends = np.where((degrees == 0) | (degrees == intervals), 0.5, 1.0)
    waves = np.cos(np.pi / intervals * np.outer(np.arange(intervals + 1), degrees))
    weights: Floats = 2 / intervals * waves @ (ends / (1 - degrees**2))
    weights[[0, -1]] /= 2
    return weights
