"""Samples where A is singular: the law of maxima, how near to 0 they are, and fixed points, from the likelihood."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import erf

from emtheory.theory.proof.mean import Mean
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture
from tests.theory.derivations.samples.on_samples import conclusions, covariances, on_data
from tests.theory.derivations.statement_values import Values, holds, named

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


HALVES = np.array([0.5, 0.5])
MIXTURE = orthogonal_mixture(HALVES, np.stack([np.eye(2), np.diag([1.0, -1.0])]), 24)
"""With A of rank 1."""


def found(mixture: Mixture, points: Array) -> tuple[float, float, float, float]:
    """‖θ̂‖, KL there, ‖x̄‖ and the largest excess of the sample's form along θ̂."""
    sample = on_data(mixture, points)
    theta = np.array([0.5, 0.6])
    for _ in range(300):
        theta = sample.step(theta)
    assert np.linalg.norm(sample.step(theta) - theta) < 1e-4
    norm = float(np.linalg.norm(theta))
    excess = [
        theta @ (np.einsum("n,nab->ab", one.mass, covariances(one, v * theta))) @ theta / norm**2 * sign
        for v in np.linspace(0, 1, 5)
        for one, sign in ((sample, 1), (mixture, -1))
    ]
    exponents = np.einsum("na,jab,b->nj", mixture.nodes, mixture.maps, theta)
    divergence = norm**2 / 2 - float(mixture.mass @ np.log(np.exp(exponents) @ mixture.weights))
    return norm, divergence, float(np.linalg.norm(points.mean(axis=0))), max(0.0, *np.add(excess[::2], excess[1::2]))


@pytest.mark.statement("degenerate-sample")
def test_a_fixed_point_where_the_weights_are_degenerate() -> None:
    n, radius, rows, mixture = 400, 1.0, [], MIXTURE
    for seed in range(2):
        # A little wider than N(0, I), so that EM leaves the origin.
        rows.append(found(mixture, 1.1 * np.random.default_rng(seed).normal(size=(n, 2))))
    norms, _, means, excesses = np.array(rows).T
    *_, average, likely, _, first, second = conclusions("degenerate-sample")
    assert 0.2 < norms.max() < radius

    def values(row: tuple[float, float, float, float], rho: float = radius, **changed: float) -> Values:
        norm, divergence, mean, excess = row
        # (m + 1)! (4ρ)^m √E‖X‖^{2m + 4}, times the sets of m coordinates.
        change = 16 * rho * 48**0.5 + 96 * rho**2 * 384**0.5
        sums = {"C_1": change, "C_0": 8**0.5 + change}
        known = {"r": norm, "KL": divergence, "D": 2, "x": mean, "eta": excess, "rho": rho, "n": n, **sums}
        return named("degenerate-sample", {**known, **changed})

    for constant in (first, second):
        assert holds(constant, values(rows[0]), 1e-9)
        assert not holds(constant, {**values(rows[0]), constant.lhs: 1.01 * values(rows[0])[constant.lhs]}, 1e-9)
    worst = rows[int(np.argmax(norms))]
    (inside,) = average.lhs.atoms(Mean)
    assert holds(average, {**values(rows[0], float(norms.max())), inside: float(np.square(norms).mean())})
    # What is likely: x and η at most certain numbers, which those of the samples are.
    given = {"q": n * float(means.max()) ** 2, "lambda": 1 + float(excesses.max()), "delta": 0.05}
    assert holds(likely, values(worst, **given), 1e-9)
    assert holds(likely, values(worst, r=1.01, **given), 1e-9)  # beyond the ball nothing is said
    none = {"x": 0.0, "eta": 0.0, "q": 0.0, "lambda": 1.0, "n": 10**40}
    assert not holds(likely, values(worst, **{**given, **none}), 0)


def on_the_line(points: Array) -> tuple[float, float]:
    """θ̂ > 0 of equal weights on ±θ, by Newton's method for the mean of x tanh θx − θ, and the excess at 0."""
    square, fourth = float(np.mean(points**2)), float(np.mean(points**4))
    theta = np.sqrt(max(0.0, 3 * (square - 1) / fourth))
    for _ in range(6 if theta else 0):
        t = np.tanh(theta * points)
        theta -= (np.mean(points * t) - theta) / (np.mean(points**2 * (1 - t**2)) - 1)
    return float(theta), square - 1


@pytest.mark.statement("degenerate-sample")
def test_in_the_mean_thirteen_times_what_is_seen_is_refuted() -> None:
    """On the line, where √n E r² tends to E max(S, 0) of S ~ N(0, 2), and the bound, as ρ falls, to 2 + √2."""
    average = conclusions("degenerate-sample")[3]
    generator, n = np.random.default_rng(1), 100_000
    norms = np.array([on_the_line(generator.normal(size=n))[0] for _ in range(40)])
    radius = float(norms.max())
    change = 8 * radius * np.sqrt(15)
    (inside,) = average.lhs.atoms(Mean)
    at = named("degenerate-sample", {"D": 1, "rho": radius, "n": n, "C_0": np.sqrt(2) + change, "C_1": change})
    seen = float(np.square(norms).mean())
    assert holds(average, {**at, inside: seen})
    assert not holds(average, {**at, inside: 13 * seen})


@pytest.mark.statement("degenerate-sample")
def test_what_is_assumed_of_a_sample_fails_as_seldom_as_said() -> None:
    failure = conclusions("degenerate-sample")[5]
    generator, n, trials = np.random.default_rng(6), 60, 20_000
    points = generator.normal(size=(trials, n))
    squares = np.mean(points**2, axis=1)
    # One dimension, two equal weights: w of a ball of radius √2 is far below C/√(nδ), which no sample exceeds.
    far, large = n * np.mean(points, axis=1) ** 2 > 3.841, squares > 1.4
    seen = float(np.mean(far | large | (np.mean(np.abs(points), axis=1) > np.sqrt(2))))
    at = {"n": n, "D": 1, "delta_1": 0.05, "delta_2": float(np.mean(large)), "delta": 0.01, "P_f": seen}
    assert holds(failure, named("degenerate-sample", at), 0)
    assert not holds(failure, named("degenerate-sample", at | {"P_f": 1.25 * seen}), 0)
