"""EM on samples, tied and not, against other code; the geometry of the simplex, and simplexes found in data."""

import warnings
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp
from scipy.stats import ortho_group

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.samples.distributions import gaussian_sample, parse_law, sample
from emtheory.numerics.samples.estimate import student
from emtheory.numerics.samples.lloyd_init import fresh_radius, lloyd_fit
from emtheory.numerics.samples.mixture_em import Covariance, Model, mixture_em, start_mixture
from emtheory.numerics.samples.mixture_trajectory import Mixture
from emtheory.numerics.samples.population_em import population_em, population_step
from emtheory.numerics.samples.posterior_sums import sample_blocks
from emtheory.numerics.samples.sample_em import blocks_without, make_sample, sample_em
from emtheory.numerics.samples.simplex import (
    amplitudes,
    distance_from_nearest_simplex,
    distance_from_simplex,
    point,
    rotation,
    vertices,
)
from emtheory.numerics.samples.tied_em import orbit
from tests.numerics.brute_force import brute_force

POINTS = np.array([[0.3, -1.2, 0.5], [1.1, 0.4, -0.2], [-0.7, 0.9, 1.5], [2.0, -0.1, 0.0], [-1.4, -0.6, -0.9]])


@pytest.mark.parametrize(("k", "weights"), [(3, "1/2,3/10,1/5"), (4, "1/2,1/4,1/8,1/8")])
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


@pytest.mark.parametrize(
    ("k", "weights", "radius"),
    [(2, "99/100,1/100", Fraction(4)), (3, "1/2,3/10,1/5", Fraction(3, 2)), (4, "linear", Fraction(1))],
)
def test_agrees_with_brute_force(k: int, weights: str, radius: Fraction) -> None:
    case = make_case(k, weights, radius=radius)
    step, reference = population_step(case, point(case)), brute_force(case)
    np.testing.assert_allclose(step.update, reference.update, atol=1e-11)
    assert step.log_partition == pytest.approx(reference.log_partition, abs=1e-11)


