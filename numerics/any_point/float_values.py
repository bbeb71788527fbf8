"""The `float` route: double precision, level `observed`; off the simplex it reaches any number of directions.

The half-width of an enclosure here is the difference of two resolutions plus the rounding to be expected: an
indication, not a bound.
"""

import math
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from functools import partial

import flint
import numpy as np

from emtheory.numerics.any_point import ball_quantities
from emtheory.numerics.any_point.sampled import CONFIDENCE, COPIES, Averages, estimate
from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.simplex_point import float_laplace as laplace
from emtheory.numerics.simplex_point.lattice import squared_spread
from emtheory.numerics.simplex_point.moments import HessianMoments, hessian_blocks, squared_gradient

_ROUNDING = Fraction(1, 10**14)
"""What Λ, KL and β_m may be off by however small they are."""
_RESOLVED = 1e-11
"""The least KL with some three digits after the cancellation in ‖θ‖²/2 − Λ."""
_PRODUCT_ACCURACY = 28.0
"""L of product rules: e^{−28} = 7e−13 leaves room for the rounding of sums in doubles, which is about e^{−31}."""
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
    if not case.on_simplex:
        half = float(case.squared_radius) / 2
        return _off_simplex(case, digits, ball_quantities.log_partition, lambda found: half - found.divergence)
    return _at_point(case, lambda accuracy: laplace.expected_log_sum(case, accuracy))


def kl_divergence(case: Case, digits: int) -> Enclosure:
    """‖θ‖²/2 − Λ(θ)."""
    if not case.on_simplex:
        return _off_simplex(case, digits, ball_quantities.kl_divergence, lambda found: found.divergence)
    return _at_point(case, lambda accuracy: _divergence(case, accuracy))


def posterior_power(case: Case, digits: int, m: Fraction) -> Enclosure:
    """β_m(θ) from second moments of the posterior; not at the origin, too far out, or for too many components."""
    if not case.on_simplex:
        power = partial(ball_quantities.posterior_power, m=int(m))
        return _off_simplex(case, digits, power, lambda found: found.power(int(m)))
    return _at_point(case, lambda accuracy: float(laplace.float_posterior_moments(case, 2, accuracy).power(int(m))))


def pl_ratio(case: Case, digits: int) -> Enclosure:
    """½ Σ β_m² ρ_m² / KL."""
    if not case.on_simplex:
        squares = np.array([float(square) for square in case.squared_amplitudes])

        def quotient(found: Averages) -> float:
            return float(np.sum(found.powers[1:] ** 2 * squares)) / 2 / found.divergence

        return _off_simplex(case, digits, ball_quantities.pl_ratio, quotient)

    kl = kl_divergence(case, digits)
    if kl.midpoint < _RESOLVED:
        raise CannotAnswerError("KL is too small here for its digits to survive in double precision")
    gradient = _at_point(
        case, lambda accuracy: float(squared_gradient(case, laplace.float_posterior_moments(case, 2, accuracy), float))
    )
    low, high = Fraction(gradient.lower), Fraction(gradient.upper)
    return Enclosure(low / 2 / Fraction(kl.upper), high / 2 / Fraction(kl.lower), Level.OBSERVED, "float")


def hessian_min_eigenvalue(case: Case, digits: int) -> Enclosure:
    """λ_min(∇²ℓ) from fourth moments of the posterior."""
    if not case.on_simplex:
        smallest = partial(_smallest_eigenvalue, case)
        return _off_simplex(case, digits, ball_quantities.hessian_min_eigenvalue, smallest, degree=4)
    return _at_point(
        case, lambda accuracy: _smallest_eigenvalue(case, laplace.float_posterior_moments(case, 4, accuracy))
    )


def _divergence(case: Case, accuracy: float) -> float:
    return float(case.squared_radius) / 2 - laplace.expected_log_sum(case, accuracy)


def _smallest_eigenvalue(case: Case, moments: HessianMoments) -> float:
    blocks = hessian_blocks(case, moments, float, math.sqrt)
    radial = np.linalg.eigvalsh(np.array(blocks.radial, dtype=float))
    return float(min(*blocks.simple, radial[0]) if blocks.simple else radial[0])


def _off_simplex(
    case: Case,
    digits: int,
    in_balls: Callable[[Case, float], flint.arb],
    quantity: Callable[[Averages], float],
    degree: int = 2,
) -> Enclosure:
    """A product rule in double precision where there are few directions, else Sobol points; degree 4 for couplings."""
    with suppress(CannotAnswerError), arb_precision(working_bits(_PRODUCT_ACCURACY)):
        ball = in_balls(case, _PRODUCT_ACCURACY)
        return Enclosure(*ball_bounds(ball), Level.OBSERVED, "float", note="product rule in double precision")
    found = estimate(case, quantity, digits, degree=degree)
    # Where the copies differ by less, their values, of 13 digits, may still be wrong by this.
    error = Fraction(found.half_width + abs(found.value) / 1e12 + 1e-13)
    note = f"{100 * CONFIDENCE:g} % interval over {COPIES} scrambled Sobol sequences of {found.points} points"
    return Enclosure(Fraction(found.value) - error, Fraction(found.value) + error, Level.OBSERVED, "float", note=note)


def _transform(case: Case) -> np.typing.NDArray[np.complex128]:
    return np.fft.fft(np.array([float(weight) for weight in case.weights]))


def _at_point(case: Case, compute: Callable[[float], float]) -> Enclosure:
    squared_spread(case, "float")
    value = compute(laplace.FULL_ACCURACY)
    return _observed(value, abs(value - compute(_COARSE)))


def _observed(value: float, spread: float = 0.0) -> Enclosure:
    slack = Fraction(spread) + abs(Fraction(value)) / 10**12 + _ROUNDING
    return Enclosure(Fraction(value) - slack, Fraction(value) + slack, Level.OBSERVED, "float")
