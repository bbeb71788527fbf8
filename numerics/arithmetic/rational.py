"""Exact rational numbers: from text, which is matched and never evaluated, and their logarithms."""

import math
import re
from fractions import Fraction

from emtheory.numerics.errors import InputError

Bound = Fraction | float
"""An end point: an exact rational, or ±math.inf."""

MAX_DIGITS = 1000
"""The longest number accepted, in characters; it also bounds the exponent of a decimal."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,6}))?")
_RATIO = re.compile(r"[+-]?[0-9]+/[0-9]+")


def parse_rational(text: str, what: str = "number") -> Fraction:
    """Return the exact value of `text`.

    Parameters
    ----------
    text
        An integer, a decimal (``0.3`` is 3/10 exactly, ``1e-6`` too) or a ratio of integers (``1/2``).
    what
        How an error names the value.

    Raises
    ------
    InputError
        If `text` is none of these, is longer than 1000 characters, or has an exponent beyond ±1000.
    """
    text = text.strip()
    if len(text) > MAX_DIGITS:
        raise InputError(f"{what} {text[:12]}… has {len(text)} characters; at most {MAX_DIGITS} are accepted")
    if _RATIO.fullmatch(text):
        numerator, denominator = text.split("/")
        if int(denominator) == 0:
            raise InputError(f"{what} {text!r} divides by zero")
        return Fraction(int(numerator), int(denominator))
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise InputError(f"{what} {text!r} is not an exact number: write 3, 0.3, 1e-6 or 3/10")
    if match[1] and abs(int(match[1])) > MAX_DIGITS:
        raise InputError(f"{what} {text!r} has an exponent beyond ±{MAX_DIGITS}")
    return Fraction(text)


def log_of(value: Fraction) -> float:
    """Logarithm of a positive rational, also of one beyond the range of floats."""
    return math.log(value.numerator) - math.log(value.denominator)


def smallness(value: Fraction) -> float:
    """−log of a value in (0, 1): the accuracy that its small size costs; 0 for other values."""
    return -log_of(value) if 0 < value < 1 else 0.0
