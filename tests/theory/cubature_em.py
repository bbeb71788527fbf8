"""Population EM for arbitrary orthogonal maps from its definition, by Gauss-Hermite cubature: no identity is used."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def gaussian_nodes(dimension: int, count: int) -> tuple[Array, Array]:
    """Nodes (n × d) and weights of the product rule for N(0, I_d)."""
    nodes, mass = np.polynomial.hermite_e.hermegauss(count)
    points = np.stack(np.meshgrid(*[nodes] * dimension, indexing="ij"), axis=-1).reshape(-1, dimension)
    weights = np.prod(np.meshgrid(*[mass] * dimension, indexing="ij"), axis=0).ravel()
    return points, weights / weights.sum()


@dataclass(frozen=True)
class Mixture:
    """Weights, maps (k × d × d) and a rule for the expectation over the data."""

    weights: Array
    maps: Array
    nodes: Array
    mass: Array

    def posterior(self, theta: Array) -> Array:
        terms = self.weights * np.exp(self.nodes @ (self.maps @ theta).T)
        return terms / terms.sum(axis=1, keepdims=True)

    def step(self, theta: Array) -> Array:
        """M(θ) = E Σ γ_j U_jᵀ X."""
        moments = (self.mass[:, None] * self.posterior(theta)).T @ self.nodes
        return np.einsum("jab,ja->b", self.maps, moments)

    def divergence(self, theta: Array) -> float:
        partition = np.exp(self.nodes @ (self.maps @ theta).T) @ self.weights
        return float(theta @ theta / 2 - self.mass @ np.log(partition))

    def second_moment(self, theta: Array) -> Array:
        """B(θ) = E GᵀG."""
        means = np.tensordot(self.posterior(theta), self.maps, 1)
        return np.tensordot(self.mass[:, None, None] * means, means, ((0, 1), (0, 1)))

    @property
    def matrix_a(self) -> Array:
        return np.einsum("j,jab->ab", self.weights, self.maps)

    @property
    def sigma(self) -> float:
        """The smallest singular value of A."""
        return float(np.linalg.svd(self.matrix_a)[1][-1])

    def quartic(self, direction: Array) -> float:
        """q = Σ π_iπ_j⟨U_iu, U_ju⟩²."""
        images = self.maps @ direction
        return float(self.weights @ (images @ images.T) ** 2 @ self.weights)


def orthogonal_mixture(weights: Array, maps: Array, count: int = 40) -> Mixture:
    return Mixture(weights, maps, *gaussian_nodes(maps.shape[1], count))
