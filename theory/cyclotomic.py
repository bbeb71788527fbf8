"""Exact arithmetic with sums of roots of unity: Σ c_j ζ^j, ζ = e^{2πi/n}, given by the n coefficients c_j.

The only relations between the n-th roots of unity are, for each prime p dividing n, that the p elements
ζ^j, ζ^{j+n/p}, …, ζ^{j+(p−1)n/p} of a coset sum to zero. Using each relation to remove one element of its coset, always
the one whose leading base-p digit is p − 1, leaves the products of the bases 1, ζ_p, …, ζ_p^{p−2}: a basis of the
cyclotomic field that contains 1. Reduction costs one pass over the coefficients for each prime.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import TypeVar

import sympy

Ring = TypeVar("Ring", Fraction, sympy.Expr)


def reduce(coefficients: Sequence[Ring]) -> tuple[Ring, ...]:
    """Reduce the n coefficients of Σ c_j ζ_n^j, in a ring over ℚ, to the module's basis: uniquely, if rational."""
    n = len(coefficients)
    reduced = list(coefficients)
    for p, exponent in sympy.factorint(n).items():
        step, prime_power = n // p, p**exponent
        for removed in range(n):
            if removed % prime_power >= prime_power - prime_power // p and reduced[removed]:
                value = reduced[removed]
                for i in range(p):
                    reduced[(removed + i * step) % n] -= value
    return tuple(reduced)


def is_zero(coefficients: Sequence[Fraction]) -> bool:
    """Whether Σ c_j ζ_n^j = 0, for n rational coefficients."""
    return not any(reduce(coefficients))


def rational_value(coefficients: Sequence[Fraction]) -> Fraction | None:
    """Return the value of Σ c_j ζ_n^j if it is rational, otherwise None."""
    first, *rest = reduce(coefficients)
    return None if any(rest) else first


def lowest_conductor(coefficients: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Return reduced coefficients of the number in the smallest Q(ζ_f) with it; f is not twice an odd number."""
    reduced = reduce(coefficients)
    # For every prime p, the basis of Q(ζ_n) over Q(ζ_{n/p}) is a set of powers of which only the zeroth has an
    # exponent divisible by p, so the number lies in the subfield exactly when no other exponent occurs.
    for p in sympy.primefactors(len(reduced)):
        while len(reduced) % p == 0 and not any(c for j, c in enumerate(reduced) if j % p):
            reduced = reduce(reduced[::p])
    return reduced


def real_coordinates(coefficients: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Coordinates of a real number Σ c_j ζ_n^j in the basis 1, 2cos(2π/n), …, 2cos(2π(h−1)/n), h = φ(n)/2.

    Of any other number the real part is taken. These h numbers are a basis of the real subfield: there are max(h, 1)
    coordinates, and they are unique.
    """
    n = len(coefficients)
    if n <= 2:
        return (coefficients[0] - sum(coefficients[1:]),)
    denominator = lcm(*(c.denominator for c in coefficients))
    half = n // 2
    # Twice the real part, as a Laurent polynomial symmetric about position half.
    laurent = [0] * (2 * half + 1)
    for j, coefficient in enumerate(coefficients):
        integer = int(coefficient * denominator)
        laurent[half + min(j, n - j)] += integer
        laurent[half - min(j, n - j)] += integer
    # ζ^{−h} Φ_n(ζ) = 0 is symmetric too and has leading coefficient 1: it removes the outermost pair.
    terms = sympy.cyclotomic_poly(n, sympy.Dummy("x"), polys=True).terms()
    degree: int = terms[0][0][0] // 2
    for outermost in range(half, degree - 1, -1):
        value = laurent[half + outermost]
        if value:
            for shift in {outermost - degree, degree - outermost}:
                for (power,), coefficient in terms:
                    laurent[half + shift + power - degree] -= int(coefficient) * value
    return tuple(Fraction(integer, 2 * denominator) for integer in laurent[half : half + degree])


def reduce_expression(expression: sympy.Expr) -> sympy.Expr:
    """Write a sum of products of roots of unity and other factors over the basis of `reduce`.

    It is built by sums, products and integer powers from exp(2πi·rational), i, cosines and sines of rational multiples
    of π, and anything else; if the other factors are polynomials in symbols with rational coefficients, the result is 0
    exactly when the given expression vanishes identically.
    """
    turns: dict[sympy.Rational, sympy.Expr] = {}
    for term in sympy.Add.make_args(sympy.expand(expression.rewrite(sympy.exp))):
        turn, coefficient = sympy.S.Zero, sympy.S.One
        for factor in sympy.Mul.make_args(term):
            part = _turn(factor)
            turn, coefficient = (turn, coefficient * factor) if part is None else (turn + part, coefficient)
        turns[turn % 1] = turns.get(turn % 1, sympy.S.Zero) + coefficient
    n = lcm(*(int(turn.q) for turn in turns))
    reduced = reduce([turns.get(sympy.Rational(j, n), sympy.S.Zero) for j in range(n)])
    return sympy.Add(*(sympy.expand(c) * sympy.exp(2 * sympy.pi * sympy.I * j / n) for j, c in enumerate(reduced)))


def _turn(factor: sympy.Expr) -> sympy.Rational | None:
    """Return t if the factor is e^{2πi t} with rational t, otherwise None."""
    if factor == sympy.I:
        return sympy.Rational(1, 4)
    if isinstance(factor, sympy.exp):
        turn = factor.args[0] / (2 * sympy.pi * sympy.I)
        return turn if turn.is_Rational else None
    return None
