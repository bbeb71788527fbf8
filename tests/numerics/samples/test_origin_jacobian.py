from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.samples.distributions import parse_law, sample
from emtheory.numerics.samples.finite_sample import mean_map, origin_jacobian, origin_jacobian_given
from emtheory.numerics.samples.mixture_em import Covariance, Model, mixture_em
from emtheory.numerics.samples.mixture_trajectory import Mixture
from emtheory.numerics.samples.sample_em import make_sample
from emtheory.numerics.samples.simplex import rotation
from emtheory.numerics.samples.tied_em import log_weights, orbit
from emtheory.reports.simulate.run import predicted_factor

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


@pytest.mark.parametrize("covariance", ["identity", "isotropic", "full"])
@pytest.mark.parametrize("free_weights", [False, True])
def test_a_fitted_covariance_by_differences_of_em_steps(covariance: Covariance, free_weights: bool) -> None:
    case, model = make_case(4, "linear", 4), Model(True, covariance, free_weights)
    data = sample(parse_law("anisotropic:6", 2.0), 500, 4, 1)
    data -= data.mean(axis=0)
    S = data.T @ data / 500
    V = {"identity": np.eye(4), "isotropic": np.eye(4) * np.trace(S) / 4, "full": S}[covariance]
    sampled, R, step = make_sample(data, 4), rotation(4, 4), 1e-4

    def update(theta: np.ndarray) -> np.ndarray:
        start = Mixture(log_weights(case), orbit(R, theta, 4), V)
        return mixture_em(start, model, sampled, 1).means[-1, 0]

    columns = [(update(shift) - update(-shift)) / (2 * step) for shift in step * np.eye(4)]
    expected = origin_jacobian_given(np.exp(log_weights(case)), R, S, V)
    np.testing.assert_allclose(np.stack(columns, axis=1), expected, atol=1e-6)
    assert (np.abs(expected - origin_jacobian(case, S)).max() < 1e-12) == (covariance == "identity")


def test_predictions_for_other_models() -> None:
    case, law, wide = make_case(3, "1/2,3/10,1/5", 3), parse_law("anisotropic:4", 3.0), parse_law("student:5", 3.0)
    for covariance in ("isotropic", "full"):  # the scale of the data does not matter where the covariance is fitted
        assert predicted_factor(case, wide, Model(covariance=covariance)) == 0.93
    assert predicted_factor(case, wide) is None
    assert predicted_factor(case, law) is None
    S = np.diag(law.variances(3))
    eigenvalues = np.linalg.eigvals(origin_jacobian_given(np.array([0.5, 0.3, 0.2]), rotation(3, 3), S, S))
    full = predicted_factor(case, law, Model(covariance="full"))
    assert full == pytest.approx(eigenvalues.real.max())
    assert full != pytest.approx(0.93, abs=1e-2)
    assert predicted_factor(make_case(3, "uniform", 3), law, Model(covariance="full")) == 1
    assert predicted_factor(make_case(3, "uniform", 3), parse_law("gaussian")) == 1
    assert predicted_factor(make_case(3, "uniform", 3), parse_law("gaussian", 1 + 1e-9)) is None
    assert predicted_factor(case, parse_law("gaussian"), Model(tied=False)) is None
    fitted = np.array([0.6, 0.2, 0.2])
    assert predicted_factor(case, parse_law("gaussian"), Model(free_weights=True), fitted) == pytest.approx(0.84)
