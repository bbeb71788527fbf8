from fractions import Fraction

import numpy as np
import pytest
from scipy import special, stats

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.posterior_sums import sample_blocks
from emtheory.numerics.samples.sample_em import blocks_without, make_sample, sample_em
from emtheory.numerics.samples.simplex import amplitudes, point, rotation, vertices
from emtheory.numerics.samples.tied_em import em_step, log_weights

POINTS = np.array([[0.3, -1.2, 0.5], [1.1, 0.4, -0.2], [-0.7, 0.9, 1.5], [2.0, -0.1, 0.0], [-1.4, -0.6, -0.9]])


@pytest.mark.parametrize(("k", "weights"), [(2, "3/4,1/4"), (3, "1/2,3/10,1/5"), (4, "1/2,1/4,1/8,1/8")])
def test_first_step_by_hand(k: int, weights: str) -> None:
    case = make_case(k, weights, 3, radius=Fraction(3, 2))
    theta, R = 1.5 * vertices(k, 3)[0], rotation(k, 3)
    densities = np.zeros((5, k))
    for i in range(5):
        for j in range(k):
            mean = np.linalg.matrix_power(R, j) @ theta
            densities[i, j] = float(case.weights[j]) * stats.multivariate_normal(mean, np.eye(3)).pdf(POINTS[i])
    update = np.zeros(3)
    for i in range(5):
        for j in range(k):
            gamma = densities[i, j] / densities[i].sum()
            update += gamma * np.linalg.matrix_power(R.T, j) @ POINTS[i] / 5
    trajectory = sample_em(case, POINTS, 1)
    np.testing.assert_allclose(trajectory.thetas, [theta, update], atol=1e-14)
    assert trajectory.mean_log_likelihood[0] == pytest.approx(np.mean(np.log(densities.sum(axis=1))), rel=1e-13)
    reference = np.mean(stats.multivariate_normal(np.zeros(3), np.eye(3)).logpdf(POINTS))
    assert trajectory.kl[0] == pytest.approx(reference - trajectory.mean_log_likelihood[0], rel=1e-12)
    np.testing.assert_allclose(trajectory.radii, np.linalg.norm([theta, update], axis=1), rtol=1e-14)
    np.testing.assert_array_equal(trajectory.amplitudes[1], amplitudes(trajectory.thetas[1], k))


def test_the_wrong_direction_of_the_rotation_changes_the_step() -> None:
    case = make_case(3, "1/2,3/10,1/5", 3, radius=Fraction(1))
    R = rotation(3, 3)
    right, wrong = (em_step([(POINTS, 0.2)], log_weights(case), turn, point(case))[0] for turn in (R, R.T))
    np.testing.assert_allclose(right, sample_em(case, POINTS, 1).thetas[1], atol=1e-15)
    assert np.abs(right - wrong).max() > 1e-2


def test_em_is_gradient_descent_to_rounding() -> None:
    case = make_case(4, "linear", 3, radius=Fraction(2))
    data = np.random.default_rng(6).standard_t(3, (200, 3)) + 1
    turns = [np.linalg.matrix_power(rotation(4, 3), j) for j in range(4)]
    theta, h = 2 * vertices(4, 3)[0], 1e-30

    def loss(at: np.ndarray) -> complex:
        likelihoods = sum(float(case.weights[j]) * np.exp(data @ turns[j] @ at) for j in range(4))
        return complex(at @ at / 2 - np.mean(np.log(likelihoods)))

    # A complex step has no cancellation: Im ℓ(θ + ihe)/h is the derivative to rounding.
    gradient = np.array([loss(theta + 1j * h * e).imag / h for e in np.eye(3)])
    np.testing.assert_allclose(sample_em(case, data, 1).thetas[1], theta - gradient, atol=2e-14)
    assert np.abs(sample_em(case, data, 1).thetas[1] - (theta - 1.01 * gradient)).max() > 1e-4


@pytest.mark.parametrize("k", [2, 3, 64])
def test_no_overflow_far_out(k: int) -> None:
    case = make_case(k, "geometric:1/3", radius=Fraction(50))
    data = 100 * gaussian_sample(500, k - 1, 1)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        trajectory = sample_em(case, data, 3)
    assert np.isfinite(trajectory.thetas).all()
    assert np.isfinite(trajectory.kl).all()


