"""Files of the catalogue: a statement in the language of claims files, and the few keys that only a statement has."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, TypeVar, get_args, get_origin

from emtheory.theory.claim import Claim
from emtheory.theory.errors import InputError, ModelError
from emtheory.theory.errors import Path as Keys
from emtheory.theory.inexact import shown
from emtheory.theory.near_miss import near_misses
from emtheory.theory.toml_text import parse_toml, spot_of, spots

_Read = TypeVar("_Read")

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "group": "chapter",
        "expected": "expect",
        "claims": "claim",
        "disproofs": "disproof",
        "instances": "instance",
        "hypotheses": "hypothesis",
        "controls": "control",
        "constants": "constant",
    }
)
"""Field of an entry → its key, where that is another."""

_CLAIM = (
    *("id", "title", "statement", "derivation", "family", "k", "weights", "d", "radius", "amplitudes"),
    *("for_all", "assume"),
)
_WANTED = {str: "text", bool: "true or false", tuple: "a list", Mapping: "a table"}


def load(kind: type[_Read], path: Path) -> _Read:
    """Return the `Entry` or `Source` that a file says; InputError with its line if it has another key or lacks one."""
    text = path.read_text(encoding="utf-8")
    try:
        found: _Read = _read(kind, parse_toml(text, path), ())
    except ModelError as error:
        spot = spot_of(error.path, spots(text))
        raise InputError(f"{path}:{1 if spot is None else spot.line}: {error}") from None
    return found


def _read(kind: Any, value: Any, keys: Keys) -> Any:
    """Return a value of TOML as a value of a type that a field may have."""
    if kind is Claim:
        return _claim(_read(Mapping, value, keys), keys)
    if is_dataclass(kind):
        return _made(kind, _fields(kind, _read(Mapping, value, keys), keys), keys)
    outer, inner = get_origin(kind) or kind, get_args(kind)
    if outer is UnionType:
        return _read(inner[0], value, keys)
    plain = tuple(value) if isinstance(value, list) else value
    if not isinstance(plain, outer):
        raise ModelError(keys, f"{shown(value)}: {_WANTED[outer]} is wanted")
    if outer is tuple:
        return tuple(_read(inner[0], each, (*keys, index)) for index, each in enumerate(plain))
    if inner:
        return {key: _read(inner[1], each, (*keys, key)) for key, each in plain.items()}
    return plain


def _fields(kind: Any, table: Mapping[str, Any], keys: Keys) -> dict[str, Any]:
    known = {KEYS.get(each.name, each.name): each for each in fields(kind) if each.name != "certified"}
    for key in table:
        if key not in known:
            raise _unknown(key, known, keys)
    for key, each in known.items():
        if key not in table and each.default is MISSING and each.default_factory is MISSING:
            raise ModelError(keys, f"{key} is missing")
    return {known[key].name: _read(known[key].type, value, (*keys, key)) for key, value in table.items()}


def _claim(table: Mapping[str, Any], keys: Keys) -> Claim:
    """Return a claim: k and weights have to be given, unless it is on a family, whose variables are keys.

    A derivation without k is the one for every k.
    """
    beyond = {key: value for key, value in table.items() if key not in _CLAIM}
    for key in beyond if "family" not in table else ():
        raise _unknown(key, _CLAIM, keys)
    elsewhere = {"derivation", "family"} & table.keys()
    for key in ("id", *(() if elsewhere else ("k", "weights"))):
        if key not in table:
            raise ModelError(keys, f"{key} is missing")
    general = "derivation" in table and "k" not in table
    given = {"k": ()} | {key: table[key] for key in table if key not in beyond}
    found: Claim = _made(Claim, given | {"values": beyond, "general": general}, keys)
    return found


def _made(kind: Any, given: Mapping[str, Any], keys: Keys) -> Any:
    try:
        return kind(**given)
    except InputError as error:
        raise ModelError(keys, str(error)) from None


def _unknown(key: str, known: Iterable[str], keys: Keys) -> ModelError:
    valid = f"valid are {', '.join(known)}"
    return ModelError((*keys, key), f"unknown key{near_misses(key, known, valid)}")
