"""Arguments that are not exact numbers: each has the type that its name promises, or an error names it."""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from emtheory.numerics.arithmetic.rational import exact_integer
from emtheory.numerics.errors import InputError
from emtheory.numerics.level import ROUTES
from emtheory.theory.inexact import shown

File = str | os.PathLike[str]
"""The path of a file or folder."""

MAX_JOBS = 256
"""Processes: more than one machine has processors for."""

LONGEST = 1_000_000
"""Seconds: eleven days."""

Choice = TypeVar("Choice", bound=str)
Told = TypeVar("Told")

ROUTE_NAMES = ("auto", *ROUTES)


def text(value: object, what: str) -> str:
    """Return a text; InputError, which names it `what`, for anything else."""
    if not isinstance(value, str):
        raise InputError(f"{what} = {shown(value)} is not text")
    return value


def texts(value: object, what: str) -> tuple[str, ...]:
    """Return one text, or a sequence of texts, as a tuple; InputError, which names it `what`, for anything else."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Sequence):
        raise InputError(f"{what} = {shown(value)}: text, or a list of texts, is wanted")
    return tuple(text(part, what) for part in value)


def table(value: object, what: str) -> dict[str, Any]:
    """Return values by name, none for None; InputError, which names them `what`, for anything else."""
    if value is not None and not (isinstance(value, Mapping) and all(isinstance(name, str) for name in value)):
        raise InputError(f"{what} = {shown(value)}: values by their names are wanted")
    return dict(value or {})


def choice(value: Choice, what: str, valid: Collection[Choice]) -> Choice:
    """Return a text if it is one of the valid ones, or raise an InputError that calls it `what`."""
    if not isinstance(value, str) or value not in valid:
        raise InputError(f"{what} = {shown(value)} is not one of {', '.join(valid)}")
    return value


def progress(value: Callable[[Told], None] | None) -> Callable[[Told], None]:
    """Return the function that is told how far a computation is, or one that ignores it; InputError if it is none."""
    if value is not None and not callable(value):
        raise InputError(f"progress = {shown(value)} is no function of what it is told")
    return value or (lambda told: None)


def flag(value: object, what: str) -> bool:
    """Return True or False; InputError, which names it `what`, for anything else."""
    if not isinstance(value, bool):
        raise InputError(f"{what} = {shown(value)} is neither True nor False")
    return value


def count(value: object, what: str, smallest: int, largest: int) -> int:
    """Return an integer if it is in the closed range, or raise an InputError that calls it `what`."""
    number = exact_integer(value, what)
    if not smallest <= number <= largest:
        raise InputError(f"{what} = {shown(number)} is out of range: {smallest} to {largest}")
    return number


def seconds(value: object, what: str) -> float | None:
    """Return a positive time, a float as well, or None; InputError, which names it `what`, for anything else.

    The system's calls wait for some weeks at most.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LONGEST:
        raise InputError(f"{what} = {shown(value)}: a positive number of seconds is wanted, {LONGEST} at most")
    return float(value)


def file(value: object, what: str) -> Path:
    """Return a path; InputError, which names it `what`, for what is none."""
    path = os.fspath(value) if isinstance(value, str | os.PathLike) else value
    if not isinstance(path, str) or not path or "\0" in path:
        raise InputError(f"{what} = {shown(value)} is not the path of a file")
    return Path(path)


def files(value: object, what: str) -> tuple[Path, ...]:
    """Return one path, or a sequence of paths, as a tuple; InputError, which names it `what`, for anything else."""
    if isinstance(value, str | os.PathLike):
        return (file(value, what),)
    if not isinstance(value, Sequence):
        raise InputError(f"{what} = {shown(value)}: the path of a file, or a list of paths, is wanted")
    return tuple(file(part, what) for part in value)


def optional_file(value: object, what: str) -> Path | None:
    """Return a path, or None where none is given; InputError, which names it `what`, for anything else."""
    return None if value is None else file(value, what)
