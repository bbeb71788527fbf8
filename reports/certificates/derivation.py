"""A derivation as JSON values and as words: what certificates, the report and `emtheory derive` say of it alike."""

from collections import Counter
from typing import Any

import sympy

from emtheory.numerics.errors import InputError
from emtheory.theory.derivation import Derivation, DerivationError, Evidence, Step
from emtheory.theory.derivations import derive
from emtheory.theory.theorems import THEOREMS


def derived(name: str, k: int | None) -> dict[str, Any]:
    """Derive a statement, for every k if it is None, and return its document, or the ``error`` of the step that fails.

    Raises
    ------
    InputError
        If there is no such derivation.
    """
    try:
        return as_document(derive(name, k))
    except DerivationError as error:
        return {"k": k, "error": str(error)}
    except ValueError as error:
        raise InputError(str(error)) from None


def as_document(derivation: Derivation) -> dict[str, Any]:
    """Return the derivation as JSON values."""
    steps = [
        {
            "number": number,
            "kind": step.kind,
            "explanation": step.explanation,
            "theorem": THEOREMS[step.theorem] if step.theorem else None,
            "lhs": None if step.lhs is None else sympy.sstr(step.lhs),
            "rhs": None if step.rhs is None else sympy.sstr(step.rhs),
            "latex": step_latex(step),
            "checked": None if evidence is None else {"method": evidence.method, "points": evidence.points},
            "how": how_checked(step, evidence),
        }
        for number, (step, evidence) in enumerate(zip(derivation.steps, derivation.evidence, strict=True), start=1)
    ]
    return {
        "schema": 1,
        "name": derivation.name,
        "title": derivation.title,
        "statement": derivation.statement,
        "source": derivation.source,
        "scope": derivation.scope,
        "basis": basis(derivation),
        "k": derivation.k,
        "general": derivation.general,
        "steps": steps,
    }


def step_latex(step: Step) -> str:
    """Return the formula of a step in LaTeX, without delimiters; empty for a step in words."""
    if step.lhs is None:
        return ""
    relation = r"\leq" if step.kind == "inequality" else "="
    return f"{sympy.latex(step.lhs)} {relation} {sympy.latex(step.rhs)}"


_BASIS = (
    ("equation", "equations checked by machine"),
    ("inequality", "inequalities proved in words, and tested"),
    ("prose", "arguments in words"),
)


def basis(derivation: Derivation) -> str:
    """Say in a line what a derivation rests on: the program, cited theorems, and words."""
    kinds: Counter[str] = Counter(step.kind for step in derivation.steps)
    theorems = dict.fromkeys(step.theorem for step in derivation.steps if step.theorem)
    parts = [f"{how}: {kinds[kind]}" for kind, how in _BASIS if kinds[kind]]
    return "; ".join([*parts, *([f"cited: {', '.join(theorems)}"] if theorems else [])])


def how_checked(step: Step, evidence: Evidence | None) -> str:
    """Say what a step rests on: the program, a cited theorem, or the reader."""
    if step.theorem:
        return f"cites {step.theorem}"
    if evidence is None:
        return step.kind
    if step.kind == "inequality":
        return f"proof in words, tested at {evidence.points} points"
    return f"checked by {evidence.method}, and at {evidence.points} exact points"
