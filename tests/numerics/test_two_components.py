"""The reference for k = 2 is itself checked: against adaptive quadrature and at another number of digits."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import integrate, stats

from emtheory.numerics.case import make_case
from tests.numerics.two_components import two_components

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


@pytest.mark.parametrize("radius", [Fraction(1, 10), Fraction(1), Fraction(4)])
def test_digits_are_correct(radius: Fraction) -> None:
    coarse, fine = (two_components(CASE.at_radius(radius), digits) for digits in (30, 60))
    assert abs(coarse.kl_divergence / fine.kl_divergence - 1) < Fraction(1, 10**27)
    assert abs(coarse.hessian_min_eigenvalue / fine.hessian_min_eigenvalue - 1) < Fraction(1, 10**30)
