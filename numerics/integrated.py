"""A number by mpmath's quadrature, with many times the error that it reports of itself: level `supported`."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from emtheory.numerics.arithmetic.precision import mp_context
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level

_GUARD_DIGITS = 8
"""The quadrature works with so many digits beyond those asked for."""
_MARGIN = 100
"""Times the error that the quadrature reports of itself."""


def integrated(compute: Callable[[Any], tuple[Any, Any]], digits: int) -> Enclosure:
    """Return what a computation gives: mpmath context ↦ a number, and its error as the quadrature reports it.

    CannotAnswerError if the digits are not reached.
    """
    with mp_context(round((digits + _GUARD_DIGITS) * 3.33) + 20) as context:
        value, error = compute(context)
        middle = rational_of(value)
        spread = rational_of(_MARGIN * error) + abs(middle) / 10 ** (digits + _GUARD_DIGITS // 2)
    result = Enclosure(middle - spread, middle + spread, Level.SUPPORTED, "mp")
    if result.has_digits(digits):
        return result
    raise CannotAnswerError(f"the quadrature does not reach {digits} digits; the value may be zero")


def number(context: Any, value: Fraction) -> Any:
    """Return a rational at the context's precision."""
    return context.mpf(value.numerator) / value.denominator


def rational_of(value: Any) -> Fraction:
    """Return the exact value of a number of mpmath."""
    sign, mantissa, exponent, _ = value._mpf_
    magnitude: Fraction = int(mantissa) * Fraction(2) ** exponent
    return -magnitude if sign else magnitude
