"""Changed derivations, and what is said to be needed, dropped: the checker notices, or says which changes are none."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import sympy
from sympy import Interval, oo

from emtheory.reports.proofs.changed_formulas import changed_formulas
from emtheory.reports.proofs.dropped import Dropped, dropped
from emtheory.reports.proofs.mutants import Mutant, changes, judged, mutants
from emtheory.theory.derivations import derive
from emtheory.theory.proof.check import check
from emtheory.theory.proof.derivation import Derivation, DerivationError
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.meant.vectors import DATA, Inner, Unit
from emtheory.theory.proof.step import Step, combination, equation, inequality, meant
from emtheory.theory.proof.words import citation, prose
from emtheory.theory.sums import COUNT, component, family, total

X, Y = sympy.symbols("x y", positive=True)
COMPONENT, OTHER = component("i"), component("j")
ROOT = sympy.exp(2 * sympy.pi * sympy.I * COMPONENT / COUNT)


def toy(*steps: object) -> Derivation:
    said = Proposition(
        tuple(step.formula for step in steps),  # type: ignore[attr-defined]
        (Variable(X, Interval.open(0, oo)),),
    )
    return Derivation("toy", "title", said, "source", "scope", None, steps)  # type: ignore[arg-type]


def used(step: Step) -> Derivation:
    """One step, on which an argument in words rests."""
    end = prose("", related(X, "==", Y), given=(step.label,))
    said = Proposition((end.formula,), (Variable(X, Interval.open(0, oo)), Variable(Y, Interval.open(0, oo))))  # type: ignore[arg-type]
    return replace(toy(inequality("", 0, "<", X)), steps=(step, end), statement=said)


def survivors(found: list[Mutant]) -> list[tuple[str, str]]:
    return [(mutant.place, mutant.change) for mutant in found if mutant.outcome == "survived"]


def test_where_a_formula_is_changed() -> None:
    changed = dict(changed_formulas(related(2 * X, "<=", sympy.exp(X) + Y)))
    assert changed["<= → >="] == related(2 * X, ">=", sympy.exp(X) + Y)
    assert changed["<= → <"] == related(2 * X, "<", sympy.exp(X) + Y)
    assert changed["left 2 → 3"] == related(3 * X, "<=", sympy.exp(X) + Y)
    assert changed["left x → y"] == related(2 * Y, "<=", sympy.exp(X) + Y)
    assert changed["right exp → cosh"] == related(2 * X, "<=", sympy.cosh(X) + Y)
    assert changed["left without the factor x"] == related(sympy.S(2), "<=", sympy.exp(X) + Y)


def test_what_is_claimed_in_words_alone_survives_together_with_its_conclusion() -> None:
    """The control: a wrong formula that only words carry is seen in one place, and not seen if nothing rests on it."""
    loose = toy(equation("", (X + 1) ** 2, X**2 + 2 * X + 1))
    words = replace(
        loose, statement=Proposition((), note="in words"), steps=(*loose.steps, prose("", related(X, "<", 3)))
    )
    found = [*mutants(words)]
    assert {place for place, _ in survivors(found)} >= {"step 2"}
    assert all(mutant.outcome in ("noticed", "equal") for mutant in found if mutant.place == "step 1")


def test_a_change_that_alters_nothing_and_one_that_says_less_are_told_apart() -> None:
    said = replace(
        toy(inequality("", 2 * X, "<=", X**2 + 1)),
        statement=Proposition((related(2 * X, "<=", X**2 + 1),), (Variable(X, Interval.Lopen(0, 4)),)),
    )
    found = {mutant.change: mutant.outcome for mutant in mutants(said)}
    assert found["x ∈ Interval.Lopen(0, 4) → Interval.open(0, 4)"] == "implied"
    assert found["<= → >="] == "noticed"


ZEROS, SOME, WEIGHTS = total(sympy.S.Zero, COMPONENT), total(X, COMPONENT), family("p")
TURNED = sympy.exp(2 * sympy.I * (COMPONENT - OTHER))
PRODUCT = total(WEIGHTS[COMPONENT] * WEIGHTS[OTHER] * TURNED, COMPONENT, OTHER)
SHARES = [total(WEIGHTS[OTHER] * sympy.exp(sign * 2 * sympy.I * OTHER), OTHER) for sign in (1, -1)]
ENTRIES = [sympy.ImmutableMatrix(each) for each in ([X + 2 * ZEROS, X + SOME], [X, X + COUNT * X])]
STEPS = {
    "a sum of zeros": (
        equation("", *ENTRIES, label="two"),
        {
            f"left entry 0: + 2*{ZEROS} → −": "equal",
            "left entry 0: + x → −": "noticed",
            f"left entry 1: + {SOME} → −": "noticed",
        },
    ),
    "indices that can be exchanged": (
        equation("", PRODUCT, SHARES[0] * SHARES[1], label="two"),
        {"left 2 → -2": "equal", "left 2 → 3": "noticed", "left + i → −": "noticed"},
    ),
    "another whole turn": (
        equation("", sympy.exp(2 * sympy.pi * sympy.I * (COMPONENT + COUNT) / COUNT), ROOT, label="two"),
        {"left + k → −": "equal", "left + i → −": "noticed"},
    ),
    "a weaker inequality": (
        inequality("", X / (1 + X), "<", 1, label="two"),
        {"right 1 → 2": "implied", "< → >": "noticed"},
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_what_alters_nothing_or_says_less_is_told_apart(name: str) -> None:
    step, told = STEPS[name]
    outcomes = {mutant.change: mutant.outcome for mutant in mutants(used(step)) if mutant.place == "step 1 (two)"}
    assert told.items() <= outcomes.items()
    assert "survived" not in outcomes.values() or name == "a weaker inequality"


def test_mutants_of_a_derivation_are_noticed() -> None:
    found = [*mutants(derive("convexity-two", 2), 3)]
    assert found
    assert survivors(found) == []


def test_a_factor_of_a_product_of_matrices_is_left_out() -> None:
    A, unit = sympy.MatrixSymbol("A", 2, 2), sympy.Identity(2)
    slope, B = (sympy.MatrixSymbol(name, 2, 2) for name in ("J", "B"))
    said = prose("", sympy.Eq(slope, sympy.MatAdd(sympy.MatMul(unit, A), sympy.MatMul(B, A)), evaluate=False))
    words = replace(toy(inequality("", 0, "<", X)), statement=Proposition((), note="in words"), steps=(said,))
    outcomes = {mutant.change: mutant.outcome for mutant in mutants(words)}
    assert outcomes["right without the factor I"] == "equal"
    assert outcomes["right without the factor B"] == "survived"


def test_a_change_of_a_step_that_takes_too_long_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where what is busy with it would take an exception for its own: it is not noticed, and does not survive."""

    def busy(step: Step, *before: Any) -> None:
        if step.formula is not None and step.formula.has(sympy.cosh):
            with suppress(Exception):
                while True:
                    pass
        check(step, *before)

    monkeypatch.setattr("emtheory.reports.proofs.mutants.check", busy)
    monkeypatch.setattr("emtheory.reports.proofs.mutants.PATIENCE", 0.3)
    found = [*mutants(toy(inequality("", X, "<", sympy.exp(X) - 1)))]
    outcomes = {mutant.change: mutant.outcome for mutant in found if mutant.place == "step 1"}
    assert outcomes["right exp → cosh"] == "undecided"
    assert [change for change, outcome in outcomes.items() if outcome == "undecided"] == ["right exp → cosh"]
    assert "noticed" in outcomes.values()


