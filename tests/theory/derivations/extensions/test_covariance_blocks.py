"""EM with unknown covariance and weights, from its definition by cubature: the blocks of its Jacobian."""

import numpy as np
import pytest

from emtheory.theory.simplex import rotations
from tests.theory.cubature_em import Array, gaussian_nodes

WEIGHTS = np.array([0.5, 0.3, 0.2])
MAPS = np.array([np.array(U, dtype=float) for U in rotations(3)])
A = np.einsum("j,jab->ab", WEIGHTS, MAPS)
NODES, MASS = gaussian_nodes(2, 24)

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