def test_weights_below_the_range_of_floats_are_allowed() -> None:
    tiny = Fraction(1, 10**400)
    trajectory = sample_em(make_case(2, [str(tiny), str(1 - tiny)], radius=Fraction(1)), POINTS[:, :1], 2)
    # All mass on component 1: one step sends θ to −x̄, the next keeps it.
    np.testing.assert_allclose(trajectory.thetas[1:, 0], -POINTS[:, 0].mean(), rtol=1e-14)


def test_bad_data_are_refused() -> None:
    case = make_case(3, "linear", radius=Fraction(1))
    for bad in (np.zeros((0, 2)), np.zeros((5, 3)), np.zeros(5)):
        with pytest.raises(InputError, match="shape"):
            sample_em(case, bad, 1)
    with pytest.raises(InputError, match="finite"):
        sample_em(case, np.array([[0.0, np.nan]]), 1)
    with pytest.raises(InputError, match="starting point"):
        sample_em(make_case(3, "linear"), POINTS[:, :2], 1)
    with pytest.raises(InputError, match="at least 1"):
        gaussian_sample(0, 2, 1)
    with pytest.raises(InputError, match="seed"):
        gaussian_sample(10, 2, -1)


def test_bad_numbers_are_named_by_row_and_column() -> None:
    data = gaussian_sample(100_000, 3, 1)
    for bad in (np.nan, np.inf, -np.inf):
        data[70_001, 1] = bad
        with pytest.raises(InputError, match="row 70002, column 2 of the data is not a finite number"):
            make_sample(data, 3)
    data[70_001, 1] = 1e200
    with pytest.raises(InputError, match=r"row 70002, column 2 of the data is 1e\+200: the norm"):
        make_sample(data, 3)
    with pytest.raises(InputError, match="too small: every row is below 1e-100"):
        make_sample(1e-120 * data[:50], 3)
    data[:, 2] = 0.5
    data[70_001, 1] = 0
    with pytest.raises(InputError, match="column 3 of the data is constant"):
        make_sample(data, 3)


@pytest.mark.parametrize("size", [100, 5000])
def test_em_without_a_part_is_em_on_the_rest(size: int) -> None:
    case, data = make_case(3, "linear", radius=Fraction(1)), gaussian_sample(1001, 2, 5)
    sampled, cuts = make_sample(data, 2), (0, 250, 500, 750, 1001)
    whole = sample_blocks(data, 3, size)
    for left_out, blocks in enumerate(blocks_without(whole, 4)):
        rest = np.delete(data, range(cuts[left_out], cuts[left_out + 1]), axis=0)
        np.testing.assert_array_equal(np.concatenate([rows for rows, _ in blocks]), rest)
        assert all(any(np.shares_memory(rows, block) for block, _ in whole) for rows, _ in blocks)
        found = sample_em(case, sampled, 10, blocks=blocks)
        np.testing.assert_allclose(found.thetas, sample_em(case, rest, 10).thetas, atol=1e-13)


@pytest.mark.parametrize(("k", "weights", "radius"), [(2, "3/4,1/4", 1), (4, "1/2,1/4,1/8,1/8", 2), (5, "linear", 1)])
def test_population_quantities_are_the_certified_ones(k: int, weights: str, radius: int) -> None:
    case, n = make_case(k, weights, radius=Fraction(radius)), 200_000
    data = gaussian_sample(n, k - 1, 12)
    exponents = data @ np.array([np.linalg.matrix_power(rotation(k, k - 1), j) @ point(case) for j in range(k)]).T
    spread = special.logsumexp(exponents + log_weights(case), axis=1).std()
    trajectory = sample_em(case, data, 1)
    # A mean of 200,000 values within 5.5 standard errors: false alarm 4e−8; and each power within 5.5 of ⟨M(θ), θ⟩.
    certified = evaluate("kl_divergence", case)
    assert certified.level >= Level.CERTIFIED
    assert abs(trajectory.kl[0] - float(certified.midpoint)) < 5.5 * spread / np.sqrt(n)
    assert abs(trajectory.kl[0] - 1.1 * float(certified.midpoint)) > 5.5 * spread / np.sqrt(n)
    for m in case.frequencies:
        power = float(evaluate("posterior_power", case, {"m": Fraction(m)}).midpoint)
        old, new = trajectory.amplitudes[:, m - 1]
        assert abs(new - (1 - power) * old) < 5.5 * np.sqrt(k / n)
