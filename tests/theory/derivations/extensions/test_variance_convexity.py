"""KL in θ and a common variance, from the density by differences and cubature."""

import numpy as np
import pytest

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture
from tests.theory.derivations.statement_values import holds, named
from tests.theory.tied_mixtures import cyclic_mixture, random_mixture

NAME, STEP = "variance-convexity", 1e-3
CASES = {
    "two weights on a line": orthogonal_mixture(np.array([0.75, 0.25]), np.array([[[1.0]], [[-1.0]]]), 80),
    "nearly all of the weight": orthogonal_mixture(np.array([0.99, 0.01]), np.array([[[1.0]], [[-1.0]]]), 80),
    "three on a simplex": cyclic_mixture(np.array([0.5, 0.3, 0.2]), 40),
    "any maps": random_mixture(5, 4),
    "other maps": random_mixture(8, 3),
}


def divergence(mixture: Mixture, theta: Array, v: float) -> float:
    """KL of N(0, I) to the mixture of the N(U_jθ, vI), from the densities."""
    x, d = mixture.nodes, len(theta)
    apart = x[:, None, :] - mixture.maps @ theta
    fit = np.exp(-np.sum(apart**2, axis=2) / (2 * v)) @ mixture.weights / v ** (d / 2)
    return float(mixture.mass @ (-np.sum(x**2, axis=1) / 2 - np.log(fit)))


def second(values: list[float]) -> float:
    """The second derivative of what is given at −2, …, 2 steps."""
    return float(np.dot([-1, 16, -30, 16, -1], values)) / (12 * STEP**2)


def along(mixture: Mixture, theta: Array, v: float, h: Array, w: float) -> float:
    return second([divergence(mixture, theta + n * STEP * h, v + n * STEP * w) for n in range(-2, 3)])


def weakest(mixture: Mixture) -> Array:
    return np.linalg.svd(mixture.matrix_a)[2][-1]


def numbers(mixture: Mixture, theta: Array, v: float, h: Array, w: float) -> dict[str, float]:
    eta = theta / v
    g = h - w * eta
    return {
        "v": v,
        "sigma": mixture.sigma,
        "‖η‖": float(np.linalg.norm(eta)),
        "‖h‖²": float(h @ h),
        "w": w,
        "d": len(theta),
        "KL''": along(mixture, theta, v, h, w),
        "‖g‖²": float(g @ g),
        "⟨g|∇²ℓ(η)g⟩": second([mixture.divergence(eta + n * STEP * g) for n in range(-2, 3)]),
        "⟨g|M(η)⟩": float(g @ mixture.step(eta)),
    }


@pytest.mark.statement("variance-convexity")
@pytest.mark.parametrize("name", CASES)
def test_the_second_derivative_and_its_bound_at_the_edges(name: str) -> None:
    identity, bound = derive(NAME, None).statement.conclusions
    mixture, generator = CASES[name], np.random.default_rng(1)
    d, sigma = mixture.maps.shape[1], mixture.sigma
    assert sigma > 0.05
    directions = [(weakest(mixture), w) for w in (-0.5, 0.0, 0.2)] + [(0 * weakest(mixture), 1.0)]
    directions += [(generator.normal(size=d), float(generator.normal())) for _ in range(6)]
    for share in (-1, 1):
        v = 1 + share * sigma**2 / 8
        for point in (weakest(mixture), -weakest(mixture), generator.normal(size=d)):
            theta = sigma * v / 4 * point / np.linalg.norm(point) * (1 - 1e-9)
            for h, w in directions:
                found = numbers(mixture, theta, v, h, w)
                assert holds(identity, named(NAME, found), 1e-6)
                assert not holds(identity, named(NAME, {**found, "⟨g|M(η)⟩": found["⟨g|M(η)⟩"] + 0.01}), 1e-6) or w == 0
                assert holds(bound, named(NAME, found), 0)
                assert holds(bound.args[0], named(NAME, found), 1e-9)


@pytest.mark.statement("variance-convexity")
def test_farther_out_it_fails_and_no_constant_is_far_from_its_best() -> None:
    bound = derive(NAME, None).statement.conclusions[1].args[1]
    pair = CASES["two weights on a line"]
    none, h = 1e-9 * np.ones(1), np.ones(1)
    # In θ the curvature at θ = 0 is σ² − (1 − v): nothing is left at v = 1 − σ².
    assert not holds(bound, named(NAME, numbers(pair, none, 1 - pair.sigma**2, h, 0.0)), 0)
    # At (0, 1) it is σ² and d/2, four and five times what is said.
    for direction, w, times in ((h, 0.0, 4), (0 * h, 1.0, 5)):
        found = numbers(pair, none, 1.0, direction, w)
        assert holds(bound, named(NAME, found), 0)
        assert not holds(bound, named(NAME, {**found, "KL''": found["KL''"] / (1.01 * times)}), 0)
    # Where A is singular KL is of fourth order.
    equal = orthogonal_mixture(np.array([0.5, 0.5]), pair.maps, 80)
    assert along(equal, none, 1.0, h, 0.0) < 1e-5
