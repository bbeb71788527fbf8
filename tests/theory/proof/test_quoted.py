"""A conclusion of one derivation as a step of another: its premises have to be there, and values in their domains."""

from dataclasses import replace

import pytest
import sympy

from emtheory.theory.derivations import derive
from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.derivation import Derivation, check
from emtheory.theory.proof.formula import POSITIVE, REAL, Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import combination, inequality, instance, meant
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.proof.words import assumption, at_most, condition, definition, prose

X, Y, A, B = sympy.symbols("x y a b", real=True)
N, M = sympy.symbols("n m", positive=True)
S = sympy.Symbol("s", positive=True)
F = sympy.Function("f", nonnegative=True)
ORDER = sympy.And(related(X, "<=", Y), related(0, "<=", X), evaluate=False)
SQUARE, POWER = related(X**2, "<=", Y), related(F(X), "<=", Y**2)
UNIT, LARGE = related(X, "<=", 2), related(X, "<=", N)
OTHER = Derivation(
    "other",
    "title",
    Proposition(
        (SQUARE, sympy.Implies(ORDER, POWER, evaluate=False), UNIT, LARGE),
        (Variable(X, REAL), Variable(Y, sympy.Interval.Ropen(0, 1)), Variable(N, sympy.Range(2, sympy.oo))),
        ("weights",),
    ),
    "source",
    "scope",
    None,
    (
        *(assumption("", part, label=f"order {i}") for i, part in enumerate(ORDER.args)),
        prose("words", POWER, under=("weights",), given=("order 0", "order 1")),
        *(prose("words", formula, under=("weights",)) for formula in (SQUARE, UNIT, LARGE)),
    ),
)
VALUES = {"x": A, "y": B / 2, "f(x)": B**2}
KNOWN = (
    assumption("", related(A, "<=", B / 2), label="order"),
    assumption("", related(0, "<=", A), label="sign"),
    assumption("", related(0, "<=", B), label="lower"),
    assumption("", related(B, "<", 2), label="upper"),
)
WITHIN = ("lower", "upper")


def test_what_is_said_at_the_values_and_what_it_rests_on() -> None:
    plain = OTHER.quoted("As", 0, {"x": A, "y": sympy.S.Half}, label="square")
    assert (plain.formula, plain.uses) == (related(A**2, "<=", sympy.S.Half), ())
    step = OTHER.quoted("So", 1, VALUES, ("sign", "order"), label="so", within=WITHIN)
    assert step.formula == related(B**2, "<=", B**2 / 4)
    assert step.uses == ("sign", "order", *WITHIN)
    assert "quotation" in str(check(step, KNOWN))
    with pytest.raises(DerivationError, match="what is quoted says"):
        check(replace(step, formula=related(B**2, "<=", B**2 / 3)), KNOWN)


def test_values_of_a_function_are_those_of_one_function() -> None:
    said = related(F(X), "<=", F(0) + F(X + 1))
    steps = (prose("words", said),)
    other = Derivation("f", "title", Proposition((said,), (Variable(X, REAL),)), "source", "scope", None, steps)
    right = {"x": A, "f(x)": A**2, "f(0)": sympy.S.Zero, "f(x + 1)": (A + 1) ** 2}
    assert other.quoted("", 0, right, label="so").formula == related(A**2, "<=", (A + 1) ** 2)
    for name in ("f(0)", "f(x + 1)"):
        with pytest.raises(DerivationError, match="are not values of one function"):
            other.quoted("", 0, {**right, name: sympy.S.One}, label="so")


