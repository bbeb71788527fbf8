"""Score and information from the density by differences and cubature; the half-normal limit by simulation."""

import numpy as np
import pytest

from emtheory.theory.derivations import derive
from emtheory.theory.simplex import rotations
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture

MAPS = np.array([np.array(U, dtype=float) for U in rotations(3)])
SKEW = orthogonal_mixture(np.array([0.5, 0.3, 0.2]), MAPS)
UNIFORM = orthogonal_mixture(np.full(3, 1 / 3), MAPS)
STEP = 1e-3


def log_ratio(mixture: Mixture, theta: Array, points: Array) -> Array:
    """log p_θ(x)/φ(x)."""
    return np.log(np.exp(points @ (mixture.maps @ theta).T) @ mixture.weights) - theta @ theta / 2


@pytest.mark.statement("fisher-information")
@pytest.mark.parametrize("mixture", [SKEW, UNIFORM])
def test_the_information_is_the_square_of_a(mixture: Mixture) -> None:
    score = np.stack(
        [
            (log_ratio(mixture, STEP * e, mixture.nodes) - log_ratio(mixture, -STEP * e, mixture.nodes)) / (2 * STEP)
            for e in np.eye(2)
        ],
        axis=1,
    )
    information = np.einsum("n,na,nb->ab", mixture.mass, score, score)
    assert information == pytest.approx(mixture.matrix_a.T @ mixture.matrix_a, abs=1e-4)


@pytest.mark.statement("fisher-information")
def test_where_it_vanishes_the_score_is_that_of_the_squared_radius() -> None:
    u = np.array([0.6, 0.8])
    score = log_ratio(UNIFORM, STEP * u, UNIFORM.nodes) / STEP**2
    assert UNIFORM.mass @ score == pytest.approx(0, abs=1e-4)
    assert UNIFORM.mass @ score**2 == pytest.approx(UNIFORM.quartic(u) / 2, abs=1e-3)
    assert UNIFORM.quartic(u) == pytest.approx(1 / 2)


def test_the_estimate_is_of_order_one_over_the_fourth_root() -> None:
    """Two components ±θ of weight 1/2, where q = 1: √n r̂² is 0 half of the time and has the second moment 2/(2q) = 1.

    r̂ is EM's limit on samples, exactly as defined; the tolerances are five standard errors and the O(n^{−1/2}) bias.
    """
    generator = np.random.default_rng(7)
    n, trials = 1000, 300
    points = generator.normal(size=(trials, n))
    radius = np.full(trials, 0.5)
    for _ in range(300):
        radius = np.mean(points * np.tanh(points * radius[:, None]), axis=1)
    estimate = np.sqrt(n) * radius**2
    assert np.mean(estimate < 0.2) == pytest.approx(0.5, abs=0.25)
    assert np.mean(estimate**2) == pytest.approx(1, abs=0.6)
    *_, conclusion = derive("fisher-information", None).statement.conclusions
    for bound in (0.6, 1.2):
        values = {"q": 1, "y": bound}
        limit = conclusion.rhs.subs({symbol: values[str(symbol)] for symbol in conclusion.rhs.free_symbols})
        assert np.mean(estimate <= bound) == pytest.approx(float(limit), abs=0.15)
