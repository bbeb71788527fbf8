"""The transform γ̂_m = Σ_j γ_j e^{2πimj/k} of the posterior: how it changes with the exponents, and its cumulants."""

from collections.abc import Sequence

import sympy
from sympy import Derivative


def transform_symbols(k: int) -> list[sympy.Expr]:
    """γ̂_0 = 1 and symbols γ̂_1, …, γ̂_{k−1}; those at indices that sum to k are conjugate."""
    return [sympy.S.One, *(sympy.Symbol(f"γ̂_{m}", complex=True) for m in range(1, k))]


def along(value: sympy.Expr, m: int, k: int) -> sympy.Expr:
    """Derivative of a function of the γ̂_a where the exponents y_j grow by s e^{2πimj/k}: γ̂_a by γ̂_{a+m} − γ̂_aγ̂_m.

    The function is in the symbols of `transform_symbols`; its partial derivatives are not evaluated.
    """
    transform = transform_symbols(k)
    return sympy.Add(
        *(
            (transform[(a + m) % k] - transform[a] * transform[m % k]) * Derivative(value, transform[a])
            for a in range(1, k)
            if value.has(transform[a])
        )
    )


def fourth_cumulant(transform: Sequence[sympy.Expr], m: int, n: int) -> sympy.Expr:
    """κ₄(χ_m, χ̄_m, χ_n, χ̄_n) of a law on Z/k, given its transform γ̂_0 = 1, …, γ̂_{k−1} (conjugate: index −m)."""
    k = len(transform)

    def g(index: int) -> sympy.Expr:
        return transform[index % k]

    return (
        -g(m + n) * g(-m - n)
        - g(m - n) * g(n - m)
        + 2 * (g(m + n) * g(-m) * g(-n) + g(-m - n) * g(m) * g(n))
        + 2 * (g(m - n) * g(-m) * g(n) + g(n - m) * g(m) * g(-n))
        - 6 * g(m) * g(-m) * g(n) * g(-n)
    )
