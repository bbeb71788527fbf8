"""How many digits of a value are right, judged by a certified value with many more."""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.evaluate import evaluate

MORE = 15
"""Digits of the certified value beyond those asked of the sides: more agreement than that is not told apart."""


@cache
def certified(quantity: str, case: Case, digits: int, arguments: tuple[tuple[str, Fraction], ...] = ()) -> Fraction:
    """Return the centre of a certified enclosure with so many digits."""
    return Fraction(evaluate(quantity, case, dict(arguments), digits, "ball").midpoint)


def digits_right(
    quantity: str, case: Case, digits: int, *, more: int = MORE, **arguments: int
) -> Callable[[Any], float]:
    """Return value ↦ number of right digits; sides may give enclosures or any exact or floating number.

    `more` is how many the certified value has beyond those asked of the sides.
    """
    exact = tuple((name, Fraction(value)) for name, value in arguments.items())

    def reached(value: Any) -> float:
        truth = certified(quantity, case, digits + more, exact)
        number = Fraction(value.midpoint if isinstance(value, Enclosure) else value)
        return agreement(number, truth, digits + more)

    return reached


def agreement(value: Fraction, truth: Fraction, most: int) -> float:
    """Digits in which a value agrees with the truth, `most` at the most."""
    error = abs(value / truth - 1) if truth else abs(value)
    if error == 0:
        return float(most)
    return round(min(float(most), math.log10(error.denominator) - math.log10(error.numerator)), 1)