def test_what_is_supposed_is_needed_as_it_is() -> None:
    for name, what in (("linear-tying", "not for all values"), ("covariance-hessian", "not under")):
        derivation = derive(name, None)
        found = [judged(derivation, change) for change in changes(derivation, 1) if change.change.startswith(what)]
        assert {mutant.outcome for mutant in found} == {"noticed"}, name


def test_every_change_of_a_tight_chain_is_noticed() -> None:
    steps = (
        inequality("tangent", 1 - X, "<", sympy.exp(-X), label="tangent"),
        prose("words", related(sympy.exp(-X), "<=", Y), label="words"),
        combination("chain", 1 - X, "<", Y, {"tangent": 1, "words": 1}),
    )
    positive = tuple(Variable(symbol, Interval.open(0, oo)) for symbol in (X, Y))
    chain = replace(toy(steps[0]), steps=steps, statement=Proposition((related(1 - X, "<", Y),), positive))
    made = list(mutants(chain))
    assert survivors(made) == []
    assert {mutant.outcome for mutant in made} == {"noticed"}
    places = {mutant.place for mutant in made}
    assert places == {"step 1 (tangent)", "step 2 (words)", "step 3", "conclusion 1", "quantifiers"}


def test_a_weaker_conclusion_is_another() -> None:
    made = toy(inequality("", X / (1 + X), "<", 1))
    assert {mutant.outcome for mutant in mutants(made) if mutant.place == "step 1"} == {"noticed"}


def test_reasons_are_found_by_place_and_change() -> None:
    mutant = Mutant("step 3 (moments)", "left entry 2: z → 2*z", "survived", "")
    assert mutant.explained({"step (moments): left entry 2: z → 2*z": "why"}) == "why"
    assert mutant.explained({"step (moments): left entry …": "why"}) == "why"
    assert mutant.explained({"step (moments): left entry 2": "no", "step (means): left …": "no"}) == ""
    assert Mutant("step 3", "left z → 2*z", "survived", "").explained({"step 3: left …": "why"}) == "why"
    assert mutant.explained({"step 2: …": "no"}) == ""


Z = sympy.Symbol("z", positive=True)
SQUARE = sympy.Symbol("q", real=True)
UNIT_SQUARE = {SQUARE: Inner(DATA, Unit("e")) ** 2}
SAID = meant("", related(Mean(SQUARE, (SQUARE,)), "==", 1), UNIT_SQUARE, label="said", under=("normal data",))
WORDS = prose("", related(X, "<=", Y), label="words", under=("weights",))


