"""What EM's operator is: its M-step, its gradient, Stein's identity, and derivatives, from densities by cubature."""

import numpy as np
import pytest

from tests.theory.cubature_em import Array, Mixture
from tests.theory.tied_mixtures import cyclic_mixture, random_mixture, transform

STEP = 1e-4
WEIGHTS = [[0.7, 0.3], [0.5, 0.3, 0.2], [0.1, 0.4, 0.3, 0.2]]


def squares(mixture: Mixture, theta: Array) -> Array:
    """‖x − U_jθ‖² at the nodes."""
    return np.asarray(((mixture.nodes[:, None, :] - mixture.maps @ theta) ** 2).sum(axis=2))


def surrogate(mixture: Mixture, theta: Array, candidate: Array) -> float:
    """E Σ_j γ_j log φ(X − U_jθ') up to a constant; the posterior by Bayes' rule from the densities."""
    densities = mixture.weights * np.exp(-squares(mixture, theta) / 2)
    posterior = densities / densities.sum(axis=1, keepdims=True)
    return float(-mixture.mass @ (posterior * squares(mixture, candidate)).sum(axis=1) / 2)


@pytest.mark.statement("em-operator")
@pytest.mark.parametrize("seed", range(4))
def test_the_step_maximises_the_surrogate_and_fixes_the_origin(seed: int) -> None:
    mixture = random_mixture(seed, 3)
    generator = np.random.default_rng(seed + 100)
    theta = generator.normal(size=2)
    image = mixture.step(theta)
    best = surrogate(mixture, theta, image)
    for shift in generator.normal(size=(10, 2)):
        assert surrogate(mixture, theta, image + shift) == pytest.approx(best - shift @ shift / 2, abs=1e-8)
    assert mixture.step(np.zeros(2)) == pytest.approx(np.zeros(2), abs=1e-12)


def gradient(mixture: Mixture, theta: Array) -> Array:
    """Of −E log p_θ(X), by differences of densities."""

    def loss(theta: Array) -> float:
        return float(-mixture.mass @ np.log(np.exp(-squares(mixture, theta) / 2) @ mixture.weights))

    small = STEP / 10
    return np.array([loss(theta + small * e) - loss(theta - small * e) for e in np.eye(theta.size)]) / (2 * small)


@pytest.mark.statement("gradient")
@pytest.mark.parametrize("seed", range(4))
def test_em_is_a_gradient_step_for_the_population_and_for_every_sample(seed: int) -> None:
    population, theta = random_mixture(seed, 3), np.random.default_rng(seed + 100).normal(size=2)
    assert theta - gradient(population, theta) == pytest.approx(population.step(theta), abs=1e-7)
    generator = np.random.default_rng(seed)
    sample = generator.standard_cauchy(size=(7, 2))
    mixture = Mixture(population.weights, population.maps, sample, np.full(7, 1 / 7))
    theta = generator.normal(size=2)
    assert theta - gradient(mixture, theta) == pytest.approx(mixture.step(theta), abs=1e-6)
    assert np.abs(theta - 2 * gradient(mixture, theta) - mixture.step(theta)).max() > 1e-3


@pytest.mark.statement("stein-identity")
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("components", [2, 3, 5])
def test_steins_identity_for_random_orthogonal_maps(seed: int, components: int) -> None:
    """M(θ) = (I − B(θ))θ, 0 ⪯ B ⪯ I and B(0) = AᵀA."""
    mixture = random_mixture(seed, components)
    theta = 0.6 * np.random.default_rng(seed + 100).normal(size=2)
    B = mixture.second_moment(theta)
    assert mixture.step(theta) == pytest.approx(theta - B @ theta, abs=1e-6)
    assert np.all(np.abs(np.linalg.eigvalsh(B) - 1 / 2) < 1 / 2 + 1e-12)
    assert mixture.second_moment(np.zeros(2)) == pytest.approx(mixture.matrix_a.T @ mixture.matrix_a)


@pytest.mark.statement("stein-identity")
@pytest.mark.parametrize("weights", WEIGHTS)
def test_each_frequency_of_the_cyclic_maps_shrinks_by_its_power(weights: list[float]) -> None:
    mixture, k = cyclic_mixture(np.array(weights)), len(weights)
    theta = np.random.default_rng(k).normal(size=k - 1) * 0.3
    image, gamma = mixture.step(theta), mixture.posterior(theta)
    for m in range(1, k // 2 + 1):
        beta = mixture.mass @ np.abs(transform(gamma, m)) ** 2
        plane = slice(2 * m - 2, 2 * m)
        assert image[plane] == pytest.approx((1 - beta) * theta[plane], abs=1e-6)
