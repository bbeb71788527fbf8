"""Verdicts kept from earlier runs, and which claims failed last.

An entry counts only if it is whole and made by the very same code.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from pathlib import Path

from emtheory.reports.checking import kept
from emtheory.reports.checking.effort import Evidence
from emtheory.reports.checking.record import Record
from emtheory.theory.claim import PROSE, Claim

_UNSAID = ("id", *PROSE)
"""Fields of a claim that are for the reader: two claims that differ in these say the same."""

_FIRST = (
    *("statement", "derivation", "general", "k", "weights", "d", "radius", "amplitudes", "for_all"),
    *("family", "values", "assume", "expect"),
)
"""Fields that are digested whatever they are. Others are where they are given: so lock files outlive a new field."""


def claim_fingerprint(claim: Claim) -> str:
    """Return a SHA-256 digest of all that a claim says: of every field but those for the reader."""
    said = {name: getattr(claim, name) for name in _FIRST}
    said = {name: dict(value) if isinstance(value, Mapping) else value for name, value in said.items()}
    for field in fields(claim):
        value = getattr(claim, field.name)
        default = field.default if field.default_factory is MISSING else field.default_factory()
        if field.name not in (*_UNSAID, *_FIRST) and value != default:
            said[field.name] = kept.content(value)
    return kept.digest(said)


def _said(claim: Claim) -> object:
    """Return all of a claim but the line where it stands, which other claims may move."""
    return kept.content(replace(claim, line=None))


def entry_path(folder: Path, claim: Claim, code: str, digits_max: int | None) -> Path:
    """Return the file for the verdict on a claim, whatever its id, by code (a fingerprint) with a limit of digits."""
    return kept.path_of(folder, kept.digest([claim_fingerprint(claim), code, digits_max]))


def kernel_path(folder: Path, claim: Claim, code: str, rocq: str, *, refuted: bool) -> Path:
    """Return the file for what this version of Rocq said of a claim, or of its being false."""
    return kept.path_of(folder, kept.digest(["kernel", claim_fingerprint(claim), code, rocq, refuted]))


def load(path: Path, wanted: Claim | None = None) -> tuple[Record, Evidence | None] | None:
    """Return what is stored at a path, if it is there and shows the claim that is wanted; ValueError if damaged."""
    content = kept.load(path)
    if content is None:
        return None
    try:
        record, found = content["record"], content["evidence"]
        known = Record(**(record | {"findings": tuple(record["findings"])}))
    except (TypeError, KeyError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    same = wanted is None or (found is not None and content["claim"] == _said(wanted))
    return (known, found) if same else None


def store(path: Path, record: Record, claim: Claim, evidence: Evidence | None) -> None:
    """Store a verdict; a reader sees a whole entry or none. Where it cannot be written, nothing is stored."""
    kept.store(path, {"record": record.as_document(), "claim": _said(claim), "evidence": evidence})


def last_failed(folder: Path, files: Sequence[Path]) -> tuple[str, ...]:
    """Return the ids of the claims of these files that failed last; none if nothing is known or it is damaged."""
    try:
        content = kept.load(_place(folder, files)) or {}
    except ValueError:
        return ()
    failed = content.get("failed", [])
    return tuple(failed) if isinstance(failed, list) and all(isinstance(each, str) for each in failed) else ()


def remember_failed(folder: Path, files: Sequence[Path], records: Iterable[Record]) -> None:
    """Keep which claims failed now; of claims that were not checked what is known stays."""
    failed = dict.fromkeys(earlier := last_failed(folder, files))
    for record in records:
        failed.pop(record.id, None)
        if not record.ok:
            failed[record.id] = None
    if failed or earlier:
        kept.store(_place(folder, files), {"failed": list(failed)})


def _place(folder: Path, files: Sequence[Path]) -> Path:
    return kept.path_of(folder, kept.digest(["last failed", *sorted(map(os.path.realpath, files))]))
