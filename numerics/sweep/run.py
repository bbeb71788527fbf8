"""A sweep: what the store does not have is computed and stored, cell by cell."""

from collections.abc import Callable, Iterator, Mapping

from emtheory.numerics.fingerprint import code_fingerprint
from emtheory.numerics.sweep.cell import Cell, Row, compute
from emtheory.numerics.sweep.cluster import run_on_cluster
from emtheory.numerics.sweep.local import Keyed, run_local
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
    """Compute every cell that the store does not have.

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

    Raises
    ------
    InputError
        If the store or the scheduler cannot be used; what is finished is in the store.
    """

    def missing() -> Iterator[Keyed]:
        # The store is asked again before a cell is handed out: another run may have computed it meanwhile.
        for key, cell in cells.items():
            row = store.get(key)
            if row is None or (retry and row.error is not None):
                yield key, cell
            else:
                told(row)

    fingerprint = code_fingerprint()
    if scheduler is not None:
        results = run_on_cluster(missing(), fingerprint, scheduler)
    elif jobs is not None:
        results = run_local(missing(), fingerprint, jobs, timeout)
    else:
        results = ((key, cell, compute(cell, fingerprint)) for key, cell in missing())
    for key, cell, row in results:
        store.put(key, cell, row)
        told(row)
