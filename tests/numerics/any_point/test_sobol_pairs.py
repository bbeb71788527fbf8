"""Sums over pairs under a change of measure: certified means for any change, derivatives against differences."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point.ball_product_rule import tensor_posterior_moments
from emtheory.numerics.any_point.ball_quantities import exact_amplitudes
from emtheory.numerics.any_point.sobol_pairs import Setting, good_shares, observe
from emtheory.numerics.any_point.sobol_points import Complexes, Floats, amplitudes, exponents, noise
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case, make_case

CASES = [
    make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)]),
    make_case(5, "linear", amplitudes=[Fraction(1, 2), Fraction(5, 4)]),
]


def setting(case: Case, shares: Floats | None = None, direction: Floats | None = None) -> Setting:
    prior, rho = np.array([float(weight) for weight in case.weights]), amplitudes(case)
    return Setting(prior, rho, good_shares(rho) if shares is None else shares, len(rho), direction)


def points(case: Case, exponent: int) -> Complexes:
    return next(noise(np.ones(case.k // 2), case.k, exponent, [3], 1 << exponent))


def certified(case: Case) -> tuple[Floats, Floats]:
    """β_m, and the matrix δ_mn β_m + ρ_mρ_n t_mn."""
    with arb_precision(working_bits(20.0)):
        moments = tensor_posterior_moments(case.weights, exact_amplitudes(case), 20.0, 4)
        powers = np.array([float(moments.power(m)) for m in case.frequencies])
        couplings = [[float(moments.coupling(m, n)) for n in case.frequencies] for m in case.frequencies]
    rho = amplitudes(case)
    return powers, np.diag(powers) + np.outer(rho, rho) * couplings


@pytest.mark.parametrize("case", CASES, ids=["k=4", "k=5"])
@pytest.mark.parametrize("shares", [None, 0.0, 0.5, [0.2, 0.9]], ids=str)
def test_means_against_certified_values_for_any_change_of_measure(
    case: Case, shares: float | list[float] | None
) -> None:
    """Within five standard errors of independent points, which Sobol points seldom reach; three percent off is not."""
    chosen = None if shares is None else np.broadcast_to(np.array(shares), (2,))
    direction = np.array([0.6, -0.8])
    outputs, controls = observe(setting(case, chosen, direction), points(case, 15))
    powers, matrix = certified(case)
    errors = controls.std(axis=0) / np.sqrt(len(controls))
    assert np.all(np.abs(controls.mean(axis=0)) <= 5 * errors + 1e-12)
    truth = np.concatenate([powers, matrix @ direction])
    adjusted = outputs - controls @ np.linalg.lstsq(controls - controls.mean(axis=0), outputs, rcond=1e-10)[0]
    errors = adjusted.std(axis=0) / np.sqrt(len(outputs))
    assert np.all(np.abs(adjusted.mean(axis=0) - truth) <= 5 * errors)
    assert np.all(np.abs(adjusted.mean(axis=0) - 1.03 * truth) > 5 * errors)


@pytest.mark.parametrize("case", CASES, ids=["k=4", "k=5"])
def test_without_change_of_measure_it_is_the_posterior(case: Case) -> None:
    block = points(case, 4)
    outputs, controls = observe(setting(case, np.zeros(2)), block)
    expected = np.zeros_like(outputs)
    for sign in (1, -1):
        joint = np.exp(sign * exponents(block, amplitudes(case), case.k)) * [float(weight) for weight in case.weights]
        expected += np.abs(np.fft.rfft(joint / joint.sum(axis=1, keepdims=True))[:, 1:]) ** 2 / 2
    np.testing.assert_allclose(outputs, expected, rtol=1e-12)
    np.testing.assert_allclose(controls[:, 0], 0, atol=1e-12)


def test_the_change_of_measure_makes_it_less_noisy() -> None:
    case = make_case(16, "uniform", amplitudes=[Fraction(1, 4 + m % 3) for m in range(8)])
    spreads = []
    for shares in (np.zeros(8), None):
        outputs, controls = observe(setting(case, shares), points(case, 11))
        coefficients = np.linalg.lstsq(controls - controls.mean(axis=0), outputs, rcond=1e-10)[0]
        spreads.append((outputs - controls @ coefficients).std(axis=0))
    assert np.all(spreads[0] > 20 * spreads[1])


@given(k=st.integers(2, 9), seed=st.integers(0, 999))
def test_derivatives_against_differences(k: int, seed: int) -> None:
    """With the same noise and the same shares."""
    rng, half, step = np.random.default_rng(seed), k // 2, 1e-4
    rho, direction, prior = rng.uniform(0.1, 2, half), rng.standard_normal(half), rng.uniform(0.1, 1, k)
    here = Setting(prior / prior.sum(), rho, rng.uniform(0, 1, half), half, direction)
    block = next(noise(rho, k, 3, [seed], 8))
    products = observe(here, block)[0][:, half:]
    after, before = (
        observe(replace(here, rho=rho + sign * step * direction, direction=None), block)[0] for sign in (1, -1)
    )
    expected = observe(here, block)[0][:, :half] * direction + rho * (after - before) / (2 * step)
    np.testing.assert_allclose(products, expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("case", CASES, ids=["k=4", "k=5"])
def test_exponents_have_the_gram_matrix_of_the_means(case: Case) -> None:
    y = exponents(points(case, 15), amplitudes(case), case.k)
    lags = np.arange(case.k)
    expected = sum(
        float(square) * np.cos(2 * np.pi * m * lags / case.k)
        for m, square in zip(case.frequencies, case.squared_amplitudes, strict=True)
    )
    np.testing.assert_allclose(np.cov(y.T, ddof=0)[0], expected, atol=5e-3)


def test_nothing_overflows_far_out() -> None:
    case = make_case(6, "linear", amplitudes=[Fraction(300), Fraction(2), Fraction(0)])
    for values in observe(setting(case), points(case, 9)):
        assert np.all(np.isfinite(values))


def test_large_blocks_are_cut_by_lags(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = observe(setting(CASES[1]), points(CASES[1], 6))
    monkeypatch.setattr("emtheory.numerics.any_point.sobol_pairs._BLOCK", 1)
    for values, others in zip(observe(setting(CASES[1]), points(CASES[1], 6)), whole, strict=True):
        np.testing.assert_allclose(values, others, rtol=1e-13, atol=1e-13)


def test_the_corner_of_the_cube_is_finite(monkeypatch: pytest.MonkeyPatch) -> None:
    """One coordinate in 2^30 is 0, where the normal quantile is not finite."""
    monkeypatch.setattr("scipy.stats.qmc.Sobol.random", lambda self, n: np.zeros((n, self.d)))
    assert np.all(np.isfinite(points(CASES[0], 2)))
