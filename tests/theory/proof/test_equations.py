"""Equations, which cases there are where polynomials vanish, and values at a point: what is proved and what is not."""

from fractions import Fraction

import pytest
import sympy
from sympy import Derivative, ImmutableMatrix, MatMul, Subs

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.at import DIGITS, At, entries_at, scattered
from emtheory.theory.proof.cases import cases
from emtheory.theory.proof.derivation import check
from emtheory.theory.proof.formula import related
from emtheory.theory.proof.identity import instances, vanishes
from emtheory.theory.proof.step import Step, equation, inequality
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


RX, RY, Z = sympy.symbols("x y z", real=True)
U = sympy.Symbol("u", real=True)
FACTS = (
    prose("", related(RX * RY, "==", 0), label="xy"),
    prose("", related(RX * (RY - 1), "==", 0), label="xy - x"),
    prose("", related(RX**2, "==", RY**2), label="squares"),
    prose("", related(RX**2 + 1, "==", 0), label="imaginary"),
    prose("", related(RX, "<=", 1), label="x ≤ 1"),
    prose("", related(sympy.exp(RX) * RY, "==", 0), label="exp"),
    definition("", U, RX - RY),
)


def all_of(*zeros: sympy.Expr) -> sympy.Basic:
    return sympy.And(*(related(zero, "==", 0) for zero in zeros), evaluate=False)


def one_of(*parts: sympy.Basic) -> sympy.Basic:
    return sympy.Or(*parts, evaluate=False)


@pytest.mark.parametrize(
    ("formula", "of"),
    [
        (one_of(related(RX, "==", 0), related(RY, "==", 0)), ["xy"]),
        (one_of(related(RX, "==", RY), related(RX, "==", -RY)), ["squares"]),
        (one_of(related(U, "==", 0), related(RX + RY, "==", 0)), ["squares"]),
        (all_of(RX, RY), ["xy", "squares"]),
        (related(RX, "==", 0), ["xy", "xy - x"]),
    ],
)
def test_cases_that_there_are(formula: sympy.Basic, of: list[str]) -> None:
    evidence = check(cases("", formula, of), FACTS)
    assert evidence is not None
    assert "radical" in evidence.method


@pytest.mark.parametrize(
    ("formula", "of", "message"),
    [
        (one_of(related(RX, "==", 1), related(RY, "==", 0)), ["xy"], "do not lead"),
        (related(RX, "==", 0), ["xy"], "do not lead"),
        (one_of(related(RX, "==", 2 * RY), related(RX, "==", -RY)), ["squares"], "do not lead"),
        (one_of(all_of(RX, Z), related(RY, "==", 0)), ["xy"], "do not lead"),
        (one_of(related(RX, "==", 0), related(RY, "==", 0)), ["xy", "xy - x"], "not needed"),
        (one_of(related(RX, "==", 0), related(RY, "==", 0), related(Z, "==", 0)), ["xy"], "need not be named"),
        (one_of(all_of(RX, RX**2), related(RY, "==", 0)), ["xy"], "follows from the others"),
        # Without a real solution, but not without a complex one.
        (related(RY, "==", 0), ["imaginary"], "do not lead"),
        (one_of(related(RX, "<=", 0), related(RY, "==", 0)), ["xy"], "conjunctions of equations"),
        (related(RX, "==", 1), ["x ≤ 1"], "those of equations"),
        (related(sympy.exp(RX), "==", 1), ["xy", "squares"], "rational coefficients"),
        (related(RY, "==", 0), ["exp"], "rational coefficients"),
        (related(RY, "==", 0), ["nowhere"], "no earlier step"),
    ],
)
def test_what_is_no_list_of_the_cases_is_refused(formula: sympy.Basic, of: list[str], message: str) -> None:
    with pytest.raises(DerivationError, match=message):
        check(cases("", formula, of), FACTS)


def test_a_contradiction_has_no_case() -> None:
    one, two = prose("", related(RX, "==", 1), label="one"), prose("", related(RX, "==", 2), label="two")
    with pytest.raises(DerivationError, match="need not be named"):
        check(cases("", related(RY, "==", 0), ["one", "two"]), (one, two))


