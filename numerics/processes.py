"""Work in other processes: the one pool for all that is computed side by side, or has a limit of time or memory."""

import gc
import os
import resource
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from threading import Event, Lock
from typing import Any, Protocol

from pebble import ProcessExpired, ProcessPool

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.side_by_side import Calls, Result, seconds_until

MEMORY_BYTES = 2 << 30
"""What a worker may allocate where memory is limited: enough for every claim of the catalogue several times over."""

_TASKS = 64
"""After which a worker whose memory is limited makes room for a new one: caches, of SymPy too, grow with each."""
_YOUNG = 50_000
"""Objects made before a worker looks for circles among them that nobody uses, in place of 700: hundreds of thousands,
nearly all of which SymPy keeps, were gone through again and again, a tenth of the time of derivations."""
_CACHED = "100000"
"""Results that SymPy keeps of each of its functions in a worker, in place of a thousand: what it would find again."""
_GRACE = 0.5
"""Seconds after a deadline in which a function may return what it has, before it is stopped."""
_RENEWALS = 3
"""Pools that are begun anew where a worker was lost while none had a task, which is the end of a pool."""
_ALONE = 1.0
"""Seconds for which calls are made here before other processes are started, which takes about as long."""


class LostProcessError(CannotAnswerError):
    """The process of a task died, or ran out of memory; `exit_status` is None if it told so itself."""

    def __init__(self, exit_status: int | None) -> None:
        super().__init__("the process was lost: it needs too much memory, or it was killed")
        self.exit_status = exit_status


class Submit(Protocol):
    """A function that has others called in worker processes."""

    def __call__(self, function: Any, /, *arguments: Any, timeout: float | None = None) -> "Future[Any]":
        """Have a function of a module called; the timeout, in seconds, counts from when it begins."""
        ...


class Answer(Future[Any]):
    """What comes of a call elsewhere, which is cancelled there, too."""

    task: Any = None

    def cancel(self) -> bool:
        """Cancel the call, wherever it is."""
        if self.task is not None:
            self.task.cancel()
        return super().cancel()


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

    def begun() -> ProcessPool:
        return ProcessPool(
            count,
            max_tasks=_TASKS if memory else 0,
            context=get_context("spawn"),
            initializer=_prepare,
            initargs=(memory, tuple(imports)),
        )

    pools, lock, stopping = [begun()], Lock(), Event()

    def renewed(broken: ProcessPool) -> ProcessPool | None:
        with lock:
            if pools[-1] is broken:
                if len(pools) > _RENEWALS or stopping.is_set():
                    return None
                pools.append(begun())
            return pools[-1]

    def submit(function: Any, /, *arguments: Any, timeout: float | None = None) -> "Future[Any]":
        answer = Answer()

        def ask(pool: ProcessPool) -> None:
            answer.task = pool.schedule(function, arguments, timeout=timeout)
            answer.task.add_done_callback(partial(settle, pool))

        def settle(pool: ProcessPool, task: "Future[Any]") -> None:
            broken = not task.cancelled() and isinstance(task.exception(), BrokenProcessPool)
            fresh = renewed(pool) if broken and not answer.cancelled() else None
            if fresh is not None:
                with suppress(RuntimeError):  # Pools are being stopped.
                    return ask(fresh)
            return _settle(answer, task)

        try:
            ask(pools[-1])
        except RuntimeError:  # It broke while nothing was asked of it.
            fresh = renewed(pools[-1])
            if fresh is None:
                raise LostProcessError(None) from None
            ask(fresh)
        return answer

    try:
        yield submit
    except BaseException:
        # Ctrl-C ends workers that begin, too, which must not bring forth others.
        with lock:
            stopping.set()
        for pool in pools:
            pool.stop()  # type: ignore[no-untyped-call]
        raise
    finally:
        for pool in pools:
            pool.close()  # type: ignore[no-untyped-call]
            pool.join()


def _settle(answer: Answer, task: "Future[Any]") -> None:
    """Hand over what came of a task; nobody waits for one that was cancelled."""
    with suppress(InvalidStateError):
        if task.cancelled():
            Future.cancel(answer)
        elif (error := task.exception()) is not None:
            answer.set_exception(error)
        else:
            answer.set_result(task.result())


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
    """Wait for a task and return its result.

    Parameters
    ----------
    future
        Of the task.
    seconds
        How long it is waited for, or None.

    Raises
    ------
    TimeoutError
        If it was stopped because its time was over, or it is not done in so many seconds.
    LostProcessError
        If its process was lost; other tasks go on in a new one.
    Exception
        Whatever else the function raised.
    """
    try:
        return future.result(seconds)
    except ProcessExpired as error:
        raise LostProcessError(error.exitcode) from None
    except (MemoryError, BrokenProcessPool):
        raise LostProcessError(None) from None


def _prepare(memory: int | None, imports: Sequence[str]) -> None:
    if memory is not None:
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        soft = memory if hard == resource.RLIM_INFINITY else min(hard, memory)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    os.environ.setdefault("SYMPY_CACHE_SIZE", _CACHED)  # SymPy reads it when it is imported.
    for module in imports:
        import_module(module)
