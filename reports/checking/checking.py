"""Claims one after the other or side by side, with a cache of earlier verdicts."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from emtheory.numerics.errors import InputError
from emtheory.numerics.fingerprint import code_fingerprint
from emtheory.reports.checking import cache
from emtheory.reports.checking.claims_file import place_of
from emtheory.reports.checking.record import Located, Record, record_of
from emtheory.reports.decide.verdict import INCONCLUSIVE, Verdict
from emtheory.theory.claim import Claim

_WARNING_SHOWN = 80

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Effort:
    """How much is spent on a check.

    Attributes
    ----------
    digits_max
        Significant digits up to which quantities are refined; None for the default of `emtheory.reports.decide.verify`.
    jobs
        Processes to use; with 1 and no timeout, this one.
    timeout
        Seconds after which a claim is given up as inconclusive, or None.
    cache
        Folder for verdicts of earlier runs, or None.
    certificates
        Folder that a certificate of each decided claim is written to, or None.
    """

    digits_max: int | None = None
    jobs: int = 1
    timeout: float | None = None
    cache: Path | None = None
    certificates: Path | None = None


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


def examine(claim: Claim, effort: Effort) -> Verdict:
    """Decide a claim in this process, and write its certificate if one is wanted; InputError as `verify`."""
    from emtheory.reports.decide.verify import verify

    digits: dict[str, Any] = {} if effort.digits_max is None else {"digits_max": effort.digits_max}
    verdict = verify(claim, timeout=effort.timeout, **digits)
    if effort.timeout is not None and verdict.outcome == INCONCLUSIVE and verdict.seconds >= effort.timeout:
        verdict = replace(verdict, reason=f"{late(effort.timeout)}; {verdict.reason}")
    if effort.certificates is not None:
        from emtheory.reports.certificates.certify import write_certificate

        write_certificate(effort.certificates, claim, verdict)
    return verdict


def late(seconds: float) -> str:
    """Return the reason of a claim that was not decided in time."""
    return f"not decided within {seconds:g} s (--timeout)"


def _cache_entry(claim: Claim, effort: Effort) -> Path | None:
    return effort.cache and cache.entry_path(
        effort.cache, claim, code_fingerprint("theory", "numerics", "reports"), effort.digits_max
    )


def _load(entry: Path, warn: Tell) -> Record | None:
    try:
        return cache.load(entry)
    except ValueError as error:
        warn(f"{entry}: a cached verdict is damaged and not used ({str(error)[:_WARNING_SHOWN]})")
        return None
