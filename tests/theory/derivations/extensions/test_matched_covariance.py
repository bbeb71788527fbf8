"""KL along directions that A annihilates, by cubature, and cumulant tensors written out, against the statement."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, gaussian_nodes
from tests.theory.derivations.statement_values import Values, coefficients, extrapolated, holds, symbols


def triangle() -> tuple[Array, Array]:
    """Three unit vectors in the plane with weights that make their mean 0."""
    a, b, c = 0.4, 0.35, 0.25
    first = np.pi - np.arccos((a**2 + b**2 - c**2) / (2 * a * b))
    second = -np.pi + np.arccos((a**2 + c**2 - b**2) / (2 * a * c))
    angles = np.array([0, first, second])
    return np.array([a, b, c]), np.stack([np.cos(angles), np.sin(angles)], axis=1)


def cross() -> tuple[Array, Array]:
    """Two pairs of opposite vectors in the plane: third moments vanish."""
    angles = np.array([0, np.pi, 1, 1 + np.pi])
    return np.array([0.3, 0.3, 0.2, 0.2]), np.stack([np.cos(angles), np.sin(angles)], axis=1)


def square() -> tuple[Array, Array]:
    """Here T = I/2."""
    return np.full(4, 0.25), np.array([[1.0, 0], [-1, 0], [0, 1], [0, -1]])


def tensors(weights: Array, means: Array) -> tuple[Array, Array, Array]:
    """T and the cumulants of order three and four."""
    second = np.einsum("j,ja,jb->ab", weights, means, means)
    third = np.einsum("j,ja,jb,jc->abc", weights, means, means, means)
    fourth = np.einsum("j,ja,jb,jc,jd->abcd", weights, means, means, means, means)
    for a, b, c, d in product(range(2), repeat=4):
        fourth[a, b, c, d] -= second[a, b] * second[c, d] + second[a, c] * second[b, d] + second[a, d] * second[b, c]
    return second, third, fourth


def divergence(weights: Array, means: Array, covariance: Array) -> float:
    nodes, mass = gaussian_nodes(2, 40)
    deviations = nodes[:, None, :] - means
    squares = np.einsum("nja,ab,njb->nj", deviations, np.linalg.inv(covariance), deviations)
    ratio = np.exp((np.sum(nodes**2, axis=1)[:, None] - squares) / 2) @ weights / np.sqrt(np.linalg.det(covariance))
    return -float(mass @ np.log(ratio))


@pytest.mark.statement("matched-covariance")
@pytest.mark.parametrize("mixture", [triangle, cross, square])
def test_the_orders_and_their_coefficients(mixture: Callable[[], tuple[Array, Array]]) -> None:
    weights, means = mixture()
    assert weights @ means == pytest.approx([0, 0], abs=1e-12)
    T, third, fourth = tensors(weights, means)
    values = {name: float(np.sum(tensor**2)) for name, tensor in {"q": T, "C": third, "K": fourth}.items()}
    values["d"] = 2.0
    names, number = symbols("matched-covariance"), len(weights)
    square_sum, cube_sum, bound, full, multiple = derive("matched-covariance", None).statement.conclusions
    said: Values = {names[name]: value for name, value in values.items()}
    said |= {names["pi"][i]: float(weights[i]) for i in range(number)}
    said |= {names["c"][i, j]: float(means[i] @ means[j]) for i, j in product(range(number), repeat=2)}
    for conclusion, name in ((square_sum, "q"), (cube_sum, "C"), (bound, "K")):
        assert holds(conclusion, said, 1e-9, number), conclusion
        assert not holds(conclusion, {**said, names[name]: 0.3 * values[name] - 0.1}, 1e-9, number), conclusion

    at = (0.15, 0.3)
    *_, sixth, _, eighth = coefficients(full.rhs, values)
    assert sixth == pytest.approx(values["C"] / 12)
    rest = {r: (divergence(weights, r * means, np.eye(2) - r**2 * T) - sixth * r**6) / r**8 for r in at}
    assert extrapolated(rest) == pytest.approx(eighth, rel=0.02)
    fourth_order = coefficients(multiple.rhs, values)[-1] if mixture is not square else 0.0
    scaled = {r: divergence(weights, r * means, (1 - r**2 / 2) * np.eye(2)) / r**4 for r in at}
    assert extrapolated(scaled) == pytest.approx(fourth_order, rel=0.02, abs=1e-4)
