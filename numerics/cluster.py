"""Work on a Dask cluster. Only here is `distributed` imported, and only when a cluster is asked for."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from importlib import import_module
from threading import Thread
from typing import Any

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.fingerprint import package_fingerprint
from emtheory.numerics.processes import Answer, Submit
from emtheory.numerics.side_by_side import LostProcessError

_CONNECT_SECONDS = 5
"""The client's own limit: a scheduler answers in a fraction of a second, also over a network."""
_PATIENCE_SECONDS = 10
"""For what listens at the address but is no scheduler, which the client's own limit does not end: twice that limit, so
that a slow scheduler is not cut off."""


class SchedulerGoneError(CannotAnswerError):
    """The scheduler of a cluster went away."""


@contextmanager
def cluster(address: str, floors: Sequence[str]) -> Iterator[Submit]:
    """Yield a function that has others called on a cluster, as `emtheory.numerics.processes.processes` does here.

    A call whose worker is lost is given to another one by the scheduler; one that kills its workers again and again
    ends in LostProcessError. No call is stopped because of its timeout. If the scheduler goes away, calls end in
    SchedulerGoneError. A worker where the sources in the folders `floors` are other than here declines. InputError if
    `distributed` is not installed, no scheduler answers at the address, such as ``tcp://host:8786``, or it has no
    workers.
    """
    fingerprint = package_fingerprint(*floors)
    with _connected(address) as client:

        def submit(function: Any, /, *arguments: Any, timeout: float | None = None) -> "Future[Any]":
            answer = Answer()
            task = client.submit(_called, fingerprint, floors, function, arguments, pure=False)
            answer.cancelled_there = task.cancel
            task.add_done_callback(lambda task: _settle(answer, task, address))
            return answer

        yield submit


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Yield a client of a scheduler; InputError if none answers, it has no workers, or `distributed` is missing."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise InputError("--scheduler needs Dask: python -m pip install distributed") from None
    try:
        _, port = distributed.comm.get_address_host_port(address)
        if port >= 1 << 16:  # A client of an address that is none takes its time to fall apart.
            raise ValueError(f"there is no port {port}")
        client = _connect(distributed, address)
    except (OSError, ValueError) as error:
        raise InputError(f"no Dask scheduler answers at {address[:100]}: {error}") from None
    with _muted("distributed.client"), _muted("distributed.batched"), client:
        if not client.ncores():
            raise InputError(f"the Dask scheduler at {address} has no workers yet: start some with `dask worker`")
        yield client


def _called(fingerprint: str, floors: Sequence[str], function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    if package_fingerprint(*floors) != fingerprint:
        raise CannotAnswerError("a worker of the cluster runs other code, or other versions of libraries, than here")
    return function(*arguments)


def _settle(answer: Answer, task: Any, address: str) -> None:
    if task.status == "finished":
        answer.settle(task.result())
    elif task.status == "error":
        error = task.exception()
        answer.settle(error=LostProcessError() if type(error).__name__ == "KilledWorker" else error)
    else:
        answer.settle(error=SchedulerGoneError(f"the Dask scheduler at {address} went away; what is finished is kept"))


@contextmanager
def _muted(logger: str) -> Iterator[None]:
    """Keep a logger silent: Dask's client prints traces when a scheduler goes away, which is told here in a line."""
    log = logging.getLogger(logger)
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def _connect(distributed: Any, address: str) -> Any:
    """Return a client, or raise OSError or ValueError if no scheduler answers in time."""
    connection: Future[Any] = Future()

    def connect() -> None:
        try:
            connection.set_result(distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False))
        except (OSError, ValueError) as error:
            connection.set_exception(error)

    Thread(target=connect, daemon=True).start()
    try:
        return connection.result(_PATIENCE_SECONDS)
    except TimeoutError as error:
        raise OSError(str(error) or "something listens there that does not answer as a scheduler does") from None
