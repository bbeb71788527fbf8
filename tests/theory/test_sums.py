import math
from contextlib import nullcontext

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy.core.random import rng

from emtheory.theory.gaussian_moments import Expectation, power_mean_expectation
from emtheory.theory.mixture import columns, em_integrand, exponents, free_weights, log_partition_integrand, posterior
from emtheory.theory.simplex import basis, rotation, rotations, shift, vertices
from emtheory.theory.sums import (
    COUNT,
    DIMENSION,
    canonical,
    cleared,
    component,
    factored,
    family,
    over_coordinates,
    total,
)
from tests.tiers import examples

L, J, N = (component(name) for name in "ljn")
G, B, C = family("g", positive=True), family("b"), family("c")
X = sympy.Symbol("x", positive=True)

TERMS = st.sampled_from(
    [
        total(G[J], J),
        total(G[J] * B[J] + X, J),
        total(G[L] * (B[L] - total(G[J] * B[J], J)), L),
        total(G[L] * G[J] * (C[L, J] - B[J]) ** 2, L, J),
        total(B[J] / total(G[N], N), J),
        X * COUNT,
    ]
)


def value(expression: sympy.Expr, count: int) -> sympy.Expr:
    explicit = expression.subs(COUNT, count).doit()
    members = sorted(explicit.atoms(sympy.Indexed), key=str)
    point = {member: sympy.Rational(i + 2, 3 * i + 5) for i, member in enumerate(members)}
    return explicit.xreplace(point).subs(X, sympy.Rational(2, 7))


@examples(50)
@given(TERMS, TERMS, st.integers(1, 3))
def test_the_canonical_form_has_the_same_value(first: sympy.Expr, second: sympy.Expr, count: int) -> None:
    expression = first * second - first**2
    assert sympy.expand(value(expression, count) - value(canonical(expression), count)) == 0


@given(TERMS, TERMS)
def test_a_difference_clears_exactly_if_it_vanishes(first: sympy.Expr, second: sympy.Expr) -> None:
    assert cleared((first + second) ** 2 - first**2 - 2 * first * second - second**2) == 0
    assert cleared(first * second - first * second - X) != 0


def test_names_of_indices_do_not_matter_even_nested() -> None:
    shadowed = total(G[J] / total(G[J], J), J)
    assert canonical(shadowed) == canonical(total(G[L] / total(G[N], N), L))
    assert cleared(shadowed - 1) == 0


def test_nested_sums_that_do_not_separate_are_kept() -> None:
    double = total(G[L] * C[L, J], L, J)
    assert canonical(double) == canonical(total(total(G[N] * C[N, L], N), L))
    assert cleared(double - total(G[L] * C[J, L], L, J)) != 0


def test_sums_over_coordinates_are_not_those_over_components() -> None:
    assert canonical(over_coordinates(2 * B[J] + X, J)) == 2 * over_coordinates(
        B[component("n_0")], component("n_0")
    ) + (X * DIMENSION)
    assert cleared(over_coordinates(B[J], J) - over_coordinates(B[N], N)) == 0
    assert cleared(over_coordinates(B[J], J) - total(B[J], J)) != 0


def test_factors_are_found_with_the_same_draws_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[float] = []

    def factor(value: sympy.Expr) -> sympy.Expr:
        drawn.append(rng.random())
        if value is X:
            raise ValueError("no factors")
        return value

    monkeypatch.setattr(sympy, "factor", factor)
    for seed, value in ((1, COUNT), (2, COUNT), (3, X)):
        rng.seed(seed)
        before = rng.getstate()
        with nullcontext() if value is COUNT else pytest.raises(ValueError, match="no factors"):
            factored(value)
        assert rng.getstate() == before
    assert len(set(drawn)) == 1


FIRST, SECOND = sympy.symbols("x y", real=True)


@pytest.mark.parametrize("degree", [0, 3, 8])
def test_moments_are_the_integrals(degree: int) -> None:
    density = sympy.exp(-(FIRST**2) / 2) / sympy.sqrt(2 * sympy.pi)
    integral = sympy.integrate(FIRST**degree * density, (FIRST, -sympy.oo, sympy.oo))
    assert Expectation(FIRST**degree, (FIRST,)).doit() == integral


