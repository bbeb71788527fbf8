import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.spatial.transform import Rotation
from scipy.stats import ortho_group

from emtheory.numerics.samples.simplex import (
    amplitudes,
    distance_from_nearest_simplex,
    distance_from_simplex,
    nearest_simplex,
    rotation,
    vertices,
)
from emtheory.numerics.samples.tied_em import orbit


def test_no_other_simplex_is_nearer() -> None:
    points = np.random.default_rng(0).standard_normal((4, 3))
    found = float(distance_from_nearest_simplex(points))

    def distance(parameters: np.ndarray, sign: float) -> float:
        turn = sign * Rotation.from_rotvec(parameters[:3]).as_matrix()
        return float(np.sqrt(np.mean(np.sum((points - parameters[3] * vertices(4, 3) @ turn) ** 2, axis=1))))

    starts = np.random.default_rng(1).standard_normal((20, 4))
    nearest = min(minimize(distance, start, args=(sign,)).fun for start in starts for sign in (1.0, -1.0))
    assert found == pytest.approx(nearest, rel=1e-6)


@pytest.mark.parametrize(("k", "d"), [(2, 1), (3, 2), (5, 6)])
def test_a_turned_simplex_is_found_in_a_stack(k: int, d: int) -> None:
    turns = [ortho_group.rvs(d, random_state=seed) if d > 1 else np.array([[-1.0]]) for seed in range(3)]
    points = np.array([(1 + index) * vertices(k, d) @ turn for index, turn in enumerate(turns)])
    radius, turn = nearest_simplex(points)
    np.testing.assert_allclose(radius, [1, 2, 3], rtol=1e-12)
    np.testing.assert_allclose(radius[:, None, None] * (vertices(k, d) @ turn), points, atol=1e-12)
    np.testing.assert_allclose(distance_from_nearest_simplex(points), 0, atol=1e-12)


@pytest.mark.parametrize("k", [3, 4, 7])
def test_the_distance_of_an_orbit_is_that_of_its_amplitudes(k: int) -> None:
    theta = np.random.default_rng(k).standard_normal(k - 1)
    means = orbit(rotation(k, k - 1), theta, k)
    assert distance_from_nearest_simplex(means) == pytest.approx(
        distance_from_simplex(amplitudes(theta, k), k), abs=1e-12
    )
