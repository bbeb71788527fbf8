"""Maxima of the likelihood of samples where A is singular, from the definition of the likelihood."""

import numpy as np
import pytest
from scipy.special import erf

from emtheory.theory.proof.mean import Mean
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture
from tests.theory.derivations.samples.on_samples import conclusions, covariances, on_data
from tests.theory.derivations.statement_values import Values, holds, named

MIXTURE = orthogonal_mixture(np.array([0.5, 0.5]), np.stack([np.eye(2), np.diag([1.0, -1.0])]), 4)
"""With A of rank 1."""


def kernel(mixture: Mixture) -> Array:
    """The last right singular vector of A, which annihilates it in all but the control."""
    return np.linalg.svd(mixture.matrix_a)[2][-1]


def of_sample(mixture: Mixture, points: Array, theta: Array) -> dict[str, float]:
    """The numbers of the first conclusion from their definitions."""
    u = kernel(mixture)
    squares = np.einsum("jab,b,na->nj", mixture.maps, u, points) ** 2
    images = np.einsum("jab,na->njb", mixture.maps - mixture.matrix_a, points)
    third = np.einsum("j,nj,njb->b", mixture.weights, squares, images) / len(points)
    curvature = 1 - u @ covariances(on_data(mixture, points), theta).mean(axis=0) @ u
    return {
        "r": float(np.linalg.norm(theta)),
        "f": float(curvature),
        "Z": float((squares @ mixture.weights).mean() - 1),
        "tau": float(np.linalg.norm(third)),
        "m_4": float(np.mean(np.sum(points**2, axis=1) ** 2)),
    }


def at(numbers: dict[str, float], **changed: float) -> Values:
    return named("degenerate-maximum", {**numbers, **changed})


@pytest.mark.statement("degenerate-maximum")
def test_moments_over_samples() -> None:
    _, spread, third, _ = conclusions("degenerate-maximum")
    mixture, n = MIXTURE, 5
    dimension, generator = mixture.maps.shape[1], np.random.default_rng(3)
    found = [of_sample(mixture, generator.normal(size=(n, dimension)), np.zeros(dimension)) for _ in range(2000)]
    squares = {key: float(np.mean([one[key] ** 2 for one in found])) for key in ("Z", "tau")}
    values = named("degenerate-maximum", {"n": n, "d": dimension, "q": mixture.quartic(kernel(mixture))})
    (excess,), (norm,) = spread.atoms(Mean), third.atoms(Mean)
    assert holds(spread, {**values, excess: squares["Z"]}, 0.12)
    assert not holds(spread, {**values, excess: 2 * squares["Z"]}, 0.12)
    assert holds(third, {**values, norm: squares["tau"]}, 0)


@pytest.mark.statement("degenerate-maximum")
def test_maxima_are_as_seldom_near_as_said() -> None:
    law, n, scale = conclusions("degenerate-maximum")[3], 4000, 0.02
    generator = np.random.default_rng(8)
    near = 0
    for _ in range(400):
        points = generator.normal(size=(n, 1))
        # The maximum of two equal weights on a line: r = mean of x tanh(rx), 0 if the mean of x² is at most 1.
        squares, r = float(np.mean(points**2)), 0.5
        for _ in range(40 if squares > 1 else 0):
            slope = float(np.mean(points**2 / np.cosh(r * points) ** 2))
            r -= (r - float(np.mean(points * np.tanh(r * points)))) / (1 - slope)
        near += squares <= 1 or np.sqrt(n) * r**2 <= scale
    (chance,) = [side for side in law.args if side.has(type(law.lhs)) and side == law.lhs]
    said = {**named("degenerate-maximum", {"d": 1, "q": 1.0, "s": scale})}
    assert float((1 + erf(3 * scale / 2)) / 2) == pytest.approx(float(law.rhs.subs(said)), rel=1e-12)
    assert holds(law, {**said, chance: near / 400 - 3 * 0.5 / 20}, 0)
    assert not holds(law, {**said, chance: near / 400 + 0.12}, 0)
