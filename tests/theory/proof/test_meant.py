"""Steps by what names stand for: what they prove, and what is a little wrong."""

from dataclasses import replace

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from emtheory.theory.errors import DerivationError
from emtheory.theory.fourier import generic_root
from emtheory.theory.proof.derivation import Derivation, check
from emtheory.theory.proof.formula import REAL, Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.meant.laws import LEAST, average, simplified
from emtheory.theory.proof.meant.vectors import (
    DATA,
    METRIC,
    STANDARD,
    Across,
    Axis,
    Cell,
    Chance,
    Frequency,
    Image,
    Inner,
    Most,
    Power,
    Some,
    Stretch,
    Unit,
    Vector,
    Vertex,
)
from emtheory.theory.proof.step import meant
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.proof.words import assumption
from emtheory.theory.sums import COUNT, DIMENSION, component, family, over_coordinates, total

L, J, N, M = (component(name) for name in "ijnm")
PI, A, B, X = family("pi", positive=True), family("a"), family("b"), family("x")
CELL, P, Y = family("u", nonnegative=True), family("p", nonnegative=True), family("y")
INNER, MASS, OTHER, LARGEST, S = sympy.symbols("⟨e|h⟩ q o L s", real=True)
RADIUS = sympy.Symbol("r", nonnegative=True)
ALONG, LARGEST_SHARE, LARGEST_OTHER = sympy.symbols("⟨X|h⟩ p_max u_max", real=True)
SQUARED = sympy.Symbol("⟨f|f⟩", complex=True)
BOTH, LENGTH = sympy.Symbol("⟨X|Z⟩", real=True), sympy.Symbol("‖Z‖²", nonnegative=True)
IMAGED, MATCHED, FORM = family("d"), family("t"), family("f")
MIRRORED = Mean(CELL[0] * (sympy.exp(ALONG) + sympy.exp(-ALONG)), (CELL, ALONG))
HARMONIC, SHIFTED = sympy.Symbol("m", integer=True), sympy.Mod(J + N, COUNT)
e, h = Vector("e"), Vector("h")
LEAST_VALUE, IMAGE_SQUARE = sympy.symbols("σ ‖Ah‖²", nonnegative=True)
TILT = sympy.Symbol("c", positive=True)
E_AXIS, H_AXIS, X_AXIS, A_AXIS = (family(f"{name}_axis") for name in "ehxa")
SOME, SOME_OR_OTHER, SINGLE, EVENT = *sympy.symbols("P_s P_o P_1", nonnegative=True), family("E")
NAMES = {
    A[J]: Inner(DATA, Image(J, e)),
    B[J]: Inner(DATA, Image(J, h)),
    INNER: Inner(e, h),
    X[J]: Inner(DATA, Vertex(J)),
    CELL[J]: Cell(J),
    MASS: Mean(Cell(0), (DATA,)),
    LARGEST: Most(Inner(DATA, Vertex(J)), J),
    RADIUS: sympy.sqrt(Inner(h, h)),
    S: Inner(STANDARD, Unit("w")),
    ALONG: Inner(DATA, h),
    SQUARED: Inner(Frequency(1), Frequency(1)),
    IMAGED[J]: Inner(Image(J, DATA), h),
    BOTH: Inner(DATA, STANDARD),
    LENGTH: Inner(STANDARD, STANDARD),
    FORM[J]: Inner(DATA, Image(J, DATA)),
    MATCHED[J]: Inner(Vertex(J), Image(J, h)),
    LARGEST_SHARE: Most(P[J], J),
    LARGEST_OTHER: Most(CELL[J], J),
    LEAST_VALUE: LEAST,
    IMAGE_SQUARE: Inner(average(h), average(h)),
    E_AXIS[N]: Inner(e, Axis(N)),
    H_AXIS[N]: Inner(h, Axis(N)),
    X_AXIS[N]: Inner(DATA, Axis(N)),
    A_AXIS[N]: total(PI[J] * Inner(Image(J, h), Axis(N)), J),
    SOME: Chance(Some(EVENT[J], J, 3)),
    SOME_OR_OTHER: Chance(Some(EVENT[J], J, 3), sympy.Symbol("O")),
    SINGLE: Most(Chance(EVENT[J]), J),
}
NORMAL, MAPS, ROUND, WEIGHTS = "normal data", "orthogonal maps", "rotation-invariant data", "weights"
MASS_OF_X = sympy.Symbol("g", nonnegative=True)


