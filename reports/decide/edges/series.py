"""Functions near a number as their Taylor polynomials there, with what is left."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from emtheory.numerics.intervals.interval import Interval, cos, exp, from_rational, power, sin
from emtheory.numerics.level import Level


@dataclass(frozen=True)
class Series:
    """A function near c: its Taylor coefficients there, and the n-th one anywhere between c and c + y."""

    at: Fraction
    coefficient: Callable[[int], Fraction]
    last: Callable[[Interval, int], Interval]


def _power_series(exponent: Fraction) -> Series:
    def coefficient(i: int) -> Fraction:
        return math.prod((exponent - j for j in range(i)), start=Fraction(1)) / math.factorial(i)

    def last(y: Interval, n: int) -> Interval:
        whole = from_rational(1, Level.EXACT) + y
        return power(whole, from_rational(exponent - n, Level.EXACT)) * from_rational(coefficient(n), Level.EXACT)

    return Series(Fraction(1), coefficient, last)


def _log_series() -> Series:
    slope = _power_series(Fraction(-1))
    return Series(
        Fraction(1),
        lambda i: slope.coefficient(i - 1) / i if i else Fraction(0),
        lambda y, n: slope.last(y, n - 1) * from_rational(Fraction(1, n), Level.EXACT),
    )


def _turning_series(first: int) -> Series:
    """The sine, or from its first derivative on the cosine."""

    def sign(i: int) -> int:
        return -1 if (i + first) % 4 > 1 else 1

    return Series(
        Fraction(0),
        lambda i: Fraction(sign(i) * ((i + first) % 2), math.factorial(i)),
        lambda y, n: (
            (cos if (n + first) % 2 else sin)(y) * from_rational(Fraction(sign(n), math.factorial(n)), Level.EXACT)
        ),
    )


SERIES: Mapping[str, Series] = MappingProxyType(
    {
        "exp": Series(
            Fraction(0),
            lambda i: Fraction(1, math.factorial(i)),
            lambda y, n: exp(y) * from_rational(Fraction(1, math.factorial(n)), Level.EXACT),
        ),
        "log": _log_series(),
        "sqrt": _power_series(Fraction(1, 2)),
        "sin": _turning_series(0),
        "cos": _turning_series(1),
    }
)
"""Of functions that statements know."""
