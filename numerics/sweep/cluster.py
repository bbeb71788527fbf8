"""The same cells on a Dask cluster."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any

from emtheory.numerics.cluster import connected, went_away
from emtheory.numerics.sweep.cell import Cell, Row, compute
from emtheory.numerics.sweep.local import Keyed

_BACKLOG = 4
"""Cells that are submitted ahead for each thread of the workers: with one a worker waits while its answer travels, with
all at once a large grid would fill the scheduler's memory."""


def run_on_cluster(cells: Iterable[Keyed], fingerprint: str, address: str) -> Iterator[tuple[str, Cell, Row]]:
    """Yield what comes of the cells, in the order in which they end; they are taken as they are needed.

    A cell whose worker is lost is given to another one by the scheduler; one that kills its workers again and again is
    recorded as failed, and workers with other code than the fingerprint's decline. InputError if `distributed` is not
    installed, no scheduler answers, or it has no workers; CannotAnswerError if it goes away.
    """
    with connected(address) as client:
        distributed: Any = import_module("distributed")
        workers = sum(client.ncores().values())
        source, waiting = iter(cells), {}
        finished = distributed.as_completed(loop=client.loop)

        def submit(count: int) -> None:
            for key, cell in islice(source, count):
                future = client.submit(compute, cell, fingerprint, key=f"emtheory-{key}")
                waiting[future.key] = key, cell
                finished.add(future)

        try:
            submit(workers * _BACKLOG)
            for future in finished:
                if future.cancelled():
                    raise went_away(address)
                yield *waiting.pop(future.key), _row(future)
                submit(1)
        except OSError:  # a connection that breaks between two looks at it
            raise went_away(address) from None


def _row(future: Any) -> Row:
    error = future.exception()
    return future.result() if error is None else Row(error=f"{type(error).__name__}: {error}"[:500])
