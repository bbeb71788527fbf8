"""Moments of the posterior's transform against a grid in the span, and their consequences."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.simplex_point import laplace
from emtheory.numerics.simplex_point.moments import Groups, PosteriorMoments, Product, frequency_groups, hessian_blocks
from emtheory.numerics.simplex_point.spectrum import smallest_frequency, squared_modulus
from emtheory.numerics.weights import parse_weights
from emtheory.theory.fourier import autocorrelation
from tests.numerics.brute_force import brute_force, couplings

CASES = [make_case(3, "1/2,3/10,1/5", radius=Fraction(1)), make_case(4, "1/2,1/8,1/4,1/8", radius=Fraction(7, 4))]
BY_K = pytest.mark.parametrize("case", CASES, ids=lambda case: f"k={case.k} r={case.radius}")


def moments_of(case: Case) -> PosteriorMoments:
    return laplace.posterior_moments(laplace.DOUBLES, case, 4, laplace.FULL_ACCURACY)


@BY_K
def test_moments_are_those_of_the_posterior(case: Case) -> None:
    expected, powers, computed = couplings(case), brute_force(case).posterior_power, moments_of(case)
    for m in range(1, case.k):
        assert computed.power(m) == pytest.approx(powers[m], abs=1e-10)
        for n in range(1, case.k):
            assert computed.coupling(m, n) == pytest.approx(expected[m, n], abs=1e-9)


def products(case: Case) -> Product:
    squares = case.squared_amplitudes
    return lambda m, n, c: math.sqrt(squares[m - 1] * squares[n - 1] * c)


@BY_K
def test_hessian_blocks_hold_all_the_eigenvalues(case: Case) -> None:
    blocks = hessian_blocks(case, frequency_groups(case), moments_of(case), products(case))
    radial = np.array(blocks.radial, dtype=float)
    np.testing.assert_allclose(radial, radial.T, atol=1e-12)
    computed = np.array([*blocks.simple, *np.linalg.eigvalsh(radial)])
    expected = brute_force(case).hessian_eigenvalues
    distances = np.abs(computed[:, None] - expected)
    assert distances.min(axis=1).max() < 1e-9
    assert distances.min(axis=0).max() < 1e-9


@pytest.mark.parametrize("family", ["one-heavy:3/5", "uniform"])
@pytest.mark.parametrize("k", [3, 10])
def test_grouped_frequencies_give_the_eigenvalues_of_the_full_matrix(family: str, k: int) -> None:
    case = make_case(k, family, radius=Fraction(2))

    def eigenvalues(groups: Groups) -> list[float]:
        blocks = hessian_blocks(case, groups, moments_of(case), products(case))
        return [*blocks.simple, *np.linalg.eigvalsh(np.array(blocks.radial, dtype=float))]

    grouped = eigenvalues(frequency_groups(case))
    assert len(frequency_groups(case)) == min(2 - k % 2, k // 2)
    full = eigenvalues([(m,) for m in case.frequencies])
    assert len(full) >= len(grouped)
    for value in full:
        assert min(abs(value - other) for other in grouped) < 1e-10
    for value in grouped:
        assert min(abs(value - other) for other in full) < 1e-10


def test_groups_are_only_for_one_special_component() -> None:
    assert frequency_groups(make_case(7, "difference-set:3/5")) == [(1,), (2,), (3,)]
    assert frequency_groups(make_case(7, "one-heavy:3/5")) == [(1, 2, 3)]
    assert frequency_groups(make_case(6, "uniform")) == [(1, 2), (3,)]
    # A wrong grouping shows: these weights have two pairs, and their couplings differ.
    case = make_case(5, "1/4,1/4,1/6,1/6,1/6", radius=Fraction(1))
    assert moments_of(case).coupling(1, 1) != pytest.approx(moments_of(case).coupling(2, 2), abs=1e-6)


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
    assert (squared_modulus(weights, 1) - squared_modulus(weights, 3)).sign != 0
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
