"""Cumulants, those of a sample by its power means among them; and the transform γ̂_m = Σ_j γ_j e^{2πimj/k}."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import sympy
from sympy import Derivative, Subs

SAMPLE_CUMULANTS: Mapping[int, Mapping[tuple[int, ...], int]] = MappingProxyType(
    {
        2: {(2,): 1, (1, 1): -1},
        4: {(4,): 1, (1, 3): -4, (2, 2): -3, (1, 1, 2): 12, (1, 1, 1, 1): -6},
        6: {
            (6,): 1,
            (1, 5): -6,
            (2, 4): -15,
            (3, 3): -10,
            (1, 1, 4): 30,
            (1, 2, 3): 120,
            (2, 2, 2): 30,
            (1, 1, 1, 3): -120,
            (1, 1, 2, 2): -270,
            (1, 1, 1, 1, 2): 360,
            (1, 1, 1, 1, 1, 1): -120,
        },
    }
)
"""Order → products of power means in the cumulant of a sample, by their exponents → their factors."""


def logarithmic_derivative(order: int, moments: Sequence[sympy.Expr], t: sympy.Symbol) -> sympy.Expr:
    """The derivative at 0 of log(1 + t m_1 + t²m_2/2 + …), unevaluated."""
    mean = 1 + sympy.Add(*(t**n * m / sympy.factorial(n) for n, m in enumerate(moments[:order], start=1)))
    return Subs(Derivative(sympy.log(mean), (t, order)), t, 0)


def in_moments(order: int, moments: Sequence[sympy.Expr]) -> sympy.Expr:
    """The same as a polynomial in the moments."""
    terms = SAMPLE_CUMULANTS[order].items()
    return sympy.Add(*(factor * sympy.Mul(*(moments[n - 1] for n in product)) for product, factor in terms))


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
