"""Cumulants of a sample by its power means."""

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
