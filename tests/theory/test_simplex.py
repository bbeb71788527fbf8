import numpy as np
import pytest

from emtheory.theory.simplex import basis, rotation, shift, vertices


def floats(matrix: object) -> np.ndarray:
    return np.array(matrix, dtype=float)


@pytest.mark.parametrize("k", [2, 3, 8])
def test_rotation_permutes_a_regular_simplex(k: int) -> None:
    V, R = floats(vertices(k)), floats(rotation(k))
    assert np.allclose(V.T @ V, (k * np.eye(k) - 1) / (k - 1))
    assert np.allclose(R @ V, np.roll(V, -1, axis=1))
    assert np.allclose(R.T @ R, np.eye(k - 1))
    assert np.allclose(np.sort_complex(np.linalg.eigvals(R)), np.sort_complex(np.exp(2j * np.pi * np.arange(1, k) / k)))


def test_shift_moves_component_j_to_the_next() -> None:
    assert list(shift(4) * shift(4)[:, 0]) == [0, 0, 1, 0]
    assert list(shift(4)[:, 3]) == [1, 0, 0, 0]


def test_impossible_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="k >= 2"):
        basis(1)
    with pytest.raises(ValueError, match="dimension >= 3"):
        rotation(4, 2)
