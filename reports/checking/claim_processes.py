"""Claims side by side, in processes that are stopped when they take too long or too much memory."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from functools import partial

from emtheory.numerics.processes import MEMORY_BYTES, LostProcessError, answer_of, processes
from emtheory.reports.checking.examine import Effort, examine, late
from emtheory.reports.decide.domain import describe_domain
from emtheory.reports.decide.verdict import INCONCLUSIVE, Verdict
from emtheory.theory.claim import Claim

IMPORTS = ("emtheory.reports.decide.verify", "sympy")
"""What nearly every claim needs, loaded before the first, so that its time is its own."""

_GRACE = 0.5
"""Seconds by which a worker may exceed the timeout to say what is left open, before it is stopped."""


def verdicts_of_workers(claims: Sequence[Claim], effort: Effort) -> Iterator[tuple[Verdict, bool]]:
    """Yield the verdicts in order, each with whether it would be the same in another run; InputError as `examine`."""
    limit = None if effort.timeout is None else effort.timeout + _GRACE
    with processes(min(effort.jobs, len(claims)), MEMORY_BYTES, IMPORTS) as submit:
        futures = [submit(examine, claim, effort, timeout=limit) for claim in claims]
        yield from map(partial(result_of, effort=effort), claims, futures)


def result_of(claim: Claim, future: "Future[Verdict]", effort: Effort) -> tuple[Verdict, bool]:
    """Return the verdict of a worker, inconclusive if it was stopped, and whether another run would give the same.

    Parameters
    ----------
    claim
        What was to be decided.
    future
        Of the worker; it is waited for.
    effort
        What was allowed: whether another run may decide what this one did not depends on its timeout.

    Raises
    ------
    InputError
        As `examine` does.
    """
    try:
        verdict: Verdict = answer_of(future)
    except TimeoutError:
        seconds = effort.timeout or 0.0
        return undecided(claim, late(seconds), seconds), False
    except LostProcessError:
        return undecided(claim, lost()), False
    return verdict, verdict.outcome != INCONCLUSIVE or effort.timeout is None


def undecided(claim: Claim, reason: str, seconds: float = 0.0) -> Verdict:
    """Return the verdict on a claim that was not decided because its process was stopped or lost.

    Parameters
    ----------
    claim
        What was to be decided.
    reason
        From `emtheory.reports.checking.examine.late` or `lost`.
    seconds
        Time taken, as far as it is known.
    """
    domain = describe_domain(claim) | {"covered": "nothing"}
    return Verdict(claim.id, claim.expect, INCONCLUSIVE, None, domain, reason, seconds=seconds, line=claim.line)


def lost() -> str:
    """Return the reason of a claim whose process was lost."""
    return f"the process was lost: it needs more than {MEMORY_BYTES >> 30} GiB of memory, or it was killed"
