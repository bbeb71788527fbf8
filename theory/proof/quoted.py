"""Steps that quote a conclusion of another derivation: that they say what it says, at values in its domains."""

from collections.abc import Callable

import sympy
from sympy.logic.boolalg import Boolean

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.rules import Evidence
from emtheory.theory.proof.step_parts import Quotation


def at_values(quotation: Quotation) -> tuple[frozenset[Boolean], Boolean]:
    """Return the premises of what is quoted, none if it is no implication, and what it says under them."""
    said = _at(quotation.conclusion, quotation)
    conditions = frozenset(formula for formula, _ in conditions_at(quotation))
    if not isinstance(said, sympy.Implies):
        return conditions, said
    premise, conclusion = said.args
    return conditions.union(premise.args if isinstance(premise, sympy.And) else (premise,)), conclusion


def conditions_at(quotation: Quotation) -> tuple[tuple[Boolean, tuple[sympy.Basic, ...]], ...]:
    """Return the conditions that what is quoted is under, each with the variables for all of which it is supposed."""
    return tuple(
        (_at(condition, quotation), tuple(_at(name, quotation) for name in over))
        for condition, over in quotation.conditions
    )


def _at(formula: sympy.Basic, quotation: Quotation) -> sympy.Basic:
    return formula.xreplace({name: value for name, value, _ in quotation.values})


def is_quoted(
    formula: Boolean,
    quotation: Quotation,
    premises: frozenset[Boolean],
    inside: Callable[[sympy.Basic, sympy.Expr, sympy.Set], None],
) -> Evidence:
    """Check that a formula is what a conclusion says at values in its domains, and that its premises are known.

    `inside` raises an error if a value may be outside a set; the premises, the formulas of the steps that are said to
    be them, may be neither more nor fewer.
    """
    needed, said = at_values(quotation)
    if formula != said:
        raise DerivationError(f"what is quoted says {said}")
    for premise in needed ^ premises:
        what = "no step says" if premise in needed else "what is quoted does not need"
        raise DerivationError(f"{what} {premise}")
    for name, value, wanted in quotation.values:
        inside(name, value, wanted)
    return Evidence("quotation", 0)
