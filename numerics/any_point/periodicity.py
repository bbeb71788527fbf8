"""Points that a power of R fixes: there the posterior is periodic, and what it does not see is exactly zero.

If R^gθ = θ, the exponents have period g, and if the weights have too, γ_{j+g} = γ_j for every X. Then γ̂_m = 0 unless k
divides gm, and the other γ̂_m are those of a mixture of g components with weights kπ_j/g.
"""

from dataclasses import replace
from math import gcd

from emtheory.numerics.case import Case


def posterior_period(case: Case) -> int:
    """Return the smallest divisor g of k with γ_{j+g} = γ_j for all j and X, at the case's point."""
    k, weights = case.k, case.weights
    excited = [m for m, square in zip(case.frequencies, case.squared_amplitudes, strict=True) if square]
    step = k // gcd(k, *excited)
    return next(g for g in range(step, k + 1, step) if k % g == 0 and weights[g:] == weights[:-g])


def quotient(case: Case, period: int) -> Case:
    """Return the mixture of `period` ≥ 2 components with the same density, its point given by amplitudes.

    ∇²ℓ of `case` has the eigenvalues of ∇²ℓ there and, on every frequency m with k ∤ m·period, β_m = 0: such an m is
    not excited, so nothing couples it to the others.
    """
    index = case.k // period
    weights = tuple(index * weight for weight in case.weights[:period])
    # ρ_m² cos(2πm(i − j)/k) for m = index·n is the part of frequency n.
    amplitudes = None if case.amplitudes is None else case.amplitudes[index - 1 :: index]
    return replace(case, weights=weights, amplitudes=amplitudes)
