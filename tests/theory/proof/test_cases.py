"""Which cases there are where polynomials vanish: what is proved, and near misses that are refused."""

import pytest
import sympy

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.cases import cases
from emtheory.theory.proof.check import check
from emtheory.theory.proof.formula import related
from emtheory.theory.proof.step import Step, inequality
from emtheory.theory.proof.words import definition, prose

X, Y, Z = sympy.symbols("x y z", real=True)
U = sympy.Symbol("u", real=True)
FACTS = (
    prose("", related(X * Y, "==", 0), label="xy"),
    prose("", related(X * (Y - 1), "==", 0), label="xy - x"),
    prose("", related(X**2, "==", Y**2), label="squares"),
    prose("", related(X**2 + 1, "==", 0), label="imaginary"),
    prose("", related(X, "<=", 1), label="x ≤ 1"),
    prose("", related(sympy.exp(X) * Y, "==", 0), label="exp"),
    definition("", U, X - Y),
)


def all_of(*zeros: sympy.Expr) -> sympy.Basic:
    return sympy.And(*(related(zero, "==", 0) for zero in zeros), evaluate=False)


def one_of(*parts: sympy.Basic) -> sympy.Basic:
    return sympy.Or(*parts, evaluate=False)


@pytest.mark.parametrize(
    ("formula", "of"),
    [
        (one_of(related(X, "==", 0), related(Y, "==", 0)), ["xy"]),
        (one_of(related(X, "==", Y), related(X, "==", -Y)), ["squares"]),
        (one_of(related(U, "==", 0), related(X + Y, "==", 0)), ["squares"]),
        (all_of(X, Y), ["xy", "squares"]),
        (related(X, "==", 0), ["xy", "xy - x"]),
    ],
)
def test_cases_that_there_are(formula: sympy.Basic, of: list[str]) -> None:
    evidence = check(cases("", formula, of), FACTS)
    assert evidence is not None
    assert "radical" in evidence.method


@pytest.mark.parametrize(
    ("formula", "of", "message"),
    [
        (one_of(related(X, "==", 1), related(Y, "==", 0)), ["xy"], "do not lead"),
        (related(X, "==", 0), ["xy"], "do not lead"),
        (one_of(related(X, "==", 2 * Y), related(X, "==", -Y)), ["squares"], "do not lead"),
        (one_of(all_of(X, Z), related(Y, "==", 0)), ["xy"], "do not lead"),
        (one_of(related(X, "==", 0), related(Y, "==", 0)), ["xy", "xy - x"], "not needed"),
        (one_of(related(X, "==", 0), related(Y, "==", 0), related(Z, "==", 0)), ["xy"], "need not be named"),
        (one_of(all_of(X, X**2), related(Y, "==", 0)), ["xy"], "follows from the others"),
        # Without a real solution, but not without a complex one.
        (related(Y, "==", 0), ["imaginary"], "do not lead"),
        (one_of(related(X, "<=", 0), related(Y, "==", 0)), ["xy"], "conjunctions of equations"),
        (related(X, "==", 1), ["x ≤ 1"], "those of equations"),
        (related(sympy.exp(X), "==", 1), ["xy", "squares"], "rational coefficients"),
        (related(Y, "==", 0), ["exp"], "rational coefficients"),
        (related(Y, "==", 0), ["nowhere"], "no earlier step"),
    ],
)
def test_what_is_no_list_of_the_cases_is_refused(formula: sympy.Basic, of: list[str], message: str) -> None:
    with pytest.raises(DerivationError, match=message):
        check(cases("", formula, of), FACTS)


def test_a_contradiction_has_no_case() -> None:
    one, two = prose("", related(X, "==", 1), label="one"), prose("", related(X, "==", 2), label="two")
    with pytest.raises(DerivationError, match="need not be named"):
        check(cases("", related(Y, "==", 0), ["one", "two"]), (one, two))


def test_cases_of_equations_on_an_interval_do_not_hold_beyond_it() -> None:
    narrow = Step(
        "equation", "", related(X * Y, "==", 0), "narrow", domain=((X, sympy.Interval(0, 1)),), rule="combination"
    )
    step = cases("", one_of(related(X, "==", 0), related(Y, "==", 0)), ["narrow"])
    with pytest.raises(DerivationError, match="fewer x"):
        check(step, (narrow,), {X: sympy.Interval(0, 2)})
    assert check(step, (narrow,), {X: sympy.Interval(0, 1)}) is not None


def test_a_step_without_a_relation_is_not_taken_for_proved() -> None:
    with pytest.raises(DerivationError, match="no relation"):
        check(Step("equation", "", one_of(related(X, "==", 0), related(Y, "==", 0))))
    assert check(inequality("", X - 1, "<", X)) is not None
