"""Exact rationals as decimal strings, rounded in the direction asked for."""

from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from emtheory.numerics.arithmetic.rational import Bound

_ROUNDING = {"down": ROUND_FLOOR, "up": ROUND_CEILING, "nearest": ROUND_HALF_EVEN}


def decimal_text(value: Bound, digits: int, rounding: str = "nearest") -> str:
    """Write `value` with `digits` significant digits.

    `value`: the number; infinities are written ``inf`` and ``-inf``. `digits`: significant digits, at least 1. A value
    that terminates earlier is written shorter, hence exactly. `rounding`: ``down`` (towards −∞, for lower end points),
    ``up`` (towards +∞) or ``nearest``.
    """
    if isinstance(value, float):
        return "inf" if value > 0 else "-inf"
    context = Context(digits, _ROUNDING[rounding], MIN_EMIN, MAX_EMAX)
    rounded = context.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(context)
    exponent = rounded.adjusted()
    if -7 < exponent < 40:  # beyond, many zeros would be needed
        return f"{rounded:f}"
    return f"{rounded.scaleb(-exponent, context):f}e{exponent:+03d}"


def bound(text: str) -> Bound:
    """Return the end point that `decimal_text` has written."""
    return float(text) if text.endswith("inf") else Fraction(text)
