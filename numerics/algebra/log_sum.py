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

from emtheory.numerics.algebra.polynomial import constant, univariate
from emtheory.numerics.algebra.quotient import Quotient, from_polynomial, inverse, power
from emtheory.numerics.algebra.radical import Radical, SignOf, plain, without_zeros
from emtheory.numerics.algebra.rational_function import RationalFunction
from emtheory.numerics.algebra.rational_function import sign_of as sign_of_number
from emtheory.numerics.algebra.real_root import Coordinate, RealRoot
from emtheory.numerics.arithmetic.arb import power as arb_power
from emtheory.numerics.arithmetic.arb import seen_sign, to_arb, to_fmpq

_LARGEST_POWER = 1000
"""Of rational numbers whose product is compared with 1."""


@dataclass(frozen=True, eq=False)
class LogSum:
    """Σ q_i log r_i + b in one variable.

    `terms`: the rational numbers q_i with the quotients r_i, positive at the place in question; `rest`: the quotient b.
    """

    terms: Sequence[tuple[Fraction, Quotient]]
    rest: Quotient

    def slope(self, sign_of: SignOf) -> int:
        """Return the sign of the derivative; CannotAnswerError if its degree is out of reach."""
        total = _derivative(self.rest)
        for factor, argument in self.terms:
            total += _rational(factor, argument) * _derivative(argument) * inverse(argument, sign_of)
        return total.sign(sign_of)

    def sign_at(self, place: Coordinate, sign_of: SignOf) -> int:
        """Return the sign at a place at which `sign_of` gives those of polynomials."""
        if self.rest.sign(sign_of) == 0 and self.product(sign_of).sign(sign_of) == 0:
            return 0

        def value(bits: int) -> flint.arb:
            x = _ball(place, bits)
            return sum((to_fmpq(q) * _at(argument, x).log() for q, argument in self.terms), start=_at(self.rest, x))

        return seen_sign(value)

    def at_end(self, sign_of: SignOf) -> "LogSum | None":
        """Return the sum at an end of the interval that it was made for; None if it has no value there.

        `sign_of`: the signs of polynomials at the end.
        """
        rest, *arguments = (
            Quotient(without_zeros(each.numerator, sign_of), without_zeros(each.denominator, sign_of))
            for each in (self.rest, *(argument for _, argument in self.terms))
        )
        if not all(each.denominator.sign(sign_of) for each in (rest, *arguments)):
            return None
        if any(argument.sign(sign_of) <= 0 for argument in arguments):
            return None
        return LogSum([(factor, each) for (factor, _), each in zip(self.terms, arguments, strict=True)], rest)

    def sign_of_limit(self, end: Fraction | None, side: int) -> int | None:
        """Return the sign of the limit at an end of an interval, also where it is infinite.

        `end`: the end, or None for +∞; `side`: 1 where the interval lies above the end, −1 where it lies below. None if
        it is not known: where square roots stand in the sum.
        """
        rest = _leading(self.rest, end, side)
        parts = [_leading(argument, end, side) for _, argument in self.terms]
        if rest is None or None in parts:
            return None
        leading = [part for part in parts if part is not None]
        factors = [factor for factor, _ in self.terms]
        if rest.coefficient and rest.order < 0:
            return sign_of_number(rest.coefficient)
        # Of log t, where t → 0 is the distance from the end, or 1/x.
        order = sum((factor * part.order for factor, part in zip(factors, leading, strict=True)), Fraction(0))
        if order:
            return -sign_of_number(order)
        constants = [part.coefficient for part in leading]
        return _sign_of_sum(factors, constants, Fraction(0) if rest.order else rest.coefficient)

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
    above, below = _whole(value.numerator), _whole(value.denominator)
    change = _slope(value.numerator) * below - above * _slope(value.denominator)
    return change * Quotient(_one(value.numerator), value.denominator * value.denominator)


def _slope(element: Radical) -> Quotient:
    """The derivative, where √r changes by r′/(2√r) = √r r′/(2r)."""
    total = _whole(Radical(element.ring, {}))
    for roots, polynomial in element.terms.items():
        part = _whole(plain(polynomial.derivative(0)))
        for root in roots:
            half = Quotient(_one(element), root.radicand + root.radicand)
            part += _whole(plain(polynomial)) * _slope(root.radicand) * half
        total += _whole(Radical(element.ring, {roots: constant(element.ring, Fraction(1))})) * part
    return total


def _whole(element: Radical) -> Quotient:
    return Quotient(element, _one(element))


def _one(like: Radical) -> Radical:
    return plain(constant(like.ring, Fraction(1)))


@dataclass(frozen=True)
class _Leading:
    """c tⁿ, what a quotient of polynomials is nearly where t → 0."""

    coefficient: Fraction
    order: int


def _leading(value: Quotient, end: Fraction | None, side: int) -> _Leading | None:
    """The leading term at an end, t being the distance from it, or 1/x; None of what has square roots."""
    above, below = value.numerator.polynomial, value.denominator.polynomial
    if above is None or below is None:
        return None
    function = RationalFunction(univariate(above, 0), univariate(below, 0))
    if function.is_zero:
        return _Leading(Fraction(0), 0)
    order, (coefficient,) = function.expanded(end, side, 1)
    return _Leading(coefficient, order)


def _sign_of_sum(factors: Sequence[Fraction], arguments: Sequence[Fraction], rest: Fraction) -> int | None:
    """The sign of Σ q_i log c_i + b for positive rational numbers c_i; None where powers of these are too large."""
    if not rest:
        common = math.lcm(*(factor.denominator for factor in factors))
        powers = [int(factor * common) for factor in factors]
        if max(map(abs, powers), default=0) > _LARGEST_POWER:
            return None
        product = math.prod((c**n for c, n in zip(arguments, powers, strict=True)), start=Fraction(1))
        return sign_of_number(product - 1)
    pairs = [(to_fmpq(factor), to_fmpq(argument)) for factor, argument in zip(factors, arguments, strict=True)]
    return seen_sign(lambda _: sum((q * flint.arb(c).log() for q, c in pairs), start=to_arb(rest)))


def _ball(place: Coordinate, bits: int) -> flint.arb:
    return place.within(Fraction(1, 2**bits)).ball() if isinstance(place, RealRoot) else to_arb(place)


def _at(value: Quotient, x: flint.arb) -> flint.arb:
    return _element_at(value.numerator, x) / _element_at(value.denominator, x)


def _element_at(element: Radical, x: flint.arb) -> flint.arb:
    total = flint.arb(0)
    for roots, polynomial in element.terms.items():
        term = flint.arb(0)
        for exponents, coefficient in polynomial.to_dict().items():
            term += flint.arb(coefficient) * arb_power(x, int(exponents[0]))
        for root in roots:
            term *= _element_at(root.radicand, x).sqrt()
        total += term
    return total
