"""Which statements of the catalogue a command is about, and which judge the same sentence in another reading."""

import shlex
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from emtheory.numerics.errors import InputError
from emtheory.reports.checking.selection import matching
from emtheory.theory.claim import Entry
from emtheory.theory.claims import PAPER, catalogue, sources

ALL = "all"
"""In place of the name of a source: every one."""


def select_entries(source: str | None = None, select: Sequence[str] = ()) -> tuple[Entry, ...]:
    """Return the entries of a source (all if None), in the catalogue's order, whose ids match a pattern, if any.

    InputError if there is no such source; NothingSelectedError if a pattern matches none.
    """
    try:
        entries = catalogue(source)
    except ValueError as error:
        raise InputError(str(error)) from None
    chosen = matching([entry.id for entry in entries], select, "statement")
    return tuple(entry for entry in entries if entry.id in chosen)


def report_entries(source: str | None = None, select: Sequence[str] = ()) -> tuple[Entry, ...]:
    """Return the entries of a report with all they rest on: the paper's by default; with patterns, of any source."""
    wanted = PAPER if source is None and not select else source
    return with_supports(select_entries(None if wanted == ALL else wanted, select))


def is_about_paper(entries: Sequence[Entry]) -> bool:
    """Whether every statement of the paper is among the entries, so that its numbers and laws belong to the report."""
    ids = {entry.id for entry in entries}
    return all(entry.id in ids for entry in catalogue(PAPER))


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


def sources_document(outcomes: Mapping[str, str]) -> dict[str, object]:
    """Return every source with what of it is judged; ``about`` is None for the paper, or for several sources."""
    described: list[dict[str, object]] = []
    for name, source in sources().items():
        own = [entry.id for entry in catalogue(name)]
        here = [identifier for identifier in own if identifier in outcomes]
        described.append(
            {
                "name": name,
                "title": source.title,
                "reference": source.reference,
                "scope": source.scope,
                "not_judged": source.not_judged,
                "statements": len(own),
                "here": len(here),
                "entries": here,
                "verdicts": dict(sorted(Counter(outcomes[identifier] for identifier in here).items())),
                "command": shlex.join(["emtheory", "report", "--source", name, "--out", f"report-{name}"]),
            }
        )
    present = [source for source in described if source["here"]]
    about = present[0] if len(present) == 1 and present[0]["name"] != PAPER else None
    return {"sources": described, "about": about}


def other_readings(entries: Sequence[Entry]) -> Mapping[str, tuple[str, ...]]:
    """Return the id of every entry → ids of those among the entries that read its sentence otherwise."""
    same: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        same[entry.other_reading_of or entry.id].append(entry.id)
    return {name: tuple(other for other in ids if other != name) for ids in same.values() for name in ids}
