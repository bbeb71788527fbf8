from contextlib import nullcontext

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy.core.random import rng

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