@pytest.mark.parametrize(
    ("k", "radius", "steps", "message"),
    [(7, 1, 1, "nodes"), (4, 20, 1, "nodes"), (3, None, 1, "starting point"), (3, 1, -1, "negative")],
)
def test_what_quadrature_cannot_reach_is_refused(k: int, radius: int | None, steps: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        population_em(make_case(k, "linear", radius=radius), steps)


CASE = make_case(3, "1/2,3/10,1/5", 3, radius=Fraction(1))
DATA = sample(parse_law("clusters:2"), 2000, 3, 7)


def scikit_learn(start: Mixture, data: np.ndarray, iterations: int) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

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


@pytest.mark.parametrize("iterations", [1, 50])
def test_untied_em_is_that_of_scikit_learn(iterations: int) -> None:
    start, model = start_mixture(CASE), Model(tied=False, covariance="full", free_weights=True)
    path = mixture_em(start, model, make_sample(DATA, 3), iterations)
    peer = scikit_learn(start, DATA, iterations)
    np.testing.assert_allclose(path.means[-1], peer.means_, atol=1e-10)
    np.testing.assert_allclose(path.covariances[-1], peer.covariances_, atol=1e-10)
    np.testing.assert_allclose(np.exp(path.log_weights[-1]), peer.weights_, atol=1e-10)
    assert path.mean_log_likelihood[-1] == pytest.approx(peer.score(DATA), abs=1e-10)
    assert np.abs(path.means[-1] - start.means).max() > 1e-2


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


ALL_FREE = Model(tied=False, covariance="full", free_weights=True)


def test_components_that_underflow_are_still_fitted() -> None:
    points = np.array([[0.0, 1.0], [1.0, 0.5], [-0.5, -1.0]])
    start = Mixture(np.log([0.5, 0.25, 0.25]), np.array([[0.0, 0.0], [90.0, 0.0], [0.0, -70.0]]), np.eye(2))
    log_joint = start.log_weights - np.sum((points[:, None] - start.means) ** 2, axis=2) / 2
    log_gamma = log_joint - logsumexp(log_joint, axis=1)[:, None]
    log_counts = logsumexp(log_gamma, axis=0) - np.log(3)
    assert log_counts[1] < -2000  # far below the range of floats
    shares = np.exp(log_gamma - logsumexp(log_gamma, axis=0))
    for dtype, accuracy in (("float64", 1e-12), ("float32", 1e-4)):
        new = mixture_em(start, Model(tied=False, free_weights=True), make_sample(points.astype(dtype), 2), 1).last
        np.testing.assert_allclose(new.log_weights, log_counts, rtol=accuracy, atol=accuracy)
        np.testing.assert_allclose(new.means, shares.T @ points, atol=accuracy)
    far = start_mixture(make_case(3, "linear", 3, radius=Fraction(50)))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for model in (ALL_FREE, Model(free_weights=True), Model(tied=False)):
            path = mixture_em(far, model, make_sample(100 * DATA, 3), 5)
            assert np.isfinite(path.means).all()
            assert np.isfinite(path.log_weights).all()
            assert np.all(np.diff(path.mean_log_likelihood) > -1e-12 * abs(path.mean_log_likelihood[0]))


@pytest.mark.parametrize("covariance", ["isotropic", "full"])
def test_a_singular_covariance_is_an_error(covariance: Covariance) -> None:
    three = np.repeat([[0.0, 1.0, 0.0], [2.0, 0.0, 1.0], [-1.0, -2.0, 3.0]], 10, axis=0)
    with pytest.raises(InputError, match="singular"):
        mixture_em(start_mixture(CASE), Model(False, covariance), make_sample(three, 3), 100)
    plane = DATA.copy()
    plane[:, 2] = plane[:, 0] - plane[:, 1]
    if covariance == "full":
        with pytest.raises(InputError, match="hyperplane"):
            mixture_em(start_mixture(CASE), ALL_FREE, make_sample(plane, 3), 100)
    mixture_em(start_mixture(CASE), Model(False), make_sample(plane, 3), 100)


def test_tolerance_and_number_of_steps() -> None:
    start, sampled = start_mixture(CASE), make_sample(DATA, 3)
    path = mixture_em(start, Model(covariance="full"), sampled, 1000, tolerance=1e-5)
    assert path.increments[-1] <= 1e-5 < path.increments[-2]
    assert len(mixture_em(start, ALL_FREE, sampled, 0).means) == 1
    with pytest.raises(InputError, match="negative"):
        mixture_em(start, ALL_FREE, sampled, -1)
    with pytest.raises(InputError, match="at most 1000000"):
        start_mixture(make_case(3, "linear", radius=Fraction(10**7)))


@pytest.mark.parametrize("k", [2, 3, 4, 33])
@pytest.mark.parametrize("extra", [0, 3])
def test_rotation_permutes_the_vertices_of_a_regular_simplex(k: int, extra: int) -> None:
    d = k - 1 + extra
    v, R = vertices(k, d), rotation(k, d)
    gram = np.full((k, k), -1 / (k - 1))
    np.fill_diagonal(gram, 1)
    np.testing.assert_allclose(v @ v.T, gram, atol=1e-14)
    np.testing.assert_allclose(v @ R.T, np.roll(v, -1, axis=0), atol=1e-14)
    np.testing.assert_allclose(R @ R.T, np.eye(d), atol=1e-14)
    np.testing.assert_allclose(np.linalg.matrix_power(R, k), np.eye(d), atol=1e-13)
    complement = np.eye(d)[k - 1 :]
    np.testing.assert_array_equal(complement @ R.T, complement)
    assert not np.any(v[:, k - 1 :])


@pytest.mark.parametrize("k", [2, 3, 6])
def test_amplitudes_are_the_norms_of_the_spectral_projections(k: int) -> None:
    d = k + 2
    R = rotation(k, d)
    theta = np.random.default_rng(k).standard_normal(d)
    # P_m = (1/k) Σ_j e^{−2πijm/k} R^j projects on one eigenvalue; ±m together make the real plane.
    powers = [np.linalg.matrix_power(R, j) for j in range(k)]
    for m, amplitude in enumerate(amplitudes(theta, k), start=1):
        projection = sum(np.exp(-2j * np.pi * j * m / k) * powers[j] for j in range(k)) / k
        planes = 1 if 2 * m == k else 2
        assert amplitude**2 == pytest.approx(planes * np.linalg.norm(projection @ theta) ** 2, rel=1e-12)


def test_bad_geometry_is_refused() -> None:
    with pytest.raises(InputError, match="at least 2"):
        vertices(1, 3)
    with pytest.raises(InputError, match="too small"):
        rotation(4, 2)
    with pytest.raises(InputError, match="d × d"):
        rotation(2, 10**5)
    with pytest.raises(InputError, match="starting point"):
        point(make_case(3, "linear"))


@pytest.mark.parametrize("k", [2, 4, 5])
def test_distance_from_the_nearest_simplex_by_minimisation(k: int) -> None:
    found = distance_from_simplex(rho := np.random.default_rng(k).random(k // 2), k)
    unit = amplitudes(vertices(k, k - 1)[0], k)
    assert found == pytest.approx(min(np.linalg.norm(rho - r * unit) for r in np.linspace(0, 3, 30_001)), abs=1e-4)
    assert distance_from_simplex(2.5 * unit, k) == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("k", [4, 7])
def test_the_distance_of_an_orbit_is_that_of_its_amplitudes(k: int) -> None:
    theta = np.random.default_rng(k).standard_normal(k - 1)
    means = orbit(rotation(k, k - 1), theta, k)
    assert distance_from_nearest_simplex(means) == pytest.approx(
        distance_from_simplex(amplitudes(theta, k), k), abs=1e-12
    )


@pytest.mark.parametrize(("k", "d"), [(2, 1), (3, 2), (6, 7)])
def test_a_turned_simplex_is_found(k: int, d: int) -> None:
    rng = np.random.default_rng(k + d)
    turn = ortho_group.rvs(d, random_state=k) if d > 1 else np.array([[-1.0]])
    centres = 20 * vertices(k, d) @ turn
    labels = np.repeat(np.arange(k), 200)
    fit = lloyd_fit(make_case(k, "uniform", d), centres[labels] + 0.1 * rng.standard_normal((200 * k, d)), 0)
    assert fit.radius == pytest.approx(20, abs=0.1)
    assert fit.distance < 1e-2
    np.testing.assert_allclose(fit.turn @ fit.turn.T, np.eye(d), atol=1e-12)
    # In the turned coordinates the centroids are the vertices themselves.
    np.testing.assert_allclose(fit.centroids @ fit.turn.T, 20 * vertices(k, d), atol=0.2)


def test_fewer_points_than_clusters_are_refused() -> None:
    data = np.repeat([[0.0, 0.0], [1.0, 1.0]], 10, axis=0)
    with pytest.raises(InputError, match="no 3 clusters"):
        lloyd_fit(make_case(3, "uniform", 2), data, 0)


def test_the_radius_on_fresh_points_is_not_biased() -> None:
    case, seeds = make_case(4, "uniform", 3), range(60)
    lloyd = float(evaluate("lloyd_radius", case).midpoint)
    fits = [lloyd_fit(case, gaussian_sample(200, 3, seed), seed) for seed in seeds]
    radii = [fresh_radius(fit, gaussian_sample(5000, 3, 100 + seed)) for seed, fit in enumerate(fits)]
    # False alarm 1e−7 each; on the points that it was fitted to the radius is too large.
    assert student(radii, seeds, 1 - 1e-7).contains(lloyd)
    assert student([fit.radius for fit in fits], seeds, 1 - 1e-7).low > lloyd
