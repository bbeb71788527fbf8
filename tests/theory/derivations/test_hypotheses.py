"""What is printed as a statement's hypotheses is what its conclusions need."""

import re
from collections.abc import Iterator

import pytest
import sympy

from emtheory.theory.derivations import derive, names, statement_of
from emtheory.theory.proof.derivation import IN_WORDS, Derivation
from emtheory.theory.proof.formula import with_implied
from emtheory.theory.sums import DIMENSION

STATEMENTS = {name: statement_of(name) for name in names()}

ONLY_A_STEP = {
    ("matrix-a", "dft"): "of its conclusions on every frequency, of which some are for all m",
    ("flat-spectrum", "dft"): "as for matrix-a",
    ("spectral-mean", "dft"): "as for matrix-a",
}
"""Quotations of what needs less than a statement's conclusions."""

EVERY_DAY = ("asymptotic-factor", "descent", "global-convergence", "gradient-em", "necessity")
"""Derivations whose statements lacked what those that they quote need."""


def made(name: str) -> Derivation:
    return derive(name, STATEMENTS[name].shown[0])


def quoted_in_words(derivation: Derivation) -> Iterator[tuple[str, str]]:
    """Yield the kinds of steps that speak of statements without quoting them, and the names of these."""
    for step in derivation.steps:
        for phrase in re.findall(r"[Ss]tatements? ([a-z, -]+)", step.explanation if step.quotation is None else ""):
            yield from ((step.kind, word) for word in re.findall(r"[a-z]+(?:-[a-z]+)*", phrase) if word in STATEMENTS)


@pytest.mark.parametrize(
    "name", [name if name in EVERY_DAY else pytest.param(name, marks=pytest.mark.long) for name in names()]
)
def test_words_say_what_no_rule_is_for_and_quote_no_statement_as_citations_may_that_assume_no_more(name: str) -> None:
    derivation = made(name)
    printed = with_implied(derivation.statement.hypotheses)
    said = [step.lacks for step in derivation.steps if step.kind == "prose"]
    assert "; ".join(said) == IN_WORDS.get(name, ""), "what no rule is for, of each step in words"
    for kind, other in quoted_in_words(derivation):
        assert kind != "prose", f"{name} speaks of {other} in words"
        needed = [set(grounds) - printed for grounds in made(other).statement.grounds]
        assert not all(needed) or (name, other) in ONLY_A_STEP, f"{other} needs {min(needed, key=len)}"


def test_a_constant_that_depends_on_the_weights_is_there_not_any() -> None:
    text = made("sublinear-rate").statement.text
    assert re.search("there is \\$C [>≥] 0\\$, for all", text)
    assert not re.search("for all[^:]*\\$C [>≥] 0\\$[^:]*:", text.split("there is")[0])


@pytest.mark.parametrize(
    ("name", "family"), [("pl-inequality", "x"), ("gradient-em", "x"), ("covariance-hessian", "w")]
)
def test_sums_over_coordinates_are_over_all_of_them(name: str, family: str) -> None:
    """In more dimensions than components have d > k coordinates; eigenvalues are as many."""
    formulas = [step.formula for step in made(name).steps if step.formula is not None]
    found = [part for formula in formulas for part in formula.atoms(sympy.Sum)]
    sums = [part for part in found if f"{family}[{part.variables[0]}]" in str(part.function)]
    assert sums
    assert {upper for part in sums for _, _, upper in part.limits} == {DIMENSION - 1}
