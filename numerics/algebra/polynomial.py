"""Polynomials over ℚ in several variables, by FLINT: factors, substitution, and what projections are made of."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq

Polynomial = Any
"""An element of FLINT's ring of polynomials over ℚ in a ring's variables."""

Ring = Any
"""FLINT's context of such a ring."""


def ring_of(names: Sequence[str]) -> Ring:
    """Return the ring in the variables named."""
    return flint.fmpq_mpoly_ctx.get(tuple(names), flint.Ordering.lex)


def constant(ring: Ring, value: Fraction) -> Polynomial:
    """Return a rational number as a polynomial."""
    return ring.constant(to_fmpq(value))


def from_flint(value: flint.fmpq) -> Fraction:
    """Return the fraction that FLINT's form stands for."""
    return Fraction(int(value.p), int(value.q))


def key(polynomial: Polynomial) -> str:
    """Return a text that is the same for the same polynomial only."""
    return str(polynomial)


def constant_value(polynomial: Polynomial) -> Fraction | None:
    """Return the value of a constant polynomial, or None for another."""
    if not polynomial.is_constant():
        return None
    return from_flint(flint.fmpq(polynomial.leading_coefficient())) if polynomial != 0 else Fraction(0)


def factored(polynomial: Polynomial) -> tuple[Fraction, list[tuple[Polynomial, int]]]:
    """Return a rational number and irreducible factors with their powers, whose product is the polynomial; not 0."""
    unit, factors = polynomial.factor()
    return from_flint(flint.fmpq(unit)), list(factors)


def degree(polynomial: Polynomial, variable: int) -> int:
    """Return the degree in one variable, of a polynomial that is not 0."""
    return int(polynomial.degrees()[variable])


def at(polynomial: Polynomial, place: Mapping[int, Fraction]) -> Polynomial:
    """Return what a polynomial is with some variables at rational values, in the same ring."""
    if not place:
        return polynomial
    return polynomial.subs({index: to_fmpq(value) for index, value in place.items()})


def univariate(polynomial: Polynomial, variable: int) -> flint.fmpq_poly:
    """Return a polynomial in which no other variable stands as one in a single variable."""
    coefficients = {int(exponents[variable]): value for exponents, value in polynomial.to_dict().items()}
    return flint.fmpq_poly([coefficients.get(power, 0) for power in range(max(coefficients, default=0) + 1)])


def primitive_factors(polynomials: Iterable[Polynomial]) -> dict[str, Polynomial]:
    """Return the different irreducible factors of polynomials, constants left out, by their keys."""
    return {
        key(factor): factor
        for polynomial in polynomials
        if constant_value(polynomial) is None
        for factor, _ in factored(polynomial)[1]
    }


def projection(polynomials: Iterable[Polynomial], variable: int) -> list[Polynomial]:
    """Return the irreducible factors of what has one variable fewer and vanishes where roots in it may change.

    Over a connected region where none of these vanishes, the real roots of the irreducible polynomials in the variable
    are continuous functions, different from each other, and their number does not change: discriminants keep the roots
    of one apart, resultants those of two, coefficients keep them bounded (Collins; McCallum's smaller set).
    """
    moving = [polynomial for polynomial in polynomials if degree(polynomial, variable) > 0]
    eliminated = [polynomial for polynomial in polynomials if degree(polynomial, variable) == 0]
    for polynomial in moving:
        eliminated += coefficients_in(polynomial, variable)
        if degree(polynomial, variable) > 1:
            eliminated.append(polynomial.discriminant(variable))
    eliminated += [left.resultant(right, variable) for left, right in combinations(moving, 2)]
    return list(primitive_factors(eliminated).values())


def coefficients_in(polynomial: Polynomial, variable: int) -> list[Polynomial]:
    """Return the coefficients, not 0, of a polynomial in one variable, from the highest power down to a constant."""
    ring = polynomial.context()
    by_power: dict[int, dict[tuple[int, ...], Any]] = {}
    for exponents, value in polynomial.to_dict().items():
        rest = tuple(0 if index == variable else int(power) for index, power in enumerate(exponents))
        by_power.setdefault(int(exponents[variable]), {})[rest] = value
    found = []
    for power in sorted(by_power, reverse=True):
        found.append(ring.from_dict(by_power[power]))
        if found[-1].is_constant():
            break
    return found
