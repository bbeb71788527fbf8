"""Moments of the posterior against a grid in the span; expansions at the origin against SymPy and quadrature."""

import math
from fractions import Fraction
from math import prod

import flint
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.simplex_point import laplace, origin_expansion
from emtheory.numerics.simplex_point.ball_partition import ball_posterior_moments, kl_at
from emtheory.numerics.simplex_point.moments import Groups, PosteriorMoments, Product, frequency_groups, hessian_blocks
from emtheory.numerics.simplex_point.origin_expansion import (
    Expansion,
    Polynomial,
    coupling_expansion,
    expanded_kl,
    expanded_moments,
    half_laplacian,
    mean_power_expansion,
    power_expansion,
    sufficient_order,
)
from emtheory.numerics.simplex_point.spectrum import smallest_frequency, squared_modulus
from emtheory.numerics.weights import parse_weights
from emtheory.theory.fourier import autocorrelation
from tests.numerics.brute_force import brute_force, couplings
from tests.tiers import examples

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
    assert (moduli[0] - moduli[1]).sign == 0
    off = [Fraction(weight) for weight in tied]
    off[1], off[2] = off[1] + Fraction(1, 10**60), off[2] - Fraction(1, 10**60)
    assert (squared_modulus(tuple(off), 1) - squared_modulus(tuple(off), 3)).sign != 0


def symbolic(polynomial: Polynomial, y: list[sympy.Symbol]) -> sympy.Expr:
    k = len(y)
    total = sum(map(sympy.exp, y))
    gamma = [sympy.exp(x) / total for x in y]
    root = sympy.exp(2 * sympy.pi * sympy.I / k)
    sums = lambda a, f: sum(gamma[j] ** a * root ** (f * j) for j in range(k))  # noqa: E731
    return sum(sympy.Rational(c) * prod(sums(a, f) for a, f in monomial) for monomial, c in polynomial.items())


def test_the_heat_operator_is_half_the_laplacian() -> None:
    polynomial = {((3, 2),): Fraction(2), ((2, 1), (2, 1)): Fraction(-1, 3), (): Fraction(5)}
    y = list(sympy.symbols("y:3"))
    direct = sum(sympy.diff(symbolic(polynomial, y), x, 2) for x in y) / 2
    at = dict(zip(y, (sympy.Rational(1, 3), sympy.Rational(-2, 5), sympy.Rational(7, 4)), strict=True))
    found = symbolic(half_laplacian(polynomial, 3), y)
    assert abs(sympy.N(direct - found, 30, subs=at)) < 1e-25


def value(expansion: Expansion, x: flint.arb) -> flint.arb:
    return sum((c.ball() * x**i for i, c in enumerate(expansion.coefficients)), start=flint.arb(0))


def expansions(case: Case, order: int, x: flint.arb) -> list[tuple[Expansion, flint.arb]]:
    """Each expansion with the value at x by quadrature."""
    m, n = 1, min(2, case.k - 1)
    moments = ball_posterior_moments(case, x.sqrt(), 90, 4)
    mean = 2 * kl_at(case, x.sqrt(), 110) / (x * flint.fmpq(case.k - 1, case.k))
    return [
        (power_expansion(case, order, m), moments.power(m)),
        (coupling_expansion(case, order, m, n), moments.coupling(m, n)),
        (mean_power_expansion(case, order), mean),
    ]


@examples(10)
@given(
    parts=st.lists(st.integers(1, 30), min_size=2, max_size=5),
    order=st.integers(1, 4),
    x=st.fractions(Fraction(1, 100), 2, max_denominator=100),
)
def test_remainders_are_bounds(parts: list[int], order: int, x: Fraction) -> None:
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    with arb_precision(300):
        at = flint.arb(flint.fmpq(x.numerator, x.denominator))
        for expansion, exact in expansions(case, order, at):
            assert len(expansion.coefficients) == order
            assert abs(exact - value(expansion, at)) <= float(expansion.remainder) * at**order


