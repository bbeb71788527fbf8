"""The pool of processes: tasks that take too long, die, or need too much memory, and Ctrl-C."""

import math
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from emtheory.numerics.processes import Answer, processes, spread_by
from emtheory.numerics.side_by_side import LostProcessError

INTERRUPTED = """
import os, time
from emtheory.numerics.processes import processes
with processes(2) as submit:
    workers = [submit(os.getpid), *(submit(time.sleep, 600) for _ in range(4))]
    print(workers[0].result(), flush=True)
    workers[1].result()
"""


def test_answers_and_errors_come_back() -> None:
    with processes(2) as submit:
        futures = [submit(math.factorial, n) for n in range(5)]
        wrong = submit(math.factorial, -1)
        assert [future.result() for future in futures] == [1, 1, 2, 6, 24]
        with pytest.raises(ValueError, match="negative"):
            wrong.result()
        assert submit(os.getpid).result() != os.getpid()


def test_a_script_without_a_guard_is_told_so_in_place_of_waiting_for_ever() -> None:
    script = "from emtheory.numerics.processes import processes\nwith processes(1) as submit: submit(len, ()).result()"
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(script)
        file.flush()
        run = subprocess.run([sys.executable, file.name], check=False, capture_output=True, text=True, timeout=120)
    assert run.returncode == 1
    assert 'put what it does under if __name__ == "__main__"' in run.stderr


@pytest.mark.parametrize(
    ("memory", "timeout", "call", "error", "status"),
    [
        (None, 0.2, (time.sleep, 600), TimeoutError, None),
        (None, None, (os._exit, 9), LostProcessError, 9),
        (1 << 30, None, (bytearray, 3 << 30), LostProcessError, None),
    ],
    ids=["too long", "killed", "too much memory"],
)
def test_one_task_is_lost_and_the_others_go_on(
    memory: int | None, timeout: float | None, call: tuple[Any, ...], error: type[Exception], status: int | None
) -> None:
    with processes(1, memory=memory) as submit:
        lost, next_one = submit(*call, timeout=timeout), submit(math.factorial, 4)
        with pytest.raises(error) as caught:
            lost.result()
        assert status is None or getattr(caught.value, "exit_status", None) == status
        assert next_one.result() == 24


@pytest.mark.parametrize("pause", [0.0, 0.5])
def test_a_worker_that_is_killed_while_idle_loses_nothing(pause: float) -> None:
    with processes(1) as submit:
        os.kill(submit(os.getpid).result(), signal.SIGKILL)
        time.sleep(pause)
        futures = [submit(math.factorial, n) for n in range(4)]
        assert [future.result(60) for future in futures] == [1, 1, 2, 6]


def test_an_error_in_the_block_stops_the_workers() -> None:
    def fail() -> None:
        with processes(1) as submit:
            submit(time.sleep, 600)
            raise KeyError

    start = time.monotonic()
    with pytest.raises(KeyError):
        fail()
    assert time.monotonic() - start < 60


def test_ctrl_c_stops_the_workers() -> None:
    command = [sys.executable, "-c", INTERRUPTED]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    running = subprocess.Popen(command, **pipes, start_new_session=True, preexec_fn=heed_interrupts)  # noqa: PLW1509
    assert running.stdout is not None
    worker = int(running.stdout.readline())
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=30)
    assert running.returncode != 0
    assert errors.count(b"KeyboardInterrupt") == 1
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


class TakesTimeToRead:
    """What comes back at once, and is made again here only long after the time of its call is over."""

    def __reduce__(self) -> tuple[object, ...]:
        return time.sleep, (0.6,)


class CannotBeMadeAgain(Exception):  # noqa: N818
    """An exception that pickle writes and does not read."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(f"{first} and {second}")


def fail_with_what_cannot_be_made_again() -> None:
    raise CannotBeMadeAgain(1, 2)


def test_a_call_that_ends_when_its_time_is_over_takes_nothing_from_the_next() -> None:
    with processes(1) as submit:
        submit(os.getpid).result()
        submit(TakesTimeToRead, timeout=0.3)
        others = [submit(time.sleep, 0.5, timeout=20), *(submit(math.factorial, n, timeout=20) for n in range(4))]
        assert [future.result() for future in others] == [None, 1, 1, 2, 6]


def test_a_call_that_is_cancelled_makes_room_for_the_next() -> None:
    with processes(1) as submit:
        running, waiting, next_one = submit(time.sleep, 600), submit(time.sleep, 600), submit(math.factorial, 4)
        running.cancel()
        waiting.cancel()
        assert next_one.result(60) == 24


def test_an_exception_comes_back_with_its_trace_and_one_that_cannot_in_words() -> None:
    with processes(1) as submit:
        with pytest.raises(ValueError, match="negative") as wrong:
            submit(math.factorial, -1).result()
        with pytest.raises(RuntimeError, match="CannotBeMadeAgain: 1 and 2"):
            submit(fail_with_what_cannot_be_made_again).result()
        with pytest.raises((AttributeError, TypeError, pickle.PicklingError)):
            submit(lambda: 1).result()
        with pytest.raises((AttributeError, TypeError, pickle.PicklingError)):
            submit(threading.Lock).result()
        assert submit(math.factorial, 4).result() == 24
    assert "Traceback" in "".join(wrong.value.__notes__)


def test_workers_that_cannot_begin_end_in_an_error() -> None:
    with processes(1, imports=("emtheory.there_is_no_such_module",)) as submit, pytest.raises(LostProcessError):
        submit(math.factorial, 4).result(60)


def heed_interrupts() -> None:
    """A shell that runs the tests in the background has SIGINT ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_workers_do_not_hear_of_ctrl_c_from_the_first_on() -> None:
    with processes(2) as submit:
        masks = [submit(signal.pthread_sigmask, signal.SIG_BLOCK, []) for _ in range(3)]
        assert all(signal.SIGINT in mask.result() for mask in masks)


@pytest.mark.parametrize(("seconds", "there"), [(math.inf, 0), (0.0, 6), (3.0, 3)])
def test_processes_are_asked_once_the_work_has_taken_long(
    seconds: float, there: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What calls have taken counts for all requests together; results stay in order."""
    monkeypatch.setattr("emtheory.numerics.processes._ALONE", seconds)
    monkeypatch.setattr("emtheory.numerics.processes.time", SimpleNamespace(monotonic=partial(next, count())))
    asked = []

    def submit(function: Callable[..., Any], /, *arguments: Any, timeout: float | None = None) -> "Future[Any]":
        assert timeout is None
        asked.append(arguments)
        answer = Answer()
        answer.settle(function(*arguments))
        return answer

    calls = spread_by(submit)
    found = [list(calls(_square, [(n,) for n in row], None)) for row in ((0, 1), (2, 3, 4, 5))]
    assert found == [[0, 1], [4, 9, 16, 25]]
    assert len(asked) == there


def _square(number: int, seconds: float | None) -> int:
    assert seconds is None
    return number**2
