"""M(θ) = (I − B(θ))θ, 0 ⪯ B ⪯ I and B(0) = AᵀA by cubature of the definitions."""

import numpy as np
import pytest

from tests.theory.cubature_em import orthogonal_mixture
from tests.theory.tied_mixtures import cyclic_mixture, random_mixture, transform

pytestmark = pytest.mark.statement("stein-identity")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("components", [2, 3, 5])
def test_the_statement_for_random_orthogonal_maps(seed: int, components: int) -> None:
    mixture = random_mixture(seed, components)
    theta = 0.6 * np.random.default_rng(seed + 100).normal(size=2)
    B = mixture.second_moment(theta)
    assert mixture.step(theta) == pytest.approx(theta - B @ theta, abs=1e-6)
    assert np.all(np.linalg.eigvalsh(B) > -1e-12)
    assert np.all(np.linalg.eigvalsh(B) < 1 + 1e-12)
    assert mixture.second_moment(np.zeros(2)) == pytest.approx(mixture.matrix_a.T @ mixture.matrix_a)


@pytest.mark.parametrize("weights", [[0.7, 0.3], [0.5, 0.3, 0.2], [0.1, 0.4, 0.3, 0.2]])
def test_each_frequency_of_the_cyclic_maps_shrinks_by_its_power(weights: list[float]) -> None:
    mixture = cyclic_mixture(np.array(weights))
    k = len(weights)
    theta = np.random.default_rng(k).normal(size=k - 1) * 0.3
    image, gamma = mixture.step(theta), mixture.posterior(theta)
    for m in range(1, k // 2 + 1):
        beta = mixture.mass @ np.abs(transform(gamma, m)) ** 2
        plane = slice(2 * m - 2, 2 * m)
        assert image[plane] == pytest.approx((1 - beta) * theta[plane], abs=1e-6)


def test_it_fails_for_maps_that_are_not_orthogonal() -> None:
    mixture = orthogonal_mixture(np.array([0.6, 0.4]), np.array([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.7], [0.0, 1.0]]]))
    theta = np.array([0.5, 0.8])
    assert np.abs(mixture.step(theta) - theta + mixture.second_moment(theta) @ theta).max() > 1e-2
