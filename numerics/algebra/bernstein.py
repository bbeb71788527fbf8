"""Signs of polynomials on open boxes by Bernstein's form.

Where no coefficient is negative and one is positive, the polynomial is positive on the open box: it is the mean of the
coefficients with positive weights there.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import comb, prod
from typing import Any

import flint

from emtheory.numerics.algebra.polynomial import Polynomial, from_flint
from emtheory.numerics.algebra.real_root import RealRoot
from emtheory.numerics.arithmetic.arb import to_fmpq

Box = tuple[tuple[Fraction, Fraction], ...]
"""Lower and upper end in each variable; where both are the same, that is the value of the variable."""


def bernstein_coefficients(polynomial: Polynomial, box: Box, degrees: Sequence[int] = ()) -> list[Fraction]:
    """Return the coefficients of a polynomial in the Bernstein basis of a box, by default of its own degrees."""
    degrees = degrees or [int(degree) if polynomial != 0 else 0 for degree in polynomial.degrees()]
    shape = [degree + 1 for degree in degrees]
    size = prod(shape)
    values = [Fraction(0)] * size
    strides = [prod(shape[index + 1 :]) for index in range(len(shape))]
    for exponents, coefficient in polynomial.to_dict().items():
        place = sum(int(power) * stride for power, stride in zip(exponents, strides, strict=True))
        values[place] = from_flint(coefficient)
    for index, (degree, stride) in enumerate(zip(degrees, strides, strict=True)):
        if degree:
            for start in range(size):
                if start // stride % shape[index] == 0:
                    line = slice(start, start + degree * stride + 1, stride)
                    values[line] = _along(values[line], box[index])
    return values


def sign_on_open_box(polynomial: Polynomial, box: Box, base: RealRoot | None = None) -> int | None:
    """Return the sign that a polynomial has all over an open box, or None if the coefficients do not tell it.

    `polynomial`, `box`: the box has an interval for each variable, but for the first where there is a base; `base`: the
    value of the first variable, where it stands for a number.
    """
    coefficients = bernstein_coefficients(polynomial, box) if base is None else _signs_over(polynomial, box, base)
    lowest, highest = min(coefficients), max(coefficients)
    if lowest >= 0:
        return 1 if highest > 0 else 0
    return -1 if highest <= 0 else None


def _signs_over(polynomial: Polynomial, box: Box, base: RealRoot) -> list[int]:
    """The signs of the coefficients, polynomials in the base, of which what goes with each power is found by itself."""
    size = int(polynomial.degrees()[0])
    ring = polynomial.context()
    powers: list[dict[tuple[int, ...], Any]] = [{} for _ in range(size + 1)]
    for exponents, coefficient in polynomial.to_dict().items():
        powers[int(exponents[0])][(0, *map(int, exponents[1:]))] = coefficient
    shape = [int(degree) for degree in polynomial.degrees()]
    single = ((Fraction(0), Fraction(0)), *box)
    rows = [bernstein_coefficients(ring.from_dict(terms), single, (0, *shape[1:])) for terms in powers]
    return [base.sign_of(flint.fmpq_poly(list(map(to_fmpq, column)))) for column in zip(*rows, strict=True)]


def _along(powers: Sequence[Fraction], ends: tuple[Fraction, Fraction]) -> list[Fraction]:
    """From coefficients of powers of one variable to those of its Bernstein basis on an interval."""
    lower, upper = ends
    degree = len(powers) - 1
    width = upper - lower
    # Coefficients of powers of t, x = lower + width·t, by Horner's scheme.
    shifted = list(powers)
    for first in range(degree):
        for index in range(degree - 1, first - 1, -1):
            shifted[index] += lower * shifted[index + 1]
    scaled = [value * width**power for power, value in enumerate(shifted)]
    return [
        sum((Fraction(comb(i, j), comb(degree, j)) * scaled[j] for j in range(i + 1)), Fraction(0))
        for i in range(degree + 1)
    ]
