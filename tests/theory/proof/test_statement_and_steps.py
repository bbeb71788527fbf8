"""The steps lead to the statement, and nothing is idle."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import sympy
from sympy import Interval, oo

from emtheory.theory.derivations import derive
from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.derivation import Derivation
from emtheory.theory.proof.formula import Proposition, Variable
from emtheory.theory.proof.step import equation, inequality
from emtheory.theory.proof.words import definition, prose
from emtheory.theory.prose.unicode_text import plain

X, Y = sympy.symbols("x y", positive=True)

AREA = definition("", Y, X**2)
SQUARE = equation("square", (X + 1) ** 2, X**2 + 2 * X + 1)
TANGENT = inequality("tangent", X, "<", sympy.exp(X) - 1)
SAID = Proposition(
    (SQUARE.formula, TANGENT.formula),
    (Variable(X, Interval.open(0, oo), "a length"),),
    ("weights",),
    exist_under={X: ("weights",)},
)
GOOD = Derivation("name", "title", SAID, "source", "scope", 3, (SQUARE, TANGENT))


def refused(message: str, **changes: Any) -> None:
    with pytest.raises(DerivationError, match=message):
        replace(GOOD, **changes)


def test_a_derivation_names_the_step_that_fails() -> None:
    bad = equation("cube", (X + 1) ** 3, X**3 + 3 * X**2 + 3 * X)
    refused("name, k = 3, step 3: .*cube", steps=(SQUARE, TANGENT, bad))
    refused("name, every k, step 1: .*cube", steps=(bad,), k=None)


def test_a_definition_is_no_conclusion() -> None:
    said = replace(SAID, conclusions=(*SAID.conclusions, AREA.formula))
    refused("no step says", steps=(AREA, SQUARE, TANGENT), statement=said)


@pytest.mark.long
def test_what_comes_with_a_quotation_may_be_a_case_of_what_is_printed() -> None:
    quoting = derive("convexity-equal", None)
    assert "orthogonal maps" in {name for step in quoting.steps if step.quotation for name in step.under}
    assert "orthogonal maps" not in quoting.statement.hypotheses
    others = tuple(name for name in quoting.statement.hypotheses if name != "normal data")
    with pytest.raises(DerivationError, match="the hypotheses used are"):
        replace(quoting, statement=replace(quoting.statement, hypotheses=others))
    # What a step uses by itself is printed as it is.
    both = prose("square", SQUARE.formula, under=("linear tying", "cyclic maps"))
    refused("the hypotheses used are", steps=(both, TANGENT), statement=replace(SAID, hypotheses=("cyclic maps",)))


def test_a_derivation_shows_its_statement_in_every_form() -> None:
    document: Mapping[str, Any] = GOOD.as_json()
    assert document["statement"] == SAID.text
    assert document["formal"]["variables"] == [
        {"name": "x", "domain": "Interval.open(0, oo)", "meaning": "a length", "exists": False}
    ]
    assert document["formal"]["grounds"] == [["weights"], ["weights"]]
    assert [step["relation"] for step in document["steps"]] == ["==", "<"]
    assert GOOD.as_text() == repr(GOOD)
    assert all(part in GOOD.as_text() for part in map(plain, (SAID.quantified, *SAID.said, "x is a length")))
    assert all(part in SAID.text for part in (SAID.quantified, *SAID.said))
    assert "a length" in GOOD._repr_html_()
    assert GOOD.as_latex().count(r"\item") == len(GOOD.steps)


def test_a_statement_in_words_is_shown_in_words() -> None:
    made = replace(GOOD, statement=Proposition((), note="in words"))
    assert made.statement.text == "in words"
    assert made.as_text().count("in words") == 1
    assert "in words" in made._repr_html_()
