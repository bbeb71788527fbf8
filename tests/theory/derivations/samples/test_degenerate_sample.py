"""Fixed points of sample EM where A is singular, on samples."""

import numpy as np
import pytest

from emtheory.theory.proof.mean import Mean
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture
from tests.theory.derivations.samples.on_samples import conclusions, covariances, on_data
from tests.theory.derivations.statement_values import Values, holds, named

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
