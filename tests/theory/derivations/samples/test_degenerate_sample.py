"""Fixed points of sample EM where A is singular, on samples."""

import numpy as np
import pytest
import sympy
from scipy.stats import chi2

from emtheory.theory.proof.mean import Mean
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture
from tests.theory.derivations.samples.on_samples import conclusions, covariances, on_data
from tests.theory.derivations.statement_values import Values, holds, named
from tests.theory.tied_mixtures import cyclic_mixture

HALVES = np.array([0.5, 0.5])
MIXTURES = {
    "A = 0": cyclic_mixture(np.full(3, 1 / 3), 24),
    "A of rank 1": orthogonal_mixture(HALVES, np.stack([np.eye(2), np.diag([1.0, -1.0])]), 24),
}


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
@pytest.mark.parametrize("name", MIXTURES)
def test_a_fixed_point_where_the_weights_are_degenerate(name: str) -> None:
    n, radius, rows, mixture = 400, 1.0, [], MIXTURES[name]
    sigmas = np.linalg.svd(mixture.matrix_a)[1]
    assert sigmas[-1] < 1e-12
    for seed in range(2):
        # A little wider than N(0, I), so that EM leaves the origin.
        rows.append(found(mixture, 1.1 * np.random.default_rng(seed).normal(size=(n, 2))))
    norms, _, means, excesses = np.array(rows).T
    here, ball, kl, average, likely, _ = conclusions("degenerate-sample")
    assert 0.2 < norms.max() < radius

    def values(row: tuple[float, float, float, float], rho: float = radius, **changed: float) -> Values:
        norm, divergence, mean, excess = row
        # (m + 1)! (4ρ)^m √E‖X‖^{2m + 4}, times the sets of m coordinates.
        change = 16 * rho * 48**0.5 + 96 * rho**2 * 384**0.5
        sums = {"C_1": change, "C_0": 8**0.5 + change}
        known = {"r": norm, "KL": divergence, "D": 2, "x": mean, "eta": excess, "rho": rho, "n": n, **sums}
        return named("degenerate-sample", {**known, **changed})

    for row in rows:
        for conclusion in (here, ball, kl):
            assert holds(conclusion, values(row), 1e-4), conclusion
    # With a thirtieth of what the sample has the bounds are refuted.
    worst = rows[int(np.argmax(norms))]
    less = {"x": worst[2] / 30, "eta": worst[3] / 30}
    assert not holds(here, values(worst, **less))
    assert not holds(kl, values(worst, rho=1.001 * worst[0], **less))
    (inside,) = average.lhs.atoms(Mean)
    for times, true in ((1, True), (350, False)):
        # In the smallest ball that has them: in larger ones it is larger still.
        at = values(rows[0], float(norms.max()))
        assert holds(average, {**at, inside: float(times * np.square(norms).mean())}) == true
    # What is likely: x and η at most certain numbers, which those of the samples are.
    given = {"q": n * float(means.max()) ** 2, "lambda": 1 + float(excesses.max()), "delta": 0.05}
    assert holds(likely, values(worst, **given), 1e-9)
    assert holds(likely, values(worst, r=1.01, **given), 1e-9)  # beyond the ball nothing is said
    none = {"x": 0.0, "eta": 0.0, "q": 0.0, "lambda": 1.0, "n": 10**40}
    assert not holds(likely, values(worst, **{**given, **none}), 0)


@pytest.mark.statement("degenerate-sample")
def test_what_is_assumed_of_a_sample_fails_as_seldom_as_said() -> None:
    failure = conclusions("degenerate-sample")[5]
    generator, n, trials = np.random.default_rng(6), 6, 20_000
    points = generator.normal(size=(trials, n))
    squares = np.mean(points**2, axis=1)
    # One dimension, two equal weights: w of a ball of radius √2 is far below C/√(nδ), which no sample exceeds.
    far, large = n * np.mean(points, axis=1) ** 2 > 3.841, squares > 1.9
    seen = float(np.mean(far | large | (np.mean(np.abs(points), axis=1) > np.sqrt(2))))
    at = {"n": n, "D": 1, "delta_1": 0.05, "delta_2": float(np.mean(large)), "delta": 0.01, "P_f": seen}
    assert holds(failure, named("degenerate-sample", at), 0)
    assert not holds(failure, named("degenerate-sample", at | {"P_f": 8 * seen}), 0)


@pytest.mark.statement("degenerate-sample")
@pytest.mark.parametrize(("n", "dimension"), [(6, 1), (50, 2), (400, 1), (400, 4)])
def test_the_bound_of_the_tail_is_near_the_law(n: int, dimension: int) -> None:
    """P(χ² > 2nD) with nD degrees of freedom: the exponent is the largest that there is."""
    failure = conclusions("degenerate-sample")[5]
    at = named("degenerate-sample", {"n": n, "D": dimension, "delta_1": 0, "delta_2": 0, "delta": 0, "P_f": 0})
    bound = float(sympy.log(failure.rhs.subs(at)))
    law = float(chi2(n * dimension).logsf(2 * n * dimension))
    assert law <= bound <= law + np.log(50 * n * dimension) / 2