def test_conditions_come_with_what_is_quoted_and_hold_for_all() -> None:
    zero = inequality("", related(0, "<=", X**2), label="square")
    last = combination("", X, "<=", Y + X**2, {"supposed": 1, "square": 1})
    said = Proposition((last.formula,), (Variable(X, REAL), Variable(Y, REAL)))
    supposed = condition("", related(X, "<=", Y), label="supposed")
    other = Derivation("supposed", "title", said, "source", "scope", None, (supposed, zero, last))
    own = condition("", related(A, "<=", B), label="here")
    step = other.quoted("", 0, {"x": A, "y": B}, ("here",), label="so")
    assert check(step, (own,)) is not None
    with pytest.raises(DerivationError, match="no step says"):
        check(other.quoted("", 0, {"x": A, "y": B}, label="so"), (own,))
    here = replace(said, conclusions=(step.formula,), variables=(Variable(A, REAL), Variable(B, REAL)))
    assert replace(other, statement=here, steps=(own, step)).statement.grounds == (("$a ≤ b$",),)
    # What is needed for all x is not there for one.
    every = replace(other, steps=(replace(supposed, expression=sympy.Tuple(X)), zero, last))
    step = every.quoted("", 0, {"x": A, "y": B}, ("here",), label="so")
    with pytest.raises(DerivationError, match="for all values, which it is not for"):
        replace(other, statement=here, steps=(own, step))
    whole = replace(own, expression=sympy.Tuple(A))
    assert replace(other, statement=here, steps=(whole, step)).statement.grounds == (("$a ≤ b$ for all $a$",),)


def test_what_is_only_said_to_exist_cannot_be_chosen() -> None:
    variables = tuple(replace(each, exists=each.symbol == X) for each in OTHER.statement.variables)
    some = replace(OTHER, statement=replace(OTHER.statement, variables=variables))
    with pytest.raises(DerivationError, match="does not say of each x"):
        some.quoted("As", 2, {"x": A}, label="unit")


def test_a_premise_too_few_or_too_many_or_a_variable_without_a_value() -> None:
    step = OTHER.quoted("", 1, VALUES, ("order", "sign"), label="so", within=WITHIN)
    nearly = assumption("", related(A, "<=", B), label="order")
    with pytest.raises(DerivationError, match=r"no step says|does not need"):
        check(step, (nearly, *KNOWN[1:]))
    with pytest.raises(DerivationError, match="no step says 0 <= a"):
        check(OTHER.quoted("", 1, VALUES, ("order",), label="so", within=WITHIN), KNOWN)
    with pytest.raises(DerivationError, match="does not need 0 <= a"):
        check(OTHER.quoted("", 0, {"x": A, "y": B / 2}, ("sign",), label="so", within=WITHIN), KNOWN)
    with pytest.raises(DerivationError, match="no value for y"):
        OTHER.quoted("", 1, {"x": A, "f(x)": B**2}, label="so")
    with pytest.raises(DerivationError, match="no variable z"):
        OTHER.quoted("", 1, {**VALUES, "z": A}, label="so")
    # With 1 in place of f(x) it would say 1 ≤ m, of which m is no part.
    whole = sympy.Symbol("m", integer=True, positive=True)
    below = related(F(X), "<=", whole)
    variables = Variable(X, REAL), Variable(whole, sympy.Range(1, sympy.oo))
    said = Proposition((below,), variables, ("weights",))
    other = replace(OTHER, statement=said, steps=(prose("words", below, under=("weights",)),))
    with pytest.raises(DerivationError, match="no value for m"):
        other.quoted("", 0, {"x": A, "f(x)": B**2}, label="so")


@pytest.mark.parametrize(("value", "within"), [(sympy.S.One, ()), (-S, ()), (B / 2, ("upper",)), (B, WITHIN)])
def test_a_value_that_may_be_outside_its_domain(value: sympy.Expr, within: tuple[str, ...]) -> None:
    """Also of a variable that this conclusion does not have."""
    with pytest.raises(DerivationError, match=r"y = .* may be outside its domain"):
        check(OTHER.quoted("", 2, {"x": A, "y": value}, label="unit", within=within), KNOWN)
    inside = OTHER.quoted("", 2, {"x": A, "y": 1 / (1 + S)}, label="unit")
    assert check(inside, KNOWN) is not None


def test_what_a_function_may_be_and_integers() -> None:
    with pytest.raises(DerivationError, match=r"f\(x\) = a - b may be outside"):
        check(OTHER.quoted("", 1, {**VALUES, "f(x)": A - B}, ("order", "sign"), label="so", within=WITHIN), KNOWN)
    step = OTHER.quoted("", 3, {"x": A, "n": M}, label="large")
    with pytest.raises(DerivationError, match="could not be decided"):
        check(step)
    with pytest.raises(DerivationError, match="may be outside"):
        check(step, (), {M: sympy.Range(1, sympy.oo)})
    assert check(step, (), {M: sympy.Range(2, sympy.oo)}) is not None


