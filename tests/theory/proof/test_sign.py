"""The signs an expression can have on a box: what is decided is true, and what is false is not decided."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy import Interval, Rational, exp, log, oo, sqrt, tanh

from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.sign import possible_signs
from emtheory.theory.proof.sign_sets import restricted
from emtheory.theory.sums import component, family, total
from tests.tiers import examples

X, Y = sympy.symbols("x y", real=True)
P = sympy.Symbol("p", positive=True)
T = sympy.Symbol("t", nonnegative=True)
J = component("j")
G, B = family("g", positive=True), family("b")


@pytest.mark.parametrize(
    ("expression", "domain", "signs"),
    [
        (P + T, {}, {1}),
        (T, {}, {0, 1}),
        (-P, {}, {-1}),
        (X**2, {}, {0, 1}),
        (X**2 - 2 * X + 2, {}, {1}),
        (X**2 - 2 * X + 1, {}, {0, 1}),
        (X**2 - 3 * X + 1, {X: Interval(3, 4)}, {1}),
        (X**2 - 3 * X + 1, {X: Interval(1, 2)}, {-1}),
        (X - X**2, {X: Interval(0, 1)}, {0, 1}),
        (X - X**2, {X: Interval.open(0, 1)}, {1}),
        ((X - 1) ** 2 * (X + 2), {X: Interval(0, oo)}, {0, 1}),
        (X**2 + X * Y + Y**2, {}, {0, 1}),
        (X * Y - X**2 - Y**2, {}, {-1, 0}),
        (1 / (1 + T) - 1 / (1 + 2 * T), {}, {0, 1}),
        ((1 + P) * (1 + T) - 1, {}, {1}),
        (1 - X * Y, {X: Interval(0, 1), Y: Interval(0, 1)}, {0, 1}),
        (exp(-X) - 1 + X, {X: Interval(0, oo)}, {0, 1}),
        (exp(-X) - 1 + X, {X: Interval.open(0, oo)}, {1}),
        (X + log(1 - X / 2), {X: Interval.Lopen(0, 1)}, {1}),
        (X - tanh(X), {X: Interval(0, oo)}, {0, 1}),
        (-log(1 - X) - X, {X: Interval.open(0, 1)}, {1}),
        (sqrt(1 + P) - 1, {}, {1}),
        (total(G[J] * B[J] ** 2, J), {}, {0, 1}),
        (total(G[J], J), {}, {1}),
        (Mean(G[J] * B[J] ** 2, (B,)), {}, {0, 1}),
    ],
)
def test_what_is_decided(expression: sympy.Expr, domain: dict[sympy.Basic, sympy.Set], signs: set[int]) -> None:
    assert possible_signs(expression, domain) == signs


@pytest.mark.parametrize(
    ("expression", "domain"),
    [
        (X, {}),
        (X - Y, {}),
        (X**2 - 3 * X + 1, {X: Interval(0, 4)}),
        # The value at the left end and the slope are positive, but there is a pole between.
        (1 / (1 - X), {X: Interval(0, 2)}),
        (1 / (2 - exp(X)), {X: Interval(0, 1)}),
        (log(X), {X: Interval.open(0, oo)}),
        (total(B[J], J), {}),
        (sympy.Sum(G[J], (J, 1, 0)), {}),
        (X**2 + 3 * X * Y + Y**2, {}),
    ],
)
def test_what_changes_sign_is_not_decided(expression: sympy.Expr, domain: dict[sympy.Basic, sympy.Set]) -> None:
    assert {-1, 1} <= possible_signs(expression, domain)


@pytest.mark.parametrize(
    ("polynomial", "interval", "signs"),
    [
        (X**2 - 2, Interval(-sqrt(2), sqrt(2)), {-1, 0}),
        (X**2 - 2, Interval.open(-sqrt(2), sqrt(2)), {-1}),
        (X**2 - 2, Interval.open(sqrt(2), oo), {1}),
        (X**2 - 10, Interval(0, sympy.pi), {-1}),
        ((X - 1) ** 2, Interval(0, sqrt(2)), {0, 1}),
        (X**5 - X - 1, Interval(0, sympy.CRootOf(X**5 - X - 1, 0)), {-1, 0}),
        # Just outside, just inside.
        (X**2 - Rational(141421, 100000) ** 2, Interval(sqrt(2), 2), {1}),
        (X**2 - Rational(141422, 100000) ** 2, Interval(sqrt(2), 2), {-1, 0, 1}),
        (X**2 - 9, Interval(0, sympy.pi), {-1, 0, 1}),
    ],
)
def test_polynomials_between_irrational_ends(polynomial: sympy.Expr, interval: Interval, signs: set[int]) -> None:
    assert possible_signs(polynomial, {X: interval}) == signs


rationals = st.fractions(min_value=-4, max_value=4, max_denominator=6)


@examples(60)
@given(st.lists(rationals, min_size=1, max_size=5), rationals, rationals, st.booleans(), st.booleans(), st.data())
def test_polynomials_have_no_other_signs(
    coefficients: list[Fraction], one: Fraction, other: Fraction, left: bool, right: bool, data: st.DataObject
) -> None:
    lower, upper = sorted((one, other))
    if lower == upper:
        return
    polynomial = sum(Rational(c.numerator, c.denominator) * X**n for n, c in enumerate(coefficients))
    interval = Interval(
        Rational(lower.numerator, lower.denominator), Rational(upper.numerator, upper.denominator), left, right
    )
    signs = possible_signs(sympy.expand(polynomial), {X: interval})
    share = data.draw(st.fractions(min_value=0, max_value=1, max_denominator=50))
    point = lower + (upper - lower) * share
    if (share == 0 and left) or (share == 1 and right):
        return
    value = sum(c * point**n for n, c in enumerate(coefficients))
    assert (value > 0) - (value < 0) in signs


@examples(50)
@given(st.lists(st.integers(-3, 3), min_size=6, max_size=6), rationals, rationals)
def test_quadratic_forms_have_no_other_signs(coefficients: list[int], x: Fraction, y: Fraction) -> None:
    a, b, c, d, e, f = coefficients
    signs = possible_signs(sympy.expand(a * X**2 + b * X * Y + c * Y**2 + d * X + e * Y + f), {})
    value = a * x**2 + b * x * y + c * y**2 + d * x + e * y + f
    assert (value > 0) - (value < 0) in signs


def test_signs_depend_on_the_domains_of_what_occurs() -> None:
    domain = {X: Interval(1, 2), Y: Interval(-1, 1), B[J]: Interval(0, 1)}
    assert restricted(domain, X + 1, sympy.S.One) == {X: Interval(1, 2), B[J]: Interval(0, 1)}
    assert possible_signs(X, domain) == {1}
    assert possible_signs(X, {**domain, Y: Interval(2, 3)}) == {1}
    assert possible_signs(X, {**domain, X: Interval(-1, 2)}) == {-1, 0, 1}


UNIT = {X: Interval(0, 1), Y: Interval(0, 1)}
VALLEY = (X * Y - Rational(1, 3)) ** 2 * (1 + X) + X**2 * (Y - Rational(1, 2)) ** 2


def test_a_polynomial_that_comes_near_0_within_a_box_is_decided_by_halves_and_one_that_reaches_it_is_not() -> None:
    assert VALLEY.subs({X: Rational(2, 3), Y: Rational(1, 2)}) == 0
    assert possible_signs(VALLEY + Rational(1, 200), UNIT) == {1}
    assert possible_signs(-VALLEY - Rational(1, 200), UNIT) == {-1}
    assert 0 in possible_signs(VALLEY, UNIT)
    assert possible_signs(VALLEY - Rational(1, 10**5), UNIT) == {-1, 0, 1}
