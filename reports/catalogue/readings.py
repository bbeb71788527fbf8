"""Entries that judge the same sentence in different readings."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from emtheory.theory.claim import Entry


def other_readings(entries: Sequence[Entry]) -> Mapping[str, tuple[str, ...]]:
    """Return the id of every entry → ids of those among the entries that read its sentence otherwise."""
    same: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        same[entry.other_reading_of or entry.id].append(entry.id)
    return {name: tuple(other for other in ids if other != name) for ids in same.values() for name in ids}
