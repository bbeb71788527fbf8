"""The reference is itself checked, by finite differences of its own definitions and by published special cases.

The reference for k = 2 is itself checked: against adaptive quadrature and at another number of digits.
"""

from fractions import Fraction

import numpy as np
import pytest
from scipy import integrate, stats

from emtheory.numerics.case import Case, make_case
from tests.numerics.brute_force import brute_force, start
from tests.numerics.two_components import two_components

CASES = [
    make_case(2, "3/4,1/4", radius=Fraction(3, 2)),
    make_case(3, "1/2,3/10,1/5", radius=Fraction(1)),
    make_case(4, "linear", amplitudes=[Fraction(1), Fraction(1, 3)]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"k={case.k}")
def test_derivatives_agree_with_finite_differences(case: Case) -> None:
    theta, eps, h = start(case), 1e-4, 0.2 if case.k < 4 else 0.36
    here = brute_force(case, theta, h)
    ahead, behind = ([brute_force(case, theta + sign * eps * e, h) for e in np.eye(case.k - 1)] for sign in (1, -1))
    gradient = [(a.kl - b.kl) / (2 * eps) for a, b in zip(ahead, behind, strict=True)]
    jacobian = np.array([(a.update - b.update) / (2 * eps) for a, b in zip(ahead, behind, strict=True)])
    np.testing.assert_allclose(gradient, theta - here.update, atol=1e-7)
    np.testing.assert_allclose(np.eye(case.k - 1) - jacobian, here.hessian, atol=1e-7)
    assert here.gradient_square == pytest.approx(np.dot(gradient, gradient), abs=1e-6)


def test_two_components_against_adaptive_quadrature() -> None:
    def power(x: float) -> float:  # γ̂_1 = γ_0 − γ_1 = tanh(rx + ½ log(π_0/π_1))
        return float(np.tanh(1.5 * x + np.log(3) / 2) ** 2 * stats.norm.pdf(x))

    expected = integrate.quad(power, -12, 12, epsabs=1e-13, limit=200)[0]
    value = brute_force(CASES[0])
    assert value.posterior_power[1] == pytest.approx(expected, abs=1e-11)
    assert value.posterior_power[0] == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("k", [2, 3, 4])
def test_origin_is_the_fourier_transform_of_the_weights(k: int) -> None:
    value = brute_force(make_case(k, "linear", radius=Fraction(0)))
    powers = np.abs(np.fft.fft(np.arange(1, k + 1) * 2 / (k * (k + 1)))) ** 2
    np.testing.assert_allclose(value.posterior_power, powers, atol=1e-12)
    np.testing.assert_allclose(value.hessian_eigenvalues, np.sort(powers[1:]), atol=1e-12)
    assert value.kl == pytest.approx(0, abs=1e-13)


CASE = make_case(2, "3/4,1/4", radius=Fraction(3, 2))


def test_against_adaptive_quadrature() -> None:
    def expectation(f: object) -> float:
        return float(integrate.quad(lambda x: f(x) * stats.norm.pdf(x), -12, 12, epsabs=1e-13, limit=200)[0])  # type: ignore[operator]

    value = two_components(CASE, 20)
    shift = np.arctanh(0.5)
    log_partition = expectation(lambda x: np.log(0.75 * np.exp(1.5 * x) + 0.25 * np.exp(-1.5 * x)))
    gradient = 1.5 - expectation(lambda x: x * np.tanh(1.5 * x + shift))
    assert float(value.log_partition) == pytest.approx(log_partition, abs=1e-12)
    assert float(value.posterior_power) == pytest.approx(
        expectation(lambda x: np.tanh(1.5 * x + shift) ** 2), abs=1e-12
    )
    assert float(value.hessian_min_eigenvalue) == pytest.approx(
        1 - expectation(lambda x: x**2 / np.cosh(1.5 * x + shift) ** 2), abs=1e-12
    )
    assert float(value.pl_ratio) == pytest.approx(gradient**2 / 2 / (1.125 - log_partition), abs=1e-11)
