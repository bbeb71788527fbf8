from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.samples.distributions import gaussian_sample, parse_law, sample
from emtheory.numerics.samples.estimate import student
from emtheory.numerics.samples.finite_sample import (
    jacobian_deviation,
    mean_map,
    origin_jacobian,
    origin_jacobian_given,
    population_divergence,
    sample_jacobian,
    stationary_covariance,
    stationary_point,
)
from emtheory.numerics.samples.mixture_em import Covariance, Model, mixture_em
from emtheory.numerics.samples.mixture_trajectory import Mixture
from emtheory.numerics.samples.sample_em import make_sample
from emtheory.numerics.samples.simplex import rotation
from emtheory.numerics.samples.tied_em import log_weights, orbit
from emtheory.reports.simulate.setting import predicted_factor

CONFIDENCE = 1 - 1e-7
"""False alarms of the statistical tests here: one interval each, below 1e−6."""


def test_jacobian_away_from_the_origin_by_covariance_of_the_posterior() -> None:
    case, theta = make_case(2, "3/4,1/4", 1), np.array([0.8])
    data = make_sample(gaussian_sample(200, 1, 2), 1)
    x = np.asarray(data.points)[:, 0]
    gamma = 0.75 * np.exp(0.8 * x) / (0.75 * np.exp(0.8 * x) + 0.25 * np.exp(-0.8 * x))
    expected = np.mean(4 * gamma * (1 - gamma) * x**2)
    assert sample_jacobian(case, data, theta)[0, 0] == pytest.approx(expected, abs=1e-7)


def test_covariance_and_divergence_at_the_stationary_point() -> None:
    case, n = make_case(2, "3/4,1/4", 2, Fraction(1)), 2000
    points = np.array([stationary_point(case, make_sample(gaussian_sample(n, 2, seed), 2)) for seed in range(150)])
    np.testing.assert_allclose(stationary_covariance(case), np.diag([4, 1]), atol=1e-12)
    for coordinate, variance in ((0, 4.0), (1, 1.0)):
        # n θ̂²/variance is about χ²_1; the sum over the seeds is χ² and has an interval of probability 1 − 1e−7.
        total = n * np.sum(points[:, coordinate] ** 2) / variance
        low, high = stats.chi2.interval(CONFIDENCE, 150)
        assert low < total < high
        assert not low < 2 * total < high
    divergence = student([2 * n * population_divergence(case, theta) for theta in points], range(150), CONFIDENCE)
    assert divergence.contains(2)
    assert not divergence.contains(1)
    assert not divergence.contains(3.5)


def test_deviation_of_the_jacobian() -> None:
    case, n = make_case(3, "1/2,3/10,1/5", 3), 1000
    population = origin_jacobian(case, np.eye(3))
    squares = []
    for seed in range(400):
        data = gaussian_sample(n, 3, seed)
        squares.append(n * np.sum((origin_jacobian(case, data.T @ data / n) - population) ** 2))
    estimate = student(squares, range(400), CONFIDENCE)
    assert estimate.contains(jacobian_deviation(case))
    assert not estimate.contains(2 * jacobian_deviation(case))


def test_wilks_limit_is_the_dimension() -> None:
    """The mean of χ²_1 over 200 trials has the standard error √(2/200): six of them, and a bias of order 1/n."""
    case = make_case(2, "3/4,1/4", 1, radius=Fraction(1, 2))
    found = evaluate("sample_likelihood_gain", case, {"n": Fraction(2000), "seed": Fraction(11)})
    assert found.level == Level.OBSERVED
    assert abs(float(found.midpoint) - 1) < 6 * (2 / 200) ** 0.5 + 0.05


CASES = [(2, "3/4,1/4", 1), (3, "1/2,3/10,1/5", 4), (6, "linear", 5)]


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
