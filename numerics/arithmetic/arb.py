"""Small things that every computation in balls needs."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.precision import arb_precision

_FIRST_BITS = 64
"""Of precision with which a sign is tried first; it is doubled until it shows."""
WIDE_BITS = 20
"""A ball with fewer correct bits is taken for an interval, whose image is that of its ends."""


def to_fmpq(value: Fraction) -> flint.fmpq:
    """Convert an exact rational."""
    return flint.fmpq(value.numerator, value.denominator)


def to_arb(value: Fraction) -> flint.arb:
    """Return a ball around a rational number, at the precision in force."""
    return flint.arb(to_fmpq(value))


def smallest(values: Sequence[flint.arb]) -> flint.arb:
    """Return a ball around the minimum."""
    result = values[0]
    for value in values[1:]:
        result = result.min(value)
    return result


def seen_sign(value: Callable[[int], flint.arb], most: int | None = None) -> int:
    """Return the sign of a number, from balls around it: bits ↦ a ball, at twice so many bits of precision.

    Of 0 it is never seen, so that the number of bits has to be limited unless it is another one; then 0 is returned.
    """
    bits = _FIRST_BITS
    while most is None or bits <= most:
        with arb_precision(2 * bits):
            found = value(bits)
        if found > 0 or found < 0:
            return 1 if found > 0 else -1
        bits *= 2
    return 0


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


def sign_over(value: flint.arb) -> flint.arb:
    """Return the sign all over a ball: what is from −1 to 1 where that contains 0."""
    return flint.arb(0, 1) if value.contains(0) else flint.arb(1 if value > 0 else -1)
