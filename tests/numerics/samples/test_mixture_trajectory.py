import numpy as np
import pytest

from emtheory.numerics.samples.mixture_trajectory import MixtureTrajectory
from emtheory.numerics.samples.simplex import rotation


def trajectory(means: np.ndarray) -> MixtureTrajectory:
    count, k, d = means.shape
    return MixtureTrajectory(
        np.zeros((count, k)), means, np.stack([np.eye(d)] * count), np.linspace(-3, -2, count), -2.5
    )


@pytest.mark.parametrize(("k", "d"), [(2, 1), (3, 3), (4, 3), (5, 6)])
def test_the_nearest_orbit_by_least_squares(k: int, d: int) -> None:
    means = np.random.default_rng(k).standard_normal((3, k, d))
    powers = np.concatenate([np.linalg.matrix_power(rotation(k, d), j) for j in range(k)])
    path = trajectory(means)
    for t in range(3):
        theta = np.linalg.lstsq(powers, means[t].ravel())[0]
        np.testing.assert_allclose(path.thetas[t], theta, atol=1e-12)
        assert path.orbit_distances[t] == pytest.approx(np.linalg.norm(powers @ theta - means[t].ravel()) / k**0.5)
        assert path.orbit_distances[t] > 1e-2
    np.testing.assert_allclose(path.amplitudes[:, 0], np.linalg.norm(path.thetas[:, : min(2, k - 1)], axis=1))


def test_lengths_and_divergence() -> None:
    path = trajectory(np.array([[[3.0, 0.0], [0.0, 1.0]], [[3.0, 2.0], [0.0, 1.0]]]))
    np.testing.assert_allclose(path.radii, np.sqrt([5, 7]))
    np.testing.assert_allclose(path.increments, [np.sqrt(2)])
    np.testing.assert_allclose(path.kl, [0.5, -0.5])
    np.testing.assert_array_equal(path.last.means, path.means[1])
    with pytest.raises(ValueError, match="read-only"):
        path.means[0, 0, 0] = 1
