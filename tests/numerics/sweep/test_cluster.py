"""A real Dask cluster of processes on this machine."""

import gc
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from numerics.errors import InputError
from numerics.sweep.cell import Cell, Row
from numerics.sweep.run import sweep
from numerics.sweep.store import open_store

Grid = Callable[..., Mapping[str, Cell]]

# Worker processes that are killed leave sockets and tasks behind, about which asyncio and distributed warn.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as running:
        running.scheduler.allowed_failures = 5
        yield running


@pytest.mark.long
def test_a_killed_worker_loses_nothing_and_nothing_is_stored_twice(cluster: Any, grid: Grid) -> None:
    cells, stored, killed = grid(40, digits=40), [], []
    with open_store(None) as store:
        put = store.put

        def keep(key: str, cell: Cell, row: Row) -> None:
            stored.append(key)
            put(key, cell, row)
            if len(stored) == 5:
                worker = next(iter(cluster.workers.values()))
                killed.append(worker.pid)
                os.kill(worker.pid, signal.SIGKILL)

        store.put = keep
        sweep(cells, store, jobs=1, scheduler=cluster.scheduler_address)
        assert killed
        assert sorted(stored) == sorted(cells)
        rows = [store.get(key) for key in cells]
    assert [row.error for row in rows] == [None] * len(rows)
    with open_store(None) as store:
        sweep(cells, store, jobs=2)
        assert [store.get(key).value for key in cells] == [row.value for row in rows]


def test_no_scheduler_is_told_soon(grid: Grid) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    start = time.monotonic()
    with open_store(None) as store, pytest.raises(InputError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1"):
        sweep(grid(1), store, jobs=1, scheduler=address)
    assert time.monotonic() - start < 30


def test_something_else_that_listens_is_told_soon() -> None:
    """In a process of its own, since the client never returns."""
    program = "import sys; from reports.cli import main; sys.exit(main())"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        options = ["sweep", "--k", "2", "--weights", "uniform", "--quantity", "spectral_gap", "--scheduler", address]
        ended = subprocess.run(
            [sys.executable, "-c", program, *options], capture_output=True, text=True, timeout=60, check=False
        )
    assert ended.returncode == 2
    assert "does not answer as a scheduler does" in ended.stderr


@pytest.mark.parametrize("address", ["nonsense", "ftp://127.0.0.1:1", "", "tcp://127.0.0.1:99999999"])
def test_a_malformed_address_is_told_soon(grid: Grid, address: str) -> None:
    start = time.monotonic()
    with open_store(None) as store, pytest.raises(InputError, match="no Dask scheduler"):
        sweep(grid(1), store, jobs=1, scheduler=address)
    gc.collect()  # a client that did not start hangs when it is collected
    assert time.monotonic() - start < 9


@pytest.mark.long
def test_a_scheduler_without_workers_is_told(grid: Grid) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=None) as empty, open_store(None) as store:  # noqa: SIM117
        with pytest.raises(InputError, match="no workers"):
            sweep(grid(1), store, jobs=1, scheduler=empty.scheduler_address)


def test_distributed_is_imported_for_a_cluster_only() -> None:
    script = "import sys, numerics.sweep.run; sys.exit('distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
