"""Population EM for orthogonal maps, random and cyclic ones, from its definition by cubature: no identity is used."""

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


def random_mixture(seed: int | np.random.Generator, components: int, dimension: int = 2, count: int = 40) -> Mixture:
    """Random weights and orthogonal maps."""
    generator = np.random.default_rng(seed)
    Q, triangle = np.linalg.qr(generator.normal(size=(components, dimension, dimension)))
    # Signs that make the law invariant: without them all maps of the plane are reflections.
    maps = Q * np.sign(np.einsum("jaa->ja", triangle))[:, None, :]
    return orthogonal_mixture(generator.dirichlet(np.ones(components)), maps, count)


def cyclic_mixture(weights: Array, count: int = 30) -> Mixture:
    """Powers of a rotation by 2πm/k in a plane for every m < k/2, and of −1 on a line for m = k/2."""
    k = len(weights)
    maps = np.zeros((k, k - 1, k - 1))
    for j in range(k):
        for m in range(1, k // 2 + 1):
            angle, start = 2 * np.pi * m * j / k, 2 * m - 2
            if 2 * m == k:
                maps[j, start, start] = np.cos(angle)
            else:
                cosine, sine = np.cos(angle), np.sin(angle)
                maps[j, start : start + 2, start : start + 2] = [[cosine, -sine], [sine, cosine]]
    return orthogonal_mixture(weights, maps, count)


def dihedral_mixture(weights: Array, count: int = 60) -> Mixture:
    """Rotations by 2πa/n, and each after the reflection at the first axis."""
    angles = 4 * np.pi * np.arange(len(weights) // 2) / len(weights)
    turns = np.array([[[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]] for t in angles])
    return orthogonal_mixture(weights, np.concatenate([turns, turns @ np.diag([1.0, -1.0])]), count)


def transform(probabilities: Array, m: int) -> Array:
    """Σ_j p_j e^{2πimj/k} along the last axis."""
    k = probabilities.shape[-1]
    return probabilities @ np.exp(2j * np.pi * m * np.arange(k) / k)


def power(mixture: Mixture, theta: Array, m: int) -> float:
    """β_m(θ) = E|γ̂_m|²."""
    return float(mixture.mass @ np.abs(transform(mixture.posterior(theta), m)) ** 2)


def trajectory(mixture: Mixture, theta: Array, steps: int, length: float = 1.0) -> list[Array]:
    """Return where EM goes, with steps of some length."""
    points = [theta]
    for _ in range(steps):
        points.append((1 - length) * points[-1] + length * mixture.step(points[-1]))
    return points
