"""Work in other processes: the one pool for all that is computed side by side, or has a limit of time or memory."""

import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Protocol

from emtheory.numerics.side_by_side import Calls, LostProcessError, Result, seconds_until
from emtheory.numerics.workers import Workers

MEMORY_BYTES = 2 << 30
"""What a worker may allocate where memory is limited: enough for every claim of the catalogue several times over."""

_GRACE = 0.5
"""Seconds after a deadline in which a function may return what it has, before it is stopped."""
_ALONE = 1.0
"""Seconds for which calls are made here before other processes are started, which takes about as long."""


class Submit(Protocol):
    """A function that has others called in worker processes."""

    def __call__(self, function: Any, /, *arguments: Any, timeout: float | None = None) -> "Future[Any]":
        """Have a function of a module called; the timeout, in seconds, counts from when it begins."""
        ...


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def processes(count: int, memory: int | None = None, imports: Sequence[str] = ()) -> Iterator[Submit]:
    """Yield a function that has others called in worker processes, in the order in which they are submitted.

    A worker starts from nothing (it is spawned), so that it has no state of this process. When the block ends in an
    error, or in Ctrl-C, the workers are stopped at once; else it ends when all that was submitted is done.

    Parameters
    ----------
    count
        Worker processes; none is started before something is submitted.
    memory
        Bytes that each may allocate, or None.
    imports
        Modules that a worker imports before its first task, so that the time of a task is its own.
    """
    workers = Workers(count, memory, imports)
    try:
        yield workers.submit
        workers.finish()
    except BaseException:
        workers.stop()
        raise


def spread_by(submit: Submit) -> Calls:
    """Return a way to have functions called in other processes; without a deadline the first calls are made here."""

    def calls(
        function: Callable[..., Result], arguments: Sequence[tuple[Any, ...]], deadline: float | None
    ) -> Generator[Result | None, None, None]:
        waiting, begun = deque(arguments), time.monotonic()
        while waiting and deadline is None and time.monotonic() < begun + _ALONE:
            yield function(*waiting.popleft(), None)
        running = deque(submit(function, *each, seconds_until(deadline)) for each in waiting)
        try:
            while running:
                limit = seconds_until(None if deadline is None else deadline + _GRACE)
                try:
                    result = answer_of(running[0], limit)
                except TimeoutError:
                    running[0].cancel()
                    result = None
                running.popleft()
                yield result
        finally:
            for future in running:
                future.cancel()

    return calls


def answer_of(future: "Future[Any]", seconds: float | None = None) -> Any:
    """Wait for a task, no longer than so many seconds if that is given, and return its result or raise its error.

    TimeoutError if it was stopped because its time was over, or is not done by then; LostProcessError if its process
    was lost: other tasks go on in a new one.
    """
    try:
        return future.result(seconds)
    except MemoryError:
        raise LostProcessError from None
