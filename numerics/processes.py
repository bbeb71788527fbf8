"""Work in other processes: the one pool for all that is computed side by side, or has a limit of time or memory.

Each worker process has a thread here, which gives it a call when it has none, and a pipe of its own, so that what is
stopped or dies touches no other call. A pool that shares one queue among its workers loses calls: a worker that hands
over its result late is stopped while it has begun the next call already, of which nothing more is heard.
"""

import gc
import os
import pickle
import resource
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from multiprocessing import current_process, get_context, resource_tracker
from multiprocessing.connection import Connection
from threading import Condition, Thread, current_thread
from traceback import format_exc
from typing import Any, Protocol

from emtheory.numerics.errors import InputError
from emtheory.numerics.side_by_side import Calls, LostProcessError, Result, seconds_until

MEMORY_BYTES = 2 << 30
"""What a worker may allocate where memory is limited: enough for every claim of the catalogue several times over."""

_SPAWN = get_context("spawn")
_READY, _BEGUN = b"", b"!"
"""What a worker says when it has imported what it needs, and when it has a call; pickled results are longer."""

_CALLS = 128
"""After which a worker whose memory is limited makes room for a new one: caches, of SymPy too, grow with each."""
_STILLBORN = 3
"""Workers in a row that may die before they are ready; then another one would, too."""
_YOUNG = 50_000
"""Objects made before a worker looks for circles among them that nobody uses, in place of 700: hundreds of thousands,
nearly all of which SymPy keeps, were gone through again and again, a tenth of the time of derivations."""
_CACHED = "100000"
"""Results that SymPy keeps of each of its functions in a worker, in place of a thousand: what it would find again."""
_GRACE = 0.5
"""Seconds after a deadline in which a function may return what it has, before it is stopped."""
_ALONE = 3.0
"""Seconds for which calls are made here before other processes are asked: two of them are only sooner done, from when
they are started, with work for some two seconds, and what took three is expected to take as long again."""


class Submit(Protocol):
    """A function that has others called in worker processes."""

    def __call__(self, function: Any, /, *arguments: Any, timeout: float | None = None) -> "Future[Any]":
        """Have a function of a module called; the timeout, in seconds, counts from when it begins."""
        ...


class Answer(Future[Any]):
    """What comes of a call elsewhere, which is cancelled there, too: of `content`, pickled, in so many seconds."""

    content: bytes = b""
    timeout: float | None = None
    cancelled_there: Callable[[], object] | None = None

    def cancel(self) -> bool:
        """Cancel the call, wherever it is."""
        done = super().cancel()
        if self.cancelled_there is not None:
            self.cancelled_there()
        return done

    def settle(self, result: Any = None, error: BaseException | None = None) -> None:
        """Hand over what came of the call; nobody waits for one that was cancelled."""
        with suppress(InvalidStateError):
            if error is None:
                self.set_result(result)
            else:
                self.set_exception(LostProcessError() if isinstance(error, MemoryError) else error)


class _Worker:
    """A process that is started when this is made, the pipe to it, and what it does now."""

    def __init__(self, memory: int | None, imports: Sequence[str]) -> None:
        self.call: Answer | None = None
        self.pipe, there = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=_work, args=(there, memory, tuple(imports)), daemon=True)
        try:
            self.process.start()
        finally:
            there.close()

    def end(self) -> int | None:
        """Stop it and return its exit status: one that has ended by itself keeps the one it had."""
        self.process.kill()
        self.process.join()
        self.pipe.close()
        return self.process.exitcode


