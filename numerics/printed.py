"""An answer as decimal text: as many digits as were asked for, or an error."""

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level

FLOAT_DIGITS = 17
"""They tell any two doubles apart: further ones would say nothing."""
GUARD_DIGITS = 3
"""Shown beyond the digits asked for, so that whoever rounds to these rounds the number and not its rounded text."""


def printed(quantity: str, answer: Enclosure, digits: int) -> dict[str, str | None]:
    """Return value, lower, upper, level and route as text; lower and upper are None unless rigorous.

    CannotAnswerError if the answer has fewer than `digits` correct digits; double precision gives what it gives.

    Parameters
    ----------
    quantity
        Its name, for the error message.
    answer
        What a route found.
    digits
        Significant digits asked for; three more are shown, but of double precision no more than 17.
    """
    if answer.level > Level.OBSERVED and not answer.has_digits(digits):
        lower, upper = decimal_text(answer.lower, 20, "down"), decimal_text(answer.upper, 20, "up")
        note = f" ({answer.note})" if answer.note else ""
        raise CannotAnswerError(
            f"{quantity} is known to lie in [{lower}, {upper}] only, which is not {digits} significant digits{note}"
        )
    shown = digits + GUARD_DIGITS
    if answer.level == Level.OBSERVED:
        shown = min(shown, FLOAT_DIGITS)
    return {
        "value": decimal_text(answer.midpoint, shown),
        "lower": decimal_text(answer.lower, shown, "down") if answer.rigorous else None,
        "upper": decimal_text(answer.upper, shown, "up") if answer.rigorous else None,
        "level": str(answer.level),
        "route": answer.route,
    }
