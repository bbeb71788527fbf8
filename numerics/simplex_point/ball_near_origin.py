"""Values on the simplex ray so near the origin that an expansion in x = s² is accurate enough, and quadrature is slow.

The coefficients are exact and the remainders proved (`origin_expansion`).
"""

import math

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.moments import GivenMoments, HessianMoments
from emtheory.numerics.simplex_point.origin_expansion import (
    Expansion,
    coupling_expansion,
    mean_power_expansion,
    power_expansion,
)

HIGHEST_ORDER = 6
"""Highest order of expansions: each further one takes two to three times as long for couplings as the last, a second at
order 8 for k = 5, while quadrature takes milliseconds."""


def sufficient_order(x: flint.arb, accuracy: float) -> int | None:
    """Return the lowest order whose remainder for β_m, 4ⁿ n! xⁿ, is below e^{−accuracy}; None if none is low enough."""
    logarithm = float(x.log().mid())
    for order in range(1, HIGHEST_ORDER + 1):
        if order * (logarithm + math.log(4)) + math.lgamma(order + 1) < -accuracy:
            return order
    return None


def expansion_reach(accuracy: float) -> float:
    """Return about the largest x for which `sufficient_order` finds an order."""
    orders = range(1, HIGHEST_ORDER + 1)
    return max(math.exp(-(accuracy + math.lgamma(order + 1)) / order) / 4 for order in orders)


def expanded_moments(case: Case, x: flint.arb, order: int) -> HessianMoments:
    """Return β_m and t_mn at x, from expansions of some order."""
    return GivenMoments(
        lambda m: expansion_value(power_expansion(case, order, m), x),
        lambda m, n: expansion_value(coupling_expansion(case, order, m, n), x),
    )


def expanded_kl(case: Case, x: flint.arb, order: int) -> flint.arb:
    """Return KL = (r²/2)·B, where B is the mean of Σ w_mβ_m over [0, r²] and r² = x(k − 1)/k."""
    return x * flint.fmpq(case.k - 1, 2 * case.k) * expansion_value(mean_power_expansion(case, order), x)


def expansion_value(expansion: Expansion, x: flint.arb) -> flint.arb:
    """Return a ball around an expanded function at every x ≥ 0 of a ball."""
    value = flint.arb(0, flint.arb(to_fmpq(expansion.remainder)).upper())
    for coefficient in reversed(expansion.coefficients):
        value = coefficient.ball() + x * value
    return value
