"""A sweep: what the store does not have is computed and stored, cell by cell, here or on a Dask cluster."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import chain, islice

from emtheory.numerics.cluster import SchedulerGoneError, cluster
from emtheory.numerics.fingerprint import package_fingerprint
from emtheory.numerics.processes import Submit, processes
from emtheory.numerics.side_by_side import LostProcessError
from emtheory.numerics.sweep.cell import Cell, Row, compute_group
from emtheory.numerics.sweep.store import Store

BACKLOG = 4
"""Groups that wait for each worker: enough to keep it busy, few enough to keep memory flat."""
CLUSTER_BACKLOG = 1000
"""Groups that are with a cluster, however many workers it has: far fewer than would fill the scheduler's memory."""

Keyed = tuple[str, Cell]


def run_elsewhere(
    groups: Iterable[list[Keyed]], fingerprint: str, submit: Submit, ahead: int, timeout: float | None
) -> Iterator[tuple[str, Cell, Row]]:
    """Yield what comes of cells as they end; each goes by itself with a timeout, or once its group cost a worker."""
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
        rows: list[Row] = future.result()
    except TimeoutError:
        return [Row(error=f"no answer within {timeout:g} s", seconds=timeout or 0.0)]
    except LostProcessError as error:
        return [Row(error=f"the worker process died (exit status {error.exit_status})")]
    except SchedulerGoneError:
        raise
    except Exception as error:
        return [Row(error=f"{type(error).__name__}: {error}"[:500])]
    return rows


def sweep(
    cells: Mapping[str, Cell],
    store: Store,
    *,
    jobs: int | None,
    timeout: float | None = None,
    retry: bool = False,
    scheduler: str | None = None,
    told: Callable[[Row], None] = lambda row: None,
) -> None:
    """Compute every cell that the store does not have, those at one point together.

    InputError if the store or the scheduler cannot be used; what is finished is in the store.

    `cells`: key (`emtheory.numerics.sweep.cell.cell_key`) → cell. `store`: where rows come from and go to. `jobs`,
    `timeout`: worker processes here, or None to compute in this one; and seconds after which a cell's worker is killed.
    Not for a cluster. `retry`: whether cells that failed before are computed again. `scheduler`: address of a Dask
    scheduler whose workers compute instead. `told`: is told each row, those that were in the store first.
    """
    groups: dict[object, list[Keyed]] = {}
    for key, cell in cells.items():
        groups.setdefault(cell.place if cell.shares else key, []).append((key, cell))

    def missing() -> Iterator[list[Keyed]]:
        # The store is asked again before cells are handed out: another run may have computed them meanwhile.
        for group in groups.values():
            wanted = []
            for key, cell in group:
                row = store.get(key)
                if row is None or (retry and row.error is not None):
                    wanted.append((key, cell))
                else:
                    told(row)
            if wanted:
                yield wanted

    fingerprint = package_fingerprint()

    def here(group: list[Keyed]) -> Iterator[tuple[str, Cell, Row]]:
        rows = compute_group([cell for _, cell in group], fingerprint)
        return ((key, cell, row) for (key, cell), row in zip(group, rows, strict=True))

    def results() -> Iterator[tuple[str, Cell, Row]]:
        if scheduler is not None:
            with cluster(scheduler, ()) as submit:
                yield from run_elsewhere(missing(), fingerprint, submit, CLUSTER_BACKLOG, None)
        elif jobs is not None:
            with processes(jobs) as submit:
                yield from run_elsewhere(missing(), fingerprint, submit, BACKLOG * jobs, timeout)
        else:
            yield from chain.from_iterable(map(here, missing()))

    for key, cell, row in results():
        store.put(key, cell, row)
        told(row)
