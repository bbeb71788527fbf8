"""Sums of logarithms and an algebraic part, Σ q_i log r_i + b, with algebraic derivatives and tests for zero.

At an algebraic place x the sum is the logarithm of the algebraic number Π r_i(x)^{q_i}, plus b(x). A logarithm of an
algebraic number other than 1 is transcendental (Lindemann), so that the sum is 0 only if that product is 1 and b(x)
is 0; otherwise a ball around it that is narrow enough does not contain 0.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.algebra.polynomial import constant, constant_value, to_flint
from emtheory.numerics.algebra.quotient import Quotient, from_polynomial, inverse, power
from emtheory.numerics.algebra.radical import Radical, SignOf
from emtheory.numerics.algebra.real_root import Coordinate, RealRoot
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import CannotAnswerError

_FIRST_BITS = 64
"""Of precision with which a sign is tried first; it is doubled until it shows."""


@dataclass(frozen=True, eq=False)
class LogSum:
    """Σ q_i log r_i + b in one variable.

    Attributes
    ----------
    terms
        The rational numbers q_i with the quotients r_i, positive at the place in question.
    rest
        The quotient b.
    """

    terms: Sequence[tuple[Fraction, Quotient]]
    rest: Quotient

    def slope(self, sign_of: SignOf) -> int:
        """Return the sign of the derivative.

        Raises
        ------
        CannotAnswerError
            If a quotient has square roots of what varies.
        """
        total = _derivative(self.rest)
        for factor, argument in self.terms:
            total += _rational(factor, argument) * _derivative(argument) * inverse(argument, sign_of)
        return total.sign(sign_of)

    def sign_at(self, place: Coordinate, sign_of: SignOf) -> int:
        """Return the sign at a place at which `sign_of` gives those of polynomials."""
        if self.rest.sign(sign_of) == 0 and self.product(sign_of).sign(sign_of) == 0:
            return 0
        bits = _FIRST_BITS
        while True:
            with arb_precision(2 * bits):
                x = _ball(place, bits)
                value = _at(self.rest, x)
                for factor, argument in self.terms:
                    value += to_flint(factor) * _at(argument, x).log()
                if value > 0 or value < 0:
                    return 1 if value > 0 else -1
            bits *= 2

    def product(self, sign_of: SignOf) -> Quotient:
        """Return Π r_i^{n q_i} − 1, with n the common denominator of the q_i: 0 where the logarithms add up to 0."""
        common = math.lcm(*(factor.denominator for factor, _ in self.terms))
        product = _rational(Fraction(1), self.rest)
        for factor, argument in self.terms:
            product *= power(argument, factor * common, sign_of)
        return product - _rational(Fraction(1), self.rest)


def _rational(value: Fraction, like: Quotient) -> Quotient:
    return from_polynomial(constant(like.numerator.ring, value))


def _derivative(value: Quotient) -> Quotient:
    above, below = value.numerator, value.denominator
    return Quotient(_slope(above) * below - above * _slope(below), below * below)


def _slope(element: Radical) -> Radical:
    """The derivative of an element whose square roots are constants."""
    if any(constant_value(radicand) is None for root in element.roots for radicand in root.radicand.terms.values()):
        raise CannotAnswerError("a derivative of a square root of what varies")
    slopes = {roots: polynomial.derivative(0) for roots, polynomial in element.terms.items()}
    return Radical(element.ring, {roots: polynomial for roots, polynomial in slopes.items() if polynomial != 0})


def _ball(place: Coordinate, bits: int) -> flint.arb:
    return place.within(Fraction(1, 2**bits)).ball() if isinstance(place, RealRoot) else flint.arb(to_flint(place))


def _at(value: Quotient, x: flint.arb) -> flint.arb:
    return _element_at(value.numerator, x) / _element_at(value.denominator, x)


def _element_at(element: Radical, x: flint.arb) -> flint.arb:
    total = flint.arb(0)
    for roots, polynomial in element.terms.items():
        term = flint.arb(0)
        for exponents, coefficient in polynomial.to_dict().items():
            term += flint.arb(coefficient) * _power(x, int(exponents[0]))
        for root in roots:
            term *= _element_at(root.radicand, x).sqrt()
        total += term
    return total


def _power(x: flint.arb, exponent: int) -> flint.arb:
    result = flint.arb(1)
    for _ in range(exponent):
        result = result * x
    return result
