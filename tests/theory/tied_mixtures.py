"""Random cases for tests of statements: arbitrary orthogonal maps, and the cyclic ones from plane rotations."""

import numpy as np

from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture


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
