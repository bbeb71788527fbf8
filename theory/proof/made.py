"""Derivations for every k, made once; SymPy is not imported here."""

from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def once(derive_general: Callable[[], Any]) -> Any:
    """Return what a function gives, which is called once."""
    return derive_general()
