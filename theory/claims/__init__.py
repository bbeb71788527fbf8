"""The catalogue: a folder for each source, in it one module per statement, each with an `ENTRY`, by chapter.

A new file in a chapter is a new entry, a new folder a new source or chapter.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules, walk_packages

from emtheory.theory.claim import GROUPS, Entry


def sources() -> tuple[str, ...]:
    """Return the names of the sources, which are the folders here."""
    return tuple(sorted(module.name for module in iter_modules(__path__) if module.ispkg))


def catalogue(source: str | None = None) -> tuple[Entry, ...]:
    """Return every entry, or those of one source, by chapter, in a chapter in order of its module's name.

    Raises
    ------
    ValueError
        If there is no such source, two entries share an id, or one is of no known chapter.
    """
    if source is not None and source not in sources():
        raise ValueError(f"no source {source!r}; there are {', '.join(sources())}")
    return tuple(entry for folder, entry in _entries() if source in (None, folder))


@cache
def _entries() -> tuple[tuple[str, Entry], ...]:
    """Return every entry with the name of its source."""
    names = [module.name for module in walk_packages(__path__, f"{__name__}.") if not module.ispkg]
    names.sort(key=lambda name: name.rpartition(".")[2])
    found = [(name.removeprefix(f"{__name__}.").partition(".")[0], import_module(name).ENTRY) for name in names]
    strays = [entry.id for _, entry in found if entry.group not in GROUPS]
    if strays:
        raise ValueError(f"entries of no known chapter: {', '.join(strays)}")
    ids = [entry.id for _, entry in found]
    duplicates = sorted({identifier for identifier in ids if ids.count(identifier) > 1})
    if duplicates:
        raise ValueError(f"duplicate entry ids in the catalogue: {', '.join(duplicates)}")
    return tuple(sorted(found, key=lambda pair: GROUPS.index(pair[1].group)))
