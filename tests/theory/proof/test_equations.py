import pytest
import sympy
from sympy import ImmutableMatrix, MatMul

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.derivation import check
from emtheory.theory.proof.identity import instances, vanishes
from emtheory.theory.proof.step import equation
from emtheory.theory.proof.words import citation, definition, prose
from emtheory.theory.sums import component, family, total

X, Y = sympy.symbols("x y", positive=True)
ZETA = sympy.exp(2 * sympy.pi * sympy.I / 7)


@pytest.mark.parametrize(
    ("lhs", "rhs", "method", "points"),
    [
        ((X + Y) ** 2, X**2 + 2 * X * Y + Y**2, "expansion", 3),
        (sympy.Add(*(X * ZETA**j for j in range(6))), -X * ZETA**6, "roots of unity", 3),
        (1 / X + 1 / Y, (X + Y) / (X * Y), "expansion", 3),
        (1 / (1 + X) + 1 / (1 - X), 2 / (1 - X**2), "common denominator", 3),
        (sympy.sin(X) ** 2 + sympy.cos(X) ** 2 - Y, 1 - Y, "roots of unity", 3),
        (sympy.Derivative(X**3, X), 3 * X**2, "expansion", 3),
        (sympy.Integral(X, (X, 0, 4)), sympy.Integer(8), "expansion", 1),
        (MatMul(ImmutableMatrix([[0, 1], [1, 0]]), ImmutableMatrix([X, Y])), ImmutableMatrix([Y, X]), "expansion", 3),
    ],
)
def test_true_equations_are_checked_in_both_ways(lhs: sympy.Basic, rhs: sympy.Basic, method: str, points: int) -> None:
    evidence = check(equation("", lhs, rhs))
    assert evidence is not None
    assert (evidence.method, evidence.points) == (method, points)


@pytest.mark.parametrize(
    ("lhs", "rhs", "message"),
    [
        (X, X, "same expression"),
        (X**2, X**2 + sympy.Rational(1, 10**40), "differ"),
        # Below the tolerance of the numerical control: only the symbolic check sees this one.
        (sympy.sqrt(2) * X, sympy.sqrt(2) * X + sympy.Rational(1, 10**40), "could not be brought to 0"),
        (sympy.Add(*(X * ZETA**j for j in range(5))), -X * ZETA**6, "differ"),
        (sympy.sqrt(2), sympy.Rational(141421356237309505, 10**17), "differ"),
        (ImmutableMatrix([X, Y]), ImmutableMatrix([[X, Y]]), "shapes"),
        (ImmutableMatrix([X, Y]), ImmutableMatrix([X, Y + X - X * Y]), "differ"),
        (X, ImmutableMatrix([X, X]), "shapes"),
        (sympy.Derivative(sympy.log(sympy.S.Zero), X), sympy.S.Zero, "undefined"),
        (sympy.nan * X, X, "undefined"),
    ],
)
def test_false_and_empty_equations_are_rejected(lhs: sympy.Basic, rhs: sympy.Basic, message: str) -> None:
    with pytest.raises(DerivationError, match=message):
        check(equation("", lhs, rhs))


J, N = component("j"), component("n")
G, B = family("g", positive=True), family("b")


def test_a_step_over_components_is_checked_for_every_number_of_them() -> None:
    mean = total(G[J] * B[J], J) / total(G[J], J)
    variance = total(G[J] * (B[J] - mean) ** 2, J) / total(G[J], J)
    evidence = check(equation("", variance, total(G[J] * B[J] ** 2, J) / total(G[J], J) - mean**2))
    assert evidence is not None
    assert evidence.points == 3


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (total(G[J], J) ** 2, total(G[J] ** 2, J)),
        (total(G[J] * B[J], J), total(G[J], J) * total(B[J], J)),
        (total(sympy.S.One, J), total(G[J], J) / total(G[N], N)),
        (total(G[J] * B[N], J, N), total(G[J] * B[J], J)),
    ],
)
def test_what_only_holds_for_one_component_is_rejected(lhs: sympy.Expr, rhs: sympy.Expr) -> None:
    with pytest.raises(DerivationError, match="differ"):
        check(equation("", lhs, rhs))


def test_names_are_replaced_by_what_they_stand_for() -> None:
    area = definition("", Y, X**2)
    evidence = check(equation("", sympy.sqrt(Y), X), (area,))
    assert evidence is not None
    assert evidence.method == "substitution"
    with pytest.raises(DerivationError, match="differ"):
        check(equation("", sympy.sqrt(Y), X))


def test_equations_that_are_given_are_applied_in_their_order() -> None:
    first, second = prose("", sympy.Eq(X, Y + 1), label="x"), prose("", sympy.Eq(Y, sympy.S(2)), label="y")
    assert check(equation("", X**2, sympy.S(9), given=("x", "y")), (first, second)) is not None
    with pytest.raises(DerivationError, match="nothing to rewrite by 'y'"):
        check(equation("", X**2, sympy.S(9), given=("y", "x")), (first, second))


def test_only_known_theorems_can_be_cited() -> None:
    assert citation("Taylor's theorem", "").theorem == "Taylor's theorem"
    assert check(prose("words")) is None
    with pytest.raises(DerivationError, match="folklore"):
        citation("folklore", "")


def test_only_known_hypotheses_can_be_used() -> None:
    with pytest.raises(DerivationError, match="goodwill"):
        prose("", under=("goodwill",))


def test_what_vanishes_by_algebra_is_seen_and_what_a_point_tells_apart_is_not() -> None:
    x = sympy.Symbol("x", positive=True)
    assert vanishes((x + 1) ** 2 - x**2 - 2 * x - 1)
    assert vanishes(sympy.exp(2 * sympy.log(x)) - x**2)
    assert not vanishes((x + 1) ** 2 - x**2 - 2 * x - sympy.Rational(10**12 + 1, 10**12))
    # The value at the point that is tried is 0, and the expression is not.
    (point,) = next(instances(x, sympy.S.Zero, 1))[2].values()
    assert not vanishes(x - point)
