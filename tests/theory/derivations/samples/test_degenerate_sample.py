"""Fixed points of sample EM where A is singular, on samples."""

import numpy as np
import pytest

from emtheory.theory.proof.mean import Mean
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture
from tests.theory.derivations.samples.on_samples import conclusions, covariances, named, on_data
from tests.theory.derivations.statement_values import Values, holds
from tests.theory.tied_mixtures import cyclic_mixture

HALVES = np.array([0.5, 0.5])
MIXTURES = {
    "A = 0": cyclic_mixture(np.full(3, 1 / 3), 24),
    "A of rank 1": orthogonal_mixture(HALVES, np.stack([np.eye(2), np.diag([1.0, -1.0])]), 24),
}


def found(mixture: Mixture, points: Array) -> tuple[float, float, float]:
    """‖θ̂‖, ‖x̄‖ and the largest excess of the sample's form along θ̂."""
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
    return norm, float(np.linalg.norm(points.mean(axis=0))), max(0.0, *np.add(excess[::2], excess[1::2]))


@pytest.mark.statement("degenerate-sample")
@pytest.mark.parametrize("name", MIXTURES)
def test_a_fixed_point_where_the_weights_are_degenerate(name: str) -> None:
    n, radius, rows = 400, 1.0, []
    sigmas = np.linalg.svd(MIXTURES[name].matrix_a)[1]
    assert sigmas[-1] < 1e-12
    for seed in range(2):
        # A little wider than N(0, I), so that EM leaves the origin.
        rows.append(found(MIXTURES[name], 1.1 * np.random.default_rng(seed).normal(size=(n, 2))))
    norms, means, excesses = np.array(rows).T
    *pointwise, average = conclusions("degenerate-sample")
    constant = float(np.sqrt(n) * excesses.mean())
    assert 0.2 < norms.max() < radius

    def values(norm: float, mean: float, excess: float) -> Values:
        return named("degenerate-sample", {"r": norm, "D": 2, "x": mean, "eta": excess, "rho": radius})

    for row in rows:
        for conclusion in pointwise:
            assert holds(conclusion, values(*row), 1e-4), conclusion
    # With a thirtieth of what the sample has the bound is refuted.
    worst = int(np.argmax(norms))
    assert not holds(pointwise[0], values(norms[worst], means[worst] / 30, excesses[worst] / 30))
    (inside,) = average.lhs.atoms(Mean)
    size = {**values(*rows[0]), **named("degenerate-sample", {"n": n, "d": 2, "C": constant}), inside: 0.0}
    assert holds(average, {**size, inside: float(np.square(norms).mean())})
    assert not holds(average, {**size, inside: float(200 * np.square(norms).mean())})
