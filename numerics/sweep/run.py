"""A sweep: what the store does not have is computed and stored, cell by cell."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from emtheory.numerics.cluster import cluster
from emtheory.numerics.fingerprint import package_fingerprint
from emtheory.numerics.processes import processes
from emtheory.numerics.sweep.cell import Cell, Row, compute_group
from emtheory.numerics.sweep.elsewhere import BACKLOG, CLUSTER_BACKLOG, Keyed, run_elsewhere
from emtheory.numerics.sweep.store import Store


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

    Parameters
    ----------
    cells
        Key (`emtheory.numerics.sweep.cell.cell_key`) → cell.
    store
        Where rows come from and go to.
    jobs, timeout
        Worker processes here, or None to compute in this one; and seconds after which a cell's worker is killed. Not
        for a cluster.
    retry
        Whether cells that failed before are computed again.
    scheduler
        Address of a Dask scheduler whose workers compute instead.
    told
        Is told each row, those that were in the store first.
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
