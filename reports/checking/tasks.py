"""Tasks: calls of functions in other processes, whose results, JSON values, are kept for the next run."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from emtheory.numerics.fingerprint import code_fingerprint, versions
from emtheory.reports.checking import kept
from emtheory.reports.checking.claim_processes import crew

_DATA = ("theory/claims", "reports/program", "reports/commands")
"""Sources that no result depends on but by what a task is given: the catalogue, and the commands that print."""

_LIBRARIES = ("emtheory", "matplotlib")
"""What shows in certificates or in figures, besides what makes the numbers."""


@dataclass(frozen=True)
class Task:
    """A call whose result depends on code and arguments only; these and it are plain values, and dataclasses of them.

    The effort is a rough guess of how long it takes; long ones begin first, so that all processors are busy to the end.
    """

    name: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    effort: int = 0


@dataclass(frozen=True)
class Result:
    """What a task gave, the seconds that it took when it was computed, and whether that was in an earlier run."""

    value: Any
    seconds: float
    reused: bool = False


Start = Callable[[Task], "Future[Any]"]
"""Has a task done and returns at once; the same task is done once only. The result is for `result_of`."""


@contextmanager
def workshop(
    jobs: int, folder: Path | None, warn: Callable[[str], None], scheduler: str | None = None
) -> Iterator[Start]:
    """Yield the function that has tasks done, in the order given, by processes here or the workers of a Dask scheduler.

    `folder` keeps results of earlier runs; `warn` is told which of them are damaged; these are computed again.
    """
    if folder is not None:
        kept.prepare(folder, warn)
    with crew(jobs, scheduler) as submit:
        started: dict[str, Future[Any]] = {}
        code: dict[int, Sequence[str]] = {}  # It may grow by modules that are loaded meanwhile.

        def start(task: Task) -> "Future[Any]":
            if len(sys.modules) not in code:
                code[len(sys.modules)] = _code()
            key = task_key(task, code[len(sys.modules)])
            if key not in started:
                path = None if folder is None else kept.path_of(folder, key)
                content = None if path is None else _load(path, warn)
                if content is not None:
                    started[key] = _done(content)
                elif scheduler is None:
                    started[key] = submit(_compute, task, path)
                else:  # The folder is on this machine.
                    started[key] = submit(_compute, task, None)
                    if path is not None:
                        started[key].add_done_callback(partial(_keep, path))
            return started[key]

        yield start


def result_of(future: "Future[Any]") -> Result:
    """Wait for a task and return its result; or raise what it ended in."""
    return Result(**future.result())


def task_key(task: Task, code: Sequence[str] = ()) -> str:
    """Return a digest of all that a result depends on: the code (found out if not given), function and arguments."""
    function = f"{task.function.__module__}.{task.function.__qualname__}"
    return kept.digest([*(code or _code()), function, [kept.content(argument) for argument in task.arguments]])


def _compute(task: Task, path: Path | None) -> dict[str, Any]:
    """Do a task, and keep the result at once: an interruption loses nothing that is done."""
    start = perf_counter()
    # What is kept is read back as this: a run that reuses it must not differ from one that computes it.
    value = json.loads(json.dumps(task.function(*task.arguments), default=asdict))
    content = {"value": value, "seconds": round(perf_counter() - start, 3)}
    if path is not None:
        kept.store(path, content)
    return content


def _keep(path: Path, future: "Future[Any]") -> None:
    if not future.cancelled() and future.exception() is None:
        kept.store(path, future.result())


def _load(path: Path, warn: Callable[[str], None]) -> dict[str, Any] | None:
    try:
        content = kept.load(path)
        if content is not None and (not isinstance(content, dict) or content.keys() != {"value", "seconds"}):
            raise ValueError("it is no result of a task")
    except ValueError as error:
        warn(kept.damage(path, error))
        return None
    return content


def _done(content: dict[str, Any]) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_result(content | {"reused": True})
    return future


def _code() -> tuple[str, ...]:
    libraries = map(" ".join, versions(*_LIBRARIES).items())
    return code_fingerprint("theory", "numerics", "reports", without=_DATA), *libraries
