import numpy as np
import pytest
from scipy.stats import ortho_group

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.estimate import student
from emtheory.numerics.samples.lloyd_init import fresh_radius, lloyd_fit
from emtheory.numerics.samples.simplex import (
    amplitudes,
    distance_from_nearest_simplex,
    distance_from_simplex,
    point,
    rotation,
    vertices,
)
from emtheory.numerics.samples.tied_em import orbit


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