@pytest.mark.parametrize("k", [2, 6, 9])
def test_uniform_weights_vanish_to_the_order_known(k: int) -> None:
    """KL = r⁴/(4(k − 1)) + O(r⁶) and β_m(0) = 0, exactly."""
    case = make_case(k, "uniform")
    constant, slope, *_ = mean_power_expansion(case, 3).coefficients
    assert constant.sign == 0
    assert slope.value == Fraction(1, 2 * k)  # 2KL/r² = r²/(2(k − 1)), r² = x(k − 1)/k
    assert power_expansion(case, 3, 1).coefficients[0].value == 0


@pytest.mark.parametrize(("k", "weights"), [(3, "1/2,3/10,1/5"), (40, "one-heavy:1/2")])
def test_coefficients_against_quadrature_near_the_origin(k: int, weights: str) -> None:
    """What is left after four terms is of order x⁴, at two small x with the same constant."""
    case = make_case(k, weights)
    with arb_precision(300):
        ratios = []
        for x in (flint.arb(2) ** -16, flint.arb(2) ** -17):
            ratios.append([(exact - value(e, x)) / x**4 for e, exact in expansions(case, 4, x)])
        for first, second in zip(*ratios, strict=True):
            assert abs(first - second) < 1e-2
            assert abs(first) < 100


THREE = make_case(3, "1/2,3/10,1/5")


@pytest.mark.parametrize("case", [THREE, make_case(64, "one-heavy:1/2")], ids=lambda case: f"k={case.k}")
@pytest.mark.parametrize("order", [1, 4])
def test_overlaps_with_quadrature(case: Case, order: int) -> None:
    with arb_precision(200):
        x = flint.arb(to_fmpq(Fraction(1, 1000)))
        expanded, moments = expanded_moments(case, x, order), ball_posterior_moments(case, x.sqrt(), 60, 4)
        pairs = [(expanded.power(m), moments.power(m)) for m in (1, 2)]
        pairs += [(expanded.coupling(1, n), moments.coupling(1, n)) for n in (1, 2)]
        pairs.append((expanded_kl(case, x, order), kl_at(case, x.sqrt(), 60)))
        for value, truth in pairs:
            assert value.contains(truth)


def test_the_remainder_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    with arb_precision(200):
        x = flint.arb(to_fmpq(Fraction(1, 1000)))
        truth = kl_at(THREE, x.sqrt(), 60)
        monkeypatch.setattr(origin_expansion, "to_fmpq", lambda _: flint.fmpq(0))
        assert not expanded_kl(THREE, x, 3).contains(truth)


def test_the_order_keeps_the_remainder_below_the_accuracy() -> None:
    for exponent in (4, 8, 30):
        x = flint.arb(10) ** -exponent
        order = sufficient_order(x, 35.0)
        assert expanded_moments(THREE, x, order).power(1).rad() < 1e-15
    assert sufficient_order(flint.arb(1), 35.0) is None


@pytest.mark.parametrize("weights", ["linear", "uniform"])
def test_tiny_radii(weights: str) -> None:
    """KL ~ r²·Σ|π̂_m|²/(2(k − 1)), or r⁴/(4(k − 1)) for uniform weights; log_partition ~ r²/2 − KL."""
    case = make_case(5, weights, radius=Fraction("1e-100"))
    square = case.squared_radius
    overlap = sum((5 * weight**2 for weight in case.weights), Fraction(-1)) / 4
    leading = square * overlap / 2 if overlap else square**2 / 16
    for name, expected in (("kl_divergence", leading), ("log_partition", square * (1 - overlap) / 2)):
        value = evaluate(name, case, {}, 15, "ball")
        assert abs(Fraction(value.midpoint) / expected - 1) < Fraction(1, 10**15)
    assert evaluate("hessian_min_eigenvalue", case, {}, 15, "ball").lower > 0


def test_the_mp_route_agrees_at_tiny_radii() -> None:
    """Where two of its resolutions once agreed on a divergence of ‖θ‖²/2."""
    case = make_case(2, "geometric:7", radius=Fraction(1, 10**20))
    mp, ball = (Fraction(evaluate("kl_divergence", case, {}, 12, route).midpoint) for route in ("mp", "ball"))
    assert abs(mp / ball - 1) < Fraction(1, 10**12)
