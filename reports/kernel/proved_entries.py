"""Which statements of the catalogue, as they are read, Rocq has checked for every d and k, or the contrary of them.

Of an entry that is expected to hold they say what it says, of one that is not they contradict that.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from emtheory.reports.kernel.general import meaning_of, recorded, statements
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims import catalogue

FILE = Path(__file__).parent / "em" / "entries.json"
"""Entry → names of statements that together say what its reading says, or contradict it, and digests of both sides."""


@dataclass(frozen=True)
class Covered:
    """What a person found that statements in Rocq settle of an entry, with digests of both sides as they were then."""

    statements: tuple[str, ...]
    reading: str
    meaning: str


@cache
def covered() -> Mapping[str, Covered]:
    """Return entry → what covers it."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: Covered(tuple(each["statements"]), each["reading"], each["meaning"]) for name, each in kept.items()}


def entry_of(claim: Claim) -> Entry | None:
    """Return the entry of the catalogue that has a claim of this name by the same derivation, or None."""
    named = (claim.id, claim.derivation)
    return next(
        (entry for entry in catalogue() if named in {(each.id, each.derivation) for each in entry.claims}), None
    )


def reading_of(entry: Entry) -> str:
    """Return a digest of what an entry says."""
    return sha256(f"{entry.title}\0{entry.reading}".encode()).hexdigest()[:32]


def theorems_of(entry: Entry) -> tuple[str, ...]:
    """Return the statements in Rocq that settle what an entry says; none if one of both sides is not what it was.

    A change of the reading, of a statement or of a definition lapses it, and so does one of any file that is not
    recorded as accepted by Rocq: then somebody has to compare both sides again, or to have the files checked.
    """
    found = covered().get(entry.id)
    if found is None or recorded() is None or found.reading != reading_of(entry):
        return ()
    if not set(found.statements) <= set(statements()) or found.meaning != meaning_of(found.statements):
        return ()
    return found.statements


def theorem_documents(names: Iterable[str]) -> list[dict[str, str]]:
    """Return statements in Rocq as JSON values: ``name``, ``words`` and ``statement``."""
    stated = statements()
    return [{"name": name, "words": stated[name].words, "statement": stated[name].text} for name in names]


def renew(entries: Mapping[str, Entry]) -> None:
    """Write the digests of both sides as they are now, once they have been compared."""
    kept = {
        name: {
            "statements": list(each.statements),
            "reading": reading_of(entries[name]),
            "meaning": meaning_of(each.statements),
        }
        for name, each in covered().items()
    }
    FILE.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