def resting(steps: tuple[object, ...], *conclusions: object, hypotheses: tuple[str, ...]) -> Derivation:
    variables = tuple(Variable(symbol, sympy.Interval.open(0, sympy.oo)) for symbol in (X, Y, Z))
    free = set().union(*(each.free_symbols for each in conclusions))  # type: ignore[attr-defined]
    named = tuple(variable for variable in variables if variable.symbol in free)
    said = Proposition(conclusions, named, hypotheses)  # type: ignore[arg-type]
    return Derivation("toy", "", said, "", "", None, steps)  # type: ignore[arg-type]


def fates(found: Derivation) -> Mapping[tuple[str, str, str], str]:
    return {(one.kind, one.place, one.what): one.fate for one in dropped(found)}


def test_a_rule_tells_what_it_needs_and_words_do_not() -> None:
    mean = Mean(SQUARE, (SQUARE,))
    scaled = combination("", related(X * mean, "<=", Y), {"words": 1, "said": -X})
    found = fates(resting((SAID, WORDS, scaled), scaled.formula, hypotheses=("weights", "normal data")))
    assert found == {
        ("hypothesis", "conclusion 1", "weights"): "in words",
        ("hypothesis", "conclusion 1", "normal data"): "a rule fails",
        ("tag", "step 1", "normal data"): "a rule fails",
        ("tag", "step 2", "weights"): "in words",
        ("premise", "step 3", "words"): "a rule fails",
        ("premise", "step 3", "said"): "a rule fails",
    }


def test_what_no_step_on_the_way_names_is_not_printed() -> None:
    other = inequality("", related(0, "<", X + Z))
    made = resting((WORDS, other), WORDS.formula, other.formula, hypotheses=("weights",))
    assert made.statement.grounds == (("weights",), ())
    named = replace(made, statement=replace(made.statement, exist_under={Z: ("weights",)}))
    assert [one for one in dropped(named) if one.place == "conclusion 2"] == [
        Dropped("hypothesis", "conclusion 2", "weights", "hypotheses lack")
    ]


def test_what_changes_no_judgement_comes_with_its_proof() -> None:
    """The second words say the same under what the first, or a fact of no hypothesis, brings anyway."""
    fact = inequality("", related(0, "<", X + Z), label="fact")
    more = prose("", related(X, "<=", 2 * Y), label="more", given=("words", "fact"), under=("weights",))
    both = combination("", related(2 * X, "<=", 3 * Y), {"words": 1, "more": 1})
    made = resting((WORDS, fact, more, both), both.formula, hypotheses=("weights",))
    found, proofs = fates(made), {(one.place, one.what): one.proof for one in dropped(made)}
    assert [found["premise", "step 3", name] for name in ("words", "fact")] == ["implied"] * 2
    assert proofs["step 3", "words"] == "1 by words"
    assert proofs["step 3", "fact"] == "2 by rules from nothing"
    # The conclusion keeps what one of the steps loses.
    assert found["tag", "step 1", "weights"] == "the same"
    assert found["tag", "step 3", "weights"] == "implied"
    assert (proofs["step 1", "weights"], proofs["step 3", "weights"]) == ("3", "1")
    # A hypothesis is dropped in both.
    assert found["hypothesis", "conclusion 1", "weights"] == "in words"
    assert fates(resting((WORDS,), WORDS.formula, hypotheses=("weights",)))["tag", "step 1", "weights"] == "in words"


def test_a_theorem_about_data_of_a_kind_demands_a_law_of_them() -> None:
    for theorem, law, said in (
        ("dominated convergence", "centred data", "does not rest on normal data; Laplace data; centred data"),
        ("Stein's lemma", "normal data", "cites Stein's lemma and does not rest on normal data"),
    ):
        cited = citation(theorem, "", related(X, "<=", Y), under=("weights",))
        with pytest.raises(DerivationError, match=said):
            resting((cited,), cited.formula, hypotheses=("weights",))
        other = citation(theorem, "", related(X, "<=", Y), under=(law,))
        assert fates(resting((other,), other.formula, hypotheses=(law,)))["tag", "step 1", law] == "hypotheses lack"


def test_a_theorem_about_what_is_bounded_demands_a_bound() -> None:
    bound = prose("", related(X, "<=", Y), label="bound")
    cited = citation("comparison test", "", related(X, "<=", Y + 1), given=("bound",))
    assert (
        fates(resting((bound, cited), cited.formula, hypotheses=()))["premise", "step 2", "bound"] == "hypotheses lack"
    )
    equal = citation("comparison test", "", cited.formula, given=("equal",))
    with pytest.raises(DerivationError, match="cites comparison test and is given no inequality"):
        resting((prose("", related(X, "==", Y), label="equal"), equal), equal.formula, hypotheses=())


@pytest.mark.long
def test_quoted_hypotheses_are_needed() -> None:
    quoting = fates(derive("global-convergence", None))
    assert quoting["tag", "step 1", "normal data"] == "hypotheses lack"
    assert quoting["tag", "step 1", "weights"] == "hypotheses lack"
