"""The derivations that a report shows: each once, for every k or at one, with the first entry that rests on it."""

from collections.abc import Sequence

from emtheory.reports.catalogue.claim_document import derivation_name, shown_k
from emtheory.reports.catalogue.entry import claims_of
from emtheory.theory.claim import Entry


def derivations_of(entries: Sequence[Entry]) -> tuple[tuple[str, int | None, str], ...]:
    """Return the derivations of all entries as (name, k, id of the first entry with it), each once and in order."""
    first: dict[str, tuple[str, int | None, str]] = {}
    for entry in entries:
        for claim in claims_of(entry):
            if claim.derivation:
                first.setdefault(derivation_name(claim), (claim.derivation, shown_k(claim), entry.id))
    return tuple(first.values())
