"""EM with unknown covariance and weights, from its definition by cubature: the blocks of its Jacobian."""

from collections.abc import Callable

import numpy as np
import pytest

from emtheory.theory.simplex import rotations
from tests.theory.cubature_em import Array, gaussian_nodes

WEIGHTS = np.array([0.5, 0.3, 0.2])
MAPS = np.array([np.array(U, dtype=float) for U in rotations(3)])
A = np.einsum("j,jab->ab", WEIGHTS, MAPS)
NODES, MASS = gaussian_nodes(2, 24)
STEP = 1e-4

Parameters = tuple[Array, Array, Array]


def em(theta: Array, covariance: Array, weights: Array) -> Parameters:
    """One step for all three; the M-step is solved by alternation."""
    deviations = NODES[:, None, :] - MAPS @ theta
    squares = np.einsum("nja,ab,njb->nj", deviations, np.linalg.inv(covariance), deviations)
    terms = weights * np.exp(-squares / 2)
    gamma = MASS[:, None] * terms / terms.sum(axis=1, keepdims=True)
    precision = np.eye(2)
    for _ in range(5):
        normal = np.einsum("nj,jba,bc,jcd->ad", gamma, MAPS, precision, MAPS)
        new_theta = np.linalg.solve(normal, np.einsum("nj,jba,bc,nc->a", gamma, MAPS, precision, NODES))
        rest = NODES[:, None, :] - MAPS @ new_theta
        new_covariance = np.einsum("nj,nja,njb->ab", gamma, rest, rest)
        precision = np.linalg.inv(new_covariance)
    return new_theta, new_covariance, gamma.sum(axis=0)


def slope(change: Callable[[float], Parameters]) -> tuple[Array, ...]:
    forward, backward = em(*change(STEP)), em(*change(-STEP))
    return tuple((a - b) / (2 * STEP) for a, b in zip(forward, backward, strict=True))


@pytest.mark.statement("covariance-blocks")
def test_theta_contracts_as_with_known_covariance() -> None:
    h = np.array([0.6, -0.8])
    theta, covariance, weights = slope(lambda t: (t * h, np.eye(2), WEIGHTS))
    assert theta == pytest.approx(h - A.T @ A @ h, abs=1e-6)
    assert covariance == pytest.approx(np.zeros((2, 2)), abs=1e-6)
    assert weights == pytest.approx(np.zeros(3), abs=1e-6)
    assert theta != pytest.approx(h - A @ h, abs=1e-2)


@pytest.mark.statement("covariance-blocks")
@pytest.mark.parametrize("W", [np.eye(2), np.array([[1.0, 0.4], [0.4, -0.7]])])
def test_the_covariance_is_found_at_once(W: Array) -> None:
    theta, covariance, weights = slope(lambda t: (np.zeros(2), np.eye(2) + t * W, WEIGHTS))
    assert theta == pytest.approx(np.zeros(2), abs=1e-6)
    assert covariance == pytest.approx(np.zeros((2, 2)), abs=1e-6)
    assert weights == pytest.approx(np.zeros(3), abs=1e-6)


@pytest.mark.statement("covariance-blocks")
def test_all_weights_are_fixed_points() -> None:
    omega = np.array([0.3, -0.5, 0.2])
    theta, covariance, weights = slope(lambda t: (np.zeros(2), np.eye(2), WEIGHTS + t * omega))
    assert theta == pytest.approx(np.zeros(2), abs=1e-6)
    assert covariance == pytest.approx(np.zeros((2, 2)), abs=1e-6)
    assert weights == pytest.approx(omega, abs=1e-6)


def test_the_trajectory_contracts_at_the_predicted_factor() -> None:
    """Everything unknown, from far away: the weights settle elsewhere, and the factor is that of the new weights."""
    start = np.array([0.8, 0.15, 0.05])
    parameters: Parameters = (np.array([1.0, 0.5]), np.array([[1.5, 0.2], [0.2, 0.8]]), start)
    factor = norm = 1.0
    for _ in range(40):
        norm = float(np.linalg.norm(parameters[0]))
        parameters = em(*parameters)
        factor = float(np.linalg.norm(parameters[0])) / norm
    matrix = np.einsum("j,jab->ab", parameters[2], MAPS)
    assert norm < 1e-2
    assert parameters[1] == pytest.approx(np.eye(2), abs=1e-3)
    assert factor == pytest.approx(1 - np.linalg.svd(matrix)[1][-1] ** 2, abs=1e-3)
    assert np.linalg.norm(parameters[2] - start) > 1e-3
