import math

import pytest
import sympy

from emtheory.theory.mixture import columns, em_integrand, exponents, free_weights, log_partition_integrand, posterior
from emtheory.theory.simplex import rotation, rotations


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
