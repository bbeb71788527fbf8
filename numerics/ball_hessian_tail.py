"""A radius beyond which ∇²ℓ on the simplex ray certainly exceeds a threshold below 1.

∇²ℓ = I − ∇²Λ tends to I, at a rate with explicit constants (docs/error-bounds.md, section 9): with s² = r²k/(k−1),
ϱ = log(max π/min π) and e = E max(Z_1..Z_k),

    λ_max(∇²Λ) ≤ min(k²/(2√π), 2(1 + ϱ²)e) / s.

The first bound comes from γ_iγ_j ≤ ¼sech², pair by pair; it is the better one for few components. The second one
comes from E(1 − Σγ_j²) ≤ e/s and from the strong log-concavity of φγ_iγ_j (Brascamp and Lieb), which bounds second
moments; it grows like √log k.
"""

import math
from fractions import Fraction

import flint

from numerics.algebraic import ball_bounds
from numerics.ball_lloyd import expected_maximum
from numerics.ball_partition import to_fmpq
from numerics.case import Case
from numerics.precision import arb_precision

_BITS = 80
_ACCURACY = 30.0


def curvature_bound(case: Case) -> flint.arb:
    """Return c with λ_max(∇²Λ) ≤ c/s at every regular simplex, rounded up; at the precision in force."""
    k = case.k
    spread = flint.arb(to_fmpq(max(case.weights) / min(case.weights))).log()
    pairs = k**2 / (2 * flint.arb.pi().sqrt())
    logarithmic = 2 * (1 + spread * spread) * expected_maximum(k, _ACCURACY)
    return pairs.min(logarithmic).upper()


def convex_beyond(case: Case, threshold: Fraction) -> Fraction:
    """Return a radius from which on λ_min(∇²ℓ) > threshold, for every threshold below 1.

    Parameters
    ----------
    case
        The mixture; its point is not used.
    threshold
        Less than 1.
    """
    with arb_precision(_BITS):
        deviation = curvature_bound(case) / to_fmpq(1 - threshold)
        radius = deviation * flint.arb(flint.fmpq(case.k - 1, case.k)).sqrt()
        return Fraction(math.ceil(ball_bounds(1024 * radius)[1]), 1024)
