"""Mutants of small derivations: what the checker has to notice, and what shows a step to be vacuous."""

import sympy
from sympy import Interval, exp, oo

from emtheory.reports.proofs.mutants import Mutant, mutants
from emtheory.theory.proof.derivation import Derivation
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.step import combination, equation, inequality
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.proof.words import prose

X, Y, Z = sympy.symbols("x y z", positive=True)


def derivation(*steps: Step, statement: Proposition) -> Derivation:
    return Derivation("name", "title", statement, "source", "scope", None, steps)


def survivors(made: Derivation) -> dict[str, str]:
    return {mutant.change: mutant.place for mutant in mutants(made) if mutant.outcome == "survived"}


POSITIVE = Interval.open(0, oo)
CHAIN = derivation(
    inequality("tangent", 1 - X, "<", exp(-X), label="tangent"),
    prose("words", related(exp(-X), "<=", Y), label="words"),
    combination("chain", 1 - X, "<", Y, {"tangent": 1, "words": 1}),
    statement=Proposition((related(1 - X, "<", Y),), (Variable(X, POSITIVE), Variable(Y, POSITIVE))),
)


def test_every_change_of_a_tight_chain_is_noticed() -> None:
    made = list(mutants(CHAIN))
    assert survivors(CHAIN) == {}
    assert {mutant.outcome for mutant in made} == {"noticed"}
    places = {mutant.place for mutant in made}
    assert places == {"step 1 (tangent)", "step 2 (words)", "step 3", "conclusion 1", "quantifiers"}


def test_a_coefficient_that_does_not_matter_shows() -> None:
    slope = sympy.Subs(sympy.Derivative(3 * X - 2 * Y**2 * Z, Y), Y, 0)
    kept = equation("true for every coefficient", slope, sympy.S.Zero, label="slope")
    made = derivation(
        kept,
        prose("words", related(X, "==", Z), given=("slope",)),
        statement=Proposition((related(X, "==", Z),), (Variable(X, POSITIVE), Variable(Z, POSITIVE))),
    )
    assert "left 3 → 4" in survivors(made)
    assert "left -2 → -1" in survivors(made)


def test_a_weaker_inequality_is_implied() -> None:
    loose = inequality("", X / (1 + X), "<", 1)
    made = derivation(loose, statement=Proposition((loose.formula,), (Variable(X, POSITIVE),)))
    outcomes = {mutant.change: mutant.outcome for mutant in mutants(made) if mutant.place == "step 1"}
    assert set(outcomes.values()) == {"noticed"}
    inner = derivation(
        inequality("", X / (1 + X), "<", 1, label="inner"),
        prose("words", related(X, "==", Y), given=("inner",)),
        statement=Proposition((related(X, "==", Y),), (Variable(X, POSITIVE), Variable(Y, POSITIVE))),
    )
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
