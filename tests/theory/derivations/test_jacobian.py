"""J_M(0) = I − AᵀA and its eigenvalues by differences of cubature of M."""

import numpy as np
import pytest

from tests.theory.cubature_em import Array, Mixture
from tests.theory.tied_mixtures import cyclic_mixture, random_mixture, transform

pytestmark = pytest.mark.statement("jacobian")

_STEP = 1e-4


def jacobian(mixture: Mixture) -> Array:
    unit = np.eye(mixture.maps.shape[1])
    columns = [(mixture.step(_STEP * e) - mixture.step(-_STEP * e)) / (2 * _STEP) for e in unit]
    return np.array(columns).T


@pytest.mark.parametrize("seed", range(5))
def test_the_jacobian_for_random_orthogonal_maps(seed: int) -> None:
    mixture = random_mixture(seed, 3)
    A = mixture.matrix_a
    assert jacobian(mixture) == pytest.approx(np.eye(2) - A.T @ A, abs=1e-6)


@pytest.mark.parametrize("weights", [[0.7, 0.3], [0.5, 0.3, 0.2], [0.1, 0.4, 0.3, 0.2]])
def test_its_eigenvalues_for_the_cyclic_maps(weights: list[float]) -> None:
    k = len(weights)
    expected = [1 - abs(transform(np.array(weights), m)) ** 2 for m in range(1, k)]
    found = np.linalg.eigvalsh(jacobian(cyclic_mixture(np.array(weights))))
    assert found == pytest.approx(np.sort(expected), abs=1e-6)


def test_without_the_transpose_it_is_wrong() -> None:
    mixture = cyclic_mixture(np.array([0.5, 0.3, 0.2]))
    A = mixture.matrix_a
    assert np.abs(jacobian(mixture) - np.eye(2) + A @ A).max() > 1e-2
