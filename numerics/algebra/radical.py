"""Expressions in square roots over a ring of polynomials, and their signs where those of polynomials are known.

An element is Σ p_S Π_{r ∈ S} √r over sets S of roots, with polynomials p_S. Its sign at a place follows from signs of
polynomials there: with the root of highest rank it is a + b√c, c > 0; where a and b√c have different signs the sign is
that of a, or its opposite, as a² − b²c is positive or negative, and a² − b²c has one root less.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import mul

from emtheory.numerics.algebra.polynomial import Polynomial, Ring, constant, constant_value, factored, key

SignOf = Callable[[Polynomial], int]
"""Gives the sign of a polynomial at the place in question."""


@dataclass(frozen=True, eq=False)
class Root:
    """The positive square root of a radicand that is positive at the place in question.

    Its rank is above that of all roots in the radicand; the texts of two are equal for equal radicands only.
    """

    radicand: "Radical"
    rank: int
    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Root) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


@dataclass(frozen=True, eq=False)
class Radical:
    """A sum of polynomials of one ring times square roots: a set of roots ↦ its polynomial, which is not 0."""

    ring: Ring
    terms: Mapping[frozenset[Root], Polynomial]

    def __add__(self, other: "Radical") -> "Radical":
        terms = dict(self.terms)
        for roots, value in other.terms.items():
            terms[roots] = terms[roots] + value if roots in terms else value
        return Radical(self.ring, {roots: value for roots, value in terms.items() if value != 0})

    def __neg__(self) -> "Radical":
        return Radical(self.ring, {roots: -value for roots, value in self.terms.items()})

    def __sub__(self, other: "Radical") -> "Radical":
        return self + -other

    def __mul__(self, other: "Radical") -> "Radical":
        total = Radical(self.ring, {})
        for left, one in self.terms.items():
            for right, two in other.terms.items():
                term = Radical(self.ring, {left ^ right: one * two})
                total += reduce(mul, (root.radicand for root in left & right), term)
        return total

    @property
    def polynomial(self) -> Polynomial | None:
        """The element as a polynomial, or None if it has roots."""
        if not self.terms:
            return constant(self.ring, Fraction(0))
        return self.terms.get(frozenset()) if len(self.terms) == 1 else None

    @property
    def roots(self) -> frozenset[Root]:
        """The roots that stand in it."""
        return frozenset().union(*self.terms)

    @property
    def degree(self) -> int:
        """The largest total degree of its polynomials."""
        return max((int(value.total_degree()) for value in self.terms.values()), default=0)

    def sign(self, sign_of: SignOf) -> int:
        """Return −1, 0 or 1."""
        value = self.polynomial
        if value is not None:
            return sign_of(value)
        top = max(self.roots, key=lambda root: (root.rank, root.text))
        plain = Radical(self.ring, {roots: value for roots, value in self.terms.items() if top not in roots})
        factor = Radical(self.ring, {roots - {top}: value for roots, value in self.terms.items() if top in roots})
        one, other = plain.sign(sign_of), factor.sign(sign_of)
        if one * other >= 0:
            return one or other
        return one * (plain * plain - factor * factor * top.radicand).sign(sign_of)

    def text(self) -> str:
        """Return a text that is the same for the same terms only."""
        parts = (
            f"({key(value)})*{'*'.join(sorted(root.text for root in roots))}" for roots, value in self.terms.items()
        )
        return " + ".join(sorted(parts))


def plain(polynomial: Polynomial) -> Radical:
    """Return a polynomial as an element without roots."""
    return Radical(polynomial.context(), {frozenset(): polynomial} if polynomial != 0 else {})


def without_zeros(element: Radical, sign_of: SignOf) -> Radical:
    """Return an element without the roots of what is 0 at a place, by the signs there; no radicand is negative."""
    total = Radical(element.ring, {})
    for roots, polynomial in element.terms.items():
        radicands = [without_zeros(root.radicand, sign_of) for root in roots]
        if all(radicand.sign(sign_of) for radicand in radicands):
            total += reduce(mul, map(_root, radicands), plain(polynomial))
    return total


def square_root(radicand: Radical, sign_of: SignOf) -> Radical:
    """Return the square root of an element that is positive at the place in question."""
    value = radicand.polynomial
    if value is None:
        return _root(radicand)
    unit, factors = factored(value)
    outside = constant(radicand.ring, Fraction(1, unit.denominator))
    inside = constant(radicand.ring, Fraction(1))
    for factor, power in factors:
        # √f² = |f|, and which of ±f that is the place tells.
        size = factor if power < 2 or sign_of(factor) > 0 else -factor
        outside *= size ** (power // 2)
        inside *= factor ** (power % 2)
    whole, rest = _square_part(unit.numerator * unit.denominator)
    outside, inside = outside * whole, inside * rest
    known = constant_value(inside)
    return plain(outside) if known == 1 else plain(outside) * _root(plain(inside))


def _root(radicand: Radical) -> Radical:
    rank = 1 + max((root.rank for root in radicand.roots), default=0)
    root = Root(radicand, rank, f"sqrt({radicand.text()})")
    return Radical(radicand.ring, {frozenset({root}): constant(radicand.ring, Fraction(1))})


def _square_part(number: int) -> tuple[int, int]:
    """Integers a > 0 and b with number = a²b: b is ±1 for a square, and otherwise need not be free of squares."""
    root = math.isqrt(abs(number))
    return (root, 1 if number > 0 else -1) if root * root == abs(number) else (1, number)
