"""Tables of text: what stands in one, and errors that say where it is wrong."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from numbers import Rational
from typing import Any

import sympy

from emtheory.theory.errors import InputError, ModelError, Path, TextError
from emtheory.theory.inexact import refusal, shown
from emtheory.theory.mixtures.expression import Bounded, Named, bounded_expression_of
from emtheory.theory.near_miss import near_misses


def plain(value: Any, path: Path, depth: int) -> Any:
    """A table with numbers as text, whatever types TOML, JSON and Python have for them."""
    if depth > 5:
        raise ModelError(path, "tables and lists are nested too deeply")
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise ModelError(path, f"the key {shown(key)} is no text")
        return {key: plain(each, (*path, key), depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each, (*path, index), depth + 1) for index, each in enumerate(value)]
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal | Rational) and not isinstance(value, bool):
        return str(value)
    raise ModelError(path, refusal(value, str(path[-1]) if path else "the model"))


def check_keys(table: Any, path: Path, valid: Sequence[str], optional: Sequence[str] = ()) -> None:
    """Check that a table has all keys that are valid but for the optional ones, and no others."""
    if not isinstance(table, dict):
        raise ModelError(path, f"a table with the keys {', '.join(valid)} is wanted, not {shown(table)}")
    known = f"valid are {', '.join(valid)}"
    for key in table:
        if key not in valid:
            raise ModelError((*path, key), f"unknown key{near_misses(key, valid, known)}")
    for key in valid:
        if key not in table and key not in optional:
            raise ModelError(path, f"{key} is missing: {known}")


def text_in(value: Any) -> str:
    """The text that a value is; InputError if it is none."""
    if not isinstance(value, str):
        raise InputError(f"text is wanted, not {shown(value)}")
    return value


def formula(value: Any, path: Path, names: Named) -> sympy.Expr:
    """The expression that a text in a table is."""
    return bounded_formula(value, path, names).value


def bounded_formula(value: Any, path: Path, names: Named) -> Bounded:
    """The same, as other formulas may be built with it."""
    built: Bounded = placed(path, lambda: bounded_expression_of(text_in(value), names))
    return built


def placed(path: Path, read: Callable[[], Any]) -> Any:
    """What `read` returns; its errors get the path."""
    try:
        return read()
    except TextError as error:
        raise ModelError(path, error.problem, error.column) from None
    except InputError as error:
        raise ModelError(path, str(error)) from None
