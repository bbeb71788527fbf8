"""Control variates against means over many points, and Hv against the matrix written out."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from numerics.case import Case, make_case
from numerics.nearest_simplex import nearest_simplex
from numerics.sobol_observables import Setting, expectations, highest_power, observe, posterior
from numerics.sobol_points import Complexes, exponents, noise

CASES = [make_case(k, "linear", amplitudes=[Fraction(1, 2 + m) for m in range(k // 2)]) for k in (5, 8)]


def setting(case: Case) -> Setting:
    direction = np.random.default_rng(case.k).standard_normal(case.k // 2)
    return Setting(case, nearest_simplex(case), 4, direction)


def points(case: Case, exponent: int) -> Complexes:
    return next(noise(case, exponent, 3, 1 << exponent, used=np.ones(case.k // 2, dtype=bool)))


@pytest.mark.parametrize("case", CASES, ids=["k=5", "k=8"])
def test_controls_have_the_expectations_claimed(case: Case) -> None:
    """Within five standard errors of independent points, which Sobol points hardly ever reach."""
    chosen = setting(case)
    observed = observe(chosen, points(case, 15))
    for values, expected in zip((observed.common, observed.own), expectations(chosen), strict=True):
        assert values.shape[1:] == expected.shape
        errors = values.std(axis=0) / np.sqrt(len(values))
        assert np.all(np.abs(values.mean(axis=0) - expected) <= 5 * errors + 1e-12)
        assert np.all(errors <= 0.03 * np.abs(expected).max())


@pytest.mark.parametrize("case", CASES, ids=["k=5", "k=8"])
def test_exponents_have_the_gram_matrix_of_the_means(case: Case) -> None:
    y = exponents(points(case, 15), setting(case).rho, case.k)
    lags = np.arange(case.k)
    expected = sum(
        float(square) * np.cos(2 * np.pi * m * lags / case.k)
        for m, square in zip(case.frequencies, case.squared_amplitudes, strict=True)
    )
    np.testing.assert_allclose(np.cov(y.T, ddof=0)[0], expected, atol=5e-3)


@pytest.mark.parametrize("case", CASES, ids=["k=5", "k=8"])
def test_hessian_products_against_the_matrix_written_out(case: Case) -> None:
    chosen, block = setting(case), points(case, 4)
    k, half = case.k, case.k // 2
    assert chosen.direction is not None
    products = observe(chosen, block).outputs[:, 2 + half :]
    expected = np.zeros_like(products)
    for sign in (1, -1):
        gamma, _ = posterior(chosen, sign * exponents(block, chosen.rho, k))
        for i, row in enumerate(np.fft.fft(gamma, axis=1)):
            f = {m: row[m % k] for m in range(-k, k + 1)}
            for m in range(1, half + 1):
                for n in range(1, half + 1):
                    t = 6 * abs(f[m]) ** 2 * abs(f[n]) ** 2
                    for signed in (n, -n):
                        t += abs(f[m + signed]) ** 2 - 4 * (f[m + signed] * np.conj(f[m] * f[signed])).real
                    entry = chosen.rho[m - 1] * chosen.rho[n - 1] * t + (m == n) * abs(f[m]) ** 2
                    expected[i, m - 1] += entry * chosen.direction[n - 1] / 2
    np.testing.assert_allclose(products, expected, rtol=1e-11, atol=1e-14)


def test_powers_of_the_likelihood_ratio_are_for_small_spreads() -> None:
    case = make_case(6, "linear", amplitudes=[Fraction(1, 10)] * 3)
    wide = make_case(6, "linear", amplitudes=[Fraction(3)] * 3)
    plain = Setting(case, None)
    assert highest_power(plain, points(case, 9)) == 4
    assert highest_power(replace(plain, case=wide), points(wide, 9)) == 0


def test_nothing_overflows_far_out() -> None:
    case = make_case(6, "linear", amplitudes=[Fraction(300), Fraction(2), Fraction(0)])
    observed = observe(Setting(case, None), points(case, 9))
    assert np.all(np.isfinite(observed.outputs))
    assert np.all(observed.outputs[:, 0] > 0)


def test_the_corner_of_the_cube_is_finite(monkeypatch: pytest.MonkeyPatch) -> None:
    """One coordinate in 2^30 is 0, where the normal quantile is not finite."""
    monkeypatch.setattr("scipy.stats.qmc.Sobol.random", lambda self, n: np.zeros((n, self.d)))
    assert np.all(np.isfinite(points(CASES[0], 2)))
