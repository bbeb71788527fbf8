"""Derivations for every k, made once; SymPy is not imported here."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emtheory.theory.proof.derivation import Derivation


@cache
def made(derive_general: Callable[[], "Derivation"]) -> "Derivation":
    """Return, checked, what `derive_general` of a module of `emtheory.theory.derivations` gives; it is called once."""
    return derive_general()
