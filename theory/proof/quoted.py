"""Steps that quote a conclusion of another derivation, at values of its variables."""

from collections.abc import Mapping

import sympy
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.formula import Proposition
from emtheory.theory.proof.rules import Evidence
from emtheory.theory.proof.step_parts import Step

__all__ = ["is_quoted", "quoted"]


def quoted(
    explanation: str,
    statement: Proposition,
    number: int,
    values: Mapping[str, sympy.Basic],
    premises: tuple[str, ...] = (),
    *,
    label: str,
) -> Step:
    """Make a step that says what a conclusion of another statement says at values of its variables.

    It uses all the hypotheses of that statement.

    Parameters
    ----------
    explanation, label
        As for `Step`; that the values are in the domains is said in words.
    statement
        What another derivation proves.
    number
        Of the conclusion, from 0.
    values
        Name of a variable, or of a function at its arguments → what is put in its place; there must be one for each.
    premises
        Labels of earlier steps whose formulas are the conclusion's premises, letter by letter.

    Raises
    ------
    DerivationError
        If a variable has no value.
    """
    conclusion = statement.conclusions[number]
    functions = conclusion.atoms(AppliedUndef)
    names = {str(name): name for name in conclusion.free_symbols | functions}
    inner = {str(name) for function in functions for name in function.free_symbols}
    missing = sorted(names.keys() - inner - values.keys())
    if missing:
        raise DerivationError(f"what is quoted has no value for {', '.join(missing)}")
    said = conclusion.xreplace({names[name]: value for name, value in values.items() if name in names})
    formula = _parts(said)[1]
    return Step(
        "equation" if isinstance(formula, sympy.Eq) else "inequality",
        explanation,
        formula,
        label,
        under=statement.hypotheses,
        rule="quoted",
        multipliers=tuple((premise, sympy.S.One) for premise in premises),
        expression=said,
    )


def is_quoted(formula: Boolean, conclusion: Boolean, premises: frozenset[Boolean]) -> Evidence:
    """Check that a formula is what a conclusion says, and that earlier formulas are its premises.

    Parameters
    ----------
    formula
        Of the step.
    conclusion
        At the values: an implication, or what is said without premises.
    premises
        The formulas that the step uses.

    Raises
    ------
    DerivationError
        If it is not, or they are more or fewer.
    """
    needed, said = _parts(conclusion)
    if formula != said:
        raise DerivationError(f"what is quoted says {said}")
    for premise in needed ^ premises:
        what = "no step says" if premise in needed else "what is quoted does not need"
        raise DerivationError(f"{what} {premise}")
    return Evidence("quotation of a statement that is derived", 0)


def _parts(conclusion: Boolean) -> tuple[frozenset[Boolean], Boolean]:
    """Return the premises of a conclusion, none if it is no implication, and what it says under them."""
    if not isinstance(conclusion, sympy.Implies):
        return frozenset(), conclusion
    premise, said = conclusion.args
    return frozenset(premise.args if isinstance(premise, sympy.And) else (premise,)), said
