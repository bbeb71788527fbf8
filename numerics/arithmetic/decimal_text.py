"""Exact rationals as decimal strings, rounded in the direction asked for."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from emtheory.numerics.arithmetic.rational import Bound

_ROUNDING: dict[str, Callable[[Fraction], int]] = {"down": floor, "up": ceil, "nearest": round}


def decimal_text(value: Bound, digits: int, rounding: str = "nearest") -> str:
    """Write `value` with `digits` significant digits.

    Parameters
    ----------
    value
        The number; infinities are written ``inf`` and ``-inf``.
    digits
        Significant digits, at least 1. A value that terminates earlier is written shorter, hence exactly.
    rounding
        ``down`` (towards −∞, for lower end points), ``up`` (towards +∞) or ``nearest``.
    """
    if isinstance(value, float):
        return "inf" if value > 0 else "-inf"
    if value == 0:
        return "0"
    exponent = _decimal_exponent(abs(value))
    unit = exponent - digits + 1
    mantissa = _ROUNDING[rounding](value / Fraction(10) ** unit)
    return _positional(mantissa, unit)


def _decimal_exponent(magnitude: Fraction) -> int:
    """⌊log10 magnitude⌋."""
    estimate = (magnitude.numerator.bit_length() - magnitude.denominator.bit_length()) * 30103 // 100000 - 1
    while Fraction(10) ** (estimate + 1) <= magnitude:
        estimate += 1
    return estimate


def _positional(mantissa: int, unit: int) -> str:
    """Write mantissa·10^unit plainly, or in scientific notation when that needs many zeros."""
    if mantissa == 0:
        return "0"
    sign = "-" if mantissa < 0 else ""
    digits = str(abs(mantissa))
    stripped = digits.rstrip("0")
    unit += len(digits) - len(stripped)
    point = len(stripped) + unit
    if not -6 < point <= 40:
        fraction = f".{stripped[1:]}" if len(stripped) > 1 else ""
        return f"{sign}{stripped[0]}{fraction}e{point - 1:+03d}"
    if unit >= 0:
        return sign + stripped + "0" * unit
    if point <= 0:
        return f"{sign}0.{'0' * -point}{stripped}"
    return f"{sign}{stripped[:point]}.{stripped[point:]}"


def bound(text: str) -> Bound:
    """Return the end point that `decimal_text` has written."""
    return float(text) if text.endswith("inf") else Fraction(text)
