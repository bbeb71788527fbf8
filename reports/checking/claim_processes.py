"""Claims side by side, in processes that are stopped when they take too long or too much memory, or on a cluster."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from functools import partial
from itertools import groupby
from operator import itemgetter

from emtheory.numerics.cluster import cluster
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.processes import MEMORY_BYTES, Submit, processes, processors, spread_by
from emtheory.numerics.side_by_side import Calls
from emtheory.reports.checking.effort import Effort, Outcome, check_claim, failed, late, undecided
from emtheory.theory.claim import Claim

IMPORTS = ("emtheory.reports.decide.claim", "sympy")
"""What nearly every claim needs, loaded before the first, so that its time is its own."""
FLOORS = ("theory", "numerics", "reports")
"""What a verdict depends on: workers of a cluster have the same, or decline."""

_GRACE = 0.5
"""Seconds by which a worker may exceed the timeout to say what is left open, before it is stopped."""


def crew(jobs: int | None, scheduler: str | None) -> AbstractContextManager[Submit]:
    """Return what yields a function that has others called: by processes (one a processor if None), or on a cluster.

    InputError on entry if there is no such cluster.
    """
    if scheduler is not None:
        return cluster(scheduler, FLOORS)
    return processes(processors() if jobs is None else jobs, MEMORY_BYTES, IMPORTS)


def checked_by_workers(claims: Sequence[Claim], boxes: Sequence[bool], effort: Effort) -> Iterator[Outcome]:
    """Yield what is found out about each claim, in order; those marked are cut into boxes here, for the workers."""
    limit = None if effort.timeout is None else effort.timeout + _GRACE
    with crew(effort.jobs, effort.scheduler) as submit:
        calls = spread_by(submit)
        # One after the other, so that pieces do not wait for whole claims that come later.
        for is_box, group in groupby(zip(boxes, claims, strict=True), key=itemgetter(0)):
            together = [claim for _, claim in group]
            if is_box:
                yield from (_cut_up(claim, effort, submit, calls) for claim in together)
            elif effort.is_here:
                yield from (check_claim(claim, effort) for claim in together)
            else:
                futures = [submit(check_claim, claim, effort, timeout=limit) for claim in together]
                yield from map(partial(outcome_of, effort=effort), together, futures)


def _cut_up(claim: Claim, effort: Effort, submit: Submit, calls: Calls) -> Outcome:
    if effort.timeout is not None:
        await_worker(submit)
    return check_claim(claim, effort, calls)


def await_worker(submit: Submit) -> None:
    """Wait until a worker has begun, which takes seconds that are not the next claim's; others may be stopped."""
    with suppress(CannotAnswerError):  # None begins: that is told with the claim.
        submit(processors).result()


def outcome_of(claim: Claim, future: "Future[Outcome]", effort: Effort) -> Outcome:
    """Wait for what a worker finds out; if it was stopped, the claim is inconclusive, for lack of time or for good."""
    try:
        outcome = future.result()
    except TimeoutError:
        seconds = effort.timeout or 0.0
        return Outcome(undecided(claim, late(seconds), seconds), lasting=False)
    except Exception as error:
        return failed(claim, error)
    return outcome
