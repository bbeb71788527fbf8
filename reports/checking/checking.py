"""Claims one after the other or side by side, with a cache of earlier verdicts."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from emtheory.numerics.errors import InputError
from emtheory.numerics.fingerprint import code_fingerprint
from emtheory.reports.checking import cache, kept
from emtheory.reports.checking.claims_file import place_of
from emtheory.reports.checking.examine import Effort, examine
from emtheory.reports.checking.record import Located, Record, record_of
from emtheory.reports.decide.verdict import Verdict
from emtheory.theory.claim import Claim

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Checked:
    """A claim, its place and what was found out; `verdict` is None if it comes from the cache."""

    path: Path
    claim: Claim
    record: Record
    verdict: Verdict | None


def check_claims(claims: Sequence[Located], effort: Effort, warn: Tell) -> Generator[Checked, None, None]:
    """Yield what is found out about each claim, in the order given.

    Parameters
    ----------
    claims
        What to check.
    effort
        How much to spend.
    warn
        Is told, in a line each, what is wrong with the cache.

    Raises
    ------
    InputError
        If a quantity has no value where a claim asks for it; the message begins with the claim's place.
    """
    if effort.cache is not None:
        kept.forget_unused(effort.cache)
    entries = [_cache_entry(claim, effort) for _, claim in claims]
    known = [None if entry is None else _load(entry, warn) for entry in entries]
    unknown = [claim for (_, claim), record in zip(claims, known, strict=True) if record is None]
    verdicts = _verdicts(unknown, effort)
    for (path, claim), entry, record in zip(claims, entries, known, strict=True):
        if record is not None:
            yield Checked(path, claim, record.of(claim), None)
            continue
        try:
            verdict, keep = next(verdicts)
        except InputError as error:
            raise InputError(f"{place_of(path, claim.line)}: claim {claim.id!r}: {error}") from None
        found = record_of(verdict)
        if entry is not None and keep:
            cache.store(entry, found)
        yield Checked(path, claim, found, verdict)


def _verdicts(claims: Sequence[Claim], effort: Effort) -> Iterator[tuple[Verdict, bool]]:
    """Yield the verdicts in order, each with whether it would be the same in another run."""
    if not claims:
        return
    if effort.jobs == 1 and effort.timeout is None:
        yield from ((examine(claim, effort), True) for claim in claims)
        return
    from emtheory.reports.checking.claim_processes import verdicts_of_workers

    yield from verdicts_of_workers(claims, effort)


def _cache_entry(claim: Claim, effort: Effort) -> Path | None:
    return effort.cache and cache.entry_path(
        effort.cache, claim, code_fingerprint("theory", "numerics", "reports"), effort.digits_max
    )


def _load(entry: Path, warn: Tell) -> Record | None:
    try:
        return cache.load(entry)
    except ValueError as error:
        warn(kept.damage(entry, error))
        return None
