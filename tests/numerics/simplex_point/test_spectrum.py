"""The exact spectrum against the fast Fourier transform, and ties between frequencies decided exactly."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.simplex_point.spectrum import smallest_frequency, squared_modulus
from emtheory.numerics.weights import parse_weights
from emtheory.theory.fourier import autocorrelation

WEIGHTS = st.lists(st.integers(1, 30), min_size=2, max_size=24).map(
    lambda terms: tuple(Fraction(term, sum(terms)) for term in terms)
)


def powers(weights: tuple[Fraction, ...]) -> np.ndarray:
    return np.abs(np.fft.fft([float(weight) for weight in weights])) ** 2


@given(WEIGHTS)
def test_every_power_agrees_with_the_fast_fourier_transform(weights: tuple[Fraction, ...]) -> None:
    expected = powers(weights)
    for m in range(1, len(weights)):
        lower, upper = squared_modulus(weights, m).enclose(20)
        assert float(lower) == pytest.approx(expected[m], abs=1e-14)
        assert 0 <= lower <= upper


@given(WEIGHTS)
def test_spectral_gap_is_the_smallest_power(weights: tuple[Fraction, ...]) -> None:
    case = make_case(len(weights), [str(weight) for weight in weights])
    gap = evaluate("spectral_gap", case)
    assert float(gap.midpoint) == pytest.approx(np.min(powers(weights)[1:]), abs=1e-14)
    smallest = smallest_frequency(weights, autocorrelation(weights))
    for m in case.frequencies:
        difference = squared_modulus(weights, m) - squared_modulus(weights, smallest)
        assert difference.sign > 0 if m < smallest else difference.sign >= 0


def test_values_known_by_hand() -> None:
    assert squared_modulus(parse_weights("1/2,3/10,1/5", 3), 1).value == Fraction(7, 100)
    flat = parse_weights("1/2,1/4,1/8,1/8", 4)
    assert [squared_modulus(flat, m).value for m in (1, 2)] == [Fraction(5, 32), Fraction(1, 16)]
    assert squared_modulus(parse_weights("uniform", 12), 5).value == 0
    # A difference set with parameters (7, 3, 1) has |Σ_{j∈D} ζ^{jm}|² = 3 − 1.
    special = parse_weights("difference-set:3/5", 7)
    assert {squared_modulus(special, m).value for m in range(1, 7)} == {Fraction(2, 100)}


def test_ties_between_frequencies_are_equalities_of_moduli() -> None:
    """|π̂_1| = |π̂_3| for k = 8 if ζ ↦ ζ³ permutes the weights up to rotation: π_{3j} = π_j."""
    weights = parse_weights("1/4,1/16,1/8,1/16,1/16,1/8,1/8,3/16", 8)
    permuted = tuple(weights[3 * j % 8] for j in range(8))
    assert (squared_modulus(weights, 1) - squared_modulus(permuted, 3)).sign == 0
    invariant = parse_weights("1/4,1/16,1/8,1/16,1/16,1/8,1/8,3/16", 8)
    assert (squared_modulus(invariant, 1) - squared_modulus(invariant, 3)).sign != 0
    tied = parse_weights("1/4,1/8,1/16,1/8,1/8,1/8,1/16,1/8", 8)  # π_{3j} = π_j
    assert (squared_modulus(tied, 1) - squared_modulus(tied, 3)).sign == 0
    case = make_case(8, [str(weight) for weight in tied])
    moduli = [evaluate("dft_modulus", case, {"m": Fraction(m)}).exact for m in (1, 3)]
    assert moduli[0] is not None
    assert moduli[1] is not None
    assert (moduli[0] - moduli[1]).sign == 0
    off = [Fraction(weight) for weight in tied]
    off[1], off[2] = off[1] + Fraction(1, 10**60), off[2] - Fraction(1, 10**60)
    assert (squared_modulus(tuple(off), 1) - squared_modulus(tuple(off), 3)).sign != 0