def step(lhs: sympy.Expr, relation: str, rhs: sympy.Expr, *under: str) -> Step:
    return meant("", related(lhs, relation, sympy.sympify(rhs)), NAMES, under=under)


TRUE = {
    "second moments": step(Mean(A[J] * B[J], (A, B)), "==", INNER, NORMAL, MAPS),
    "fourth moments": step(Mean(B[J] ** 4, (B,)), "==", 3 * RADIUS**4, NORMAL, MAPS),
    "generating function": step(Mean(sympy.exp(B[J]), (B,)), "==", sympy.exp(RADIUS**2 / 2), NORMAL, MAPS),
    "an odd function": step(Mean(sympy.erf(S), (S,)), "==", 0),
    "weights": step(total(PI[L] * PI[J], L, J), "==", 1, WEIGHTS),
    "equal weights": step(PI[J], "==", 1 / COUNT, "uniform weights"),
    "cells": step(Mean(CELL[L] * X[L], (CELL, X)), "==", Mean(CELL[0] * X[0], (CELL, X)), ROUND),
    "all cells": step(total(CELL[J], J), "==", 1, ROUND),
    "the largest": step(Mean(LARGEST, (LARGEST,)), "==", Mean(total(CELL[L] * X[L], L), (CELL, X)), ROUND),
    "vertices": step(total(X[J], J), "==", 0),
    "Cauchy and Schwarz": step(B[J], "<=", RADIUS * sympy.sqrt(Inner(DATA, DATA)), MAPS),
    "a term": step(P[M], "<=", total(P[J], J)),
    "no less than the largest": step(sympy.exp(LARGEST), "<=", total(sympy.exp(X[J]), J)),
    "real parts of roots": step(total(sympy.cos(2 * sympy.pi * J * HARMONIC / COUNT), J), "==", 0, "residues"),
    "pairs by their difference": step(total(total(Y[J] * Y[SHIFTED], J), N), "==", total(Y[J], J) ** 2),
    "cells of another law": step(Mean(total(CELL[J] * ALONG, J), (CELL, ALONG)), "==", 0, "Laplace data"),
    "the least singular value": step(LEAST_VALUE**2 * RADIUS**2, "<=", IMAGE_SQUARE),
    "in all coordinates": step(over_coordinates(E_AXIS[N] * H_AXIS[N], N), "==", INNER),
    "a norm in coordinates": step(LEAST_VALUE**2 * RADIUS**2, "<=", over_coordinates(A_AXIS[N] ** 2, N)),
    "means in coordinates": step(
        over_coordinates(Mean(X_AXIS[N] * H_AXIS[N] * CELL[0], (X_AXIS, CELL)), N),
        "==",
        Mean(ALONG * CELL[0], (ALONG, CELL)),
    ),
    "a sixth moment of the norm": step(
        Mean(LENGTH**3 * sympy.exp(-TILT * LENGTH), (LENGTH,)),
        "==",
        DIMENSION * (DIMENSION + 2) * (DIMENSION + 4) * (1 + 2 * TILT) ** (-DIMENSION / 2 - 3),
    ),
    "one of three events": step(SOME, "<=", 3 * SINGLE),
    "roots of unity": step(total(generic_root(J * sympy.Symbol("m", integer=True)), J), "==", 0, "residues"),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_follows_is_proved_and_needs_each_hypothesis(name: str) -> None:
    assert check(TRUE[name]) is not None
    for dropped in TRUE[name].under:
        fewer = tuple(each for each in TRUE[name].under if each != dropped)
        with pytest.raises(DerivationError):
            check(replace(TRUE[name], under=fewer))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (step(Mean(A[J] * B[J], (A, B)), "==", 2 * INNER, NORMAL, MAPS), "differ"),
        (step(Mean(A[L] * B[J], (A, B)), "==", INNER, NORMAL, MAPS), "differ"),
        (step(Mean(B[J] ** 4, (B,)), "==", 3 * RADIUS**4, "centred data", MAPS), "differ"),
        (step(Mean(A[J], (A,)), "==", 0, NORMAL, MAPS), "orthogonal maps is not needed"),
        (step(Mean(sympy.erf(S) ** 2, (S,)), "==", 0), "differ"),
        (step(total(PI[J] ** 2, J), "==", 1, WEIGHTS), "differ"),
        # Another vector, the other sign, a number more, and maps of which some are left out.
        (step(LEAST_VALUE**2 * Inner(e, e), "<=", IMAGE_SQUARE), "decided|fails"),
        (step(LEAST_VALUE * RADIUS**2, "<=", IMAGE_SQUARE), "decided|fails"),
        (step(LEAST_VALUE**2 * RADIUS**2, "<=", Inner(PI[J] * Image(J, h), PI[J] * Image(J, h))), "decided|fails"),
        (step(Stretch(e + h, h) ** 2 * RADIUS**2, "<=", Inner(e + h, e + h)), "decided|fails"),
        # Fewer coordinates, the next ones, one factor, and a vector that depends on the number.
        (step(total(E_AXIS[N] * H_AXIS[N], N), "==", INNER), "differ|brought"),
        (step(over_coordinates(E_AXIS[N] * H_AXIS[N + 1], N), "==", INNER), "differ|brought"),
        (step(over_coordinates(N * E_AXIS[N] * H_AXIS[N], N), "==", INNER), "differ|brought"),
        (step(SOME, "<=", 2 * SINGLE), "decided|fails"),
        (step(Mean(LENGTH**3, (LENGTH,)), "==", DIMENSION**3), "differ"),
        # It is infinite from 1/2 on, and another one with a shift.
        (step(Mean(sympy.exp(LENGTH), (LENGTH,)), "==", (-1) ** (-DIMENSION / 2)), "differ|brought|order"),
        (step(Mean(LENGTH * sympy.exp(S), (LENGTH, S)), "==", DIMENSION * sympy.exp(sympy.S.Half)), "differ|brought"),
        (step(SOME_OR_OTHER, "<=", 3 * SINGLE), "decided|fails"),
        # At k = 4, m = 1 the squares are 1, 0, 1, 0.
        (step(total(sympy.cos(2 * sympy.pi * J * HARMONIC / COUNT) ** 2, J), "==", 0, "residues"), "differ"),
        (step(total(total(Y[J] * Y[SHIFTED] ** 2, J), N), "==", total(Y[J], J) ** 3), "differ|brought"),
        (step(total(total(N * Y[SHIFTED], J), N), "==", total(Y[J], J)), "differ|brought"),
        (step(Mean(sympy.exp(ALONG), (ALONG,)), "==", sympy.exp(RADIUS**2 / 2), "Laplace data"), "differ"),
        (step(Mean(CELL[0] * ALONG, (CELL, ALONG)), "==", 0, "Laplace data"), "differ"),
        # What is not symmetric with the vertices, is not turned round with X, or depends on the index of a sum.
        (step(Mean(CELL[J] * ALONG, (CELL, ALONG)), "==", Mean(CELL[0] * ALONG, (CELL, ALONG)), ROUND), "differ"),
        (step(Mean(CELL[0] * ALONG, (CELL, ALONG)), "==", 0, NORMAL), "differ"),
        (step(Mean(IMAGED[J] ** 2 * ALONG**3, (IMAGED, ALONG)), "==", 7, NORMAL), "differ"),
        (step(Mean(IMAGED[J] * ALONG, (IMAGED, ALONG)), "==", 0, NORMAL), "differ"),
        (step(total(MATCHED[J], J), "==", 0), "differ"),
        (step(SQUARED, ">=", 0), "fails at|decided|order"),
        # E⟨X, U_jX⟩ is the trace of U_j, E e^{⟨X, −X⟩} no E cosh(‖X‖²), and E⟨X, Z⟩² is d and no ‖Z‖².
        (step(Mean(FORM[J], (FORM,)), "==", 0, NORMAL), "differ"),
        (step(Mean(FORM[J], (FORM,)), "==", 0, "Laplace data"), "differ"),
        (step(Mean(FORM[J] * RADIUS**2, (FORM,)), "==", 0, ROUND), "differ"),
        (step(Mean(sympy.exp(FORM[J]), (FORM,)), "==", 1, NORMAL), "differ"),
        (
            step(
                Mean(sympy.exp(FORM[J]), (FORM,)),
                "==",
                Mean(sympy.exp(FORM[J]) + sympy.exp(-FORM[J]), (FORM,)) / 2,
                NORMAL,
            ),
            "differ",
        ),
        (step(Mean(BOTH**2, (BOTH,)), "==", LENGTH, NORMAL), "differ"),
        (step(Mean(CELL[0] * sympy.exp(ALONG), (CELL, ALONG)), "==", MIRRORED / 2, ROUND), "differ"),
        (step(LARGEST_SHARE * LARGEST_OTHER, "<=", total(P[J] * CELL[J], J)), "fails at|decided"),
        (step(Mean(CELL[0] * X[1], (CELL, X)), "==", Mean(CELL[0] * X[0], (CELL, X)), ROUND), "differ"),
        (step(B[J], "<=", RADIUS, MAPS), "fails at"),
        (step(X[M], "<=", total(X[J], J)), "fails at|decided"),
        (step(LARGEST, "<=", X[J]), "fails at"),
        (meant("", related(INNER, "==", 0), {A[J, J]: INNER}), "different symbols"),
        (meant("", related(INNER, "==", 0), {A[J]: INNER, A[L]: INNER}), "two meanings"),
    ],
)
def test_what_is_a_little_wrong_is_refused(wrong: Step, message: str) -> None:
    with pytest.raises(DerivationError, match=message):
        check(wrong)


