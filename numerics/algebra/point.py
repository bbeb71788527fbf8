"""Signs of polynomials at points whose coordinates are real algebraic numbers, exactly."""

from collections.abc import Sequence
from fractions import Fraction

import flint

from emtheory.numerics.algebra.polynomial import Polynomial, at, constant_value, degree, from_flint, ring_of, univariate
from emtheory.numerics.algebra.real_root import Coordinate, RealRoot
from emtheory.numerics.arithmetic.arb import power, seen_sign, to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import CannotAnswerError

_MAX_DEGREE = 64
"""Of a number that is tested for zero at a point with two irrational coordinates: a resultant of this degree takes
seconds at most."""

_UNTESTED_BITS = 256
"""Of precision to which a sign is sought before a test for zero, which takes longer."""

AlgebraicPoint = tuple[Coordinate, ...]


def sign_at(polynomial: Polynomial, point: AlgebraicPoint) -> int:
    """Return −1, 0 or 1, the sign of a polynomial at a point.

    CannotAnswerError if more than two coordinates that matter are irrational, or two of high degree.
    """
    rational = {index: place for index, place in enumerate(point) if isinstance(place, Fraction)}
    rest = at(polynomial, rational)
    value = constant_value(rest)
    if value is not None:
        return (value > 0) - (value < 0)
    irrational = [
        (index, place) for index, place in enumerate(point) if isinstance(place, RealRoot) and degree(rest, index)
    ]
    if len(irrational) == 1:
        ((index, root),) = irrational
        return root.sign_of(univariate(rest, index))
    if len(irrational) == 2:
        return _sign_at_two(rest, irrational[0], irrational[1])
    raise CannotAnswerError(f"the sign of a polynomial at a point with {len(irrational)} irrational coordinates")


def is_rational(point: AlgebraicPoint) -> bool:
    """Whether all coordinates are."""
    return all(isinstance(place, Fraction) for place in point)


def _sign_at_two(polynomial: Polynomial, first: tuple[int, RealRoot], second: tuple[int, RealRoot]) -> int:
    sign = seen_sign(lambda bits: _value(polynomial, (first, second), bits), _UNTESTED_BITS)
    if sign:
        return sign
    smallest = _smallest_modulus(polynomial, first, second)
    bits = 2 * _UNTESTED_BITS
    while True:
        value = _value(polynomial, (first, second), bits)
        if value > 0 or value < 0:
            return 1 if value > 0 else -1
        if value.is_finite() and value.abs_upper() < to_fmpq(smallest):
            return 0
        bits *= 2


def _value(polynomial: Polynomial, roots: Sequence[tuple[int, RealRoot]], bits: int) -> flint.arb:
    with arb_precision(2 * bits):
        balls = {index: root.within(Fraction(1, 2**bits)).ball() for index, root in roots}
        total = flint.arb(0)
        for exponents, coefficient in polynomial.to_dict().items():
            term = flint.arb(coefficient)
            for index, ball in balls.items():
                term = term * power(ball, int(exponents[index]))
            total += term
        return total


def _smallest_modulus(polynomial: Polynomial, first: tuple[int, RealRoot], second: tuple[int, RealRoot]) -> Fraction:
    """A number below the modulus of the polynomial at the two roots, if that is not 0.

    It is a root of the resultant P(z) of z − p(x, y) with the polynomials of both roots. Divided by a power of z it has
    a constant term c ≠ 0, and by Cauchy's bound no root of modulus below |c| / (|c| + max |coefficient|).
    """
    (i, left), (j, right) = first, second
    if left.polynomial.degree() * right.polynomial.degree() > _MAX_DEGREE:
        raise CannotAnswerError(f"a test for zero at a number of degree beyond {_MAX_DEGREE}")
    ring = ring_of(("x", "y", "z"))
    gens = ring.gens()
    terms = {(int(powers[i]), int(powers[j]), 0): value for powers, value in polynomial.to_dict().items()}
    eliminated = gens[2] - ring.from_dict(terms)
    for index, root in enumerate((left, right)):
        minimal = sum(int(coefficient) * gens[index] ** power for power, coefficient in enumerate(root.polynomial))
        eliminated = eliminated.resultant(minimal, index)
    coefficients = [abs(from_flint(c)) for c in univariate(eliminated, 2) if c != 0]
    lowest = coefficients[0]
    return lowest / (lowest + max(coefficients))
