"""Claims one after the other, or side by side in processes that can be stopped, with a cache of earlier verdicts."""

import resource
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from numerics.errors import InputError
from numerics.fingerprint import code_fingerprint
from reports import cache
from reports.claims_file import place_of
from reports.domain import describe_domain
from reports.record import Located, Record, record_of
from reports.verdict import INCONCLUSIVE, Verdict
from theory.claim import Claim

MEMORY_BYTES = 2 << 30
"""What a worker process may allocate."""

_GRACE = 0.5
"""Seconds by which a worker may exceed the timeout to say what is left open, before it is stopped."""

_WARNING_SHOWN = 80

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Effort:
    """How much is spent on a check.

    Attributes
    ----------
    digits_max
        Significant digits up to which quantities are refined; None for the default of `reports.verify`.
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
        yield from ((_examine(claim, effort), True) for claim in claims)
        return
    workers = min(effort.jobs, len(claims))
    with ProcessPool(max_workers=workers, context=get_context("spawn"), initializer=_prepare) as pool:
        try:
            limit = None if effort.timeout is None else effort.timeout + _GRACE
            futures = [pool.schedule(_examine, (claim, effort), timeout=limit) for claim in claims]
            yield from map(partial(_result, effort=effort), claims, futures)
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _prepare() -> None:
    """Get a worker ready, so that a claim's time is its own."""
    limit = resource.getrlimit(resource.RLIMIT_DATA)[1]
    soft = MEMORY_BYTES if limit == resource.RLIM_INFINITY else min(limit, MEMORY_BYTES)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, limit))
    import_module("reports.verify")


def _examine(claim: Claim, effort: Effort) -> Verdict:
    # Here and not above: what is in the cache is checked without SymPy.
    verify = import_module("reports.verify").verify
    digits: dict[str, Any] = {} if effort.digits_max is None else {"digits_max": effort.digits_max}
    verdict: Verdict = verify(claim, timeout=effort.timeout, **digits)
    if effort.timeout is not None and verdict.outcome == INCONCLUSIVE and verdict.seconds >= effort.timeout:
        verdict = replace(verdict, reason=f"{_late(effort.timeout)}; {verdict.reason}")
    if effort.certificates is not None:
        import_module("reports.certificate").write_certificate(effort.certificates, claim, verdict)
    return verdict


def _result(claim: Claim, future: "Future[Verdict]", effort: Effort) -> tuple[Verdict, bool]:
    error, seconds = future.exception(), effort.timeout or 0.0
    match error:
        case None:
            verdict = future.result()
            return verdict, verdict.outcome != INCONCLUSIVE or effort.timeout is None
        case TimeoutError():
            reason = _late(seconds)
        case MemoryError() | ProcessExpired():
            reason = f"the process was lost: it needs more than {MEMORY_BYTES >> 30} GiB of memory, or it was killed"
            seconds = 0.0
        case _:
            raise error
    domain = describe_domain(claim) | {"covered": "nothing"}
    return Verdict(claim.id, claim.expect, INCONCLUSIVE, None, domain, reason, seconds=seconds, line=claim.line), False


def _late(seconds: float) -> str:
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
