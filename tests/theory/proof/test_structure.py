"""Steps have to lead to the statement, and nothing of either may be idle."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sympy
from sympy import Interval, oo
from sympy.matrices import MatrixSet

from emtheory.theory.derivations import derive
from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.derivation import Derivation, in_coordinates
from emtheory.theory.proof.formula import REAL, Proposition, Variable, related
from emtheory.theory.proof.step import PLACE, Step, all_of, combination, either, equation, instance, monotone
from emtheory.theory.proof.structure import depending_on
from emtheory.theory.proof.words import assumption, condition, definition, prose
from emtheory.theory.prose.unicode_text import plain
from emtheory.theory.sums import component, family, total

X, Y = sympy.symbols("x y", real=True)
P = sympy.Symbol("p", positive=True)
VALUES, J = family("x"), component("j")

STATEMENT = Proposition((related(X, "<=", Y + 1),), (Variable(X, Interval(-oo, oo)), Variable(Y, Interval(-oo, oo))))
WORDS = prose("words", related(X, "<=", Y), label="words")
LAST = combination("last", X, "<=", Y + 1, {"words": 1, "one": 1})
STEPS = (WORDS, prose("one", related(0, "<=", 1), label="one"), LAST)


def derived(steps: tuple[object, ...], statement: Proposition = STATEMENT) -> Derivation:
    return Derivation("name", "title", statement, "source", "scope", 3, steps)  # type: ignore[arg-type]


def test_a_derivation_ends_at_its_statement() -> None:
    assert derived(STEPS).evidence[2] is not None
    wrong = replace(STATEMENT, conclusions=(related(X, "<", Y + 1),))
    with pytest.raises(DerivationError, match="no step says"):
        derived(STEPS, wrong)


def test_an_inequality_may_be_read_from_either_side() -> None:
    assert derived(STEPS, replace(STATEMENT, conclusions=(related(Y + 1, ">=", X),)))


def test_nothing_is_idle() -> None:
    idle = equation("idle", (P + 1) ** 2, P**2 + 2 * P + 1)
    with pytest.raises(DerivationError, match="nothing uses step 4"):
        derived((*STEPS, idle))
    with pytest.raises(DerivationError, match="nothing uses step 1"):
        derived((definition("idle", sympy.Symbol("name"), P), *STEPS))


def test_what_looks_at_a_step_depends_on_it() -> None:
    after = combination("after", X, "<=", Y + 2, {"last": 1, "one": 1})
    steps = (*STEPS[:2], replace(LAST, label="last"), after, equation("apart", (P + 1) ** 2, P**2 + 2 * P + 1))
    assert [*depending_on(steps, 0)] == [0, 2, 3]
    assert [*depending_on(steps, 1)] == [1, 2, 3]
    assert [*depending_on(steps, 3)] == [3]
    named = definition("name", sympy.Symbol("name"), P)
    assert [*depending_on((WORDS, named, *steps[1:]), 1)] == [1, 2, 3, 4, 5]


def test_a_conclusion_has_the_hypotheses_of_what_it_rests_on() -> None:
    case, hypotheses = ("invertible A",), ("normal data", "invertible A")
    resting = replace(LAST, label="last")
    other = combination("other", X, "<=", Y + 2, {"last": 1, "one": 1})
    first, one = replace(WORDS, under=("normal data",)), prose("one", STEPS[1].formula, label="one", under=case)
    said = replace(STATEMENT, conclusions=(WORDS.formula, other.formula), hypotheses=hypotheses)
    found = derived((first, one, resting, other), said).statement
    assert found.grounds == (("normal data",), hypotheses)
    assert found.text.endswith("if normal data: $x ≤ y$; if normal data, invertible A: $x ≤ 2 + y$")
    # A case is not printed beside what it is a case of.
    both = replace(first, under=("normal data", "centred data"))
    printed = replace(said, hypotheses=(*hypotheses, "centred data"))
    assert derived((both, one, resting, other), printed).statement.grounds == (("normal data",), hypotheses)
    singular = replace(first, under=("normal data", "annihilated direction"))
    with pytest.raises(DerivationError, match="conclusion 2 assumes annihilated direction and invertible A"):
        derived((singular, one, resting, other), replace(said, hypotheses=(*hypotheses, "annihilated direction")))


def test_what_a_step_names_exists_under_hypotheses_and_no_rule_takes_more() -> None:
    """What is said of a name, on the way to a conclusion too, is said under those."""
    said = replace(STATEMENT, hypotheses=("weights",), exist_under={P: ("weights",)})
    with pytest.raises(DerivationError, match="p, of which hypotheses are said, does not occur"):
        derived(STEPS, said)
    named = replace(said, exist_under={X: ("weights",)})
    assert derived(STEPS, named).statement.grounds == (("weights",),)
    with pytest.raises(ValueError, match=r"no hypothesis .luck."):
        replace(said, exist_under={X: ("luck",)})
    with pytest.raises(DerivationError, match="its rule needs no hypothesis, not weights"):
        derived((*STEPS[:2], replace(LAST, under=("weights",))), replace(STATEMENT, hypotheses=("weights",)))


def test_a_condition_is_printed_with_what_rests_on_it() -> None:
    supposed = condition("supposed", WORDS.formula, label="words")
    found = derived((supposed, *STEPS[1:])).statement
    assert found.grounds == (("$x ≤ y$",),)
    assert found.text.endswith("if $x ≤ y$: $x ≤ 1 + y$")
    both = replace(STATEMENT, conclusions=(WORDS.formula, *STATEMENT.conclusions))
    with pytest.raises(DerivationError, match="no step says conclusion 1"):
        derived((supposed, *STEPS[1:]), both)
    other = condition("supposed", related(X, "<=", P * Y), label="words")
    with pytest.raises(DerivationError, match="is not the combination"):
        derived((other, *STEPS[1:]))


@pytest.mark.parametrize("suppose", [assumption, condition])
def test_what_is_supposed_of_one_number_is_not_of_all(suppose: Callable[..., Step]) -> None:
    """x_0 ≤ 0 says nothing of the sum of all x_j; said of all j, as a condition may be, it does."""
    one = related(VALUES[J], "<=", 0)
    first, then = suppose("", one, label="one"), monotone("", total(VALUES[J], J), "<=", 0, total(PLACE, J), "one")
    said = Proposition((then.formula,), (Variable(VALUES, REAL),))
    if suppose is assumption:
        said = replace(said, conclusions=(sympy.Implies(one, then.formula, evaluate=False),))
    said = replace(said, variables=(*said.variables, Variable(J, sympy.Range(0, oo))))
    with pytest.raises(DerivationError, match=r"a variable of an? (assumption|condition) it rests on, or binds it"):
        derived((first, then), said)
    if suppose is condition:
        found = derived((condition("", one, over=(J,), label="one"), then), said).statement
        assert found.grounds == (("$x_j ≤ 0$ for all $j$",),)


def test_hypotheses_are_those_that_steps_use() -> None:
    with pytest.raises(DerivationError, match="hypotheses"):
        derived(STEPS, replace(STATEMENT, hypotheses=("weights",)))
    used = (replace(WORDS, under=("weights",)), *STEPS[1:])
    with pytest.raises(DerivationError, match="hypotheses"):
        derived(used)
    assert derived(used, replace(STATEMENT, hypotheses=("weights",)))
    with pytest.raises(ValueError, match="no hypothesis 'luck'"):
        replace(STATEMENT, hypotheses=("luck",))


def test_every_variable_is_quantified_on_a_domain_that_its_symbol_allows() -> None:
    with pytest.raises(DerivationError, match="y of the statement is not quantified"):
        derived(STEPS, replace(STATEMENT, variables=STATEMENT.variables[:1]))
    extra = Variable(P, Interval.open(0, oo))
    with pytest.raises(DerivationError, match="p does not occur"):
        derived(STEPS, replace(STATEMENT, variables=(*STATEMENT.variables, extra)))
    said = equation("", (P + 1) ** 2, P**2 + 2 * P + 1)
    positive = Proposition((said.formula,), (extra,))
    assert derived((said,), positive)
    with pytest.raises(DerivationError, match="p ranges over"):
        derived((said,), replace(positive, variables=(Variable(P, Interval(0, oo)),)))


def test_a_conclusion_does_not_follow_from_the_domains_alone() -> None:
    claimed = Proposition((related(0, "<", P),), (Variable(P, Interval.open(0, oo)),))
    with pytest.raises(DerivationError, match="follows from the domains alone"):
        derived((prose("", related(0, "<", P)),), claimed)


CASE = assumption("case", related(X, "<=", 0), label="case")
UNDER = combination("", X + 1, "<=", 1, {"case": 1})
CLAIM = sympy.Implies(CASE.formula, UNDER.formula, evaluate=False)


def test_what_rests_on_an_assumption_is_concluded_under_it_only() -> None:
    variables = (Variable(X, Interval(-oo, oo)),)
    assert derived((CASE, UNDER), Proposition((CLAIM,), variables))
    with pytest.raises(DerivationError, match="no step says"):
        derived((CASE, UNDER), Proposition((UNDER.formula,), variables))
    other = sympy.Implies(related(X, "<=", -1), UNDER.formula, evaluate=False)
    with pytest.raises(DerivationError, match="no step says"):
        derived((CASE, UNDER), Proposition((other,), variables))
    more = sympy.Implies(sympy.And(CASE.formula, related(X, ">=", -1), evaluate=False), UNDER.formula, evaluate=False)
    with pytest.raises(DerivationError, match="conclusion 1 supposes what no step needs"):
        derived((CASE, UNDER), Proposition((more,), variables))
    discharged = prose("by cases", UNDER.formula, given=("under",), discharging=("case",))
    assert derived((CASE, replace(UNDER, label="under"), discharged), Proposition((UNDER.formula,), variables))
    idle = replace(discharged, given=())
    with pytest.raises(DerivationError, match="does away with what nothing that it uses rests on"):
        derived((CASE, replace(UNDER, label="under"), idle), Proposition((UNDER.formula,), variables))


def test_several_formulas_are_said_at_once() -> None:
    said = {step.label: step.formula for step in STEPS[:2]}
    whole, last = all_of("both", said, label="both"), prose("so", LAST.formula, given=("both",))
    assert derived((*STEPS[:2], whole, last)).evidence[2] is not None
    for wrong in (
        all_of("", {**said, "one": related(0, "<=", 2)}, label="both"),
        replace(whole, multipliers=whole.multipliers[:1]),
        replace(whole, formula=WORDS.formula),
    ):
        with pytest.raises(DerivationError, match=r"do not say all of it|several formulas at once"):
            derived((*STEPS[:2], wrong, last))


@pytest.mark.parametrize("second", [0, sympy.Rational(-1, 10), sympy.Rational(1, 10)])
def test_what_holds_in_either_case_holds(second: sympy.Rational) -> None:
    """x ≤ |x|, as x ≤ 0 or 0 ≤ x; a gap between the cases, or an overlap, is not this."""
    size = sympy.Symbol("m", nonnegative=True)
    first, last = (
        assumption("", formula, label=label)
        for label, formula in (("low", related(X, "<=", 0)), ("high", related(second, "<=", X)))
    )
    low = prose("", related(X, "<=", size), given=("low",), label="at low")
    high = replace(low, given=("high",), label="at high")
    said = Proposition((low.formula,), (Variable(X, REAL), Variable(size, Interval(0, oo))))
    both = either("so", X, "<=", size, {"at low": "low", "at high": "high"})
    steps = (first, last, low, high, both)
    if second != 0:
        with pytest.raises(DerivationError, match="there are other cases"):
            derived(steps, said)
        return
    assert derived(steps, said).evidence[-1] is not None
    for wrong, message in (
        (replace(both, formula=related(X, "<=", 2 * size)), "a case does not say this"),
        (replace(both, discharging=("high", "low")), "does not rest on"),
        (replace(both, multipliers=both.multipliers[:1], discharging=("low",)), "there are other cases"),
        (replace(both, multipliers=both.multipliers[:1]), "told apart"),
    ):
        with pytest.raises(DerivationError, match=message):
            derived((*steps[:-1], wrong), said)
    # A case that rests on the other, too, and one that rests on none.
    for given in (("high", "low"), ()):
        with pytest.raises(DerivationError, match="does not rest on 'high' alone"):
            derived((*steps[:3], replace(high, given=given), both), said)
    strict = (replace(first, formula=related(X, "<", 0)), replace(last, formula=related(0, "<", X)), *steps[2:])
    with pytest.raises(DerivationError, match="there are other cases"):
        derived(strict, said)


def test_what_follows_where_it_fails_holds() -> None:
    above = assumption("", related(Y, "<", X), label="above")
    not_above = prose("", related(X, "<=", Y), given=("above",), label="not above")
    said = Proposition((not_above.formula,), STATEMENT.variables)
    assert derived((above, not_above, either("", X, "<=", Y, {"not above": "above"})), said)
    for other in (related(Y, "<", X - 1), related(X, "<=", Y), related(Y, "==", X)):
        with pytest.raises(DerivationError, match=r"other cases|told apart"):
            derived((replace(above, formula=other), not_above, either("", X, "<=", Y, {"not above": "above"})), said)


def test_a_variable_of_an_assumption_keeps_its_value() -> None:
    chosen = instance("", related(3, "<=", 1), "under", {X: sympy.Integer(2)})
    with pytest.raises(DerivationError, match="gives a value to a variable of an assumption"):
        derived(
            (CASE, replace(UNDER, label="under"), chosen),
            Proposition(
                (sympy.Implies(CASE.formula, chosen.formula, evaluate=False),), (Variable(X, Interval(-oo, oo)),)
            ),
        )


def test_equations_in_coordinates_are_all_concluded() -> None:
    y = sympy.Symbol("y", real=True)
    kept = equation("", (y + 1) ** 2, y**2 + 2 * y + 1, label="kept")
    said = instance("", related((X + 1) ** 2, "==", X**2 + 2 * X + 1), "kept", {y: X})
    statement = in_coordinates((kept, said), "note")
    assert statement.conclusions == (said.formula,)
    assert [variable.symbol for variable in statement.variables] == [X]
    assert derived((kept, said), statement)


def test_what_it_rests_on_is_counted() -> None:
    assert derived(STEPS).rests_on == {"equations": 0, "inequalities": 1, "theorems": 0, "prose": 2, "definitions": 0}


def test_a_matrix_ranges_over_matrices_of_its_shape() -> None:
    matrix = sympy.MatrixSymbol("B", 2, 2)
    step = prose("words", related(matrix, "==", sympy.Identity(2)))
    said = Proposition((step.formula,), (Variable(matrix, MatrixSet(2, 2, sympy.Reals)),))  # type: ignore[arg-type]
    assert derived((step,), said).evidence == (None,)
    wrong = replace(said, variables=(Variable(matrix, MatrixSet(2, 3, sympy.Reals)),))
    with pytest.raises(DerivationError, match="not of its own"):
        derived((step,), wrong)


@pytest.mark.long
def test_what_comes_with_a_quotation_may_be_a_case_of_what_is_printed() -> None:
    quoting = derive("convexity-equal", None)
    assert "orthogonal maps" in {name for step in quoting.steps if step.quotation for name in step.under}
    assert "orthogonal maps" not in quoting.statement.hypotheses
    others = tuple(name for name in quoting.statement.hypotheses if name != "normal data")
    with pytest.raises(DerivationError, match="the hypotheses used are"):
        replace(quoting, statement=replace(quoting.statement, hypotheses=others))
    # What a step uses by itself is printed as it is.
    both = replace(WORDS, under=("linear tying", "cyclic maps"))
    with pytest.raises(DerivationError, match="the hypotheses used are"):
        derived((both, *STEPS[1:]), replace(STATEMENT, hypotheses=("cyclic maps",)))


def test_a_derivation_names_the_step_that_fails_and_is_shown_in_every_form() -> None:
    bad = equation("cube", (P + 1) ** 3, P**3 + 3 * P**2 + 3 * P)
    with pytest.raises(DerivationError, match="k = 3, step 4"):
        derived((*STEPS, bad))
    shown = derived(STEPS)
    with pytest.raises(DerivationError, match="every k, step 1"):
        replace(shown, steps=(bad,), k=None)
    document = shown.as_json()
    assert document["statement"] == STATEMENT.text
    assert document["formal"]["variables"][0] == {  # type: ignore[index, call-overload]
        "name": "x",
        "domain": "Interval(-oo, oo)",
        "meaning": "",
        "exists": False,
    }
    assert shown.as_text() == repr(shown)
    assert all(plain(part) in shown.as_text() for part in (STATEMENT.quantified, *STATEMENT.said))
    assert shown.as_latex().count(r"\item") == len(STEPS)
    in_words = replace(shown, statement=Proposition((), note="said so"))
    assert in_words.as_text().count("said so") == 1
    assert "said so" in in_words._repr_html_()
