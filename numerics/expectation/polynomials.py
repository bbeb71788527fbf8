"""Polynomials in standard normal coordinates: their moments, and majorants by which errors are bounded."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from operator import add
from typing import Any

from emtheory.numerics.arithmetic.rounding import SLACK
from emtheory.numerics.expectation.form import Exponents, Form, Numbers
from emtheory.numerics.expectation.program import Dual
from emtheory.theory.mixtures.means import Mean

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
    return {e: coefficient.slopes[p] for e, coefficient in polynomial.items() if not coefficient.slopes[p].is_zero()}


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


def multiplied(left: Mapping[Exponents, Any], right: Mapping[Exponents, Any]) -> dict[Exponents, Any]:
    """Return the product, for numbers of any arithmetic; of majorants one of the product."""
    result: dict[Exponents, Any] = {}
    for (first, a), (second, b) in product(left.items(), right.items()):
        e = tuple(map(add, first, second))
        result[e] = result[e] + a * b if e in result else a * b
    return result


def polynomial_of(form: Form, mean: Mean, one: Any) -> Numbers:
    """Return x^a as a polynomial in z."""
    result: Numbers = {(0,) * form.size: one}
    for coordinate, power in zip(form.observation, mean.x, strict=True):
        for _ in range(power):
            result = multiplied(result, coordinate)
    return result


def combined(form: Form, terms: Sequence[tuple[Any, Mean]], one: Any) -> dict[Exponents, Any]:
    """Return Σ c x^a as a polynomial in z, for numbers of any arithmetic."""
    result: dict[Exponents, Any] = {}
    for coefficient, mean in terms:
        for e, value in polynomial_of(form, mean, one).items():
            result[e] = result[e] + coefficient * value if e in result else coefficient * value
    return result


def folded(polynomial: Mapping[Exponents, Any], form: Form) -> dict[Exponents, Any]:
    """Return the mean of a polynomial over all coordinates but a form's active ones, without what is odd in these."""
    result: dict[Exponents, Any] = {}
    for e, coefficient in polynomial.items():
        factor = moment(tuple(power for s, power in enumerate(e) if s not in form.active))
        own = tuple(e[s] for s in form.active)
        if factor and not form.is_odd(own):
            value = coefficient if factor == 1 else _multiple(coefficient, factor)
            result[own] = result[own] + value if own in result else value
    return result


def _multiple(number: Any, factor: int) -> Any:
    return scaled(number, factor) if isinstance(number, Dual) else number * factor
