"""The simplex ray near the origin, where models in log s² end: second-order expansions with proved remainders.

For a polynomial f of degree N in the posterior with |f| ≤ 1, written as an expectation over N independent draws from
γ, ½Δ (the heat operator in the exponents, which is d/ds²) gives ½E f·w over N + 2 draws with |w| ≤ 2N², because
Δ γ_{i_1}…γ_{i_N} = γ_{i_1}…γ_{i_N} (Σ_j n_j² − N − 2N Σ_j n_jγ_j + N(N + 1) Σ_j γ_j²) with n_j draws equal to j.
So with x = s²: |dβ_m/dx| ≤ 4 and |d²β_m/dx²| ≤ 64.
"""

import flint

from numerics.ball_partition import power_sum, to_fmpq, weight_counts
from numerics.ball_posterior import root_of_unity
from numerics.case import Case

SLOPE = 4
"""Bound on |dβ_m/dx|."""
CURVATURE = 64
"""Bound on |d²β_m/dx²|."""


def power_and_slope(case: Case, m: int) -> tuple[flint.arb, flint.arb]:
    """Return β_m and dβ_m/dx at the origin, where the posterior is the prior.

    ½Δ|γ̂|² = q + 3q|γ̂|² − 4 Re(γ̂* Σ_j γ_j² e^{2πi jm/k}) with q = Σ γ_j².
    """
    root = root_of_unity(case.k)
    transforms = []
    for power in (1, 2):
        terms = (root(j * m % case.k) * to_fmpq(weight**power) for j, weight in enumerate(case.weights))
        transforms.append(sum(terms, start=flint.acb(0)))
    first, second = transforms
    square = abs(first) ** 2
    collision = flint.arb(power_sum(weight_counts(case)))
    return square, collision * (1 + 3 * square) - 4 * (second * first.conjugate()).real


def positive_up_to(value: flint.arb, slope: flint.arb, curvature: float) -> flint.arb:
    """Return an x up to which a function is positive, given its value, slope and curvature bound at 0; 0 if unknown.

    h(x) ≥ d + d'x − Cx²/2, whose positive root is (d' + √(d'² + 2Cd))/C.
    """
    if not value > 0:
        return flint.arb(0)
    root = (slope**2 + 2 * curvature * value).sqrt()
    # For d' < 0 the difference cancels: use the other form of the root.
    result = (slope + root) / curvature if slope > 0 else 2 * value / (root - slope)
    return result.lower()
