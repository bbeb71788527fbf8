"""The catalogue: a folder for each source, in it one module per statement, each with an `ENTRY`, by chapter.

A new file in a chapter is a new entry, a new folder a new `CHAPTER` or a new source, which says in `SOURCE` what it is.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules, walk_packages
from types import MappingProxyType

from emtheory.theory.claim import GROUPS, Entry
from emtheory.theory.near_miss import near_misses
from emtheory.theory.plugins import SOURCES, plugins, statement_modules
from emtheory.theory.source import Source

PAPER = "overspecified_mixtures"
"""The source that the report is about unless another is named."""


@cache
def sources() -> Mapping[str, Source]:
    """Return the sources by name, which is that of their folder: first the paper, the others by year and title."""
    names = [module.name for module in iter_modules(__path__) if module.ispkg]
    modules = {name: import_module(f"{__name__}.{name}") for name in names}
    added = plugins(SOURCES)
    if twice := modules.keys() & added.keys():
        raise ValueError(f"a package adds a source with the name of one that there is: {', '.join(sorted(twice))}")
    found: dict[str, Source] = {name: module.SOURCE for name, module in (modules | dict(added)).items()}
    order = sorted(found, key=lambda name: (name != PAPER, found[name].title[-6:], found[name].title))
    return MappingProxyType({name: found[name] for name in order})


def catalogue(source: str | None = None) -> tuple[Entry, ...]:
    """Return every entry, or those of one source, by chapter, in a chapter in order of its module's name.

    Raises
    ------
    ValueError
        If there is no such source, two entries share an id, or one is of no known chapter.
    """
    if source is not None and source not in sources():
        hint = near_misses(source, sources(), "'emtheory claims' lists all")
        raise ValueError(f"no source {source!r}{hint}")
    return tuple(entry for folder, entry in _entries() if source in (None, folder))


def chapters() -> tuple[str, ...]:
    """Return the chapters in their order: those of the paper, then one for each other source."""
    return (*GROUPS, *(source.title for name, source in sources().items() if name != PAPER))


@cache
def _entries() -> tuple[tuple[str, Entry], ...]:
    """Return every entry with the name of its source."""
    own = [module.name for module in walk_packages(__path__, f"{__name__}.") if not module.ispkg]
    names = [(name.removeprefix(f"{__name__}.").partition(".")[0], name) for name in own]
    names += statement_modules()
    names.sort(key=lambda pair: pair[1].rpartition(".")[2])
    found = [_entry(*each) for each in names]
    strays = [entry.id for _, entry in found if entry.group not in chapters()]
    if strays:
        raise ValueError(f"entries of no known chapter: {', '.join(strays)}")
    ids = [entry.id for _, entry in found]
    duplicates = sorted({identifier for identifier in ids if ids.count(identifier) > 1})
    if duplicates:
        raise ValueError(f"duplicate entry ids in the catalogue: {', '.join(duplicates)}")
    return tuple(sorted(found, key=lambda pair: chapters().index(pair[1].group)))


def _entry(source: str, name: str) -> tuple[str, Entry]:
    """The source and the entry of a module, in the `CHAPTER` of its folder, or that of the source if it has none."""
    entry: Entry = import_module(name).ENTRY
    chapter = getattr(import_module(name.rpartition(".")[0]), "CHAPTER", sources()[source].title)
    return source, replace(entry, group=entry.group or chapter)
