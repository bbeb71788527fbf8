"""Statements simplex, dft and matrix-a by NumPy: regular simplices, circulants and their singular values."""

import numpy as np
import pytest

from tests.theory.cubature_em import Array
from tests.theory.tied_mixtures import transform


def vertices(k: int) -> Array:
    """Unit vectors of R^k, projected and scaled, as columns."""
    projected = np.eye(k) - 1 / k
    return projected / np.linalg.norm(projected[:, 0])


@pytest.mark.statement("simplex")
@pytest.mark.parametrize("k", [3, 8])
def test_the_shift_is_a_rotation_of_the_regular_simplex(k: int) -> None:
    V, P = vertices(k), np.roll(np.eye(k), 1, axis=0)
    assert pytest.approx(np.where(np.eye(k) == 1, 1, -1 / (k - 1))) == V.T @ V
    assert pytest.approx(np.roll(V, -1, axis=1)) == P @ V
    assert np.linalg.matrix_power(P, k) == pytest.approx(np.eye(k))
    assert not np.allclose(np.linalg.matrix_power(P, k - 1), np.eye(k))


@pytest.mark.statement("dft")
@pytest.mark.parametrize("k", [2, 7])
def test_squared_moduli_are_cosine_sums_of_the_autocorrelation(k: int) -> None:
    weights = np.random.default_rng(k).dirichlet(np.ones(k))
    correlation = np.array([weights @ np.roll(weights, -s) for s in range(k)])
    for m in range(k):
        cosines = np.cos(2 * np.pi * m * np.arange(k) / k)
        assert abs(transform(weights, m)) ** 2 == pytest.approx(correlation @ cosines)
        assert abs(transform(np.full(k, 1 / k), m)) == pytest.approx(float(m == 0), abs=1e-12)
