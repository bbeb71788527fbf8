"""The `float` route: double precision, level `observed`.

The half-width of an enclosure here is the difference of two resolutions plus the rounding to be expected: an
indication, not a bound.
"""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from numerics import laplace_float as laplace
from numerics import ray
from numerics.case import Case
from numerics.enclosure import Enclosure, Level
from numerics.errors import CannotAnswerError
from numerics.lattice import squared_spread
from numerics.moments import hessian_blocks, squared_gradient

_DIGITS = 6
"""Digits that searches and trajectories aim for in double precision."""
_TRIALS = 8
_GAIN_TRIALS = 200
_STEPS = 200
_RESOLVED = 1e-11
"""The least KL with some five digits after the cancellation in ‖θ‖²/2 − Λ."""
_COARSE = 33.0
"""The second, lower accuracy that an error indication is taken from."""


def dft_modulus(case: Case, digits: int, m: Fraction) -> Enclosure:
    """|π̂_m| by the fast Fourier transform."""
    return _observed(float(abs(_transform(case)[int(m)])))


def spectral_gap(case: Case, digits: int) -> Enclosure:
    """Min over m ≠ 0 of |π̂_m|² by the fast Fourier transform."""
    return _observed(float(np.min(np.abs(_transform(case)[1:]) ** 2)))


def contraction_factor(case: Case, digits: int) -> Enclosure:
    """1 − spectral gap."""
    return _observed(1 - float(np.min(np.abs(_transform(case)[1:]) ** 2)))


def lloyd_radius(case: Case, digits: int) -> Enclosure:
    """√(k/(k−1)) E max(Z_1..Z_k), E max = ∫ (1 − Φ(z)^k − Φ(−z)^k) dz over z > 0."""
    from scipy.special import log_ndtr  # noqa: PLC0415 - SciPy is slow to import and only this needs it

    step = 1 / 64
    z = np.arange(0, 40, step)
    integrand = -np.expm1(case.k * log_ndtr(z)) - np.exp(case.k * log_ndtr(-z))
    # The integrand is not smooth at 0 when reflected, so the half-line takes Simpson's rule.
    simpson = np.where(np.arange(len(z)) % 2 == 0, 2.0, 4.0)
    simpson[0] = 1
    return _observed(math.sqrt(case.k / (case.k - 1)) * float(simpson @ integrand) * step / 3)


def log_partition(case: Case, digits: int) -> Enclosure:
    """Λ(θ) by the Laplace form."""
    return _at_point(case, lambda accuracy: laplace.expected_log_sum(case, accuracy))


def kl_divergence(case: Case, digits: int) -> Enclosure:
    """‖θ‖²/2 − Λ(θ)."""
    return _at_point(case, lambda accuracy: _divergence(case, accuracy))


def posterior_power(case: Case, digits: int, m: Fraction) -> Enclosure:
    """β_m(θ) from second moments of the posterior."""
    return _at_point(case, lambda accuracy: float(laplace.posterior_moments(case, 2, accuracy).power(int(m))))


def pl_ratio(case: Case, digits: int) -> Enclosure:
    """½ Σ β_m² ρ_m² / KL."""

    def ratio(accuracy: float) -> float:
        gradient = squared_gradient(case, laplace.posterior_moments(case, 2, accuracy), float)
        divergence = _divergence(case, accuracy)
        if divergence < _RESOLVED:
            raise CannotAnswerError("KL is too small here for its digits to survive in double precision")
        return float(gradient) / 2 / divergence

    return _at_point(case, ratio)


def hessian_min_eigenvalue(case: Case, digits: int) -> Enclosure:
    """λ_min(∇²ℓ) from fourth moments of the posterior."""

    def smallest(accuracy: float) -> float:
        moments = laplace.posterior_moments(case, 4, accuracy)
        blocks = hessian_blocks(case, moments, float, math.sqrt)
        radial = np.linalg.eigvalsh(np.array(blocks.radial, dtype=float))
        return float(min(*blocks.simple, radial[0]) if blocks.simple else radial[0])

    return _at_point(case, smallest)


