"""Small things that every computation in balls needs."""

from collections.abc import Sequence
from fractions import Fraction

import flint


def to_fmpq(value: Fraction) -> flint.fmpq:
    """Convert an exact rational."""
    return flint.fmpq(value.numerator, value.denominator)


def smallest(values: Sequence[flint.arb]) -> flint.arb:
    """Return a ball around the minimum."""
    result = values[0]
    for value in values[1:]:
        result = result.min(value)
    return result
