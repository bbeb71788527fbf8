"""The Hessian of ℓ by differences of cubature of KL = ℓ − ℓ(0), against the posterior covariance and AᵀA."""

import numpy as np
import pytest

from tests.theory.cubature_em import Array, Mixture
from tests.theory.tied_mixtures import random_mixture

pytestmark = pytest.mark.statement("hessian")

_STEP = 1e-3


def form(mixture: Mixture, theta: Array, h: Array) -> float:
    values = [mixture.divergence(theta + s * _STEP * h) for s in (-1, 0, 1)]
    return (values[0] - 2 * values[1] + values[2]) / _STEP**2


def mean_variance(mixture: Mixture, theta: Array, h: Array) -> float:
    """E Var_γ⟨X, U_jh⟩."""
    gamma, along = mixture.posterior(theta), mixture.nodes @ (mixture.maps @ h).T
    means = (gamma * along).sum(axis=1, keepdims=True)
    return float(mixture.mass @ (gamma * (along - means) ** 2).sum(axis=1))


@pytest.mark.parametrize("seed", range(5))
def test_the_statement_for_random_orthogonal_maps(seed: int) -> None:
    mixture = random_mixture(seed, 3)
    theta, h = np.random.default_rng(seed + 100).normal(size=(2, 2))
    found = form(mixture, theta, h)
    assert found == pytest.approx(h @ h - mean_variance(mixture, theta, h), abs=1e-5)
    assert found < h @ h
    at_origin = form(mixture, np.zeros(2), h)
    assert at_origin == pytest.approx(float(np.sum((mixture.matrix_a @ h) ** 2)), abs=1e-5)


def test_with_the_weights_for_the_posterior_it_is_wrong_away_from_the_origin() -> None:
    mixture = random_mixture(0, 3)
    theta, h = np.array([0.8, -0.6]), np.array([0.3, 1.0])
    at_weights = h @ h - mean_variance(mixture, np.zeros(2), h)
    assert abs(form(mixture, theta, h) - at_weights) > 1e-2
