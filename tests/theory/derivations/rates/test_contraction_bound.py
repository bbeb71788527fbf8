"""The bound B(θ) ⪰ b AᵀA against cubature of B for arbitrary orthogonal maps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.theory.derivations.rates.contraction_bound import ALPHA, DIMENSION, RADIUS, log_factor
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture
from tests.theory.tied_mixtures import random_mixture
from tests.tiers import examples


def factor(radius: float, dimension: int, alpha: float) -> float:
    values = {RADIUS: radius, DIMENSION: dimension, ALPHA: alpha}
    return float(np.exp(float(log_factor(ALPHA).subs(values))))


def excess(mixture: Mixture, theta: Array, lower: float) -> float:
    """Smallest eigenvalue of B − b AᵀA."""
    A = mixture.matrix_a
    return float(np.linalg.eigvalsh(mixture.second_moment(theta) - lower * A.T @ A)[0])


@examples(60)
@given(st.integers(0, 10**6), st.integers(2, 3), st.integers(2, 5), st.floats(0, 2.5), st.floats(0, 4))
def test_it_holds_for_random_maps(seed: int, dimension: int, components: int, radius: float, alpha: float) -> None:
    mixture = random_mixture(seed, components, dimension, 60 if dimension == 2 else 24)
    theta = radius * np.eye(dimension)[0]
    span = min(dimension, components - 1)
    assert excess(mixture, theta, factor(radius, span, alpha)) > -1e-9


def test_it_is_sharp_at_the_origin_and_would_be_false_with_a_smaller_loss() -> None:
    two_signs = orthogonal_mixture(np.array([0.95, 0.05]), np.array([[[1.0]], [[-1.0]]]), 80)
    assert factor(0, 1, 0) == 1
    assert excess(two_signs, np.zeros(1), 1) == pytest.approx(0, abs=1e-12)
    assert excess(two_signs, np.ones(1), factor(1, 1, 0)) > 0
    assert excess(two_signs, np.ones(1), np.exp(-1 / 16)) < -1e-3
