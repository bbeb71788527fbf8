"""Quartic divergence and sublinear EM along the kernel of A, for groups of maps, by cubature of the definition."""

import numpy as np
import pytest

from emtheory.theory.groups import dicyclic_element, left_multiplication
from tests.theory.cubature_em import Mixture, orthogonal_mixture
from tests.theory.tied_mixtures import dihedral_mixture


def quaternions(weights: list[float]) -> Mixture:
    """Weights of ±1, ±i, ±j, ±k, halved."""
    elements = [dicyclic_element(a, 2, times_j=flag) for flag in (False, True) for a in range(4)]
    maps = np.array([np.array(left_multiplication(g).evalf(), dtype=complex).real for g in elements])
    one, i, j, k = weights
    return orthogonal_mixture(np.array([one, i, one, i, j, k, j, k]) / 2, maps, 14)


CASES = {
    "Klein": (dihedral_mixture(np.tile([0.4, 0.1], 2)), np.array([0.0, 1.0])),
    "S_3": (dihedral_mixture(np.tile([0.25, 0.15, 0.1], 2)), np.array([0.0, 1.0])),
    "uniform S_3": (dihedral_mixture(np.full(6, 1 / 6)), np.array([0.0, 1.0])),
    "Q_8": (quaternions([0.4, 0.3, 0.2, 0.1]), np.array([0.1, 0.7, 0.5, 0.5])),
    "uniform Q_8": (quaternions([0.25] * 4), np.array([1.0, 0.0, 0.0, 0.0])),
}


@pytest.mark.parametrize("name", CASES)
def test_the_matrix_is_singular_and_the_divergence_quartic(name: str) -> None:
    mixture, u = CASES[name]
    q = mixture.quartic(u)
    assert mixture.matrix_a @ u == pytest.approx(np.zeros_like(u), abs=1e-12)
    assert 1 / len(u) - 1e-12 <= q <= 1
    assert mixture.divergence(0.05 * u) == pytest.approx(q * 0.05**4 / 4, rel=0.02)
    assert mixture.divergence(0.05 * u) != pytest.approx(1.05 * q * 0.05**4 / 4, rel=0.02)


@pytest.mark.parametrize("name", ["Klein", "S_3", "Q_8"])
def test_the_trajectory_follows_the_law(name: str) -> None:
    """1/r_t² grows by 2q a step, on the line of u."""
    mixture, u = CASES[name]
    theta = 0.1 * u
    radii = [0.1]
    for _ in range(20):
        theta = mixture.step(theta)
        radii.append(float(np.linalg.norm(theta)))
    assert theta == pytest.approx(radii[-1] * u, abs=1e-9)
    growth = (radii[-1] ** -2 - radii[0] ** -2) / 20
    assert growth == pytest.approx(2 * mixture.quartic(u), rel=0.04)