def test_events() -> None:
    union, first, second = sympy.symbols("P_f P_1 P_2", nonnegative=True)
    a, b, c = sympy.symbols("A_1 A_2 A_3")
    names = {union: Chance(a, b), first: Chance(a), second: Chance(b)}
    assert check(meant("", related(union, "<=", first + second), names)) is not None
    for rhs, meanings in ((first, names), (first + second, {**names, second: Chance(c)})):
        with pytest.raises(DerivationError):
            check(meant("", related(union, "<=", rhs), meanings))


def test_a_name_stands_for_one_thing() -> None:
    derivation = derive("gradient", None)
    number = next(n for n, each in enumerate(derivation.steps) if each.rule == "meant")
    own = derivation.steps[number]
    other = replace(own, label="other", at=tuple((name, 2 * value) for name, value in own.at))
    other = replace(other, formula=related(own.lhs * 2, "==", own.rhs * 2))
    steps = (*derivation.steps[: number + 1], other, *derivation.steps[number + 1 :])
    with pytest.raises(DerivationError, match=r"stands for something else|differ"):
        replace(derivation, steps=steps)


def test_moments_are_those_of_samples() -> None:
    """Isserlis' theorem with tilts and damping against a Gauss-Hermite rule in two dimensions."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    x, y = np.meshgrid(nodes, nodes)
    mass = np.outer(weights, weights) / (2 * np.pi)
    first, second = Inner(DATA, Axis(0)), Inner(DATA, Axis(0)) / 2 + Inner(DATA, Axis(1)) / 3
    tilted = sympy.exp(second - Inner(DATA, DATA) / 4)
    values = {"u": x, "v": x / 2 + y / 3}
    for expression, numbers in (
        (first**3 * second, values["u"] ** 3 * values["v"]),
        (first**2 * second**2, values["u"] ** 2 * values["v"] ** 2),
        (first * second * tilted, values["u"] * values["v"] * np.exp(values["v"] - (x**2 + y**2) / 4)),
    ):
        found = simplified(Mean(sympy.expand(expression), (DATA,)), frozenset({NORMAL}), {})
        value = float(found.subs(DIMENSION, 2).doit().evalf())
        assert value == pytest.approx(float((mass * numbers).sum()), rel=1e-9)


def test_tensors() -> None:
    """The trace and the square of a sum of v ⊗ v, and three-fold products, against NumPy."""
    vectors = np.array([[0.5, 0.25], [-1.0, 2.0]])
    parts = [sympy.Rational(a) * Axis(0) + sympy.Rational(b) * Axis(1) for a, b in vectors]
    square = sum((np.outer(v, v) for v in vectors), np.zeros((2, 2)))
    tensor = sympy.Add(*(Power(2, part) for part in parts))
    for expression, value in (
        (Inner(tensor, METRIC), np.trace(square)),
        (Inner(tensor, tensor), (square**2).sum()),
        (Inner(Power(3, parts[0]), Power(3, parts[1])), (vectors[0] @ vectors[1]) ** 3),
    ):
        assert float(simplified(expression, frozenset(), {})) == pytest.approx(value)


def test_a_sum_up_to_another_index_is_not_turned_round() -> None:
    """k = 2: ∑_s ∑_{j ≤ s} y_{j+s} is y_0 + y_1 + y_0, not the whole sum of y, twice."""
    part = total(sympy.Sum(Y[SHIFTED], (J, 0, N)), N)
    assert simplified(part, frozenset(), {}).has(sympy.Mod)


def test_what_is_across_the_vertices_has_no_mean_in_a_cell() -> None:
    side = Inner(DATA, Across("w"))
    assert simplified(Mean(Cell(0) * side, (DATA,)), frozenset({ROUND}), {}) == 0
    assert simplified(Mean(Cell(0) * side**2, (DATA,)), frozenset({ROUND}), {}) != 0


def test_a_function_and_its_mirror_image_have_one_mean() -> None:
    x = sympy.Symbol("x", real=True)
    here, there = sympy.exp(x) / (1 + x**2), sympy.exp(-x) / (1 + x**2)
    names = {x: Inner(DATA, e)}
    both = related(Mean(here, (x,)), "==", Mean(here + there, (x,)) / 2)
    assert check(meant("", both, names, under=(NORMAL,))) is not None
    wrong = related(Mean(here, (x,)), "==", Mean(here + 2 * there, (x,)) / 3)
    for formula, under in ((both, ()), (both, ("centred data",)), (wrong, (NORMAL,))):
        with pytest.raises(DerivationError):
            check(meant("", formula, names, under=under))


@pytest.mark.parametrize(
    ("lhs", "relation", "rhs", "under", "message"),
    [
        # What else is random may depend on X; a name that does has to be among what the expectation is over.
        (Mean(MASS_OF_X * A[J], (MASS_OF_X, A)), "==", 0, NORMAL, "differ"),
        (Mean(A[J] * B[J], (A,)), "==", INNER, NORMAL, "none of what the expectation is over"),
        # Numbers of which there is a largest are those of the components, and so are weights.
        (LARGEST**2, "<=", sympy.Sum(X[J] ** 2, (J, 0, DIMENSION - 1)), "", "decided|fails"),
        (sympy.Sum(PI[J], (J, 0, DIMENSION - 1)), "==", 1, WEIGHTS, "differ"),
        (P[7], "<=", total(P[J], J), "", "decided|fails"),
    ],
)
def test_what_goes_beyond_is_refused(lhs: sympy.Expr, relation: str, rhs: sympy.Expr, under: str, message: str) -> None:
    with pytest.raises(DerivationError, match=message):
        check(step(lhs, relation, rhs, *filter(None, [under])))


def test_a_name_that_stands_for_something_is_no_variable() -> None:
    """What is proved of ∑π is not true of every number; an arbitrary vector may be another one, everywhere."""
    derivation = derive("stein-identity", None)
    number = next(n for n, each in enumerate(derivation.steps) if each.rule == "instance")
    own = derivation.steps[number]
    for at in (
        tuple((name, 5 if str(name) == "⟨h|θ⟩" else value) for name, value in own.at),
        tuple((name, value) for name, value in own.at if str(name) != "c"),
    ):
        steps = list(derivation.steps)
        steps[number] = replace(own, at=tuple((name, sympy.sympify(value)) for name, value in at))
        with pytest.raises(DerivationError, match=r"stand for something|changes .* in some|is not that of"):
            replace(derivation, steps=tuple(steps))


def test_an_index_that_a_name_is_taken_at_is_not_that_of_a_sum_in_its_meaning() -> None:
    """S(j) = ∑_i p_i x_j at j = i is x_i ∑_l p_l, not ∑_l p_l x_l."""
    weighted = sympy.Function("S", real=True)
    names = {weighted(J): total(P[L] * Y[J], L)}
    assert check(meant("", weighted(L), "==", Y[L] * total(P[J], J), names)) is not None
    with pytest.raises(DerivationError, match=r"differ|brought"):
        check(meant("", weighted(L), "==", total(P[J] * Y[J], J), names))


def test_what_is_supposed_of_one_member_does_not_change_all_in_a_meaning() -> None:
    one = assumption("", related(Y[J], "==", 0), label="one")
    sums = meant("", MASS, "==", total(sympy.S.Zero * P[J], J), {MASS: total(Y[J], J)}, given=("one",), label="sum")
    said = Proposition(
        (sympy.Implies(one.formula, sums.formula, evaluate=False),), (Variable(Y, REAL), Variable(MASS, REAL))
    )
    said = replace(said, variables=(*said.variables, Variable(J, sympy.Range(0, sympy.oo))))
    with pytest.raises(DerivationError, match="a variable of an assumption it rests on, or binds it"):
        Derivation("", "", said, "", "", None, (one, sums))
