"""Small things that every computation in balls needs."""

from collections.abc import Sequence
from fractions import Fraction

import flint

WIDE_BITS = 20
"""A ball with fewer correct bits is taken for an interval, whose image is that of its ends."""


def to_fmpq(value: Fraction) -> flint.fmpq:
    """Convert an exact rational."""
    return flint.fmpq(value.numerator, value.denominator)


def smallest(values: Sequence[flint.arb]) -> flint.arb:
    """Return a ball around the minimum."""
    result = values[0]
    for value in values[1:]:
        result = result.min(value)
    return result


def power(value: flint.arb, exponent: int) -> flint.arb:
    """Return a small power of a ball, which contains that of every number in it, also where 0 is among them."""
    if exponent == 0:
        return flint.arb(1)
    if value.is_exact() or value.rel_accuracy_bits() > WIDE_BITS or exponent == 1:
        result = value
        for _ in range(exponent - 1):
            result *= value
        return result
    ends = power(value.lower(), exponent).union(power(value.upper(), exponent))
    return ends.union(flint.arb(0)) if exponent % 2 == 0 and value.contains(0) else ends
