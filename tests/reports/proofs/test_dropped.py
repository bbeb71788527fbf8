"""What is said to be needed, dropped: a rule, or what is quoted or cited, tells whether it is; words do not."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
import sympy

from emtheory.reports.proofs.dropped import Dropped, dropped
from emtheory.theory.derivations import derive
from emtheory.theory.proof.derivation import Derivation, DerivationError
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.meant.vectors import DATA, Inner, Unit
from emtheory.theory.proof.step import combination, inequality, meant
from emtheory.theory.proof.words import citation, prose

X, Y, Z = sympy.symbols("x y z", positive=True)
SQUARE = sympy.Symbol("q", real=True)
UNIT_SQUARE = {SQUARE: Inner(DATA, Unit("e")) ** 2}
SAID = meant("", related(Mean(SQUARE, (SQUARE,)), "==", 1), UNIT_SQUARE, label="said", under=("normal data",))
WORDS = prose("", related(X, "<=", Y), label="words", under=("weights",))


def toy(steps: tuple[object, ...], *conclusions: object, hypotheses: tuple[str, ...]) -> Derivation:
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
    found = fates(toy((SAID, WORDS, scaled), scaled.formula, hypotheses=("weights", "normal data")))
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
    made = toy((WORDS, other), WORDS.formula, other.formula, hypotheses=("weights",))
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
    made = toy((WORDS, fact, more, both), both.formula, hypotheses=("weights",))
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
    assert fates(toy((WORDS,), WORDS.formula, hypotheses=("weights",)))["tag", "step 1", "weights"] == "in words"


def test_a_theorem_about_data_of_a_kind_demands_a_law_of_them() -> None:
    for theorem, law, said in (
        ("dominated convergence", "centred data", "does not rest on normal data; Laplace data; centred data"),
        ("Stein's lemma", "normal data", "cites Stein's lemma and does not rest on normal data"),
    ):
        cited = citation(theorem, "", related(X, "<=", Y), under=("weights",))
        with pytest.raises(DerivationError, match=said):
            toy((cited,), cited.formula, hypotheses=("weights",))
        other = citation(theorem, "", related(X, "<=", Y), under=(law,))
        assert fates(toy((other,), other.formula, hypotheses=(law,)))["tag", "step 1", law] == "hypotheses lack"


def test_a_theorem_about_what_is_bounded_demands_a_bound() -> None:
    bound = prose("", related(X, "<=", Y), label="bound")
    cited = citation("comparison test", "", related(X, "<=", Y + 1), given=("bound",))
    assert fates(toy((bound, cited), cited.formula, hypotheses=()))["premise", "step 2", "bound"] == "hypotheses lack"
    equal = citation("comparison test", "", cited.formula, given=("equal",))
    with pytest.raises(DerivationError, match="cites comparison test and is given no inequality"):
        toy((prose("", related(X, "==", Y), label="equal"), equal), equal.formula, hypotheses=())


@pytest.mark.long
def test_quoted_hypotheses_are_needed() -> None:
    quoting = fates(derive("global-convergence", None))
    assert quoting["tag", "step 1", "normal data"] == "hypotheses lack"
    assert quoting["tag", "step 1", "weights"] == "hypotheses lack"
