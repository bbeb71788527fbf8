"""Which statements of the catalogue a command is about."""

from collections.abc import Sequence

from emtheory.numerics.errors import InputError
from emtheory.reports.checking.selection import matching
from emtheory.theory.claim import Entry
from emtheory.theory.claims import catalogue


def select_entries(source: str | None = None, select: Sequence[str] = ()) -> tuple[Entry, ...]:
    """Return entries in the order of the catalogue.

    Parameters
    ----------
    source
        A folder of the catalogue, or None for all.
    select
        Ids, or patterns of ids such as ``lemma-*``; every one if there is none.

    Raises
    ------
    InputError
        If there is no such source.
    NothingSelectedError
        If a pattern matches no statement.
    """
    try:
        entries = catalogue(source)
    except ValueError as error:
        raise InputError(str(error)) from None
    chosen = matching([entry.id for entry in entries], select, "statement")
    return tuple(entry for entry in entries if entry.id in chosen)


def with_supports(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return entries and all that they rest on, in the order of the catalogue: no verdict is stronger than those."""
    known = {entry.id: entry for entry in catalogue()}
    wanted: set[str] = set()
    waiting = [entry.id for entry in entries]
    while waiting:
        identifier = waiting.pop()
        if identifier not in wanted:
            wanted.add(identifier)
            waiting += known[identifier].depends
    return tuple(entry for entry in known.values() if entry.id in wanted)