@given(st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.integers(-4, 4), max_size=6))
def test_polynomials_agree_with_gauss_hermite_cubature(coefficients: dict[tuple[int, int], int]) -> None:
    nodes, weights = np.polynomial.hermite_e.hermegauss(8)
    grid_x, grid_y = np.meshgrid(nodes, nodes)
    mass = np.outer(weights, weights) / (2 * np.pi)
    expected = sum(c * float((mass * grid_x**i * grid_y**j).sum()) for (i, j), c in coefficients.items())
    polynomial = sympy.Add(*(c * FIRST**i * SECOND**j for (i, j), c in coefficients.items()))
    assert float(Expectation(polynomial, (FIRST, SECOND)).doit()) == pytest.approx(expected, abs=1e-6)


def test_only_polynomials_have_a_value() -> None:
    with pytest.raises(sympy.PolynomialError):
        Expectation(sympy.exp(FIRST), (FIRST,)).doit()


@examples(30)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.integers(1, 4))
def test_power_means_by_exchangeability_agree_with_multiplying_out(exponents: list[int], k: int) -> None:
    z = sympy.symbols(f"z_:{k}", real=True)
    product = sympy.Mul(*(sympy.Add(*(value**n for value in z)) / k for n in exponents))
    symbol = sympy.Symbol("k", positive=True)
    assert power_mean_expectation(exponents, symbol).subs(symbol, k) == Expectation(product, z).doit()


def test_posterior_is_bayes_rule_with_the_densities() -> None:
    weights, theta, x = (0.5, 0.3, 0.2), (0.7, -0.4), (1.1, 0.6)
    maps = rotations(3)
    densities = []
    for U, p in zip(maps, weights, strict=True):
        mean = [float(value) for value in U * sympy.Matrix(theta)]
        densities.append(p * math.exp(-sum((a - b) ** 2 for a, b in zip(x, mean, strict=True)) / 2))
    y = exponents(maps, sympy.ImmutableMatrix(theta), sympy.ImmutableMatrix(x))
    for gamma, density in zip(posterior(weights, y), densities, strict=True):
        assert float(gamma) == pytest.approx(density / sum(densities), rel=1e-12)


@pytest.mark.parametrize("k", [2, 3])
def test_gradient_of_the_log_partition_in_coordinates_is_the_em_integrand(k: int) -> None:
    weights, maps = free_weights(k), rotations(k)
    theta, x = columns(k - 1, "theta", "x")
    y = exponents(maps, theta, x)
    image = em_integrand(posterior(weights, y), maps, x)
    for entry, variable in zip(image, theta, strict=True):
        assert sympy.expand(sympy.diff(log_partition_integrand(weights, y), variable) - entry) == 0


def test_em_integrand_uses_the_transposed_maps() -> None:
    x = sympy.ImmutableMatrix([1, 2])
    image = em_integrand((sympy.S.Zero, sympy.S.One, sympy.S.Zero), rotations(3), x)
    assert image == (rotation(3).T * x).as_immutable()
    assert image != (rotation(3) * x).as_immutable()


def floats(matrix: object) -> np.ndarray:
    return np.array(matrix, dtype=float)


@pytest.mark.parametrize("k", [2, 3, 8])
def test_rotation_permutes_a_regular_simplex(k: int) -> None:
    V, R = floats(vertices(k)), floats(rotation(k))
    assert np.allclose(V.T @ V, (k * np.eye(k) - 1) / (k - 1))
    assert np.allclose(R @ V, np.roll(V, -1, axis=1))
    assert np.allclose(R.T @ R, np.eye(k - 1))
    assert np.allclose(np.sort_complex(np.linalg.eigvals(R)), np.sort_complex(np.exp(2j * np.pi * np.arange(1, k) / k)))


def test_shift_moves_component_j_to_the_next() -> None:
    assert list(shift(4) * shift(4)[:, 0]) == [0, 0, 1, 0]
    assert list(shift(4)[:, 3]) == [1, 0, 0, 0]


def test_impossible_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="k >= 2"):
        basis(1)
    with pytest.raises(ValueError, match="dimension >= 3"):
        rotation(4, 2)
