"""The same cells on a Dask cluster. Only here is `distributed` imported, and only when a sweep asks for it."""

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from threading import Thread
from typing import Any

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.sweep.cell import Cell, Row, compute
from emtheory.numerics.sweep.local import Keyed

_CONNECT_SECONDS = 5
"""The client's own limit: a scheduler answers in a fraction of a second, also over a network."""
_PATIENCE_SECONDS = 10
"""For what listens at the address but is no scheduler, which the client's own limit does not end: twice that limit, so
that a slow scheduler is not cut off."""
_BACKLOG = 4
"""Cells that are submitted ahead for each thread of the workers: with one a worker waits while its answer travels, with
all at once a large grid would fill the scheduler's memory."""


def run_on_cluster(cells: Iterable[Keyed], fingerprint: str, address: str) -> Iterator[tuple[str, Cell, Row]]:
    """Yield what comes of the cells, in the order in which they end.

    A cell whose worker is lost is given to another one by the scheduler; one that kills its workers again and again
    is recorded as failed.

    Parameters
    ----------
    cells
        Keys and requests, taken as they are needed.
    fingerprint
        Of the code here; workers with other code decline.
    address
        Of the scheduler, such as ``tcp://host:8786``.

    Raises
    ------
    InputError
        If `distributed` is not installed, no scheduler answers at `address`, or it has no workers.
    CannotAnswerError
        If the scheduler goes away.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise InputError("--scheduler needs Dask: python -m pip install 'emtheory[cluster]'") from None
    try:
        distributed.comm.get_address_host_port(address)  # a client that is refused here takes its time to fall apart
        client = _connected(distributed, address)
    except (OSError, ValueError) as error:
        raise InputError(f"no Dask scheduler answers at {address[:100]}: {error}") from None
    with _muted("distributed.client"), client:
        workers = sum(client.ncores().values())
        if not workers:
            raise InputError(f"the Dask scheduler at {address} has no workers yet: start some with `dask worker`")
        source, waiting = iter(cells), {}
        finished = distributed.as_completed(loop=client.loop)

        def submit(count: int) -> None:
            for key, cell in islice(source, count):
                future = client.submit(compute, cell, fingerprint, key=f"emtheory-{key}")
                waiting[future.key] = key, cell
                finished.add(future)

        submit(workers * _BACKLOG)
        for future in finished:
            if future.cancelled():
                raise CannotAnswerError(f"the Dask scheduler at {address} went away; what is finished is kept")
            yield *waiting.pop(future.key), _row(future)
            submit(1)


def _row(future: Any) -> Row:
    error = future.exception()
    return future.result() if error is None else Row(error=f"{type(error).__name__}: {error}"[:500])


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


def _connected(distributed: Any, address: str) -> Any:
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
