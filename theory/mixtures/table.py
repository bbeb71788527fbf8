"""What stands in the tables of a model: text, and formulas."""

from collections.abc import Mapping
from decimal import Decimal
from numbers import Rational
from typing import Any

import sympy

from emtheory.theory.errors import InputError, ModelError, Path
from emtheory.theory.inexact import refusal, shown
from emtheory.theory.mixtures.expression import Bounded, Named, bounded_expression_of
from emtheory.theory.table import placed


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
