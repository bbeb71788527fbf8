"""The law of maxima of the likelihood, from the likelihood of samples maximised anew and nearest points of cones."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import minimize

from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture
from tests.theory.derivations.samples.on_samples import conclusions
from tests.theory.derivations.statement_values import holds, named

NAME = "degenerate-law"
TURNS = np.stack(
    [np.eye(2), -np.eye(2), np.diag([1.0, -1.0]), np.array([[0.0, -1], [1, 0]]), np.array([[0.0, 1], [-1, 0]])]
)
LINE = orthogonal_mixture(np.array([0.2, 0.3, 0.1, 0.2, 0.2]), TURNS, 4)
"""A = diag(0, −1/5)."""
PAIR = orthogonal_mixture(np.array([0.5, 0.5]), np.stack([np.eye(2), -np.eye(2)]), 4)


def covariance(mixture: Mixture, theta: Array) -> Array:
    """C, from the means U_jθ."""
    apart = mixture.maps @ theta - mixture.matrix_a @ theta
    return np.einsum("j,ja,jb->ab", mixture.weights, apart, apart)


def maximum(mixture: Mixture, points: Array, starts: Array) -> tuple[Array, float]:
    """θ̂ and 2n(ℓ_n(0) − ℓ_n(θ̂)), the best of what a general method finds from some starts."""
    size = len(points)

    def objective(theta: Array) -> tuple[float, Array]:
        terms = mixture.weights * np.exp(points @ (mixture.maps @ theta).T)
        whole = terms.sum(axis=1)
        images = (terms / whole[:, None]).T @ points
        slope = size * theta - np.einsum("jba,jb->a", mixture.maps, images)
        return size * float(theta @ theta) / 2 - float(np.log(whole).sum()), slope

    ends = [
        minimize(objective, start / size**0.25, jac=True, method="BFGS", options={"gtol": 1e-2}) for start in starts
    ]
    best = min(ends, key=lambda end: end.fun)
    return (best.x, -2 * best.fun) if best.fun < 0 else (np.zeros(points.shape[1]), 0.0)


def root_mean_square(rows: Array) -> float:
    return float(np.sqrt(np.mean(np.sum(rows**2, axis=1))))


def on_ray(T: Array) -> Callable[[Array], Array]:
    return lambda W: max(0.0, float(np.sum(T * W))) / float(np.sum(T**2)) * T


def rank_one(W: Array) -> Array:
    values, vectors = np.linalg.eigh(W)
    return max(0.0, values[-1]) * np.outer(vectors[:, -1], vectors[:, -1])


CASES = {
    # The mixture, the nearest point of its cone, and q where that is a ray.
    "a kernel that is a line": (LINE, on_ray(np.diag([0.6, 0.4])), 0.52),
    "two equal weights": (PAIR, rank_one, None),
}


@pytest.mark.long
@pytest.mark.statement("degenerate-law")
@pytest.mark.parametrize("name", CASES)
def test_maxima_are_nearest_points_in_the_limit(name: str) -> None:
    """The remainder is of order n^{−1/4}, a tenth at n = 10⁴."""
    mixture, nearest, quartic = CASES[name]
    n, trials, generator = 10_000, 60, np.random.default_rng(2)
    starts = np.array([[1.0, 0.2], [-1.0, -0.2], [0.1, 1.0], [0.1, -1.0]])
    A = mixture.matrix_a
    left, values, rest = np.linalg.svd(A)
    P = left @ np.diag(values > 1e-9) @ left.T
    squares, found, said, gains, limits = [], [], [], [], []
    for _ in range(trials):
        points = generator.normal(size=(n, 2))
        theta, gain = maximum(mixture, points, starts if quartic else starts[:2])
        W = np.sqrt(n) * (points.T @ points / n - np.eye(2))
        g = np.sqrt(n) * points.mean(axis=0)
        across = rest[values < 1e-9] @ theta
        squares.append(np.sqrt(n) * across @ across)
        found.append(np.concatenate([np.sqrt(n) * A @ theta, np.sqrt(n) * covariance(mixture, theta).ravel()]))
        said.append(np.concatenate([P @ g, nearest(W).ravel()]))
        gains.append(gain)
        limits.append(np.sum((P @ g) ** 2) + np.sum(nearest(W) ** 2) / 2)
    size = root_mean_square(np.array(said))
    assert root_mean_square(np.subtract(found, said)) < size / 4
    # Limits of other samples are not near.
    assert root_mean_square(np.subtract(found, said[::-1])) > 0.8 * size
    assert np.corrcoef(gains, limits)[0, 1] > 0.95
    assert np.mean(gains) == pytest.approx(np.mean(limits), rel=0.3)
    if quartic:
        law = conclusions(NAME)[5]
        for level in (1.0, 2.5):
            near = float(np.mean(np.array(squares) <= level))
            values_at = {**named(NAME, {"q": quartic, "y": level}), law.lhs: near}
            assert holds(law, values_at, 0.15)
        assert not holds(law, {**values_at, law.lhs: float(np.mean(np.array(squares) <= 0.1))}, 0.15)
