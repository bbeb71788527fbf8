"""EM for θ and the weights by quadrature: where the weights settle, and a start from which σ tends to 0."""

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, gaussian_nodes
from tests.theory.derivations.statement_values import Values, holds, symbols

SIGNS = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
ENDS = np.array([[0.505, 0.005, 0.27, 0.22], [0.7, 0.1, 0.15, 0.05]])


def four(theta: Array, weights: Array, nodes: Array, mass: Array) -> tuple[Array, Array]:
    """A step for means (±a, ±b) from its definition."""
    gamma = weights * np.exp(nodes @ (SIGNS * theta).T)
    gamma *= mass[:, None] / gamma.sum(axis=1, keepdims=True)
    return np.sum(gamma @ SIGNS * nodes, axis=0), gamma.sum(axis=0)


@pytest.mark.long
@pytest.mark.statement("lost-rate")
def test_between_two_starts_one_loses_the_rate() -> None:
    """By bisection between the ends of a path, on which A is invertible."""
    slow, far = derive("lost-rate", None).statement.conclusions
    names, nodes = symbols("lost-rate"), gaussian_nodes(2, 14)
    r, sigma = (sympy.Function(name, nonnegative=True) for name in ("r", "sigma"))

    def path(share: float, steps: int) -> list[tuple[float, float, float]]:
        theta, weights, found = np.array([0.1, 0.8]), (1 - share) * ENDS[0] + share * ENDS[1], []
        for _ in range(steps):
            alpha, beta = weights @ SIGNS
            found.append((float(np.linalg.norm(theta)), min(abs(alpha), abs(beta)), float(alpha * beta)))
            theta, weights = four(theta, weights, *nodes)
        return found

    def near(radius: float, least: float) -> bool:
        return 32 * radius**2 * np.exp(radius**2) <= least**3

    ends = [path(float(share), 70) for share in (0, 1)]
    assert all(near(*run[-1][:2]) for run in ends)
    assert ends[0][-1][2] < 0 < ends[1][-1][2]
    assert all(weights @ signs > 0.01 for weights in ENDS for signs in SIGNS.T)
    low, high = 0.0, 1.0
    for _ in range(9):
        middle = (low + high) / 2
        low, high = (low, middle) if path(middle, 80)[-1][2] > 0 else (middle, high)
    run = path(high, 101)
    for n in (0, 20, 100):
        values: Values = {names["t"]: n, names["d"]: 2, names["w"]: high, r(0): run[0][0], sigma(0): run[0][1]}
        values |= {r(n): run[n][0], sigma(n): run[n][1]}
        values |= {r(names["w"], n): run[n][0], sigma(names["w"], n): run[n][1]}
        assert holds(slow, values, 0.0, 4)
        assert holds(far, values, 0.0, 4)
    assert run[100][1] < 0.02
    # From the ends it stays above a number, and what is said of the start between is wrong there.
    assert ends[1][-1][1] > 0.3
    at = {r(names["w"], 1): ends[0][-1][0], sigma(names["w"], 1): ends[0][-1][1], names["t"]: 1}
    assert not holds(far, at, 0.0, 4)