def test_cases_of_equations_on_an_interval_do_not_hold_beyond_it() -> None:
    narrow = Step(
        "equation", "", related(RX * RY, "==", 0), "narrow", domain=((RX, sympy.Interval(0, 1)),), rule="combination"
    )
    step = cases("", one_of(related(RX, "==", 0), related(RY, "==", 0)), ["narrow"])
    with pytest.raises(DerivationError, match="fewer x"):
        check(step, (narrow,), {RX: sympy.Interval(0, 2)})
    assert check(step, (narrow,), {RX: sympy.Interval(0, 1)}) is not None


def test_a_step_without_a_relation_is_not_taken_for_proved() -> None:
    with pytest.raises(DerivationError, match="no relation"):
        check(Step("equation", "", one_of(related(RX, "==", 0), related(RY, "==", 0))))
    assert check(inequality("", RX - 1, "<", RX)) is not None


P, Q = sympy.symbols("p q", real=True)
T = sympy.Function("T", real=True)(P, Q)
ORIGIN = (P, Q), (0, 0)
NAMED = definition("", T, P + 3 * Q)


def slope(kind: type[Subs], variable: sympy.Symbol) -> sympy.Expr:
    return kind(Derivative(T, variable), *ORIGIN)


def test_derivatives_by_two_variables_are_not_equal() -> None:
    assert slope(At, P) != slope(At, Q)
    assert slope(At, P) == slope(At, P)
    assert hash(slope(At, P)) == hash(slope(At, P))
    assert slope(At, P) != slope(Subs, P)


def test_each_has_its_own_value() -> None:
    values = sympy.ImmutableMatrix([slope(At, P), slope(At, Q)])
    assert check(equation("", values, sympy.ImmutableMatrix([1, 3])), (NAMED,)) is not None
    for wrong in ((3, 3), (1, 1), (3, 1)):
        with pytest.raises(DerivationError):
            check(equation("", values, sympy.ImmutableMatrix(wrong)), (NAMED,))


def test_what_sympy_takes_for_equal_is_refused() -> None:
    """The control: the checker would otherwise say that 1 = 3."""
    assert slope(Subs, P) == slope(Subs, Q)
    with pytest.raises(DerivationError, match="at equal values of two variables"):
        check(equation("", slope(Subs, P), sympy.S.One), (NAMED,))
    nested = Subs(Derivative(Subs(Derivative(T, P), P, 0), Q), Q, 0)
    with pytest.raises(DerivationError, match="at equal values of two variables"):
        check(equation("", nested, sympy.S.Zero), (NAMED,))
    apart = Subs(Derivative(T, P), (P, Q), (0, 1))
    assert check(equation("", apart, sympy.S.One), (NAMED,)) is not None


INDEX = sympy.Symbol("j", integer=True, nonnegative=True)
FAMILY = sympy.IndexedBase("p", positive=True)


@pytest.mark.parametrize(
    "expression",
    [
        X / 3 - Y**3 / X,
        sympy.sqrt(X + 2) * (1 - sympy.sqrt(3) * sympy.I) - sympy.I * Y,
        sympy.exp(-X) * sympy.log(Y) / sympy.cos(X * Y) + 0 * sympy.sin(X),
        (X - 1) ** Y * sympy.cosh(X) ** sympy.Rational(-2, 3),
        sympy.Max(X - Y, Y - X) + sympy.Abs(sympy.log(X)),
        sympy.Sum(FAMILY[INDEX] ** 2 * sympy.exp(INDEX * X), (INDEX, 0, 3)),
        sympy.Product(1 + FAMILY[INDEX] / sympy.sqrt(X), (INDEX, 1, 4)),
        sympy.Sum(sympy.exp(2 * sympy.pi * sympy.I * INDEX / 5), (INDEX, 0, 4)) + X,
    ],
    ids=str,
)
def test_values_at_points_are_those_that_sympy_has(expression: sympy.Expr) -> None:
    def of(name: sympy.Basic) -> Fraction:
        return scattered(name, 1)

    written = expression.doit()
    names = written.atoms(sympy.Indexed) | {X, Y}
    expected = written.xreplace({name: sympy.Rational(*of(name).as_integer_ratio()) for name in names}).evalf(DIGITS)
    (found,) = entries_at(expression, of)
    assert abs(complex(found) - complex(expected)) < 1e-14
    assert abs((found - expected).evalf(DIGITS, chop=True)) < sympy.Float(10) ** (5 - DIGITS)
    assert [value.is_Rational for value in entries_at(X / 3 - Y**3 / X, of)] == [True]
