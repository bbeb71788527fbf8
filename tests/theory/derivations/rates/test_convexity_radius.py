"""The bound on the smallest eigenvalue of ∇²ℓ against differences of the EM operator, for arbitrary maps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture
from tests.theory.derivations.statement_values import holds, symbols
from tests.tiers import examples

STEP = 1e-4


def smallest_eigenvalue(mixture: Mixture, theta: Array) -> float:
    """Of I − J_M(θ), which is ∇²ℓ(θ)."""
    slopes = [
        (mixture.step(theta + STEP * e) - mixture.step(theta - STEP * e)) / (2 * STEP) for e in np.eye(len(theta))
    ]
    return float(np.linalg.eigvalsh(np.eye(len(theta)) - np.array(slopes))[0])


def bound(mixture: Mixture, theta: Array, loss: float = 4) -> float:
    square = float(theta @ theta)
    return float(np.exp(-square) * mixture.sigma**2 - loss * square)


@examples(60)
@given(st.integers(0, 10**6), st.integers(2, 5), st.floats(0, 0.8), st.floats(0, 6.3))
def test_it_holds_for_random_maps(seed: int, components: int, radius: float, angle: float) -> None:
    generator = np.random.default_rng(seed)
    maps = np.linalg.qr(generator.normal(size=(components, 2, 2)))[0]
    mixture = orthogonal_mixture(generator.dirichlet(np.full(components, 0.5)), maps, 40)
    theta = radius * np.array([np.cos(angle), np.sin(angle)])
    assert smallest_eigenvalue(mixture, theta) >= bound(mixture, theta) - 1e-6


def test_the_curvature_does_fall_below_its_value_at_the_origin() -> None:
    """Weights 0.97 and 0.03 on ±1: without a loss, or with a gain in its place, the bound would be false."""
    mixture = orthogonal_mixture(np.array([0.97, 0.03]), np.array([[[1.0]], [[-1.0]]]), 80)
    theta = np.array([1.0])
    value = smallest_eigenvalue(mixture, theta)
    assert bound(mixture, theta) < value < bound(mixture, np.zeros(1)) - 0.1
    assert value < bound(mixture, theta, loss=-4)


def test_at_the_origin_it_is_an_equality() -> None:
    mixture = orthogonal_mixture(np.array([0.7, 0.3]), np.array([[[1.0]], [[-1.0]]]), 60)
    assert smallest_eigenvalue(mixture, np.zeros(1)) == pytest.approx(bound(mixture, np.zeros(1)), abs=1e-7)
    assert bound(mixture, np.zeros(1)) == pytest.approx(0.16)


@pytest.mark.statement("convexity-end")
@pytest.mark.parametrize(("heavy", "radius"), [(0.1, 1.5), (0.6, 1.0), (0.6, 3.2)])
def test_convexity_ends_for_one_heavy_weight(heavy: float, radius: float) -> None:
    """E ∑γ² and slopes of ℓ, as differences, on independent normal numbers, against the statement."""
    k, near = 400, 0.4
    weights = np.full(k, (1 - heavy) / (k - 1))
    weights[0] = heavy
    draws, scale = np.random.default_rng(3).normal(size=(20000, k)), np.sqrt(k / (k - 1))

    def partition(r: float) -> Array:
        return weights * np.exp(r * scale * draws)

    def slope(r: float) -> float:
        # ℓ is ‖θ‖²/2 less the mean of the logarithm; a common shift of the exponents has no mean.
        there, back = (np.log(partition(r + side).sum(1)).mean() for side in (0.01, -0.01))
        return float(r - (there - back) / 0.02)

    posterior = partition(radius) / partition(radius).sum(1)[:, None]
    squares = float((posterior**2).sum(1).mean())
    flat, falls, limit = derive("convexity-end", None).statement.conclusions
    first, here = slope(near), slope(radius)
    assert here == pytest.approx(radius * (k * squares - 1) / (k - 1), abs=0.03)
    at = {"G": squares, "W": heavy, "r": radius, "s": radius * scale, "q": near, "ℓ'(q)": first, "ℓ'(r)": here, "k": k}
    values = {symbol: at[name] for name, symbol in symbols("convexity-end").items()}
    assert holds(flat, values, k=k)
    assert holds(falls, values, k=k)
    assert first >= float(falls.args[1].lhs.subs(values)) - 0.01
    # With the weight 1/10 it says something already, with the other one only for more components.
    assert (float(flat.rhs.subs(values)) < 1) == (heavy == 0.1)
    assert float(limit.rhs.subs(values)) == pytest.approx(
        radius * np.sqrt(2 * heavy / (1 - heavy)) * np.exp(-(radius**2) / 8)
    )
