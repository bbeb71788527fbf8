"""Each rule with steps that it proves and with steps that are wrong."""

import pytest
import sympy
from sympy import Interval, oo

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.derivation import check
from emtheory.theory.proof.formula import related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import PLACE, combination, equation, induction, inequality, instance, monotone
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.proof.words import assumption, prose
from emtheory.theory.sums import component, family, total

X, Y = sympy.symbols("x y", positive=True)
R = sympy.Symbol("r", real=True)
T = sympy.Symbol("t", integer=True, nonnegative=True)
F = sympy.Function("f", positive=True)
A, B, C = sympy.symbols("a b c", real=True)

FACTS = (
    prose("", related(A, "<=", B), label="a ≤ b"),
    prose("", related(B, "<", C), label="b < c"),
    prose("", related(A, "==", R), label="a = r"),
    prose("", related(F(T + 1), "<=", F(T) / 2), label="halved"),
    prose("", related(F(T), "<=", X * F(T + 1)), label="general"),
)


def method(step: Step, domain: dict[sympy.Basic, sympy.Set] | None = None) -> str:
    evidence = check(step, FACTS, domain)
    assert evidence is not None
    return evidence.method


def refused(step: Step, message: str, domain: dict[sympy.Basic, sympy.Set] | None = None) -> None:
    with pytest.raises(DerivationError, match=message):
        check(step, FACTS, domain)


@pytest.mark.parametrize(
    ("lhs", "relation", "rhs"),
    [
        (2 * X * Y, "<=", X**2 + Y**2),
        (X, "<", sympy.exp(X) - 1),
        (sympy.tanh(X), "<", X),
        (sympy.log(1 + X), "<", X),
        (sympy.S.Zero, "<=", Mean(R**2, (R,))),
        (sympy.S.Zero, "<", X / (1 + X)),
    ],
)
def test_inequalities_are_decided_on_their_whole_domain(lhs: sympy.Expr, relation: str, rhs: sympy.Expr) -> None:
    assert method(inequality("", lhs, relation, rhs)) == "its sign"


@pytest.mark.parametrize(
    ("lhs", "relation", "rhs", "message"),
    [
        (X**2 + Y**2, "<=", 2 * X * Y, "fails at"),
        (X, "<=", X**2, "fails at"),
        # True at every point that a control might look at, false beyond.
        (X, "<", sympy.Integer(10**6), "could not be decided"),
        (X, "<=", X, "same expression"),
        # True at every point that is tried, and false near x = 10⁻⁶ only.
        (sympy.S.Zero, "<=", (10**6 * X - 1) * (10**6 * X - 2), "could not be decided"),
        (2 * X * Y, "<", X**2 + Y**2, "could not be shown to be strict"),
        (sympy.S.Zero, "<=", X / (1 + X), "is strict: it must say so"),
        (sympy.S.Zero, "<=", Mean(R, (R,)), "could not be decided"),
    ],
)
def test_wrong_signs_are_refused(lhs: sympy.Expr, relation: str, rhs: sympy.Expr, message: str) -> None:
    refused(inequality("", lhs, relation, rhs), message)


def test_an_inequality_holds_on_its_domain_and_not_beyond() -> None:
    step = inequality("", R**2, "<=", R)
    assert method(step, {R: Interval(0, 1)}) == "its sign"
    refused(step, "fails at|could not be decided", {R: Interval(0, 2)})
    refused(inequality("", R**2, "<=", R, domain={R: Interval(0, 1)}), "for fewer r", {R: Interval(0, 2)})


