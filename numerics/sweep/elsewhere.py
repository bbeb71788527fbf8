"""Cells on the processors of this machine, or on a Dask cluster."""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import chain, islice

from emtheory.numerics.cluster import SchedulerGoneError
from emtheory.numerics.processes import Submit, answer_of
from emtheory.numerics.side_by_side import LostProcessError
from emtheory.numerics.sweep.cell import Cell, Row, compute_group

BACKLOG = 4
"""Groups that wait for each worker: enough to keep it busy, few enough to keep memory flat."""
CLUSTER_BACKLOG = 1000
"""Groups that are with a cluster, however many workers it has: far fewer than would fill the scheduler's memory."""

Keyed = tuple[str, Cell]


def run_elsewhere(
    groups: Iterable[list[Keyed]], fingerprint: str, submit: Submit, ahead: int, timeout: float | None
) -> Iterator[tuple[str, Cell, Row]]:
    """Yield what comes of the cells, in the order in which they end.

    Groups are of one case, for one worker, and so many are taken ahead. With a timeout, after which the worker of a
    cell is killed, each cell goes by itself, and so it does after its group has cost a worker its life.
    """
    single = ([keyed] for keyed in chain.from_iterable(groups))
    source = iter(groups if timeout is None else single)
    running: dict[Future[list[Row]], list[Keyed]] = {}
    while True:
        for group in islice(source, max(0, ahead - len(running))):
            running[submit(compute_group, [cell for _, cell in group], fingerprint, timeout=timeout)] = group
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            group = running.pop(future)
            rows = _rows(future, timeout)
            if len(rows) < len(group):
                source = chain([[keyed] for keyed in group], source)
                continue
            for (key, cell), row in zip(group, rows, strict=True):
                yield key, cell, row


def _rows(future: "Future[list[Row]]", timeout: float | None) -> list[Row]:
    """Return the rows of a group, or one that says why there are none."""
    try:
        rows: list[Row] = answer_of(future)
    except TimeoutError:
        return [Row(error=f"no answer within {timeout:g} s", seconds=timeout or 0.0)]
    except LostProcessError as error:
        return [Row(error=f"the worker process died (exit status {error.exit_status})")]
    except SchedulerGoneError:
        raise
    except Exception as error:
        return [Row(error=f"{type(error).__name__}: {error}"[:500])]
    return rows
