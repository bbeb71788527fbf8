from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from emtheory.numerics.case import make_case
from emtheory.numerics.samples.distributions import gaussian_sample, parse_law, sample
from emtheory.numerics.samples.estimate import exponent, student
from emtheory.numerics.samples.finite_sample import (
    jacobian_deviation,
    origin_jacobian,
    population_divergence,
    sample_jacobian,
    stationary_covariance,
    stationary_point,
)
from emtheory.numerics.samples.sample_em import make_sample, sample_em

CONFIDENCE = 1 - 1e-7
"""False alarms of the statistical tests here: one interval each, below 1e−6."""


@pytest.mark.parametrize("law", ["gaussian", "clusters:3", "student:3"])
def test_jacobian_at_the_origin_depends_on_second_moments_only(law: str) -> None:
    case = make_case(4, "1/2,1/4,1/8,1/8", 4)
    data = make_sample(sample(parse_law(law), 300, 4, 1), 4)
    expected = origin_jacobian(case, data.points.T @ data.points / 300)
    np.testing.assert_allclose(sample_jacobian(case, data, np.zeros(4)), expected, atol=1e-6)
    assert np.abs(expected - origin_jacobian(case, np.eye(4))).max() > 1e-2


def test_jacobian_away_from_the_origin_by_covariance_of_the_posterior() -> None:
    case, theta = make_case(2, "3/4,1/4", 1), np.array([0.8])
    data = make_sample(gaussian_sample(200, 1, 2), 1)
    x = np.asarray(data.points)[:, 0]
    gamma = 0.75 * np.exp(0.8 * x) / (0.75 * np.exp(0.8 * x) + 0.25 * np.exp(-0.8 * x))
    expected = np.mean(4 * gamma * (1 - gamma) * x**2)
    assert sample_jacobian(case, data, theta)[0, 0] == pytest.approx(expected, abs=1e-7)


def test_stationary_point_is_one() -> None:
    case = make_case(3, "one-heavy:2/3", 3, Fraction(1))
    data = make_sample(gaussian_sample(2000, 3, 3), 3)
    theta = stationary_point(case, data)
    assert np.linalg.norm(theta - sample_em(case, data, 500).thetas[-1]) < 1e-2 / np.sqrt(2000)


def test_covariance_and_divergence_at_the_stationary_point() -> None:
    case, n = make_case(2, "3/4,1/4", 2, Fraction(1)), 2000
    points = np.array([stationary_point(case, make_sample(gaussian_sample(n, 2, seed), 2)) for seed in range(300)])
    np.testing.assert_allclose(stationary_covariance(case), np.diag([4, 1]), atol=1e-12)
    for coordinate, variance in ((0, 4.0), (1, 1.0)):
        # n θ̂²/variance is about χ²_1; the sum over the seeds is χ² and has an interval of probability 1 − 1e−7.
        total = n * np.sum(points[:, coordinate] ** 2) / variance
        low, high = stats.chi2.interval(CONFIDENCE, 300)
        assert low < total < high
        assert not low < 2 * total < high
    divergence = student([2 * n * population_divergence(case, theta) for theta in points], range(300), CONFIDENCE)
    assert divergence.contains(2)
    assert not divergence.contains(1)
    assert not divergence.contains(3)


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


@pytest.mark.long
def test_exponents_of_the_stationary_error() -> None:
    sizes = (200, 800, 3200)
    found = {}
    for k, weights, seeds in ((3, "one-heavy:2/3", range(128)), (6, "uniform", range(96))):
        case = make_case(k, weights, radius=Fraction(1))
        squares = np.array(
            [
                [np.sum(stationary_point(case, make_sample(gaussian_sample(n, k - 1, s), k - 1)) ** 2) for n in sizes]
                for s in seeds
            ]
        )
        # Means over four seeds: with uniform weights some stationary points are the origin, which has no logarithm.
        rows = np.sqrt(squares.reshape(-1, 4, 3).mean(axis=1))
        found[weights] = exponent(np.array(sizes, dtype=float), rows, seeds, CONFIDENCE)
    assert found["one-heavy:2/3"].contains(-1 / 2)
    assert not found["one-heavy:2/3"].contains(-1 / 4)
    assert not found["one-heavy:2/3"].contains(-1)
    assert found["uniform"].contains(-1 / 4)
    assert not found["uniform"].contains(-1 / 2)
    assert not found["uniform"].contains(0)
