import warnings
from fractions import Fraction

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from numerics.case import Case, make_case
from numerics.laws import parse_law, sample
from numerics.mixture_em import Covariance, Model, mixture_em, second_moment, start_mixture
from numerics.mixture_trajectory import Mixture
from numerics.posterior_sums import sample_blocks
from numerics.sample_em import make_sample, sample_em
from numerics.simplex import rotation

CASE = make_case(3, "1/2,3/10,1/5", 3, radius=Fraction(1))
DATA = sample(parse_law("clusters:2"), 2000, 3, 7)


def scikit_learn(start: Mixture, data: np.ndarray, iterations: int) -> GaussianMixture:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return GaussianMixture(
            len(start.means),
            covariance_type="tied",
            weights_init=np.exp(start.log_weights),
            means_init=start.means,
            precisions_init=np.linalg.inv(start.covariance),
            max_iter=iterations,
            tol=0,
            reg_covar=0,
        ).fit(data)


@pytest.mark.parametrize("iterations", [1, 2, 10, 50])
def test_untied_em_is_that_of_scikit_learn(iterations: int) -> None:
    start, model = start_mixture(CASE), Model(tied=False, covariance="full", free_weights=True)
    path = mixture_em(start, model, make_sample(DATA, 3), iterations)
    peer = scikit_learn(start, DATA, iterations)
    np.testing.assert_allclose(path.means[-1], peer.means_, atol=1e-10)
    np.testing.assert_allclose(path.covariances[-1], peer.covariances_, atol=1e-10)
    np.testing.assert_allclose(np.exp(path.log_weights[-1]), peer.weights_, atol=1e-10)
    assert path.mean_log_likelihood[-1] == pytest.approx(peer.score(DATA), abs=1e-10)
    assert np.abs(path.means[-1] - start.means).max() > 1e-2


def test_free_means_alone_are_one_step_of_scikit_learn_restarted() -> None:
    sampled, mixture = make_sample(DATA, 3), start_mixture(CASE)
    for _ in range(5):
        new = mixture_em(mixture, Model(tied=False), sampled, 1).last
        np.testing.assert_allclose(new.means, scikit_learn(mixture, DATA, 1).means_, atol=1e-10)
        np.testing.assert_array_equal(new.covariance, np.eye(3))
        np.testing.assert_array_equal(new.log_weights, mixture.log_weights)
        mixture = new


def test_with_theta_alone_it_is_tied_em() -> None:
    sampled = make_sample(DATA, 3)
    path, trajectory = mixture_em(start_mixture(CASE), Model(), sampled, 20), sample_em(CASE, sampled, 20)
    np.testing.assert_allclose(path.means[:, 0], trajectory.thetas, atol=1e-12)
    for name in ("thetas", "radii", "amplitudes", "increments", "kl", "mean_log_likelihood"):
        np.testing.assert_allclose(getattr(path, name), getattr(trajectory, name), atol=1e-12)


@pytest.mark.parametrize("covariance", ["identity", "isotropic", "full"])
@pytest.mark.parametrize("free_weights", [False, True])
@pytest.mark.parametrize("tied", [False, True])
def test_likelihood_never_falls_and_constraints_are_kept(
    covariance: Covariance, free_weights: bool, tied: bool
) -> None:
    data = sample(parse_law("anisotropic:5", 2.0), 500, 3, 3)
    model = Model(tied, covariance, free_weights)
    path = mixture_em(start_mixture(CASE), model, make_sample(data, 3), 30)
    assert np.all(np.diff(path.mean_log_likelihood) > -1e-13)
    last = path.last
    assert np.exp(last.log_weights).sum() == pytest.approx(1)
    turned = np.roll(last.means @ rotation(3, 3).T, 1, axis=0)
    assert np.allclose(turned, last.means, atol=1e-12) == tied
    off_identity = np.abs(last.covariance - np.eye(3) * last.covariance[0, 0]).max()
    assert (off_identity < 1e-12) == (covariance != "full")
    assert (abs(last.covariance[0, 0] - 1) < 1e-12) == (covariance == "identity")


def test_full_covariance_of_tied_means_is_stationary_at_the_end() -> None:
    data = sample(parse_law("anisotropic:5"), 400, 3, 4)
    sampled, model = make_sample(data, 3), Model(covariance="full")
    end = mixture_em(start_mixture(CASE), model, sampled, 3000).last

    def likelihood(mixture: Mixture) -> float:
        return float(mixture_em(mixture, model, sampled, 0).mean_log_likelihood[0])

    rng = np.random.default_rng(1)
    for _ in range(5):  # the likelihood falls in every direction that keeps the constraints
        shift, spread = 1e-3 * rng.standard_normal(3), 1e-3 * rng.standard_normal((3, 3))
        theta = end.means[0] + shift
        means = np.array([np.linalg.matrix_power(rotation(3, 3), j) @ theta for j in range(3)])
        moved = Mixture(end.log_weights, means, end.covariance + spread + spread.T)
        assert likelihood(moved) < likelihood(end)


def test_second_moment() -> None:
    np.testing.assert_allclose(second_moment(sample_blocks(DATA, 2, 300)), DATA.T @ DATA / len(DATA), rtol=1e-12)


def test_the_start_is_the_case() -> None:
    case: Case = make_case(2, "3/4,1/4", 2, radius=Fraction(2))
    start = start_mixture(case)
    np.testing.assert_allclose(start.means, [[2, 0], [-2, 0]], atol=1e-15)
    np.testing.assert_allclose(np.exp(start.log_weights), [0.75, 0.25])
