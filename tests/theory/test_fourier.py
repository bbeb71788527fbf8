"""Transforms of weights and sums of roots of unity, against floating point and division of polynomials."""

import cmath
from collections.abc import Sequence
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from emtheory.theory.cyclotomic import is_zero, lowest_conductor, rational_value, real_coordinates, reduce
from emtheory.theory.fourier import autocorrelation, fold, squared_modulus
from tests.tiers import examples

WEIGHTS = st.lists(st.fractions(min_value=0, max_value=4, max_denominator=9), min_size=1, max_size=30)


def float_squared_modulus(weights: list[Fraction], m: int) -> float:
    k = len(weights)
    return abs(sum(float(p) * cmath.exp(2j * cmath.pi * j * m / k) for j, p in enumerate(weights))) ** 2


@examples(50)
@given(WEIGHTS)
def test_autocorrelation_is_the_double_sum(weights: list[Fraction]) -> None:
    k = len(weights)
    assert autocorrelation(weights) == tuple(sum(weights[j] * weights[(j + s) % k] for j in range(k)) for s in range(k))


@examples(60)
@given(WEIGHTS, st.integers(-40, 40))
def test_squared_modulus_agrees_with_the_transform(weights: list[Fraction], m: int) -> None:
    value = complex(squared_modulus(weights, m).evalf(30))
    assert value.imag == 0
    assert value.real == pytest.approx(float_squared_modulus(weights, m), abs=1e-9)


@pytest.mark.parametrize(
    ("weights", "m", "text"),
    [
        ("1/2 3/10 1/5", 1, "7/100"),
        ("1/2 1/4 1/8 1/8", 2, "1/16"),
        ("1/2 1/4 1/4 0 0", 2, "(7 - sqrt(5))/32"),
        ("1/4 1/4 1/4 1/4", 1, "0"),
        # The perfect difference set {1, 2, 4} modulo 7 with weight 1/2: every |π̂_m|² = 2(1/6 − 1/8)².
        ("1/8 1/6 1/6 1/8 1/6 1/8 1/8", 3, "1/288"),
    ],
)
def test_readable_values(weights: str, m: int, text: str) -> None:
    assert str(squared_modulus([Fraction(w) for w in weights.split()], m)) == text


@pytest.mark.parametrize("weights", [[], [Fraction(2), Fraction(-1)]])
def test_invalid_weights_are_refused(weights: list[Fraction]) -> None:
    with pytest.raises(ValueError, match="weights"):
        autocorrelation(weights)


@given(st.lists(st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(2)]), min_size=2, max_size=24))
def test_zeros_of_the_transform_are_recognised(weights: list[Fraction]) -> None:
    # Sums of at most 24 such weights are either zero or far above the rounding error.
    for m in range(len(weights)):
        assert is_zero(fold(weights, m)) == (float_squared_modulus(weights, m) < 1e-20)


RATIONALS = st.fractions(min_value=-3, max_value=3, max_denominator=6)
NUMBERS = st.integers(1, 40).flatmap(lambda n: st.lists(RATIONALS, min_size=n, max_size=n))


def remainder(coefficients: list[Fraction]) -> sympy.Poly:
    """Independent reduction: polynomial division by Φ_n, done by SymPy."""
    x = sympy.Symbol("x")
    polynomial = sympy.Poly([sympy.Rational(c) for c in reversed(coefficients)], x, domain="QQ")
    return polynomial.rem(sympy.Poly(sympy.cyclotomic_poly(len(coefficients), x), x, domain="QQ"))


def complex_value(coefficients: Sequence[Fraction]) -> complex:
    n = len(coefficients)
    return sum(float(c) * cmath.exp(2j * cmath.pi * j / n) for j, c in enumerate(coefficients))


@examples(60)
@given(NUMBERS)
def test_zero_and_rational_agree_with_polynomial_division(coefficients: list[Fraction]) -> None:
    rest = remainder(coefficients)
    assert is_zero(coefficients) == rest.is_zero
    expected = Fraction(int(rest.nth(0).p), int(rest.nth(0).q)) if rest.degree() <= 0 else None
    assert rational_value(coefficients) == expected


@examples(60)
@given(NUMBERS, st.data())
def test_the_canonical_form_is_one_for_each_value(coefficients: list[Fraction], data: st.DataObject) -> None:
    n = len(coefficients)
    moved = list(coefficients)
    for p in sympy.primefactors(n):
        start, value = data.draw(st.integers(0, n - 1)), data.draw(RATIONALS)
        for i in range(p):
            moved[(start + i * n // p) % n] += value
    reduced = reduce(coefficients)
    assert reduce(moved) == reduced
    assert is_zero([a - b for a, b in zip(moved, coefficients, strict=True)])
    assert sum(c != 0 for c in reduced) <= sympy.totient(n)
    assert abs(complex_value(reduced) - complex_value(coefficients)) < 1e-10
    first, *others = real_coordinates(coefficients)
    assert len(others) + 1 == max(sympy.totient(n) // 2, 1)
    real = float(first) + sum(2 * float(b) * cmath.cos(2 * cmath.pi * s / n).real for s, b in enumerate(others, 1))
    assert real == pytest.approx(complex_value(coefficients).real, abs=1e-9)


@examples(60)
@given(st.integers(1, 24), st.integers(1, 5), st.data())
def test_lowest_conductor_undoes_an_embedding(n: int, factor: int, data: st.DataObject) -> None:
    coefficients = data.draw(st.lists(RATIONALS, min_size=n, max_size=n))
    embedded = [Fraction(0)] * (n * factor)
    embedded[::factor] = coefficients
    lowest = lowest_conductor(coefficients)
    assert lowest_conductor(embedded) == lowest
    assert n % len(lowest) == 0
    assert abs(complex_value(lowest) - complex_value(coefficients)) < 1e-10


def test_a_nearly_vanishing_number_is_not_zero() -> None:
    fifth = [Fraction(1)] * 5
    assert is_zero(fifth)
    fifth[2] += Fraction(1, 10**60)
    assert not is_zero(fifth)
    assert rational_value(fifth) is None
