"""The catalogue: one module per statement of the paper, each with an `ENTRY`. A new file here is a new entry."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from theory.claim import Entry


@cache
def catalogue() -> tuple[Entry, ...]:
    """Return every entry, in order of its module's name; ValueError if two share an id."""
    entries = tuple(
        import_module(f"{__name__}.{name}").ENTRY for name in sorted(module.name for module in iter_modules(__path__))
    )
    ids = [entry.id for entry in entries]
    duplicates = sorted({identifier for identifier in ids if ids.count(identifier) > 1})
    if duplicates:
        raise ValueError(f"duplicate entry ids in the catalogue: {', '.join(duplicates)}")
    return entries
