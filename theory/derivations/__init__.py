"""What the program derives: a folder for each topic, in it one module per statement.

A new file here, with a `STATEMENT` and ``derive(k)`` or ``derive_general()``, is a new derivation; its name is the
file's, with hyphens. SymPy is imported only when one is derived.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from emtheory.theory.errors import InputError
from emtheory.theory.inexact import shown
from emtheory.theory.near_miss import near_misses
from emtheory.theory.plugins import derivation_modules
from emtheory.theory.proof.made import once

if TYPE_CHECKING:
    from emtheory.theory.proof.derivation import Derivation, Statement

__all__ = ["derive", "module_of", "names", "statement_of"]


def names() -> tuple[str, ...]:
    """Return the names of all derivations, topic by topic."""
    return tuple(_modules())


def statement_of(name: str) -> "Statement":
    """Return what a derivation derives, and for which k; InputError if there is none of this name."""
    statement: Statement = module_of(name).STATEMENT
    return statement


@cache
def derive(name: str, k: int | None = 3) -> "Derivation":
    """Derive a statement, checking every step; a derivation that was made is kept.

    `name`: one of `names`; `k`: number of components, from the statement's ``smallest_k`` to its ``largest_k``; None
    for the derivation for every k. InputError for an unknown statement, a k outside its range, or None where there is
    no general derivation; emtheory.theory.errors.DerivationError if a step fails its check.
    """
    statement = statement_of(name)
    if k is None and not statement.general:
        raise InputError(f"{name} is derived for one k at a time, not for every k at once")
    if k is not None and not statement.smallest_k <= k <= statement.largest_k:
        limits = (
            f"for {statement.smallest_k} <= k <= {statement.largest_k}"
            if statement.largest_k
            else "for every k at once"
        )
        raise InputError(f"{name} is derived {limits}, not for k = {k}")
    module = module_of(name)
    derivation: Derivation = once(module.derive_general) if k is None else module.derive(k)
    return derivation


@cache
def _modules() -> Mapping[str, str]:
    found = [module.name for module in walk_packages(__path__, f"{__name__}.") if not module.ispkg]
    named: dict[str, str] = {}
    for module in (*found, *derivation_modules()):
        name = module.rpartition(".")[2].replace("_", "-")
        if name in named:
            raise ValueError(f"the derivation {name} is in {named[name]} and in {module}")
        named[name] = module
    return MappingProxyType(named)


def module_of(name: str) -> Any:
    """Return the module of a derivation; ValueError if there is none of this name."""
    if name not in _modules():
        hint = near_misses(name, names(), "'emtheory derive' lists all")
        raise InputError(f"no statement {shown(name)}{hint}")
    return import_module(_modules()[name])
