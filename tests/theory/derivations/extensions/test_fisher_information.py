"""Score and information from the density by differences and cubature."""

import numpy as np
import pytest

from emtheory.theory.simplex import rotations
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture

MAPS = np.array([np.array(U, dtype=float) for U in rotations(3)])
SKEW = orthogonal_mixture(np.array([0.5, 0.3, 0.2]), MAPS)
UNIFORM = orthogonal_mixture(np.full(3, 1 / 3), MAPS)
STEP = 1e-3


def log_ratio(mixture: Mixture, theta: Array, points: Array) -> Array:
    """log p_θ(x)/φ(x)."""
    return np.log(np.exp(points @ (mixture.maps @ theta).T) @ mixture.weights) - theta @ theta / 2


@pytest.mark.statement("fisher-information")
@pytest.mark.parametrize("mixture", [SKEW, UNIFORM])
def test_the_information_is_the_square_of_a(mixture: Mixture) -> None:
    score = np.stack(
        [
            (log_ratio(mixture, STEP * e, mixture.nodes) - log_ratio(mixture, -STEP * e, mixture.nodes)) / (2 * STEP)
            for e in np.eye(2)
        ],
        axis=1,
    )
    information = np.einsum("n,na,nb->ab", mixture.mass, score, score)
    assert information == pytest.approx(mixture.matrix_a.T @ mixture.matrix_a, abs=1e-4)