def test_what_is_defined_has_its_value_and_that_is_in_its_domain() -> None:
    defined = definition("", S, A**2 + 1)
    named = Derivation(
        "named",
        "title",
        Proposition((related(S, "<=", Y),), (Variable(S, POSITIVE, "a number"), Variable(Y, REAL)), ("weights",)),
        "source",
        "scope",
        None,
        (defined, prose("words", related(S, "<=", Y), under=("weights",))),
    )
    with pytest.raises(DerivationError, match="defines s"):
        named.quoted("", 0, {"s": A**2 + 1, "y": B}, label="")
    with pytest.raises(DerivationError, match="s = a may be outside"):
        check(definition("", S, A), KNOWN)
    with pytest.raises(DerivationError, match="may be outside"):
        check(defined, (), {S: sympy.Interval.open(1, sympy.oo)})
    above = assumption("", related(0, "<", A), label="above")
    resting = definition("", S, A, within=("above",))
    assert check(resting, (above,)) is None
    said = related(S, "<=", S**2 + B)
    shown = prose("words", said)

    def conclude(*conclusion: sympy.Basic) -> Derivation:
        variables = (Variable(S, POSITIVE, "a number"), Variable(B, REAL))
        variables += (Variable(A, REAL),) if len(conclusion[0].args[0].free_symbols & {A}) else ()
        return Derivation("", "", Proposition(conclusion, variables), "", "", None, (above, resting, shown))

    assert conclude(sympy.Implies(above.formula, said, evaluate=False)).steps
    with pytest.raises(DerivationError, match="no step says"):
        conclude(said)


T = sympy.Symbol("t", integer=True, nonnegative=True)
G, H = sympy.Function("g", real=True), sympy.Function("h", nonnegative=True)
LENGTH = sympy.Symbol("c", nonnegative=True)
FORM = Derivation(
    "form",
    "title",
    Proposition((related(S, "<=", Y), related(0, "<=", Y)), (Variable(Y, REAL),), ("weights",)),
    "source",
    "scope",
    None,
    (
        definition("", S, A**2 + 1),
        prose("words", related(S, "<=", Y), under=("weights",)),
        prose("words", related(0, "<=", Y), under=("weights",)),
    ),
)


@pytest.mark.parametrize(("name", "other"), [(2 * S, B), (sympy.S.One, B), (H(T), H(T + 1)), (N, G(T)), (H(T + 2), B)])
def test_what_is_defined_is_called_by_a_name_of_all_that_it_depends_on(name: sympy.Expr, other: sympy.Expr) -> None:
    wrong = [{"s": name, "y": other}] if name != H(T) else [{"s": -H(T), "y": other}]
    for values in wrong:
        with pytest.raises(DerivationError, match="defines s"):
            FORM.quoted("", 0, values, label="")


def test_a_name_that_a_quotation_gives_has_no_fewer_signs_and_one_meaning() -> None:
    assert FORM.quoted("", 0, {"s": N, "y": B}, label="so").formula == related(N, "<=", B)
    signed = sympy.Symbol("u", real=True)
    shown = prose("", related(0, "<=", signed), under=("weights",))
    first = prose("", related(signed, "<=", Y), under=("weights",))
    said = Proposition((first.formula,), (Variable(Y, REAL),), ("weights",))
    wild = Derivation("wild", "", said, "", "", None, (definition("", signed, A), first))
    with pytest.raises(DerivationError, match="defines u"):
        wild.quoted("", 0, {"u": LENGTH, "y": B}, label="")
    tame = replace(
        wild, statement=replace(said, conclusions=(first.formula, shown.formula)), steps=(*wild.steps, shown)
    )
    step = tame.quoted("", 0, {"u": LENGTH, "y": B}, label="so")
    here = Proposition(
        (step.formula,), (Variable(LENGTH, sympy.Interval(0, sympy.oo)), Variable(B, REAL)), ("weights",)
    )
    assert Derivation("here", "", here, "", "", None, (step,)).statement.grounds == (("weights",),)
    for other in (
        definition("", LENGTH, B**2),
        meant("", LENGTH, "==", B**2, {LENGTH: B**2}),
        replace(tame, name="other").quoted("", 0, {"u": LENGTH, "y": B}, label="other"),
    ):
        with pytest.raises(DerivationError, match="stands for something else"):
            Derivation("here", "", here, "", "", None, (other, step))
    moved = instance("", LENGTH, "<=", M, "so", {B: M})
    with pytest.raises(DerivationError, match="changes what a name that a quotation gives is at"):
        Derivation("here", "", here, "", "", None, (step, moved))


