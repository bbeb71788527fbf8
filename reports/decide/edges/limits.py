"""Limits at an edge of a box, exact in the variables that do not tend to it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache, reduce
from operator import add, mul

import flint

from emtheory.numerics.algebra.polynomial import Polynomial, Ring, constant, from_flint, ring_of
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.simplex_point.origin_expansion import PowerSum, coefficient_polynomials
from emtheory.reports.language.expression import ONE, ZERO, Call, Expression, Number, Operation, Symbol

Exponents = tuple[int, ...]

Divisors = Counter[Expression]
"""What divides, and how often."""
_POWERS = range(1, 17)
"""Of the radius, that are looked for below a fraction."""


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
    even = [to_fmpq((turns[j] + turns[-j % k]) / 2) for j in range(k)]
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


def cleared(expression: Expression) -> tuple[Expression, Divisors]:
    """Return an expression times r and KL, positive for r > 0, so that they divide no term, and how often each."""
    if isinstance(expression, Operation) and expression.name in ("+", "-"):
        parts = [cleared(operand) for operand in expression.operands]
        most = parts[0][1] | parts[1][1]
        raised = [part * _product(most - divisors) for part, divisors in parts]
        return Operation(expression.name, tuple(raised)), most
    if isinstance(expression, Operation) and expression.name == "*":
        (left, first), (right, second) = map(cleared, expression.operands)
        return Operation("*", (left, right)), first + second
    if isinstance(expression, Operation) and expression.name == "/":
        numerator, divisor = expression.operands
        found = _factors(divisor)
        if found is not None:
            number, divisors = found
            part, others = cleared(numerator)
            return part / number, others + divisors
    return expression, Counter()


def _factors(divisor: Expression) -> tuple[Fraction, Divisors] | None:
    """A divisor as a number times powers of what is positive; None if it is no such thing."""
    match divisor:
        case Number(value) if value:
            return value, Counter()
        case Call("kl_divergence"):
            return Fraction(1), Counter({divisor: 1})
        case Symbol("radius"):
            return Fraction(1), Counter({divisor: 1})
        case Operation("**", (Symbol("radius") as radius, Number(value))) if value in _POWERS:
            return Fraction(1), Counter({radius: int(value)})
        case Operation("*", (left, right)):
            first, second = _factors(left), _factors(right)
            return first and second and (first[0] * second[0], first[1] + second[1])
    return None


def _product(divisors: Divisors) -> Expression:
    total: Expression = ONE
    for factor, count in divisors.items():
        total = total * factor**count
    return total
