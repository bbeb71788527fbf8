from fractions import Fraction

import numpy as np
import pytest

from numerics.case import make_case
from numerics.laws import parse_law
from numerics.origin_jacobian import mean_map, origin_jacobian, predicted_factor
from numerics.simplex import rotation

CASES = [(2, "3/4,1/4", 1), (3, "1/2,3/10,1/5", 4), (4, "1/2,1/4,1/8,1/8", 3), (6, "linear", 5)]


@pytest.mark.parametrize(("k", "weights", "d"), CASES)
def test_by_definition(k: int, weights: str, d: int) -> None:
    case, R = make_case(k, weights, d), rotation(k, d)
    powers = [np.linalg.matrix_power(R, j) for j in range(k)]
    A = sum(float(weight) * power for weight, power in zip(case.weights, powers, strict=True))
    np.testing.assert_allclose(mean_map(case), A, atol=1e-14)
    root = np.random.default_rng(k).standard_normal((d, d))
    S = root @ root.T
    spread = sum(float(weight) * power.T @ S @ power for weight, power in zip(case.weights, powers, strict=True))
    np.testing.assert_allclose(origin_jacobian(case, S), spread - A.T @ S @ A, atol=1e-12)
    np.testing.assert_allclose(origin_jacobian(case, np.eye(d)), np.eye(d) - A.T @ A, atol=1e-14)


@pytest.mark.parametrize(("k", "weights", "d"), CASES)
def test_the_factor_is_c_times_one_minus_the_gap(k: int, weights: str, d: int) -> None:
    case = make_case(k, weights, d, Fraction(1))
    gap = np.min(np.abs(np.fft.fft([float(weight) for weight in case.weights])[1:]) ** 2)
    for c in (0.5, 1.0):
        assert predicted_factor(case, parse_law("student:5", c)) == pytest.approx(c * (1 - gap), rel=1e-14)
    assert predicted_factor(case, parse_law("gaussian", 1.01 / (1 - gap))) is None
    assert predicted_factor(case, parse_law("gaussian", 0.99 / (1 - gap))) == pytest.approx(0.99)


def test_laws_that_are_not_isotropic_go_through_the_jacobian() -> None:
    case = make_case(3, "3/4,1/8,1/8", 2)
    law = parse_law("anisotropic:4", 0.5)
    eigenvalues = np.linalg.eigvalsh(origin_jacobian(case, np.diag(law.variances(2))))
    assert predicted_factor(case, law) == pytest.approx(eigenvalues[-1])
    assert predicted_factor(case, law) != pytest.approx(0.5 * (1 - 25 / 64), rel=1e-3)
