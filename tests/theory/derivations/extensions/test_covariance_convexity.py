"""KL in θ and a common covariance, from the densities by differences and cubature."""

import numpy as np
import pytest

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture
from tests.theory.derivations.statement_values import holds, named
from tests.theory.tied_mixtures import cyclic_mixture, random_mixture

NAME, STEP = "covariance-convexity", 1e-3
CASES = {
    "two weights on a line": orthogonal_mixture(np.array([0.75, 0.25]), np.array([[[1.0]], [[-1.0]]]), 80),
    "nearly all of the weight": orthogonal_mixture(np.array([0.99, 0.01]), np.array([[[1.0]], [[-1.0]]]), 80),
    "three on a simplex": cyclic_mixture(np.array([0.5, 0.3, 0.2]), 40),
    "any maps": random_mixture(5, 4),
    "other maps": random_mixture(8, 3),
    "three dimensions": random_mixture(3, 3, dimension=3, count=16),
}


def divergence(mixture: Mixture, theta: Array, covariance: Array) -> float:
    """KL of N(0, I) to the mixture of the N(U_jθ, Σ), from the densities."""
    x = mixture.nodes
    apart = x[:, None, :] - mixture.maps @ theta
    lengths = np.einsum("nja,ab,njb->nj", apart, np.linalg.inv(covariance), apart)
    fit = np.exp(-lengths / 2) @ mixture.weights / np.sqrt(np.linalg.det(covariance))
    return float(mixture.mass @ (-np.sum(x**2, axis=1) / 2 - np.log(fit)))


def along(mixture: Mixture, theta: Array, covariance: Array, h: Array, W: Array) -> float:
    """Return the second derivative along (h, W)."""
    values = [divergence(mixture, theta + n * STEP * h, covariance + n * STEP * W) for n in range(-2, 3)]
    return float(np.dot([-1, 16, -30, 16, -1], values)) / (12 * STEP**2)


def weakest(mixture: Mixture) -> Array:
    return np.linalg.svd(mixture.matrix_a)[2][-1]


def numbers(mixture: Mixture, theta: Array, covariance: Array, h: Array, W: Array) -> dict[str, float]:
    return {
        "sigma": mixture.sigma,
        "‖θ‖": float(np.linalg.norm(theta)),
        "‖Σ−I‖": float(np.linalg.norm(covariance - np.eye(len(theta)), 2)),
        "‖h‖": float(np.linalg.norm(h)),
        "‖W‖": float(np.linalg.norm(W)),
        "KL''": along(mixture, theta, covariance, h, W),
    }


def turned(generator: np.random.Generator, widths: Array) -> Array:
    """A symmetric matrix with given eigenvalues."""
    axes = np.linalg.qr(generator.normal(size=(len(widths), len(widths))))[0]
    return (axes * widths) @ axes.T


@pytest.mark.statement("covariance-convexity")
@pytest.mark.parametrize("name", CASES)
def test_the_bound_holds_at_the_edges_of_its_premises(name: str) -> None:
    (bound,) = derive(NAME, None).statement.conclusions
    mixture, generator = CASES[name], np.random.default_rng(1)
    d, sigma = mixture.maps.shape[1], mixture.sigma
    assert sigma > 0.05
    for case in range(12):
        point = weakest(mixture) if case % 2 else generator.normal(size=d)
        theta = sigma / 10 * point / np.linalg.norm(point) * (1 - 1e-9)
        signs = np.full(d, (-1.0) ** (case // 2)) if case < 4 else generator.choice([-1.0, 1.0], d)
        covariance = np.eye(d) + turned(generator, signs * sigma**2 / 16 * (1 - 1e-9))
        for h, width in ((weakest(mixture), 0.0), (weakest(mixture), 0.3), (0 * point, 1.0), (point, sigma)):
            found = numbers(mixture, theta, covariance, h, width * turned(generator, generator.normal(size=d)))
            assert holds(bound.args[0], named(NAME, found), 0)
            assert holds(bound.args[1], named(NAME, found), 0)
            # The best constants are at most those at (0, I), where they are 4 and 5 times these.
            if not width or not h.any():
                assert not holds(bound.args[1], named(NAME, {**found, "KL''": found["KL''"] / 8}), 0)


@pytest.mark.statement("covariance-convexity")
def test_farther_out_it_fails_and_at_the_truth_it_is_a_fraction() -> None:
    bound = derive(NAME, None).statement.conclusions[0].args[1]
    mixture, none = CASES["any maps"], np.zeros((2, 2))
    h, at, sigma = weakest(mixture), 1e-9 * weakest(mixture), mixture.sigma
    # In θ the curvature at θ = 0 is that of Ω − Ω Cov Ω: along the weakest h little is left where Σ = (1 − σ²)I.
    assert not holds(bound, named(NAME, numbers(mixture, at, (1 - sigma**2) * np.eye(2), h, none)), 0)
    # At (0, I) it is ‖Ah‖² and ½‖W‖², four and five times what is said.
    for direction, W, times in ((h, none, 4), (0 * h, np.array([[0.0, 1.0], [1.0, 0.0]]), 5)):
        found = numbers(mixture, at, np.eye(2), direction, W)
        assert holds(bound, named(NAME, found), 0)
        assert not holds(bound, named(NAME, {**found, "KL''": found["KL''"] / (1.01 * times)}), 0)
    # Where A is singular KL is of fourth order.
    equal = orthogonal_mixture(np.array([0.5, 0.5]), np.array([[[1.0]], [[-1.0]]]), 80)
    assert along(equal, np.array([1e-9]), np.eye(1), np.ones(1), np.zeros((1, 1))) < 1e-5
