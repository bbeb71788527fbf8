"""Bounds on the eigenvalues of ∇²ℓ against differences of the EM operator, for arbitrary maps, and against samples."""

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from emtheory.theory.derivations import derive
from emtheory.theory.derivations.rates.contraction_bound import ALPHA, DIMENSION, RADIUS, log_factor
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture, random_mixture
from tests.theory.derivations.statement_values import holds, symbols
from tests.tiers import examples

STEP = 1e-4


def smallest_eigenvalue(mixture: Mixture, theta: Array) -> float:
    """Of I − J_M(θ), which is ∇²ℓ(θ)."""
    slopes = [
        (mixture.step(theta + STEP * e) - mixture.step(theta - STEP * e)) / (2 * STEP) for e in np.eye(len(theta))
    ]
    return float(np.linalg.eigvalsh(np.eye(len(theta)) - np.array(slopes))[0])


@examples(60)
@given(st.integers(0, 10**6), st.integers(2, 5), st.floats(0, 0.8), st.floats(0, 6.3))
def test_bounds_hold_for_random_maps(seed: int, components: int, radius: float, angle: float) -> None:
    """Of statements convexity-radius, on rays too, and contraction-bound for r·D of 2 and α of 0 and 1."""
    mixture, e = random_mixture(seed, components), np.array([np.cos(angle), np.sin(angle)])
    least = np.exp(-(radius**2)) * mixture.sigma**2 - radius**2
    assert smallest_eigenvalue(mixture, radius * e) >= least - 1e-6
    # On rays, near 0 and far out.
    for r in (radius + 0.1, 1.2):
        slope = (mixture.step((r + STEP) * e) - mixture.step((r - STEP) * e)) @ e / (2 * STEP)
        mean = float(e @ mixture.second_moment(r * e) @ e)
        assert 1 - slope >= (1 - (8 - 4 * np.sqrt(3)) * r**2) * mean - 1e-6
        assert all(excess(mixture, r * e, factor(r, min(2, components - 1), alpha)) > -1e-9 for alpha in (0, 1))


def factor(radius: float, dimension: int, alpha: float) -> float:
    values = {RADIUS: radius, DIMENSION: dimension, ALPHA: alpha}
    return float(np.exp(float(log_factor(ALPHA).subs(values))))


def excess(mixture: Mixture, theta: Array, lower: float) -> float:
    """Smallest eigenvalue of B − b AᵀA."""
    A = mixture.matrix_a
    return float(np.linalg.eigvalsh(mixture.second_moment(theta) - lower * A.T @ A)[0])


def test_the_contraction_bound_is_sharp_at_the_origin_and_would_be_false_with_a_smaller_loss() -> None:
    two_signs = orthogonal_mixture(np.array([0.95, 0.05]), np.array([[[1.0]], [[-1.0]]]), 80)
    assert excess(two_signs, np.zeros(1), 1) == pytest.approx(0, abs=1e-12)
    assert excess(two_signs, np.ones(1), factor(1, 1, 0)) > 0
    assert excess(two_signs, np.ones(1), np.exp(-1 / 16)) < -1e-3


def sampled_hessian(k: int, heavy: float, radius: float) -> tuple[Array, Array]:
    """I − E Cov_γ(U_jᵀX) on the span of the simplex from a sample, and the direction of θ."""
    centred = np.eye(k) - 1 / k
    vertices = (centred @ np.linalg.svd(centred)[2][: k - 1].T) / np.linalg.norm(centred[0])
    rotation = np.linalg.lstsq(vertices, np.roll(vertices, -1, axis=0), rcond=None)[0].T
    data = np.random.default_rng(k).normal(size=(20000, k - 1))
    weights = np.full(k, (1 - heavy) / (k - 1))
    weights[0] = heavy
    posterior = weights * np.exp(radius * data @ vertices.T)
    posterior /= posterior.sum(1, keepdims=True)
    images = np.stack([data @ np.linalg.matrix_power(rotation, j) for j in range(k)], 1)
    means = np.einsum("nj,nja->na", posterior, images)
    spread = np.tensordot(posterior[..., None] * images, images, axes=([0, 1], [0, 1])) - means.T @ means
    return np.eye(k - 1) - spread / len(data), vertices[0]


@pytest.mark.long
@pytest.mark.statement("convexity-heavy", "convexity-equal")
@pytest.mark.parametrize(("k", "heavy", "radius"), [(3, 0.99, 0.9), (12, 0.8, 0.6)])
def test_one_heavy_weight_keeps_the_curvature(k: int, heavy: float, radius: float) -> None:
    """Eigenvalues of the Hessian from a sample against both statements; the bounds say something in the last cases."""
    hessian, along = sampled_hessian(k, heavy, radius)
    least, error = float(np.linalg.eigvalsh(hessian)[0]), 0.02
    at = {"W": heavy, "s": radius * np.sqrt(k / (k - 1)), "k": k, "r": radius}

    def said(bound: sympy.Expr) -> float:
        return float(bound.subs({name: at[str(name)] for name in bound.free_symbols}))

    bound = said(derive("convexity-heavy", None).statement.conclusions[1].lhs)
    assert bound - error <= least < 1
    if k < 10:
        assert bound > 0.5
        return
    near, ray = derive("convexity-equal", None).statement.conclusions[0].args
    assert max(bound, said(ray.lhs)) > 0
    if said(near.lhs) <= 1:
        assert said(ray.lhs) <= min(least, float(along @ hessian @ along)) + error


@pytest.mark.long
@pytest.mark.statement("convexity-end")
@pytest.mark.parametrize(("heavy", "radius"), [(0.6, 1.0), (0.1, 1.5)])
def test_convexity_ends_for_one_heavy_weight(heavy: float, radius: float) -> None:
    """E ∑γ² and slopes of ℓ, as differences, on independent normal numbers, against the statement."""
    k, near = 400, 0.4
    weights = np.full(k, (1 - heavy) / (k - 1))
    weights[0] = heavy
    draws, scale = np.random.default_rng(3).normal(size=(10000, k)), np.sqrt(k / (k - 1))

    def partition(r: float) -> Array:
        return weights * np.exp(r * scale * draws)

    def slope(r: float) -> float:
        # ℓ is ‖θ‖²/2 less the mean of the logarithm; a common shift of the exponents has no mean.
        there, back = (np.log(partition(r + side).sum(1)).mean() for side in (0.01, -0.01))
        return float(r - (there - back) / 0.02)

    posterior = partition(radius)
    posterior /= posterior.sum(1)[:, None]
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
