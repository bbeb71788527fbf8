"""Coefficients of expansions at the origin as expressions in the weights.

Of β_m, t_mn and 2KL/r² they are polynomials in the power sums Σ_j π_j^a e^{2πi fj/k} of the prior
(`emtheory.numerics.simplex_point.origin_expansion`), so in the differences of the weights from 1/k, real ones with
coefficients in ℚ(cos 2π/k). Small differences are what sides that touch at uniform weights are written in best.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache, reduce
from operator import add, mul

import flint

from emtheory.numerics.algebra.polynomial import Polynomial, Ring, constant, from_flint, ring_of, to_flint
from emtheory.numerics.simplex_point.origin_expansion import PowerSum, coefficient_polynomials
from emtheory.reports.language.expression import ONE, ZERO, Expression, Operation, Symbol

Exponents = tuple[int, ...]


def groups_of(weights: Sequence[Expression]) -> Mapping[Expression, Sequence[int]]:
    """Return the components of each different weight."""
    return {weight: [j for j, each in enumerate(weights) if each == weight] for weight in weights}


def origin_terms(weights: Sequence[Expression], frequencies: tuple[int, ...], order: int) -> tuple[Expression, ...]:
    """Return the coefficients of 1, r², …, r^{2(order−1)} of a function on the simplex."""
    k, groups = len(weights), groups_of(weights)
    differences = [weight - Fraction(1, k) for weight in groups][:-1]
    ring = ring_of(("root", *(f"difference_{i}" for i in range(len(differences)))))
    power_sum = _power_sums(ring, list(groups.values()), k)
    terms = []
    for i, polynomial in enumerate(coefficient_polynomials(k, frequencies, order)):
        # In r² = s²(k − 1)/k.
        scale = Fraction(k, k - 1) ** i
        total = constant(ring, Fraction(0))
        for monomial, coefficient in polynomial.items():
            factors = map(power_sum, monomial)
            total += reduce(mul, factors, constant(ring, scale * coefficient))
        terms.append(_horner(_coefficients(total, k), differences))
    return tuple(terms)


def _power_sums(ring: Ring, members: Sequence[Sequence[int]], k: int) -> Callable[[PowerSum], Polynomial]:
    """(a, f) ↦ Σ_j π_j^a z^{fj}, z for e^{2πi/k}, in the differences of all weights but the last from 1/k."""
    root, *differences = ring.gens()
    zero = constant(ring, Fraction(0))
    # The differences of all components add up to 0.
    others = reduce(add, (each * len(group) for each, group in zip(differences, members, strict=False)), zero)
    shared = constant(ring, Fraction(-1, len(members[-1])))
    values = [each + constant(ring, Fraction(1, k)) for each in (*differences, others * shared)]

    @cache
    def power_sum(factor: PowerSum) -> Polynomial:
        a, f = factor
        turns = (reduce(add, (root ** (f * j % k) for j in group), zero) for group in members)
        return reduce(add, (value**a * turn for value, turn in zip(values, turns, strict=True)), zero)

    return power_sum


def _coefficients(polynomial: Polynomial, k: int) -> Mapping[Exponents, Expression]:
    """Exponents of the differences → a real coefficient."""
    found: dict[Exponents, list[Fraction]] = {}
    for (turn, *exponents), value in polynomial.to_dict().items():
        turns = found.setdefault(tuple(map(int, exponents)), [Fraction(0)] * k)
        turns[int(turn) % k] += from_flint(flint.fmpq(value))
    numbers = {exponents: _real(turns, k) for exponents, turns in found.items()}
    return {exponents: number for exponents, number in numbers.items() if number != ZERO}


def _real(turns: Sequence[Fraction], k: int) -> Expression:
    """The real part of Σ_j c_j e^{2πi j/k}, a number where that is rational."""
    modulus = flint.fmpq_poly(flint.fmpz_poly.cyclotomic(k))
    even = [to_flint((turns[j] + turns[-j % k]) / 2) for j in range(k)]
    reduced = flint.fmpq_poly(even) % modulus
    total: Expression = ZERO
    for j, coefficient in enumerate(reduced.coeffs()):
        cosine = Operation("cos", (Fraction(2 * j, k) * Symbol("pi"),)) if j else ONE
        total = total + from_flint(coefficient) * cosine
    return total


def _horner(coefficients: Mapping[Exponents, Expression], variables: Sequence[Expression]) -> Expression:
    if not variables:
        return coefficients.get((), ZERO)
    total: Expression = ZERO
    for power in range(max((first for first, *_ in coefficients), default=-1), -1, -1):
        inner = {tuple(rest): value for (first, *rest), value in coefficients.items() if first == power}
        total = total * variables[0] + _horner(inner, variables[1:])
    return total
