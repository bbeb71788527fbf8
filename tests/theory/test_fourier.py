import cmath
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.theory.cyclotomic import is_zero
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
