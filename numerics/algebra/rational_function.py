"""Rational functions of one variable over ℚ, and the first terms of their expansions at an end of an interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.algebra.polynomial import from_flint
from emtheory.numerics.arithmetic.arb import to_fmpq

Series = Sequence[Fraction]
"""Coefficients of t⁰, t¹, … up to some order."""


@dataclass(frozen=True, eq=False)
class RationalFunction:
    """A quotient of polynomials without common factors; the one below is not 0."""

    above: flint.fmpq_poly
    below: flint.fmpq_poly

    def __add__(self, other: "RationalFunction") -> "RationalFunction":
        return quotient(self.above * other.below + other.above * self.below, self.below * other.below)

    def __neg__(self) -> "RationalFunction":
        return RationalFunction(-self.above, self.below)

    def __sub__(self, other: "RationalFunction") -> "RationalFunction":
        return self + -other

    def __mul__(self, other: "RationalFunction") -> "RationalFunction":
        return quotient(self.above * other.above, self.below * other.below)

    def over(self, other: "RationalFunction") -> "RationalFunction":
        """Return the function divided by another one, which is not 0."""
        return quotient(self.above * other.below, self.below * other.above)

    @property
    def is_zero(self) -> bool:
        """Whether it is 0 everywhere."""
        return not self.above

    @property
    def slope(self) -> "RationalFunction":
        """The derivative."""
        change = self.above.derivative() * self.below - self.above * self.below.derivative()
        return quotient(change, self.below * self.below)

    @property
    def growth(self) -> int:
        """The n for which it is about a multiple of xⁿ for large x; it is not 0."""
        return int(self.above.degree() - self.below.degree())

    @property
    def sign_far_out(self) -> int:
        """Its sign for large x."""
        above, below = (each[each.degree()] for each in (self.above, self.below))
        return sign_of(from_flint(above) * from_flint(below)) if self.above else 0

    def value(self, at: Fraction) -> Fraction:
        """Return the value at a rational number; ZeroDivisionError at a pole."""
        above, below = (from_flint(each(to_fmpq(at))) for each in (self.above, self.below))
        return above / below

    def ball(self, x: flint.arb) -> flint.arb:
        """Return a ball that contains the values on a ball; not a number where it may have a pole."""
        above, below = (flint.arb_poly(each)(x) for each in (self.above, self.below))
        return above / below

    def expanded(self, end: Fraction | None, side: int, terms: int) -> tuple[int, Series]:
        """Return n and the first coefficients of t⁻ⁿ times the function, of which the first is not 0.

        `end`, `side`: t → 0 is the distance from this end, on the side 1 above or −1 below; of the end None, infinity,
        it is 1/x. `terms`: how many coefficients.
        """
        (n, above), (m, below) = (_first_terms(each, end, side, terms) for each in (self.above, self.below))
        return n - m, product(above, reciprocal(below))


def quotient(above: flint.fmpq_poly, below: flint.fmpq_poly) -> RationalFunction:
    """Return a quotient of polynomials; the one below is not 0."""
    common = above.gcd(below)
    return RationalFunction(above // common, below // common)


def number(value: Fraction) -> RationalFunction:
    """Return a constant."""
    return RationalFunction(flint.fmpq_poly([to_fmpq(value)]), flint.fmpq_poly([1]))


def sign_of(value: Fraction) -> int:
    """Return −1, 0 or 1."""
    return (value > 0) - (value < 0)


def product(first: Series, second: Series) -> Series:
    """Multiply series with the same number of coefficients."""
    return [sum((first[j] * second[i - j] for j in range(i + 1)), Fraction(0)) for i in range(len(first))]


def reciprocal(series: Series) -> Series:
    """Return 1 over a series whose first coefficient is not 0."""
    found: list[Fraction] = [1 / series[0]]
    for i in range(1, len(series)):
        found.append(-sum((series[j] * found[i - j] for j in range(1, i + 1)), Fraction(0)) / series[0])
    return found


def exponential(series: Series) -> Series:
    """Return the exponential of a series whose first coefficient is 0: E′ = S′E."""
    found: list[Fraction] = [Fraction(1)]
    for i in range(1, len(series)):
        found.append(sum((j * series[j] * found[i - j] for j in range(1, i + 1)), Fraction(0)) / i)
    return found


def _first_terms(polynomial: flint.fmpq_poly, end: Fraction | None, side: int, terms: int) -> tuple[int, Series]:
    """The order and coefficients of a polynomial at an end; those of 0 are all 0."""
    if end is None:
        coefficients = [from_flint(each) for each in polynomial.coeffs()][::-1]
        shift = -polynomial.degree()
    else:
        coefficients = [from_flint(each) for each in polynomial(flint.fmpq_poly([to_fmpq(end), side])).coeffs()]
        shift = 0
    zeros = next((i for i, each in enumerate(coefficients) if each), 0)
    found = coefficients[zeros : zeros + terms]
    return shift + zeros, [*found, *[Fraction(0)] * (terms - len(found))]
