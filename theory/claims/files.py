"""Files of the catalogue: a statement in the language of claims files, and the few keys that only a statement has."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import partial
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, TypeVar, get_args, get_origin

from emtheory.theory.claim import Claim
from emtheory.theory.errors import InputError, ModelError
from emtheory.theory.errors import Path as Keys
from emtheory.theory.inexact import shown
from emtheory.theory.table import check_keys, placed
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
    *("for_all", "assume", "model_file"),
)
_WANTED = {str: "text", bool: "true or false", tuple: "a list", Mapping: "a table"}


def load(kind: type[_Read], path: Path) -> _Read:
    """Return the `Entry` or `Source` that a file says; InputError with its line if it has another key or lacks one."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    try:
        found: _Read = _read(kind, parse_toml(text, path), ())
    except ModelError as error:
        spot = spot_of(error.path, spots(text))
        raise InputError(f"{path}:{1 if spot is None else spot.line}: {error}") from None
    return found


def _read(kind: Any, value: Any, keys: Keys) -> Any:
    """Return a value of TOML as a value of a type that a field may have."""
    if hasattr(kind, "__dataclass_fields__"):
        table = _read(Mapping, value, keys)
        given = _claim(table, keys) if kind is Claim else _fields(kind, table, keys)
        return placed(keys, partial(kind, **given))
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
    needless = [key for key, each in known.items() if (each.default, each.default_factory) != (MISSING, MISSING)]
    check_keys(table, keys, tuple(known), needless)
    return {known[key].name: _read(known[key].type, value, (*keys, key)) for key, value in table.items()}


def _claim(table: Mapping[str, Any], keys: Keys) -> dict[str, Any]:
    """Return what a table says of a claim; k and weights have to be given, unless it is on a family or a derivation.

    Other keys than those of every claim are variables of the family. A derivation without k is the one for every k.
    """
    given = {key: value for key, value in table.items() if key in _CLAIM}
    values = {key: table[key] for key in table if key not in given} if "family" in table else {}
    needed = {"id"} if {"derivation", "family"} & table.keys() else {"id", "k", "weights"}
    check_keys(table, keys, (*_CLAIM, *values), [key for key in _CLAIM if key not in needed])
    return {"k": (), "values": values, "general": "derivation" in table and "k" not in table} | given