class _Workers:
    """Processes that do calls in the order in which they are asked, at most `count`, each tended by a thread.

    None is started before something is asked; each may allocate `memory` bytes, if that is given, and imports modules
    before its first call.
    """

    def __init__(self, count: int, memory: int | None, imports: Sequence[str]) -> None:
        self._count, self._memory, self._imports = count, memory, imports
        self._waiting: deque[Answer] = deque()
        self._workers: set[_Worker] = set()
        self._threads: set[Thread] = set()
        self._changed = Condition()
        self._idle = self._stillborn = 0
        self._last = self._stopping = False

    def submit(self, function: Any, /, *arguments: Any, timeout: float | None = None) -> "Future[Any]":
        """Have a function of a module called; the timeout, in seconds, counts from when it begins."""
        if getattr(current_process(), "_inheriting", False):
            raise InputError(
                'a script that uses processes is imported by each: put what it does under if __name__ == "__main__"'
            )
        answer = Answer()
        try:
            answer.content, answer.timeout = pickle.dumps((function, arguments)), timeout
        except Exception as error:
            answer.set_exception(error)
            return answer
        answer.cancelled_there = partial(self._kill, answer)
        with self._changed:
            if self._last or self._stopping:
                raise RuntimeError("these workers take no more calls")
            self._waiting.append(answer)
            if len(self._waiting) > self._idle and len(self._threads) < self._count:
                thread = Thread(target=self._tend, daemon=True)
                self._threads.add(thread)
                thread.start()
            self._changed.notify()
        return answer

    def finish(self) -> None:
        """Wait until all is done that was asked, and end the workers."""
        self._last = True
        self._join()

    def stop(self) -> None:
        """Stop the workers at once; what they have not done is lost."""
        self._stopping = True
        self._kill()
        self._join()
        self._give_up(None)

    def _join(self) -> None:
        with self._changed:
            threads = list(self._threads)
            self._changed.notify_all()
        for thread in threads:
            thread.join()

    def _kill(self, answer: Answer | None = None) -> None:
        """Kill the worker of a call, or all; their threads hear of it."""
        with self._changed:
            for worker in self._workers:
                if answer is None or worker.call is answer:
                    worker.process.kill()

    def _give_up(self, exit_status: int | None) -> None:
        with suppress(IndexError):
            while True:
                self._waiting.popleft().settle(error=LostProcessError(exit_status))

    def _tend(self) -> None:
        """Serve calls by a worker, and by another one where that is lost, until no more come."""
        # Workers inherit it from their first moment: Ctrl-C is for the process that started them, which stops them.
        resource_tracker.ensure_running()  # Begun by the first worker, it would let Ctrl-C through again.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        while self._is_wanted():
            try:
                with self._changed:
                    worker = _Worker(self._memory, self._imports)
                    self._workers.add(worker)
                    if self._stopping:
                        worker.process.kill()
            except OSError:
                if not self._workers:
                    self._give_up(None)
                break
            self._serve(worker)
            with self._changed:
                self._workers.discard(worker)
            worker.end()
        with self._changed:
            self._threads.discard(current_thread())

    def _is_wanted(self, worker: _Worker | None = None) -> bool:
        """Wait until there is a call, which the worker takes, if there is one; False if no more come."""
        with self._changed:
            while not self._stopping:
                while self._waiting:
                    if worker is None:
                        return True
                    call = self._waiting.popleft()
                    if not call.cancelled():
                        worker.call = call
                        return True
                if self._last:
                    return False
                self._idle += 1
                self._changed.wait()
                self._idle -= 1
        return False

    def _serve(self, worker: _Worker) -> None:
        """Have a worker do calls as long as it lives, or, if its memory is limited, `_CALLS` of them."""
        try:
            worker.pipe.recv_bytes()
        except (EOFError, OSError):
            self._stillborn += 1
            if self._stillborn >= _STILLBORN:
                self._give_up(worker.end())
            return
        self._stillborn, calls = 0, 0
        while (self._memory is None or calls < _CALLS) and self._is_wanted(worker) and self._is_answered(worker):
            calls += 1

    def _is_answered(self, worker: _Worker) -> bool:
        """Hand over what comes of a worker's call; False if it had to be stopped, or is lost."""
        call, begun = worker.call, False
        if call is None:
            return True
        try:
            worker.pipe.send_bytes(call.content)
            begun = worker.pipe.recv_bytes() == _BEGUN
            said = worker.pipe.recv_bytes() if worker.pipe.poll(call.timeout) else b""
        except (EOFError, OSError):
            exit_status = worker.end()
            if begun:
                call.settle(error=LostProcessError(exit_status))
            else:
                self._waiting.appendleft(call)
            return False
        with self._changed:
            worker.call = None
        if not said:
            call.settle(error=TimeoutError("its time was over"))
            return False
        try:
            good, result = pickle.loads(said)  # noqa: S301 (from a process that this one started)
        except Exception as error:
            good, result = False, error
        call.settle(**{"result" if good else "error": result})
        return True


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def processes(count: int, memory: int | None = None, imports: Sequence[str] = ()) -> Iterator[Submit]:
    """Yield a function that has others called in worker processes, in the order in which they are submitted.

    A worker starts from nothing (it is spawned), so that it has no state of this process. When the block ends in an
    error, or in Ctrl-C, the workers are stopped at once; else it ends when all that was submitted is done. A call that
    was stopped because its time was over ends in TimeoutError, one whose process was lost in LostProcessError: other
    calls go on in a new one.

    `count`: worker processes; none is started before something is submitted. `memory`: bytes that each may allocate, or
    None. `imports`: modules that a worker imports before its first task, so that the time of a task is its own.
    """
    workers = _Workers(count, memory, imports)
    try:
        yield workers.submit
        workers.finish()
    except BaseException:
        workers.stop()
        raise


def spread_by(submit: Submit) -> Calls:
    """Return a way to have functions called in other processes; without a deadline the first calls are made here.

    How many are depends on how long they take: the same for whatever is asked for, one request after the other.
    """
    spent = 0.0

    def calls(
        function: Callable[..., Result], arguments: Sequence[tuple[Any, ...]], deadline: float | None
    ) -> Generator[Result | None, None, None]:
        nonlocal spent
        waiting = deque(arguments)
        while waiting and deadline is None and spent < _ALONE:
            begun = time.monotonic()
            found = function(*waiting.popleft(), None)
            spent += time.monotonic() - begun
            yield found
        running = deque(submit(function, *each, seconds_until(deadline)) for each in waiting)
        try:
            while running:
                limit = seconds_until(None if deadline is None else deadline + _GRACE)
                try:
                    result = running[0].result(limit)
                except TimeoutError:
                    running[0].cancel()
                    result = None
                running.popleft()
                yield result
        finally:
            for future in running:
                future.cancel()

    return calls


def _work(pipe: Connection, memory: int | None, imports: Sequence[str]) -> None:
    """Do calls, one after the other, until the pipe is closed: what a worker process runs."""
    if memory is not None:
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        soft = memory if hard == resource.RLIM_INFINITY else min(hard, memory)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    os.environ.setdefault("SYMPY_CACHE_SIZE", _CACHED)  # SymPy reads it when it is imported.
    for module in imports:
        import_module(module)
    with suppress(EOFError, OSError):
        pipe.send_bytes(_READY)
        while True:
            call = pipe.recv_bytes()
            pipe.send_bytes(_BEGUN)
            pipe.send_bytes(_answered(call))


def _answered(call: bytes) -> bytes:
    """Return the result of a call, or its exception with the trace as a note, pickled."""
    try:
        function, arguments = pickle.loads(call)  # noqa: S301 (from the process that started this one)
        return pickle.dumps((True, function(*arguments)))
    except BaseException as error:
        error.add_note(format_exc())
        try:
            said = pickle.dumps((False, error))
            pickle.loads(said)  # noqa: S301 (of this process)
        except Exception:
            said = pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
        return said
