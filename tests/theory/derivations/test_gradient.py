"""θ − M(θ) as the gradient of −E log p_θ(X) by differences, for the population and for a sample, from densities."""

import numpy as np
import pytest

from tests.theory.cubature_em import Array, Mixture
from tests.theory.tied_mixtures import random_mixture

pytestmark = pytest.mark.statement("gradient")

_STEP = 1e-5


def loss(mixture: Mixture, theta: Array) -> float:
    squares = ((mixture.nodes[:, None, :] - mixture.maps @ theta) ** 2).sum(axis=2)
    return float(-mixture.mass @ np.log(np.exp(-squares / 2) @ mixture.weights))


def gradient(mixture: Mixture, theta: Array) -> Array:
    unit = np.eye(theta.size)
    return np.array([loss(mixture, theta + _STEP * e) - loss(mixture, theta - _STEP * e) for e in unit]) / (2 * _STEP)


@pytest.mark.parametrize("seed", range(4))
def test_em_is_a_gradient_step_for_the_population(seed: int) -> None:
    mixture = random_mixture(seed, 3)
    theta = np.random.default_rng(seed + 100).normal(size=2)
    assert theta - gradient(mixture, theta) == pytest.approx(mixture.step(theta), abs=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_em_is_a_gradient_step_for_every_sample(seed: int) -> None:
    generator = np.random.default_rng(seed)
    sample = generator.standard_cauchy(size=(7, 2))
    population = random_mixture(seed, 3)
    mixture = Mixture(population.weights, population.maps, sample, np.full(7, 1 / 7))
    theta = generator.normal(size=2)
    assert theta - gradient(mixture, theta) == pytest.approx(mixture.step(theta), abs=1e-6)
    assert np.abs(theta - 2 * gradient(mixture, theta) - mixture.step(theta)).max() > 1e-3
