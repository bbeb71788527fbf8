"""What to say about a number that is not exact, so that the reader can write the one that was meant."""

from fractions import Fraction
from numbers import Rational, Real
from reprlib import repr as abbreviated

_LARGEST_SHOWN = 1000
"""Numerator or denominator of a ratio that is proposed for a float; others are proposed as the decimal printed."""


def shown(value: object) -> str:
    """Return any value for a message of one line, cut if it is long; Python writes out no integer of 5000 digits."""
    try:
        return " ".join(abbreviated(value).split())
    except ValueError:
        return f"<{type(value).__name__} too long to write out>"


def is_binary_float(value: object) -> bool:
    """Whether a value is a float of Python, or one of NumPy, mpmath or SymPy."""
    return isinstance(value, Real) and not isinstance(value, Rational)


def refusal(value: object, what: str) -> str:
    """Return the message that `value`, given as `what`, is not exact, with the exact number that was probably meant."""
    if not is_binary_float(value):
        return f"{what} = {shown(value)} is not an exact number: give an integer, a Fraction, or text such as '3/10'"
    return f"{what} = {value} is a binary float; write {_choices(exact_text(value))}"


def exact_text(value: object) -> str:
    """Return, as exact text, the number that a binary float was probably written as: 1/10 for 0.1; empty for nan."""
    try:
        exact = Fraction(str(value))
    except ValueError:
        return ""
    short = max(abs(exact.numerator), exact.denominator) <= _LARGEST_SHOWN
    return str(exact) if short else str(value)


def _choices(text: str) -> str:
    if not text:
        return "an exact number such as '3/10'"
    numerator, slash, denominator = text.partition("/")
    if slash:
        return f"'{text}' or Fraction({numerator}, {denominator})"
    return text if text.lstrip("-").isdecimal() else f"'{text}' or Fraction('{text}')"
