"""Dihedral and dicyclic groups as matrices made by NumPy, at random weights: A, EM's step by cubature, and q."""

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, orthogonal_mixture
from tests.theory.derivations.statement_values import holds
from tests.theory.tied_mixtures import dihedral_mixture


def said(name: str, conclusion: int, **values: float) -> bool:
    """Whether a conclusion of the statement for every k holds, its symbols having these values."""
    formula = derive(name, None).statement.conclusions[conclusion]
    named = {str(symbol): symbol for symbol in formula.free_symbols}
    return holds(formula, {named[label]: value for label, value in values.items() if label in named})


def random_weights(seed: int, number: int) -> Array:
    return np.random.default_rng(seed).dirichlet(np.ones(number))


ROOTS = {n: np.exp(2j * np.pi * np.arange(n) / n) for n in range(2, 13)}


@pytest.mark.long
@pytest.mark.statement("group-dihedral")
@pytest.mark.parametrize("n", [5])
def test_the_singular_values_of_a_dihedral_group(n: int) -> None:
    weights = random_weights(n, 2 * n)
    P, Q = abs(weights[:n] @ ROOTS[n]), abs(weights[n:] @ ROOTS[n])
    A = dihedral_mixture(weights).matrix_a
    assert np.linalg.svd(A)[1] == pytest.approx([P + Q, abs(P - Q)])
    assert abs(np.linalg.det(A)) == pytest.approx(abs(P**2 - Q**2))
    x, y = weights[:n] @ ROOTS[n].real, weights[:n] @ ROOTS[n].imag
    u, v = weights[n:] @ ROOTS[n].real, weights[n:] @ ROOTS[n].imag
    map_of_parts = derive("group-dihedral", None).statement.conclusions[0].rhs
    values = {str(symbol): value for symbol, value in zip(sympy.symbols("x y u v"), (x, y, u, v), strict=True)}
    found = map_of_parts.xreplace({symbol: values[str(symbol)] for symbol in map_of_parts.free_symbols})
    assert np.array(found, dtype=float) == pytest.approx(A)


@pytest.mark.statement("group-dihedral")
@pytest.mark.parametrize("n", [2, 7])
def test_equal_weights_on_rotations_and_reflections_leave_a_line_to_em(n: int) -> None:
    p = random_weights(n, n) / 2
    mixture = dihedral_mixture(np.concatenate([p, p]))
    axis = np.array([0.0, 1.0])
    assert mixture.matrix_a @ axis == pytest.approx(np.zeros(2), abs=1e-12)
    image = mixture.step(0.7 * axis)
    assert image[0] == pytest.approx(0, abs=1e-10)
    assert 0 < image[1] < 0.7
    # Every element of Klein's four group keeps the axis, whatever the weights.
    other = dihedral_mixture(random_weights(3, 2 * n))
    assert (abs(other.step(0.7 * axis)[0]) > 1e-3) == (n > 2)
    doubled = 2 * p @ ROOTS[n] ** 2
    values = {"q": mixture.quartic(axis), "s": p.sum(), "c_2": doubled.real, "s_2": doubled.imag}
    assert said("group-dihedral", 4, **values)
    assert not said("group-dihedral", 4, **{**values, "c_2": values["c_2"] + 0.5})
    assert values["q"] == pytest.approx((1 + abs(doubled) ** 2) / 2)


UNITS = np.array([np.eye(2), [[1j, 0], [0, -1j]], [[0, 1], [-1, 0]], [[0, 1j], [1j, 0]]])
"""1, i, j and k as complex matrices."""


def acting(matrix: Array) -> Array:
    """Multiplication from the left by a quaternion that is a complex matrix, on R⁴."""
    products = np.einsum("ab,rbc->rac", matrix, UNITS)
    return np.real(np.einsum("rac,sac->sr", products, UNITS.conj())) / 2


def dicyclic(n: int) -> Array:
    """ζ^a for 0 ≤ a < 2n, then ζ^a j."""
    circle = np.array([np.diag([z, z.conjugate()]) for z in np.exp(1j * np.pi * np.arange(2 * n) / n)])
    return np.array([acting(g) for g in (*circle, *(circle @ UNITS[2]))])


@pytest.mark.long
@pytest.mark.statement("group-dicyclic")
@pytest.mark.parametrize("n", [5])
def test_a_of_a_dicyclic_group_is_a_multiple_of_an_orthogonal_map(n: int) -> None:
    weights = random_weights(n, 4 * n)
    roots = np.exp(1j * np.pi * np.arange(2 * n) / n)
    P, Q = weights[: 2 * n] @ roots, weights[2 * n :] @ roots
    A = np.einsum("j,jab->ab", weights, dicyclic(n))
    assert pytest.approx((abs(P) ** 2 + abs(Q) ** 2) * np.eye(4)) == A.T @ A
    first = [P.real, P.imag, Q.real, Q.imag]
    assert first == pytest.approx(A[:, 0])
    quaternion = derive("group-dicyclic", None).statement.conclusions[0].rhs[:, 0]
    values = dict(zip("xyuv", first, strict=True))
    found = quaternion.xreplace({symbol: values[str(symbol)] for symbol in quaternion.free_symbols})
    assert np.array(found, dtype=float).ravel() == pytest.approx(first)


@pytest.mark.statement("group-dicyclic")
@pytest.mark.parametrize("n", [3])
def test_equal_weights_on_opposite_elements_make_a_vanish(n: int) -> None:
    p, q = random_weights(n, 2 * n).reshape(2, n)
    mixture = orthogonal_mixture(np.concatenate([p, p, q, q]) / 2, dicyclic(n), 2)
    assert mixture.matrix_a == pytest.approx(np.zeros((4, 4)), abs=1e-12)
    first, second = p @ ROOTS[n], q @ ROOTS[n]
    parts = {"c_1": first.real, "s_1": first.imag, "c_2": second.real, "s_2": second.imag}
    for direction in np.linalg.qr(np.random.default_rng(n).normal(size=(4, 4)))[0]:
        values = {"q": mixture.quartic(direction), "s": p.sum(), "s'": q.sum(), **parts}
        assert said("group-dicyclic", 5, **values)
        assert not said("group-dicyclic", 5, **{**values, "s": q.sum() + 0.1})
