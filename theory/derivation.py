"""Names of `emtheory.theory.proof` for derivations that do not have their statement as a formula yet."""

from typing import Any

from emtheory.theory.proof.derivation import Derivation as _Derivation
from emtheory.theory.proof.derivation import DerivationError, Evidence, Statement, check
from emtheory.theory.proof.formula import Proposition
from emtheory.theory.proof.step import Step, citation, definition, equation, inequality, prose

__all__ = [
    "Derivation",
    "DerivationError",
    "Evidence",
    "Statement",
    "Step",
    "check",
    "citation",
    "definition",
    "equation",
    "inequality",
    "prose",
]


def Derivation(*, statement: str, **parts: Any) -> _Derivation:
    """Make a derivation whose statement is in words only."""
    return _Derivation(statement=Proposition((), note=statement), **parts)
