import numpy as np
import pytest
from scipy.stats import ortho_group

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.samples.distributions import gaussian_sample, parse_law, sample
from emtheory.numerics.samples.estimate import student
from emtheory.numerics.samples.lloyd_init import fresh_radius, lloyd_fit
from emtheory.numerics.samples.simplex import vertices


@pytest.mark.parametrize(("k", "d"), [(2, 1), (3, 2), (4, 3), (4, 5), (6, 7)])
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


def test_centroids_of_normal_data_have_lloyds_radius() -> None:
    case = make_case(3, "uniform", 2)
    radii = [lloyd_fit(case, gaussian_sample(20_000, 2, seed), seed).radius for seed in range(4)]
    lloyd = float(evaluate("lloyd_radius", case).midpoint)
    # The centroids' standard error is below 1.5/√n each; eight of them are far beyond a chance of 1e−6.
    assert np.mean(radii) == pytest.approx(lloyd, abs=8 * 1.5 / np.sqrt(4 * 20_000))
    assert lloyd_fit(case, sample(parse_law("clusters:3"), 5000, 2, 0), 0).distance > 0.3


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
