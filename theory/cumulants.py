"""Derivatives of functions of the posterior along directions of the exponents, which are its cumulants."""

from collections.abc import Sequence

import sympy

__all__ = ["directional_derivative", "fourth_cumulant"]


def _pairing(gamma: Sequence[sympy.Expr], vector: Sequence[sympy.Expr]) -> sympy.Expr:
    return sympy.Add(*(g * v for g, v in zip(gamma, vector, strict=True)))


def directional_derivative(
    polynomial: sympy.Expr, direction: Sequence[sympy.Expr], gamma: Sequence[sympy.Symbol]
) -> sympy.Expr:
    """Derivative of a polynomial in the posterior along a direction of the exponents."""
    mean = _pairing(gamma, direction)
    return sympy.expand(
        sympy.Add(*(sympy.diff(polynomial, g) * g * (v - mean) for g, v in zip(gamma, direction, strict=True)))
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
