"""Polynomials in standard normal coordinates: their moments, and majorants by which errors are bounded."""

import math
from collections.abc import Iterator, Mapping
from itertools import product
from operator import add

from emtheory.numerics.arithmetic.rounding import SLACK
from emtheory.numerics.expectation.dual import Dual
from emtheory.numerics.expectation.form import Exponents, Numbers

Majorant = Mapping[Exponents, float]
"""Exponents → a bound of the coefficient's modulus, but for roundings: what is made of it is taken up by `SLACK`."""


def moment(e: Exponents) -> int:
    """E Π z_s^{e_s}, which is 0 where an exponent is odd."""
    return 0 if any(power % 2 for power in e) else math.prod(math.prod(range(power - 1, 0, -2)) for power in e)


def scaled(number: Dual, factor: int) -> Dual:
    """Return a multiple of a number with derivatives."""
    return Dual(number.value * factor, tuple(slope * factor for slope in number.slopes))


def values_of(polynomial: Mapping[Exponents, Dual]) -> Numbers:
    """Return a polynomial without the derivatives of its coefficients."""
    return {e: coefficient.value for e, coefficient in polynomial.items()}


def slopes_of(polynomial: Mapping[Exponents, Dual], p: int) -> Numbers:
    """Return the derivative of a polynomial's coefficients in the variable p, those that are 0 left out."""
    return {e: coefficient.slopes[p] for e, coefficient in polynomial.items() if coefficient.slopes[p] != 0}


def majorant_of(polynomial: Numbers) -> Majorant:
    """Return the moduli of a polynomial's coefficients."""
    return {e: float(coefficient.abs_upper()) * SLACK for e, coefficient in polynomial.items()}


def largest_of(majorants: Iterator[Majorant]) -> Majorant:
    """Return a majorant of several polynomials at once."""
    result: dict[Exponents, float] = {}
    for majorant in majorants:
        for e, value in majorant.items():
            result[e] = max(value, result.get(e, 0.0))
    return result


def added(left: Majorant, right: Majorant) -> Majorant:
    """Return a majorant of the sum."""
    return {e: left.get(e, 0.0) + right.get(e, 0.0) for e in {**left, **right}}


def multiplied(left: Majorant, right: Majorant) -> Majorant:
    """Return a majorant of the product."""
    result: dict[Exponents, float] = {}
    for (first, a), (second, b) in product(left.items(), right.items()):
        e = tuple(map(add, first, second))
        result[e] = result.get(e, 0.0) + a * b
    return result
