"""Derivations for every k, made once; SymPy is not imported here."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emtheory.theory.proof.derivation import Derivation

__all__ = ["made"]


@cache
def made(derive_general: Callable[[], "Derivation"]) -> "Derivation":
    """Return what a function derives, checked; it is called once.

    Parameters
    ----------
    derive_general
        Of a module of `emtheory.theory.derivations`.
    """
    return derive_general()