def strong_convexity_radius(case: Case, digits: int, fraction: Fraction) -> Enclosure:
    """First crossing along the simplex ray, by scan and refinement."""
    return ray.strong_convexity_radius(_ray(case), _DIGITS, fraction)


def pl_constant(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Smallest pl_ratio on the simplex ray, by scan and refinement."""
    return ray.pl_constant(_ray(case), _DIGITS, radius)


def worst_contraction_factor(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Largest 1 − β_m on the simplex ray, by scan and refinement."""
    return ray.worst_contraction_factor(_ray(case), _DIGITS, radius)


def iterations_to_kl(case: Case, digits: int, eps: Fraction) -> Enclosure:
    """Steps of population EM, iterated."""
    return ray.iterations_to_kl(_ray(case), _DIGITS, eps)


def asymptotic_rate(case: Case, digits: int) -> Enclosure:
    """Limit of the factor of population EM, measured on its trajectory."""
    return ray.asymptotic_rate(_ray(case), _DIGITS)


def sample_contraction_factor(case: Case, digits: int, n: Fraction, seed: Fraction) -> Enclosure:
    """Contraction factor observed on samples; the enclosure is the 99 % interval over 8 trials."""
    # SciPy's statistics are slow to import and only this needs them.
    from numerics.contraction import observed_contraction  # noqa: PLC0415
    from numerics.laws import gaussian_sample  # noqa: PLC0415

    samples = (gaussian_sample(int(n), case.d, int(seed) + trial) for trial in range(_TRIALS))
    factor = observed_contraction(case, samples, _STEPS)
    note = f"99 % interval over {_TRIALS} samples of {n} points, seeds {seed}..{seed + _TRIALS - 1}"
    return Enclosure(Fraction(factor.low), Fraction(factor.high), Level.OBSERVED, "float", note=note)


def sample_likelihood_gain(case: Case, digits: int, n: Fraction, seed: Fraction) -> Enclosure:
    """2n KL(N(0, I) ‖ p_θ̂) on samples; the enclosure is the 99 % interval over 200 trials."""
    # As above.
    from numerics.estimate import student  # noqa: PLC0415
    from numerics.finite_sample import population_divergence, stationary_point  # noqa: PLC0415
    from numerics.laws import gaussian_sample  # noqa: PLC0415
    from numerics.sample_em import make_sample  # noqa: PLC0415

    size, seeds = int(n), range(int(seed), int(seed) + _GAIN_TRIALS)
    samples = (make_sample(gaussian_sample(size, case.d, trial), case.d) for trial in seeds)
    gains = [2 * size * population_divergence(case, stationary_point(case, sample)) for sample in samples]
    mean = student(gains, seeds, 0.99)
    note = f"99 % interval over {_GAIN_TRIALS} samples of {n} points, seeds {mean.seeds}"
    return Enclosure(Fraction(mean.low), Fraction(mean.high), Level.OBSERVED, "float", note=note)


def _ray(case: Case) -> ray.Ray:
    return ray.Ray(case, "float", Level.OBSERVED)


def _divergence(case: Case, accuracy: float) -> float:
    return float(case.squared_radius) / 2 - laplace.expected_log_sum(case, accuracy)


def _transform(case: Case) -> np.typing.NDArray[np.complex128]:
    return np.fft.fft(np.array([float(weight) for weight in case.weights]))


def _at_point(case: Case, compute: Callable[[float], float]) -> Enclosure:
    squared_spread(case, "float")
    value = compute(laplace.FULL_ACCURACY)
    return _observed(value, abs(value - compute(_COARSE)))


def _observed(value: float, spread: float = 0.0) -> Enclosure:
    slack = Fraction(spread) + abs(Fraction(value)) / 10**12 + Fraction(1, 10**15)
    return Enclosure(Fraction(value) - slack, Fraction(value) + slack, Level.OBSERVED, "float")
