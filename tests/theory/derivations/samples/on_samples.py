"""What the tests of the finite-sample statements share: numbers of samples, from their definitions."""

from collections.abc import Sequence

import numpy as np
import sympy

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, Mixture, cyclic_mixture

HEAVY = cyclic_mixture(np.array([0.8, 0.1, 0.1]), 30)


def conclusions(name: str) -> Sequence[sympy.Basic]:
    said: Sequence[sympy.Basic] = derive(name, None).statement.conclusions
    return said


def on_data(mixture: Mixture, points: Array) -> Mixture:
    return Mixture(mixture.weights, mixture.maps, points, np.full(len(points), 1 / len(points)))


def covariances(mixture: Mixture, theta: Array) -> Array:
    """Posterior covariance of the U_jᵀx at each node, n × d × d."""
    posterior = mixture.posterior(theta)
    images = np.tensordot(mixture.nodes, mixture.maps, (1, 1))
    centred = images - (posterior[:, None] @ images)
    return np.swapaxes(posterior[..., None] * centred, 1, 2) @ centred


def third_cumulants(mixture: Mixture) -> Array:
    """Σπ_j y_j⊗y_j⊗y_j at each node, y_j = (U_j − A)ᵀx."""
    images = np.einsum("jab,na->njb", mixture.maps - mixture.matrix_a, mixture.nodes)
    return np.einsum("j,nja,njb,njc->nabc", mixture.weights, images, images, images)


def sample_numbers(mixture: Mixture, ball: float) -> tuple[float, float, float]:
    """λ, ω and T of a sample."""
    x = mixture.nodes
    weight = np.expm1(8 * ball**2 * np.sum(x**2, axis=1) / 3)
    spread = np.linalg.eigvalsh(x.T @ x / len(x))[-1]
    growth = np.linalg.eigvalsh((weight[:, None] * x).T @ x / len(x))[-1] / ball**2
    return float(spread), float(growth), float(np.linalg.norm(third_cumulants(mixture).mean(axis=0)))


def grid(radius: float, count: int = 41) -> Array:
    side = np.linspace(-radius, radius, count)
    points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    return points[np.linalg.norm(points, axis=1) <= radius]
