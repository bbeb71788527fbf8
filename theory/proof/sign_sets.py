"""Sets of signs, and how sums, products and powers of what has them can be signed."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import product

import sympy

Signs = frozenset[int]
"""Some of −1, 0 and 1."""

Domain = Mapping[sympy.Basic, sympy.Set]
"""Symbol → interval."""

ANY: Signs = frozenset({-1, 0, 1})
NONNEGATIVE: Signs = frozenset({0, 1})
POSITIVE_ONLY: Signs = frozenset({1})

_DIGITS = 50
"""Digits to which an exact number is evaluated."""

_TINY = sympy.Rational(1, 10**30)
"""A number whose sign is read off digits must be further from 0 than this."""


def interval_of(symbol: sympy.Basic, domain: Domain) -> sympy.Interval:
    """Return the interval of a symbol: of the domain, or what its assumptions allow."""
    if symbol in domain:
        return domain[symbol]
    if isinstance(symbol, sympy.Indexed) and symbol.base in domain:
        return domain[symbol.base]
    if symbol.is_positive:
        return sympy.Interval(1, sympy.oo) if symbol.is_integer else sympy.Interval.open(0, sympy.oo)
    return sympy.Interval(0 if symbol.is_nonnegative else -sympy.oo, sympy.oo)


def restricted(domain: Domain, *parts: sympy.Basic) -> Domain:
    """Return a domain without the symbols that do not occur in some expressions: their signs do not depend on them."""
    symbols = {symbol for part in parts for symbol in part.atoms(sympy.Symbol)}
    return {name: interval for name, interval in domain.items() if name in symbols or not name.is_Symbol}


def of_number(number: sympy.Expr) -> Signs:
    """Return the sign of an exact number, by algebra or by digits that are away from 0."""
    if number.is_positive:
        return POSITIVE_ONLY
    if number.is_zero or number.equals(0):
        return frozenset({0})
    value = number.evalf(_DIGITS)
    if value.is_Float and abs(value) > _TINY:
        return frozenset({1 if value > 0 else -1})
    return ANY


@lru_cache(maxsize=4096)
def of_interval(interval: sympy.Interval) -> Signs:
    """Return the signs of the numbers of an interval."""
    return frozenset(
        sign
        for sign, part in (
            (-1, sympy.Interval.open(-sympy.oo, 0)),
            (0, sympy.FiniteSet(0)),
            (1, sympy.Interval.open(0, sympy.oo)),
        )
        if interval.intersect(part) is not sympy.S.EmptySet
    )


def of_sum(parts: Iterable[Signs]) -> Signs:
    """Return the signs of a sum of terms with these signs."""
    signs: Signs = frozenset({0})
    for part in parts:
        signs = frozenset(s for a, b in product(signs, part) for s in (ANY if a * b < 0 else {a or b}))
    return signs


def of_product(parts: Iterable[Signs]) -> Signs:
    """Return the signs of a product of factors with these signs."""
    signs = POSITIVE_ONLY
    for part in parts:
        signs = frozenset(a * b for a, b in product(signs, part))
    return signs


def of_power(base: Signs, exponent: sympy.Expr) -> Signs:
    """Return the signs of a power of a base with these signs, any where it may not be defined."""
    if exponent.is_negative and 0 in base:
        return ANY
    signs = base
    if exponent.is_Integer:
        return frozenset(sign ** (2 if exponent % 2 == 0 else 1) if exponent else 1 for sign in signs)
    return signs if base <= NONNEGATIVE else ANY
