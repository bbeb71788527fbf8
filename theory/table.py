"""Tables of a file: which keys they have, and errors that say where one is wrong."""

from collections.abc import Callable, Sequence
from typing import Any

from emtheory.theory.errors import InputError, ModelError, Path, TextError
from emtheory.theory.inexact import shown
from emtheory.theory.near_miss import near_misses


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


def placed(path: Path, read: Callable[[], Any]) -> Any:
    """What `read` returns; its errors get the path."""
    try:
        return read()
    except TextError as error:
        raise ModelError(path, error.problem, error.column) from None
    except InputError as error:
        raise ModelError(path, str(error)) from None