def test_relations_are_combined() -> None:
    assert method(combination("", A, "<", C, {"a ≤ b": 1, "b < c": 1})) == "combination"
    assert method(combination("", R, "<=", B, {"a ≤ b": 1, "a = r": 1})) == "combination"
    assert method(combination("", 3 * A, "==", 3 * R, {"a = r": 3})) == "combination"


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (combination("", B, "<=", A, {"a ≤ b": -1}), "factor -1 of the combination may be negative"),
        (combination("", R * A, "<=", R * B, {"a ≤ b": R}), "factor r of the combination may be negative"),
        (combination("", A, "<=", C + 1, {"a ≤ b": 1, "b < c": 1}), "not the combination"),
        (combination("", C, "<", A, {"a ≤ b": 1, "b < c": 1}), "not the combination"),
        (combination("", R, "<=", B, {"a ≤ b": 1, "a = r": -1}), "not the combination"),
        (combination("", A, "<=", C, {"a ≤ b": 1, "b < c": 1}), "must say so"),
        (combination("", A, "<", B, {"a ≤ b": 1}), "shown to be strict"),
        (combination("", A, "<=", B, {"a ≤ b": 1, "a = r": 0}), "adds nothing"),
        (combination("", A, "==", B, {"a ≤ b": 1}), "of equations only"),
        (combination("", A, "<=", B, {"missing": 1}), "'missing', which is no earlier step"),
    ],
)
def test_wrong_combinations_are_refused(step: Step, message: str) -> None:
    refused(step, message)


def test_what_words_claim_to_be_strict_has_to_be_needed_so() -> None:
    refused(monotone("", sympy.exp(B), "<=", sympy.exp(C), sympy.exp(PLACE), "b < c"), "must say so")
    facts = (prose("", related(0, "<", X * A), label="product"), prose("", related(0, "<", B), label="factor"))
    with pytest.raises(DerivationError, match="said to be strict, which is not used"):
        check(combination("", sympy.S.Zero, "<", B + X * A, {"product": 1, "factor": 1}), facts)


def test_increasing_expressions_are_applied_to_both_sides() -> None:
    for increasing in (
        sympy.exp(PLACE),
        sympy.tanh(PLACE),
        2 * PLACE + 1,
        X * PLACE,
        PLACE**3,
        sympy.exp(PLACE) + PLACE,
        Mean(PLACE, (B, C)),
    ):
        sides = [increasing.xreplace({PLACE: side}) for side in (B, C)]
        step = monotone("", sides[0], "<", sides[1], increasing, "b < c")
        assert method(step) == "an increasing expression"
    for falling in (
        -PLACE,
        sympy.exp(-PLACE),
        1 - X * PLACE**3,
        1 / (X + sympy.exp(PLACE)),
        sympy.log(X + sympy.exp(-PLACE)),
    ):
        sides = [falling.xreplace({PLACE: side}) for side in (C, B)]
        assert method(monotone("", sides[0], "<", sides[1], falling, "b < c")) == "a decreasing expression"


@pytest.mark.parametrize(
    ("increasing", "message"),
    [
        (-PLACE, "not the expression"),
        (1 / PLACE, "not seen to increase"),
        (sympy.exp(PLACE) - PLACE, "not seen to increase"),
        (X * PLACE**-2, "not seen to increase"),
        ((2 + sympy.tanh(PLACE)) ** sympy.Symbol("p", real=True), "not seen to increase"),
        # It falls where x is below 1.
        (X ** sympy.exp(PLACE), "not seen to increase"),
        (PLACE**2, "not seen to increase"),
        (R * PLACE, "not seen to increase"),
        (sympy.sin(PLACE), "not seen to increase"),
        (sympy.log(PLACE), "not seen to increase"),
    ],
)
def test_expressions_that_may_decrease_are_refused(increasing: sympy.Expr, message: str) -> None:
    sides = [increasing.xreplace({PLACE: side}) for side in (B, C)]
    refused(monotone("", sides[0], "<", sides[1], increasing, "b < c"), message)


def test_the_sides_are_what_the_expression_makes_of_them() -> None:
    refused(monotone("", sympy.exp(B), "<", 2 * sympy.exp(C), sympy.exp(PLACE), "b < c"), "not the expression")
    refused(monotone("", sympy.exp(A), "<", sympy.exp(B), sympy.exp(PLACE), "a ≤ b"), "shown to be strict")


def test_variables_are_given_values_in_their_domains() -> None:
    assert method(instance("", related(F(T), "<=", 3 * F(T + 1)), "general", {X: sympy.S(3)})) == "an instance"
    assert method(instance("", related(F(4), "<=", X * F(5)), "general", {T: sympy.S(4)})) == "an instance"


