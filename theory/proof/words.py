"""Steps of derivations that no rule checks: names, premises, conditions, cited theorems, and arguments in words."""

from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.formula import UNIT, related
from emtheory.theory.proof.step import by_sides, combination, inequality
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.theorems import THEOREMS


def definition(explanation: str, name: sympy.Basic, value: sympy.Basic, **more: Any) -> Step:
    """Make a step that introduces a name; every later formula with the name is checked with the value in its place.

    Inequalities in `within` show the value to be in the domain of the name, where its sign does not.
    """
    return Step("definition", explanation, sympy.Eq(name, value, evaluate=False), **more)


def at_most(explanation: str, name: sympy.Basic, bound: sympy.Expr, *, label: str, by: str = "v") -> tuple[Step, ...]:
    """Make the steps that let a name be any number from 0 to a bound: the bound times a share, at most 1."""
    share = sympy.Symbol(by, nonnegative=True, positive=name.is_positive)
    part = f"{label}, the share"
    return (
        definition(f"{explanation} the share ${by}$ of a bound:", name, share * bound),
        inequality("the share is", related(share, "<=", 1), domain={share: UNIT}, label=part),
        combination("so that", related(name, "<=", bound), {part: bound}, label=label),
    )


@by_sides
def assumption(explanation: str, formula: Boolean, *, label: str) -> Step:
    """Make the premise of an implication: what uses it holds under it."""
    return Step("assumption", explanation, formula, label)


@by_sides
def condition(explanation: str, formula: Boolean, *, over: tuple[sympy.Symbol, ...] = (), label: str) -> Step:
    """Suppose something, for all values of some variables; it is printed with each conclusion that rests on it."""
    return Step("condition", explanation, formula, label, expression=sympy.Tuple(*over))


def citation(theorem: str, explanation: str, formula: Boolean | None = None, **more: Any) -> Step:
    """Make a step that cites one of `THEOREMS`; the explanation says why it applies, the formula what it gives."""
    if theorem not in THEOREMS:
        raise DerivationError(f"no theorem {theorem!r}; there are {', '.join(THEOREMS)}")
    return Step("theorem", explanation, formula, theorem=theorem, **more)


@by_sides
def prose(explanation: str, formula: Boolean | None = None, **more: Any) -> Step:
    """Make a step that is an argument in words, for the formula, if that is used; it may discharge assumptions."""
    return Step("prose", explanation, formula, **more)
