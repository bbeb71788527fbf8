"""The catalogue: a folder for each source, in it one module per statement, each with an `ENTRY`, by chapter.

A new file in a chapter is a new entry, a new folder a new source or chapter.
"""

from functools import cache
from importlib import import_module
from pkgutil import walk_packages

from emtheory.theory.claim import GROUPS, Entry


@cache
def catalogue() -> tuple[Entry, ...]:
    """Return every entry by chapter, in a chapter in order of its module's name.

    Raises
    ------
    ValueError
        If two entries share an id, or one is of no known chapter.
    """
    found = [module.name for module in walk_packages(__path__, f"{__name__}.") if not module.ispkg]
    entries = [import_module(name).ENTRY for name in sorted(found, key=lambda name: name.rpartition(".")[2])]
    strays = [entry.id for entry in entries if entry.group not in GROUPS]
    if strays:
        raise ValueError(f"entries of no known chapter: {', '.join(strays)}")
    ids = [entry.id for entry in entries]
    duplicates = sorted({identifier for identifier in ids if ids.count(identifier) > 1})
    if duplicates:
        raise ValueError(f"duplicate entry ids in the catalogue: {', '.join(duplicates)}")
    return tuple(sorted(entries, key=lambda entry: GROUPS.index(entry.group)))