@pytest.mark.parametrize(
    ("formula", "at", "message"),
    [
        (related(F(T), "<=", -3 * F(T + 1)), {X: sympy.S(-3)}, "x = -3 may be outside its domain"),
        (related(F(T), "<=", 2 * F(T + 1)), {X: sympy.S(3)}, "not that of the relation"),
        (related(F(T), "<", 3 * F(T + 1)), {X: sympy.S(3)}, "shown to be strict"),
        (related(F(T), "<=", X * F(T + 1)), {Y: sympy.S(3)}, "does not occur"),
        (related(F(T), "==", 3 * F(T + 1)), {X: sympy.S(3)}, "no instances of each other"),
    ],
)
def test_wrong_instances_are_refused(formula: sympy.Rel, at: dict[sympy.Symbol, sympy.Expr], message: str) -> None:
    refused(instance("", formula, "general", at), message)


def test_induction_goes_from_each_number_to_the_next() -> None:
    half = sympy.Rational(1, 2)
    assert method(induction("", F(T), "<=", F(0) * half**T, T, half, {"halved": 1})) == "induction"


@pytest.mark.parametrize(
    ("bound", "factor", "message"),
    [
        (F(0) / 3**T, "1/3", "not the combination"),
        (F(0) / 2**T - 1, "1/2", "start of the induction"),
        (F(0) / 2**T, "-1/2", "may be negative"),
        (F(0), "1/2", "not the combination"),
    ],
)
def test_wrong_inductions_are_refused(bound: sympy.Expr, factor: str, message: str) -> None:
    refused(induction("", F(T), "<=", bound, T, sympy.Rational(factor), {"halved": 1}), message)


def test_induction_is_over_a_counter() -> None:
    refused(induction("", F(X), "<=", F(0), X, sympy.S.One, {"halved": 1}), "over a counter")


def test_an_inequality_of_a_label_that_is_taken_is_refused() -> None:
    refused(inequality("", X, "<", X + 1, label="halved"), "there is an earlier step 'halved'")
    refused(equation("", X, X, label="same"), "same expression")


def test_what_may_be_0_divides_nothing() -> None:
    """r² ≤ r²(1 + c), which is so at r = 0 for every c, says 0 ≤ c for r > 0 only."""
    r = sympy.Symbol("r", nonnegative=True)
    given = prose("", related(r**2, "<=", r**2 * (1 + C)), label="given")
    said = prose("", related(r * A, "==", r * C), label="said")
    facts = (given, said, assumption("", related(0, "<", r), label="assumed"))
    for lhs, relation, factors, message in (
        (0, "<=", {"given": r**-2}, "may be negative"),
        (A, "==", {"said": 1 / r}, "may not be defined"),
    ):
        with pytest.raises(DerivationError, match=message):
            check(combination("", lhs, relation, C, factors), facts)
        assert check(combination("", lhs, relation, C, factors, within=("assumed",)), facts) is not None
    refused(inequality("", 0, "<", r**-2), "could not be decided")


def test_sums_are_increasing_for_positive_weights() -> None:
    J, G, Z = component("j"), family("g", positive=True), family("z")
    every = (prose("", related(Z[J], "<=", 1), label="every"),)
    weighted = monotone("", total(G[J] * Z[J], J), "<=", total(G[J], J), total(G[J] * PLACE, J), "every")
    assert check(weighted, every) is not None
    with pytest.raises(DerivationError, match="not seen to increase"):
        check(monotone("", total(Z[J] ** 2, J), "<=", total(Z[J], J), total(Z[J] * PLACE, J), "every"), every)


def test_a_domain_is_inherited() -> None:
    """What is proved for some numbers only may not be used for others by way of a step in between."""
    general = inequality("", R, "<=", 1, domain={R: Interval(0, 1)}, label="proved")
    doubled = combination("", 2 * R, "<=", 2, {"proved": 2}, label="doubled")
    with pytest.raises(DerivationError, match="outside its domain"):
        check(instance("", related(6, "<=", 2), "doubled", {R: sympy.S(3)}), (general, doubled))


def test_an_infinite_domain_is_one() -> None:
    assert method(inequality("", sympy.S.One, "<=", R, domain={R: Interval(1, oo)}))
