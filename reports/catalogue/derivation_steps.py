"""The derivations that a report shows: each once, for every k or at one, with the first entry that rests on it."""

from collections.abc import Sequence

from emtheory.reports.catalogue.entry import claims_of
from emtheory.theory.claim import Claim, Entry

_USUAL_K = 3
"""Shown where a derivation goes through for several k: small, but with R other than −1."""


def shown_k(claim: Claim) -> int | None:
    """Return the k whose steps are shown for a claim by derivation, or None if those for every k are."""
    if claim.general:
        return None
    return _USUAL_K if _USUAL_K in claim.k else min(claim.k)


def derivation_name(claim: Claim) -> str:
    """Return a name, also for links, of the derivation shown for a claim."""
    return f"{claim.derivation}-{shown_k(claim) or 'general'}"


def derivations_of(entries: Sequence[Entry]) -> tuple[tuple[str, int | None, str], ...]:
    """Return the derivations of all entries as (name, k, id of the first entry with it), each once and in order."""
    first: dict[str, tuple[str, int | None, str]] = {}
    for entry in entries:
        for claim in claims_of(entry):
            if claim.derivation:
                first.setdefault(derivation_name(claim), (claim.derivation, shown_k(claim), entry.id))
    return tuple(first.values())


def derivation_document(name: str, k: int | None, entry: str) -> dict[str, object]:
    """Derive a statement and return it as ``derive --json`` does, with the entry that shows it."""
    # SymPy takes a third of a second to load, and only derivations need it.
    from emtheory.reports.certificates.derivation import as_document  # noqa: PLC0415
    from emtheory.theory.derivations import derive  # noqa: PLC0415

    return as_document(derive(name, k)) | {"entry": entry}
