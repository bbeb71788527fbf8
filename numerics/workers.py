"""Worker processes. Each has a pipe of its own to here, so that what is stopped or dies touches no other call.

A pool that shares one queue among its workers loses calls: a worker that hands over its result late is stopped while it
has begun the next call already, of which nothing more is heard. Here a worker is given a call when it has none.
"""

import gc
import os
import pickle
import resource
import signal
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from threading import Lock, Thread
from traceback import format_exc
from typing import Any

from emtheory.numerics.side_by_side import LostProcessError

_SPAWN = get_context("spawn")
_READY, _BEGUN = b"", b"!"
"""What a worker says when it has imported what it needs, and when it has a call; pickled results are longer."""

_CALLS = 64
"""After which a worker whose memory is limited makes room for a new one: caches, of SymPy too, grow with each."""
_STILLBORN = 3
"""Workers in a row that may die before they are ready; then another one would, too."""
_YOUNG = 50_000
"""Objects made before a worker looks for circles among them that nobody uses, in place of 700: hundreds of thousands,
nearly all of which SymPy keeps, were gone through again and again, a tenth of the time of derivations."""
_CACHED = "100000"
"""Results that SymPy keeps of each of its functions in a worker, in place of a thousand: what it would find again."""


class Answer(Future[Any]):
    """What comes of a call elsewhere, which is cancelled there, too."""

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
                self.set_exception(error)


@dataclass(frozen=True)
class _Call:
    """A function and arguments, pickled, how many seconds they may take, and who waits for the answer."""

    answer: Answer
    content: bytes
    timeout: float | None


@dataclass
class _Worker:
    """A process, the pipe to it, and its call: whether it has begun, and when it is to be stopped."""

    process: Any
    pipe: Connection
    ready: bool = False
    calls: int = 0
    call: _Call | None = None
    begun: bool = False
    deadline: float | None = None


@dataclass
class Workers:
    """Processes that do calls in the order in which they are asked, tended by a thread of this process.

    None of the at most `count` is started before something is asked; each may allocate `memory` bytes, if that is
    given, and imports modules before its first call.
    """

    count: int
    memory: int | None
    imports: Sequence[str]
    _waiting: deque[_Call] = field(default_factory=deque)
    _workers: list[_Worker] = field(default_factory=list)
    _bell: tuple[Connection, Connection] = field(default_factory=lambda: _SPAWN.Pipe(duplex=False))
    _lock: Any = field(default_factory=Lock)
    _thread: Thread | None = None
    _rung: bool = False
    _last: bool = False
    _stopping: bool = False
    _stillborn: int = 0

    def submit(self, function: Any, /, *arguments: Any, timeout: float | None = None) -> "Future[Any]":
        """Have a function of a module called; the timeout, in seconds, counts from when it begins."""
        answer = Answer()
        try:
            content = pickle.dumps((function, arguments))
        except Exception as error:
            answer.set_exception(error)
            return answer
        answer.cancelled_there = self._ring
        with self._lock:
            if self._last or self._stopping:
                raise RuntimeError("these workers take no more calls")
            if self._thread is None:
                self._thread = Thread(target=self._tend, daemon=True)
                self._thread.start()
        self._waiting.append(_Call(answer, content, timeout))
        self._ring()
        return answer

    def finish(self) -> None:
        """Wait until all is done that was asked, and end the workers."""
        self._last = True
        self._end()

    def stop(self) -> None:
        """Stop the workers at once; what they have not done is cancelled."""
        self._stopping = True
        self._end()

    def _end(self) -> None:
        self._ring()
        if self._thread is not None:
            self._thread.join()

    def _ring(self) -> None:
        """Have the thread look around."""
        with self._lock:
            if not self._rung:
                self._rung = True
                self._bell[1].send_bytes(b"!")

    def _tend(self) -> None:
        try:
            while not self._stopping:
                self._hand_out()
                if self._last and not self._waiting and all(worker.call is None for worker in self._workers):
                    return
                self._listen()
        finally:
            self._stopping = True
            for worker in self._workers:
                _kill(worker)
                if worker.call is not None:
                    worker.call.answer.settle(error=LostProcessError())
            self._give_up(None)

    def _hand_out(self) -> None:
        """Give calls to workers that have none, and start workers while calls wait."""
        idle = [worker for worker in self._workers if worker.ready and worker.call is None]
        while self._waiting and idle:
            call = self._waiting.popleft()
            if call.answer.cancelled():
                continue
            worker = idle.pop()
            worker.call, worker.calls = call, worker.calls + 1
            with suppress(OSError):  # It has died, of which the pipe tells when it is heard.
                worker.pipe.send_bytes(call.content)
        beginning = sum(not worker.ready for worker in self._workers)
        wanted = min(len(self._waiting) - beginning, self.count - len(self._workers))
        for _ in range(wanted):
            here, there = _SPAWN.Pipe()
            process = _SPAWN.Process(target=_work, args=(there, self.memory, tuple(self.imports)), daemon=True)
            try:
                process.start()
            except OSError:
                if not self._workers:
                    self._give_up(None)
                return
            finally:
                there.close()
            self._workers.append(_Worker(process, here))

    def _listen(self) -> None:
        """Wait for news of workers, for the bell or for a deadline; what is done in time counts, and is heard first."""
        deadlines = [worker.deadline for worker in self._workers if worker.deadline is not None]
        left = None if not deadlines else max(0.0, min(deadlines) - time.monotonic())
        heard = wait([self._bell[0], *(worker.pipe for worker in self._workers)], left)
        if self._bell[0] in heard:
            with self._lock:
                self._bell[0].recv_bytes()
                self._rung = False
        for worker in [worker for worker in self._workers if worker.pipe in heard]:
            self._hear(worker)
        now = time.monotonic()
        for worker in list(self._workers):
            late = worker.deadline is not None and worker.deadline <= now
            if worker.call is not None and (late or worker.call.answer.cancelled()):
                self._remove(worker)
                worker.call.answer.settle(error=TimeoutError("its time was over"))

    def _hear(self, worker: _Worker) -> None:
        call = worker.call
        try:
            said = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            self._remove(worker)
            if call is not None and worker.begun:
                call.answer.settle(error=LostProcessError(worker.process.exitcode))
            elif call is not None:
                self._waiting.appendleft(call)
            elif not worker.ready:
                self._stillborn += 1
                if self._stillborn >= _STILLBORN:
                    self._give_up(worker.process.exitcode)
            return
        if said == _READY:
            worker.ready, self._stillborn = True, 0
            return
        if said == _BEGUN:
            worker.begun = True
            if call is not None and call.timeout is not None:
                worker.deadline = time.monotonic() + call.timeout
            return
        worker.call, worker.begun, worker.deadline = None, False, None
        if self.memory is not None and worker.calls >= _CALLS:
            self._remove(worker)
        try:
            good, result = pickle.loads(said)  # noqa: S301 (from a process that this one started)
        except Exception as error:
            good, result = False, error
        if call is not None:
            call.answer.settle(**{"result" if good else "error": result})

    def _remove(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        _kill(worker)

    def _give_up(self, exit_status: int | None) -> None:
        while self._waiting:
            self._waiting.popleft().answer.settle(error=LostProcessError(exit_status))


def _kill(worker: _Worker) -> None:
    # One that has ended by itself keeps the exit status it had.
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()


def _work(pipe: Connection, memory: int | None, imports: Sequence[str]) -> None:
    """Do calls, one after the other, until the pipe is closed: what a worker process runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started it, which stops it.
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
