"""The catalogue: a folder for each source, with a ``source.toml`` that says what it is, and a file for each statement.

A new file is a new statement, in the chapter that the source names for its folder; a new folder may be a new source.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from emtheory.theory.claim import GROUPS, Entry
from emtheory.theory.claims.files import load
from emtheory.theory.near_miss import near_misses
from emtheory.theory.plugins import SOURCES, plugins, source_folders, statement_modules
from emtheory.theory.source import Source

PAPER = "overspecified_mixtures"
"""The source that the report is about unless another is named."""

_SOURCE_FILE = "source.toml"


@cache
def sources() -> Mapping[str, Source]:
    """Return the sources by name, which is that of their folder: first the paper, the others by year and title."""
    added = plugins(SOURCES)
    if twice := _files().keys() & added.keys():
        raise ValueError(f"a package adds a source with the name of one that there is: {', '.join(sorted(twice))}")
    found = {name: load(Source, file) for name, file in _files().items()}
    for name, folder in source_folders():
        if name not in found:
            said: Source | None = getattr(added[name], "SOURCE", None)
            found[name] = load(Source, folder / _SOURCE_FILE) if said is None else said
    order = sorted(found, key=lambda name: (name != PAPER, found[name].title[-6:], found[name].title))
    return MappingProxyType({name: found[name] for name in order})


def catalogue(source: str | None = None) -> tuple[Entry, ...]:
    """Return the entries, of one source or all, by chapter and file; ValueError if one is malformed or there twice."""
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
    found = [(name, entry) for _, name, entry in sorted((*_in_files(), *_in_modules()), key=lambda each: each[0])]
    strays = [entry.id for _, entry in found if entry.group not in chapters()]
    if strays:
        raise ValueError(f"entries of no known chapter: {', '.join(strays)}")
    ids = [entry.id for _, entry in found]
    duplicates = sorted({identifier for identifier in ids if ids.count(identifier) > 1})
    if duplicates:
        raise ValueError(f"duplicate entry ids in the catalogue: {', '.join(duplicates)}")
    return tuple(sorted(found, key=lambda pair: chapters().index(pair[1].group)))


def _files() -> Mapping[str, Path]:
    """Return name → what says what it is, for each source of ours."""
    return {file.parent.name: file for folder in __path__ for file in Path(folder).glob(f"*/{_SOURCE_FILE}")}


def _in_files() -> Iterator[tuple[str, str, Entry]]:
    """Yield the name of each file with a statement, its source, and the statement."""
    for source, folder in (*((name, file.parent) for name, file in _files().items()), *source_folders()):
        for path in folder.rglob("*.toml"):
            if path.name != _SOURCE_FILE:
                yield path.stem, source, _placed(load(Entry, path), source, path.parent.name)


def _in_modules() -> Iterator[tuple[str, str, Entry]]:
    """Yield the same of modules with an `ENTRY` in packages that add a source."""
    for source, name in statement_modules():
        room, _, stem = name.rpartition(".")
        entry: Entry = import_module(name).ENTRY
        chapter = getattr(import_module(room), "CHAPTER", "")
        yield stem, source, _placed(replace(entry, group=entry.group or chapter), source, room.rpartition(".")[2])


def _placed(entry: Entry, source: str, folder: str) -> Entry:
    """Return an entry in its chapter: its own, that of its folder, or that of a source without chapters, its title."""
    known = sources()[source]
    return replace(entry, group=entry.group or known.chapters.get(folder, known.title))
