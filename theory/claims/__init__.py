"""The catalogue: one module per statement of the paper, each with an `ENTRY`. A new file here is a new entry."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from theory.claim import GROUPS, Entry


@cache
def catalogue() -> tuple[Entry, ...]:
    """Return every entry by chapter, in a chapter in order of its module's name.

    Raises
    ------
    ValueError
        If two entries share an id, or one is of no known chapter.
    """
    modules = sorted(module.name for module in iter_modules(__path__))
    entries = [import_module(f"{__name__}.{name}").ENTRY for name in modules]
    strays = [entry.id for entry in entries if entry.group not in GROUPS]
    if strays:
        raise ValueError(f"entries of no known chapter: {', '.join(strays)}")
    ids = [entry.id for entry in entries]
    duplicates = sorted({identifier for identifier in ids if ids.count(identifier) > 1})
    if duplicates:
        raise ValueError(f"duplicate entry ids in the catalogue: {', '.join(duplicates)}")
    return tuple(sorted(entries, key=lambda entry: GROUPS.index(entry.group)))
