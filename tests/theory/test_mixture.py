"""Mixtures on the simplex in coordinates: its geometry, posteriors, gradients."""

import math

import numpy as np
import pytest
import sympy

from emtheory.theory.mixture import columns, em_integrand, exponents, free_weights, log_partition_integrand, posterior
from emtheory.theory.simplex import basis, rotation, rotations, shift, vertices


def test_posterior_is_bayes_rule_with_the_densities() -> None:
    weights, theta, x = (0.5, 0.3, 0.2), (0.7, -0.4), (1.1, 0.6)
    maps = rotations(3)
    densities = []
    for U, p in zip(maps, weights, strict=True):
        mean = [float(value) for value in U * sympy.Matrix(theta)]
        densities.append(p * math.exp(-sum((a - b) ** 2 for a, b in zip(x, mean, strict=True)) / 2))
    y = exponents(maps, sympy.ImmutableMatrix(theta), sympy.ImmutableMatrix(x))
    for gamma, density in zip(posterior(weights, y), densities, strict=True):
        assert float(gamma) == pytest.approx(density / sum(densities), rel=1e-12)


@pytest.mark.parametrize("k", [2, 3])
def test_gradient_of_the_log_partition_in_coordinates_is_the_em_integrand(k: int) -> None:
    weights, maps = free_weights(k), rotations(k)
    theta, x = columns(k - 1, "theta", "x")
    y = exponents(maps, theta, x)
    image = em_integrand(posterior(weights, y), maps, x)
    for entry, variable in zip(image, theta, strict=True):
        assert sympy.expand(sympy.diff(log_partition_integrand(weights, y), variable) - entry) == 0


def test_em_integrand_uses_the_transposed_maps() -> None:
    x = sympy.ImmutableMatrix([1, 2])
    image = em_integrand((sympy.S.Zero, sympy.S.One, sympy.S.Zero), rotations(3), x)
    assert image == (rotation(3).T * x).as_immutable()
    assert image != (rotation(3) * x).as_immutable()


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