def test_a_name_that_a_quotation_gives_is_a_name_where_that_is_quoted_in_turn() -> None:
    step = FORM.quoted("", 0, {"s": N, "y": B}, label="so")
    said = Proposition((step.formula,), (Variable(N, POSITIVE), Variable(B, REAL)), ("weights",))
    between = Derivation("between", "", said, "", "", None, (step,))
    assert between.quoted("", 0, {"n": M, "b": A}, label="").formula == related(M, "<=", A)
    for number in (sympy.S.One, 2 * M):
        with pytest.raises(DerivationError, match="defines n"):
            between.quoted("", 0, {"n": number, "b": A}, label="")


def test_what_is_random_there_is_of_the_same_point_here() -> None:
    """E f(θ_t) is no number without t: β ≤ kR(t) for all t would be 0."""
    mean = sympy.Symbol("β", positive=True)
    said = meant("", mean, "==", Mean(X, (X,)), {mean: Mean(X, (X,))}, label="mean")
    last = prose("", related(mean, "<=", Y), given=("mean",))
    statement = Proposition((last.formula,), (Variable(mean, POSITIVE), Variable(Y, REAL)))
    other = Derivation("mean", "", statement, "", "", None, (said, last))
    assert other.quoted("", 0, {"β": sympy.Function("β", positive=True)(T), "y": G(T)}, label="")
    with pytest.raises(DerivationError, match="not of the same point in β"):
        other.quoted("", 0, {"β": sympy.Symbol("b", positive=True), "y": G(T)}, label="")


def test_a_name_that_a_quotation_gives_is_at_one_place() -> None:
    """Of h with ‖h‖² = 1 and of one with ‖h‖² = 4 the forms are not the same number: else 4 = 1."""
    hessian = derive("hessian", None)
    form, variance = sympy.symbols("F V", real=True)

    def said(square: int, of: sympy.Symbol, label: str) -> Step:
        names = {"⟨h|∇²ℓ(sθ)h⟩": of, "‖h‖²": sympy.Integer(square), "V": variance}
        return hessian.quoted("", 0, names, label=label)

    last = combination("", related(sympy.Integer(4), "==", sympy.Integer(1)), {"one": 1, "four": -1})
    law = ("weights", "orthogonal maps", "normal data")
    with pytest.raises(DerivationError, match="at other values"):
        Derivation(
            "d",
            "",
            Proposition((last.formula,), (), law),
            "",
            "",
            None,
            (said(1, form, "one"), said(4, form, "four"), last),
        )


def test_two_names_are_no_shares_by_one_number() -> None:
    first, second, bound = sympy.symbols("p q b", nonnegative=True)
    shares = [step for name in (first, second) for step in at_most("", name, bound, label=f"of {name}")]
    last = combination("", first + second, "<=", 2 * bound, {"of p": 1, "of q": 1})
    said = Proposition((last.formula,), (Variable(bound, sympy.Interval(0, sympy.oo)),))
    with pytest.raises(DerivationError, match="is in several definitions"):
        Derivation("d", "", said, "", "", None, (*shares, last))
    half = at_most("", first, bound, label="of p")
    for wrong in (related(first, "<=", bound / 2), related(bound, "<=", first)):
        with pytest.raises(DerivationError):
            check(combination("", wrong, {"of p, the share": bound}), half[:2])


def test_a_conclusion_is_about_no_share_and_says_what_has_a_value() -> None:
    """Else every number would be at most every other one."""
    name, bound = sympy.symbols("p b", nonnegative=True)
    variables = tuple(Variable(symbol, sympy.Interval(0, sympy.oo)) for symbol in (name, bound))
    steps = at_most("", name, bound, label="of p")
    with pytest.raises(DerivationError, match="no variable of a conclusion"):
        Derivation("d", "", Proposition((steps[-1].formula,), variables), "", "", None, steps)
    half = (definition("", name, bound / 2), inequality("", name, "<=", bound, label="last"))
    with pytest.raises(DerivationError, match="its meaning is not said"):
        Derivation("d", "", Proposition((half[-1].formula,), variables), "", "", None, half)
