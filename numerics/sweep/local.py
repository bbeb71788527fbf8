"""Cells on the processors of this machine."""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import islice

from emtheory.numerics.processes import LostProcessError, answer_of, processes
from emtheory.numerics.sweep.cell import Cell, Row, compute

_BACKLOG = 4
"""Cells that wait for each worker: enough to keep it busy, few enough to keep memory flat."""

Keyed = tuple[str, Cell]


def run_local(
    cells: Iterable[Keyed], fingerprint: str, jobs: int, timeout: float | None
) -> Iterator[tuple[str, Cell, Row]]:
    """Yield what comes of the cells, in the order in which they end.

    Parameters
    ----------
    cells
        Key and cell; consumed as workers become free.
    fingerprint
        Of this code.
    jobs
        Worker processes.
    timeout
        Seconds after which the worker of a cell is killed, or None.
    """
    source = iter(cells)
    running: dict[Future[Row], Keyed] = {}
    with processes(jobs) as submit:
        while True:
            for key, cell in islice(source, jobs * _BACKLOG - len(running)):
                running[submit(compute, cell, fingerprint, timeout=timeout)] = key, cell
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                key, cell = running.pop(future)
                yield key, cell, _row(future, timeout)


def _row(future: "Future[Row]", timeout: float | None) -> Row:
    try:
        row: Row = answer_of(future)
    except TimeoutError:
        return Row(error=f"no answer within {timeout:g} s", seconds=timeout or 0.0)
    except LostProcessError as error:
        return Row(error=f"the worker process died (exit status {error.exit_status})")
    return row
