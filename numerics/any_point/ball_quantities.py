"""The quantities at a point off the simplex, as balls: case and accuracy in, enclosure out."""

from fractions import Fraction

import flint

from emtheory.numerics.any_point.ball_product_rule import TensorMoments, tensor_posterior_moments
from emtheory.numerics.any_point.ball_product_rule import log_partition as log_partition_at
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.case import Case
from emtheory.numerics.shared import shared
from emtheory.numerics.simplex_point.moments import hessian_blocks, squared_gradient


def log_partition(case: Case, accuracy: float) -> flint.arb:
    """Λ(θ)."""
    return shared(case, ("Λ", accuracy), lambda: log_partition_at(case.weights, exact_amplitudes(case), accuracy))


def kl_divergence(case: Case, accuracy: float) -> flint.arb:
    """‖θ‖²/2 − Λ(θ)."""
    return _real(case.squared_radius) / 2 - log_partition(case, accuracy)


def posterior_power(case: Case, accuracy: float, m: int) -> flint.arb:
    """β_m(θ) off the simplex, in a ball of radius about e^{−accuracy}; m is no multiple of k."""
    return _moments(case, accuracy, 2).power(m)


def pl_ratio(case: Case, accuracy: float) -> flint.arb:
    """½ Σ β_m² ρ_m² / KL."""
    gradient: flint.arb = squared_gradient(case, _moments(case, accuracy, 2), _real)
    return gradient / (2 * kl_divergence(case, accuracy))


def hessian_min_eigenvalue(case: Case, accuracy: float) -> flint.arb:
    """λ_min(∇²ℓ) on the simplex span."""
    blocks = hessian_blocks(case, _moments(case, accuracy, 4), _real, lambda square: _real(square).sqrt())
    result = smallest_eigenvalue(blocks.radial, accuracy)
    for eigenvalue in blocks.simple:
        result = result.min(eigenvalue)
    return result


def exact_amplitudes(case: Case) -> list[flint.arb]:
    """ρ_m as balls of the precision in force."""
    return [_real(square).sqrt() for square in case.squared_amplitudes]


def leading_divergence(case: Case) -> Fraction:
    """Return about the size of KL: ½ Σ |π̂_m|² ρ_m² to leading order and, for uniform weights, a fourth of ‖θ‖⁴/k.

    Only to say how much cancels in ‖θ‖²/2 − Λ(θ).
    """
    overlap = sum((weight**2 for weight in case.weights), Fraction(0)) - Fraction(1, case.k)
    return case.squared_radius * overlap / (2 * case.k) + case.squared_radius**2 / (4 * case.k)


def _moments(case: Case, accuracy: float, degree: int) -> TensorMoments:
    return shared(
        case,
        (degree, accuracy),
        lambda: tensor_posterior_moments(case.weights, exact_amplitudes(case), accuracy, degree),
    )


def _real(value: Fraction) -> flint.arb:
    return flint.arb(to_fmpq(value))
