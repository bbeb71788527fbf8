"""Changed derivations: the checker notices what is wrong, and the program says which changes are none."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import sympy
from sympy import Interval, oo

from emtheory.reports.proofs.changed_formulas import changed_formulas
from emtheory.reports.proofs.mutants import Mutant, changes, judged, mutants
from emtheory.theory.derivations import derive
from emtheory.theory.proof.check import check
from emtheory.theory.proof.derivation import Derivation
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.step import Step, combination, equation, inequality
from emtheory.theory.proof.words import prose
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


def test_a_changed_sum_of_zeros_alters_nothing_and_a_changed_entry_does() -> None:
    zeros, some = total(sympy.S.Zero, COMPONENT), total(X, COMPONENT)
    made = equation(
        "", sympy.ImmutableMatrix([X + 2 * zeros, X + some]), sympy.ImmutableMatrix([X, X + COUNT * X]), label="two"
    )
    found = {mutant.change: mutant.outcome for mutant in mutants(used(made)) if mutant.place == "step 1 (two)"}
    assert found[f"left entry 0: + 2*{zeros} → −"] == "equal"
    assert found["left entry 0: + x → −"] == "noticed"
    assert found[f"left entry 1: + {some} → −"] == "noticed"


def test_indices_that_can_be_exchanged_alter_nothing() -> None:
    weights = family("p")
    product = total(
        weights[COMPONENT] * weights[OTHER] * sympy.exp(2 * sympy.I * (COMPONENT - OTHER)), COMPONENT, OTHER
    )
    shares = [total(weights[OTHER] * sympy.exp(sign * 2 * sympy.I * OTHER), OTHER) for sign in (1, -1)]
    found = mutants(used(equation("", product, shares[0] * shares[1], label="two")))
    outcomes = {mutant.change: mutant.outcome for mutant in found if mutant.place == "step 1 (two)"}
    assert outcomes["left 2 → -2"] == "equal"
    assert outcomes["left 2 → 3"] == outcomes["left + i → −"] == "noticed"
    assert "survived" not in outcomes.values()


def test_a_factor_of_a_product_of_matrices_is_left_out() -> None:
    A, unit = sympy.MatrixSymbol("A", 2, 2), sympy.Identity(2)
    slope, B = (sympy.MatrixSymbol(name, 2, 2) for name in ("J", "B"))
    said = prose("", sympy.Eq(slope, sympy.MatAdd(sympy.MatMul(unit, A), sympy.MatMul(B, A)), evaluate=False))
    words = replace(toy(inequality("", 0, "<", X)), statement=Proposition((), note="in words"), steps=(said,))
    outcomes = {mutant.change: mutant.outcome for mutant in mutants(words)}
    assert outcomes["right without the factor I"] == "equal"
    assert outcomes["right without the factor B"] == "survived"


def test_another_whole_turn_alters_nothing() -> None:
    turned = equation("", sympy.exp(2 * sympy.pi * sympy.I * (COMPONENT + COUNT) / COUNT), ROOT, label="two")
    outcomes = {mutant.change: mutant.outcome for mutant in mutants(used(turned)) if mutant.place == "step 1 (two)"}
    assert outcomes["left + k → −"] == "equal"
    assert outcomes["left + i → −"] == "noticed"


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


def test_mutants_of_a_derivation_are_noticed() -> None:
    found = [*mutants(derive("convexity-two", 2), 3)]
    assert found
    assert survivors(found) == []


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


def test_a_weaker_inequality_is_implied() -> None:
    made = toy(inequality("", X / (1 + X), "<", 1))
    assert {mutant.outcome for mutant in mutants(made) if mutant.place == "step 1"} == {"noticed"}
    inner = used(inequality("", X / (1 + X), "<", 1, label="inner"))
    outcomes = {mutant.change: mutant.outcome for mutant in mutants(inner) if mutant.place == "step 1 (inner)"}
    assert outcomes["right 1 → 2"] == "implied"
    assert outcomes["< → >"] == "noticed"


def test_reasons_are_found_by_place_and_change() -> None:
    mutant = Mutant("step 3 (moments)", "left entry 2: z → 2*z", "survived", "")
    assert mutant.explained({"step (moments): left entry 2: z → 2*z": "why"}) == "why"
    assert mutant.explained({"step (moments): left entry …": "why"}) == "why"
    assert mutant.explained({"step (moments): left entry 2": "no", "step (means): left …": "no"}) == ""
    assert Mutant("step 3", "left z → 2*z", "survived", "").explained({"step 3: left …": "why"}) == "why"
    assert mutant.explained({"step 2: …": "no"}) == ""
