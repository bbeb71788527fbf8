"""The Jacobian at the origin for data laws with finitely many points, where population EM is a finite sum."""

import numpy as np
import pytest

from emtheory.theory.simplex import rotations
from tests.theory.cubature_em import Array, Mixture

WEIGHTS = np.array([0.5, 0.3, 0.2])
MAPS = np.array([np.array(U, dtype=float) for U in rotations(3)])
GAP = 0.07


def law(points: Array) -> Mixture:
    return Mixture(WEIGHTS, MAPS, points, np.full(len(points), 1 / len(points)))


def polygon(corners: int, squared_radius: float) -> Array:
    """Corners of a regular polygon: centred, with covariance squared_radius/2 I, and far from Gaussian."""
    angles = 2 * np.pi * (np.arange(corners) + 0.2) / corners
    return np.sqrt(squared_radius) * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def jacobian(mixture: Mixture) -> Array:
    step = 1e-5
    return np.stack([(mixture.step(step * e) - mixture.step(-step * e)) / (2 * step) for e in np.eye(2)], axis=1)


@pytest.mark.statement("data-law")
@pytest.mark.parametrize(
    "points",
    [
        polygon(5, 2.0),
        polygon(4, 3.0),
        np.array([[1.0, 0.3], [-1.0, -0.3], [0.2, 2.0], [-0.2, -2.0]]),
        np.array([[2.0, -1.0], [-1.0, -1.0], [-1.0, 2.0]]),
    ],
)
def test_it_depends_on_the_covariance_only(points: Array) -> None:
    mixture = law(points)
    covariance = points.T @ points / len(points)
    A = mixture.matrix_a
    expected = np.einsum("j,jba,bc,jcd->ad", WEIGHTS, MAPS, covariance, MAPS) - A.T @ covariance @ A
    assert jacobian(mixture) == pytest.approx(expected, abs=1e-7)


@pytest.mark.statement("data-law")
@pytest.mark.parametrize(("variance", "attracts"), [(1.06, True), (1.09, False)])
def test_the_threshold(variance: float, attracts: bool) -> None:
    """1/(1 − 7/100) = 1.0753 separates attraction from repulsion, for a law on five points."""
    mixture = law(polygon(5, 2 * variance))
    assert (variance * (1 - GAP) < 1) == attracts
    theta = np.array([1e-3, 2e-3])
    for _ in range(3000):
        theta = mixture.step(theta)
    assert (np.linalg.norm(theta) < 1e-6) == attracts
