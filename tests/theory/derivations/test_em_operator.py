"""M(θ) as the maximiser of the surrogate E Σ_j γ_j log φ(X − U_jθ'), from the densities."""

import numpy as np
import pytest

from tests.theory.cubature_em import Array, Mixture
from tests.theory.tied_mixtures import random_mixture

pytestmark = pytest.mark.statement("em-operator")


def surrogate(mixture: Mixture, theta: Array, candidate: Array) -> float:
    """Up to a constant; the posterior by Bayes' rule from the densities."""

    def squares(point: Array) -> Array:
        return ((mixture.nodes[:, None, :] - mixture.maps @ point) ** 2).sum(axis=2)

    densities = mixture.weights * np.exp(-squares(theta) / 2)
    posterior = densities / densities.sum(axis=1, keepdims=True)
    return float(-mixture.mass @ (posterior * squares(candidate)).sum(axis=1) / 2)


@pytest.mark.parametrize("seed", range(4))
def test_the_step_maximises_the_surrogate(seed: int) -> None:
    mixture = random_mixture(seed, 3)
    generator = np.random.default_rng(seed + 100)
    theta = generator.normal(size=2)
    image = mixture.step(theta)
    best = surrogate(mixture, theta, image)
    for shift in generator.normal(size=(10, 2)):
        assert surrogate(mixture, theta, image + shift) == pytest.approx(best - shift @ shift / 2, abs=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_the_origin_is_a_fixed_point(seed: int) -> None:
    mixture = random_mixture(seed, 4)
    assert mixture.step(np.zeros(2)) == pytest.approx(np.zeros(2), abs=1e-12)
