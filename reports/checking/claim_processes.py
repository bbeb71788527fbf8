"""Claims side by side, in processes that are stopped when they take too long or too much memory."""

import resource
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from importlib import import_module
from multiprocessing import get_context

from pebble import ProcessExpired, ProcessPool

from emtheory.reports.checking.checking import Effort, examine, late
from emtheory.reports.decide.domain import describe_domain
from emtheory.reports.decide.verdict import INCONCLUSIVE, Verdict
from emtheory.theory.claim import Claim

MEMORY_BYTES = 2 << 30
"""What a worker may allocate."""

_GRACE = 0.5
"""Seconds by which a worker may exceed the timeout to say what is left open, before it is stopped."""


def verdicts_of_workers(claims: Sequence[Claim], effort: Effort) -> Iterator[tuple[Verdict, bool]]:
    """Yield the verdicts in order, each with whether it would be the same in another run; InputError as `examine`."""
    workers = min(effort.jobs, len(claims))
    with ProcessPool(max_workers=workers, context=get_context("spawn"), initializer=_prepare) as pool:
        try:
            limit = None if effort.timeout is None else effort.timeout + _GRACE
            futures = [pool.schedule(examine, (claim, effort), timeout=limit) for claim in claims]
            yield from map(partial(result_of, effort=effort), claims, futures)
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def result_of(claim: Claim, future: "Future[Verdict]", effort: Effort) -> tuple[Verdict, bool]:
    """Return the verdict of a worker, inconclusive if it was stopped, and whether another run would give the same."""
    error, seconds = future.exception(), effort.timeout or 0.0
    match error:
        case None:
            verdict = future.result()
            return verdict, verdict.outcome != INCONCLUSIVE or effort.timeout is None
        case TimeoutError():
            reason = late(seconds)
        case MemoryError() | ProcessExpired():
            reason = f"the process was lost: it needs more than {MEMORY_BYTES >> 30} GiB of memory, or it was killed"
            seconds = 0.0
        case _:
            raise error
    domain = describe_domain(claim) | {"covered": "nothing"}
    return Verdict(claim.id, claim.expect, INCONCLUSIVE, None, domain, reason, seconds=seconds, line=claim.line), False


def _prepare() -> None:
    """Get a worker ready, so that a claim's time is its own."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    soft = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(hard, MEMORY_BYTES)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
    import_module("emtheory.reports.decide.verify")
