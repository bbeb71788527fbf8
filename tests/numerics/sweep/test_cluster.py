"""A real Dask cluster of processes on this machine."""

import gc
import json
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from emtheory.numerics.errors import InputError
from emtheory.numerics.sweep.cell import Cell
from emtheory.numerics.sweep.run import sweep
from emtheory.numerics.sweep.store import open_store

Grid = Callable[..., Mapping[str, Cell]]

# Worker processes that are killed leave sockets and tasks behind, about which asyncio and distributed warn.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.long
def test_something_else_that_listens_is_told_soon() -> None:
    """In a process of its own, since the client never returns."""
    program = "import sys; from emtheory.reports.cli import main; sys.exit(main())"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        options = ["sweep", "--k", "2", "--weights", "uniform", "--quantity", "spectral_gap", "--scheduler", address]
        ended = subprocess.run(
            [sys.executable, "-c", program, *options], capture_output=True, text=True, timeout=60, check=False
        )
    assert ended.returncode == 2
    assert "does not answer as a scheduler does" in ended.stderr


@pytest.mark.long
def test_a_scheduler_that_dies_is_told_in_a_line_and_what_is_finished_is_kept(tmp_path: Path) -> None:
    """Processes of their own: the scheduler is killed as soon as there are rows in the store."""
    from distributed import Client

    where, store = tmp_path / "scheduler.json", tmp_path / "store.db"
    common = ["--no-dashboard", "--scheduler-file", str(where)]
    dask, program = (
        [sys.executable, "-m", "dask"],
        "import sys; from emtheory.reports.cli import main; sys.exit(main())",
    )
    quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = subprocess.Popen([*dask, "scheduler", "--port", "0", *common], **quiet)
    worker = subprocess.Popen([*dask, "worker", "--nworkers", "1", *common], **quiet)
    try:
        _wait_until(lambda: where.exists() and '"tcp://' in where.read_text())
        address = json.loads(where.read_text())["address"]
        grid = ["--k", "100:600", "--weights", "linear", "--quantity", "kl_divergence", "--radius", "1"]
        command = [sys.executable, "-c", program, "sweep", *grid, "--store", str(store), "--scheduler", address]
        with Client(address) as client:
            client.wait_for_workers(1, timeout=60)
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        _wait_until(lambda: store.exists() and _rows(store) > 3)
        scheduler.kill()
        output, errors = running.communicate(timeout=60)
    finally:
        for process in (worker, scheduler):
            process.kill()
            process.wait()
    assert (running.returncode, output) == (4, "")
    assert errors == f"emtheory: error: the Dask scheduler at {address} went away; what is finished is kept\n"
    assert _rows(store) > 3


def _wait_until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.1)


def _rows(store: Path) -> int:
    with closing(sqlite3.connect(store)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM cells WHERE error IS NULL").fetchone()[0])
        except sqlite3.OperationalError:  # the table is not there yet
            return 0


def test_a_malformed_address_is_told_soon(grid: Grid) -> None:
    start = time.monotonic()
    with open_store(None) as store, pytest.raises(InputError, match="no Dask scheduler"):
        sweep(grid(1), store, jobs=1, scheduler="nonsense")
    gc.collect()  # a client that did not start hangs when it is collected
    assert time.monotonic() - start < 9


def test_distributed_is_imported_for_a_cluster_only() -> None:
    script = "import sys, emtheory.numerics.sweep.run; sys.exit('distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.long
def test_a_scheduler_without_workers_is_told(grid: Grid) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=None) as empty, open_store(None) as store:  # noqa: SIM117
        with pytest.raises(InputError, match="no workers"):
            sweep(grid(1), store, jobs=1, scheduler=empty.scheduler_address)
