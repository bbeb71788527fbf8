"""Exact rational numbers: as people give them, and their logarithms."""

import math
from collections.abc import Sequence
from fractions import Fraction
from numbers import Integral, Rational

from emtheory.numerics.errors import InputError
from emtheory.theory.inexact import is_binary_float, refusal, shown
from emtheory.theory.syntax import MAX_DIGITS, parse_rational

__all__ = [
    "MAX_DIGITS",
    "Bound",
    "Exact",
    "exact_integer",
    "exact_number",
    "exact_numbers",
    "log_of",
    "parse_rational",
    "smallness",
]

Exact = int | str | Fraction
"""A number without rounding: 3, "3/10", "0.3", Fraction(3, 10)."""

Bound = Fraction | float
"""An end point: an exact rational, or ±math.inf."""


def exact_number(value: object, what: str) -> Fraction:
    """Return the exact value of text as for `parse_rational`, or of an exact number (`numbers.Rational`).

    InputError, which names it `what`, if it is anything else, above all a binary float: 0.1 is not 1/10, and what was
    meant is not for us to guess.
    """
    if isinstance(value, str):
        return parse_rational(value, what)
    if not isinstance(value, Rational) or isinstance(value, bool):
        raise InputError(refusal(value, what))
    number = Fraction(int(value.numerator), int(value.denominator))
    if max(abs(number.numerator), number.denominator) >= 10**MAX_DIGITS:
        raise InputError(f"{what} has more than {MAX_DIGITS} digits; at most {MAX_DIGITS} are accepted")
    return number


def exact_numbers(values: object, what: str) -> tuple[Fraction, ...]:
    """Return the exact numbers of ``"1/2,1/2"``, or of a list or tuple of what `exact_number` takes.

    InputError, which names it `what`, if one is not exact.
    """
    parts = values.split(",") if isinstance(values, str) else values
    if not isinstance(parts, Sequence) or isinstance(parts, bytes | bytearray):
        raise InputError(f"{what} list {shown(values)}: text with commas, or a list of exact numbers, is wanted")
    return tuple(exact_number(part, what) for part in parts)


def exact_integer(value: object, what: str) -> int:
    """Return an integer that is given as one; InputError, which names it `what`, for anything else, also for 3.0."""
    if isinstance(value, Integral) and not isinstance(value, bool) and abs(int(value)) < 10**MAX_DIGITS:
        return int(value)
    if is_binary_float(value):
        raise InputError(refusal(value, what))
    raise InputError(f"{what} = {shown(value)} is not an integer such as 3")


def log_of(value: Fraction) -> float:
    """Logarithm of a positive rational, also of one beyond the range of floats."""
    return math.log(value.numerator) - math.log(value.denominator)


def smallness(value: Fraction) -> float:
    """−log of a value in (0, 1): the accuracy that its small size costs; 0 for other values."""
    return -log_of(value) if 0 < value < 1 else 0.0
