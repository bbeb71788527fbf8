"""Names of `emtheory.theory.proof` for derivations that do not have their statement as a formula yet."""

from typing import Any

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.derivation import Derivation as _Derivation
from emtheory.theory.proof.derivation import Evidence, Statement, check
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


class Derivation(_Derivation):
    """A derivation whose statement is in words only."""

    def __init__(self, *, statement: str | Proposition, **parts: Any) -> None:
        words = statement if isinstance(statement, Proposition) else Proposition((), note=statement)
        super().__init__(statement=words, **parts)
