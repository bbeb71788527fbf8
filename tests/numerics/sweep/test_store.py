"""Stores, and sweeps that fill them: here, in processes that die, and on a real Dask cluster of processes."""

import gc
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from emtheory.numerics.errors import InputError
from emtheory.numerics.fingerprint import code_fingerprint
from emtheory.numerics.sweep.cell import Cell, Row, cell_key
from emtheory.numerics.sweep.run import sweep
from emtheory.numerics.sweep.store import open_store


def grid(count: int, quantity: str = "kl_divergence") -> Mapping[str, Cell]:
    """k = 2..n+1 → keyed cells of KL at radius 1."""
    cells = [Cell(k, "one-heavy:3/5", k - 1, Fraction(1), quantity, (), 15, "auto") for k in range(2, count + 2)]
    return {cell_key(cell, cell.case(), code_fingerprint()): cell for cell in cells}


ANSWER = Row("1", "0.9", "1.1", "certified", "ball", 0.5)


def test_an_answer_replaces_an_error_and_nothing_replaces_an_answer() -> None:
    (key, cell), *_ = grid(1).items()
    with open_store(None) as store:
        store.put(key, cell, Row(error="no"))
        store.put(key, cell, ANSWER)
        store.put(key, cell, Row(error="no"))
        store.put(key, cell, Row("2"))
        assert store.get(key) == ANSWER


def _other_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE cells (a)")


def _other_version(path: Path) -> None:
    with open_store(path):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_text("a,b\n" * 300), "not a database"),
        (lambda path: path.mkdir(), "unable to open"),
        (_other_program, "another program"),
        (_other_version, "version 99"),
    ],
)
def test_a_file_that_is_no_store_of_ours_is_refused_and_left_alone(
    tmp_path: Path, make: Callable[[Path], object], message: str
) -> None:
    path = tmp_path / "s.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(InputError, match=message), open_store(path):
        pass
    assert before is None or path.read_bytes() == before


def test_a_store_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with open_store(path):
        pass
    # Root may write to any file: what it may not do is to write while another connection holds the lock.
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        script = (
            "import emtheory.numerics.sweep.store as s, pathlib, sys\n"
            "s._BUSY_SECONDS = 0.1\n"
            "with s.open_store(pathlib.Path(sys.argv[1])): pass\n"
        )
        result = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=False)
        other.execute("ROLLBACK")
    assert "database is locked" in result.stderr


def test_a_folder_that_cannot_be_written_is_told_at_once() -> None:
    """The file itself may be written: what is missing is the right to make a journal beside it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_store(folder / "s.db"):
            pass
        (folder / "s.db").chmod(0o666)
        folder.chmod(0o555)
        script = (
            "import os, pathlib, sys\n"
            "from emtheory.numerics.sweep.store import open_store\n"
            "if os.geteuid() == 0: os.setuid(65534)  # nobody\n"
            "with open_store(pathlib.Path(sys.argv[1])): print('opened')\n"
        )
        command = [sys.executable, "-c", script, folder / "s.db"]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        folder.chmod(0o755)
    assert "InputError: store" in result.stderr
    assert "opened" not in result.stdout


def test_a_full_disk_loses_nothing_that_was_finished(tmp_path: Path) -> None:
    script = (
        "import resource, sys, pathlib\n"
        "from emtheory.numerics.sweep.store import open_store\n"
        "from emtheory.numerics.sweep.cell import Cell, Row\n"
        "cell = Cell(2, 'uniform', 1, None, 'spectral_gap', (), 15, 'auto')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"
        "with open_store(pathlib.Path(sys.argv[1])) as store:\n"
        "    for number in range(10_000):\n"
        "        store.put(str(number), cell, Row('1' * 500))\n"
        "        print(number, flush=True)\n"
    )
    path = tmp_path / "s.db"
    result = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=False)
    assert "InputError: store" in result.stderr
    written = len(result.stdout.split())
    assert written > 10
    with open_store(path) as store:
        assert all(store.get(str(number)) == Row("1" * 500) for number in range(written))


@pytest.mark.long
def test_a_sweep_that_is_killed_resumes_where_it_was(tmp_path: Path) -> None:
    path, cells = tmp_path / "s.db", grid(40)
    script = (
        "import sys, pathlib\n"
        "from tests_grid import cells\n"
        "from emtheory.numerics.sweep.run import sweep\n"
        "from emtheory.numerics.sweep.store import open_store\n"
        "if __name__ == '__main__':\n"
        "    with open_store(pathlib.Path(sys.argv[1])) as store:\n"
        "        sweep(cells, store, jobs=1, told=lambda row: print('done', flush=True))\n"
    )
    (tmp_path / "tests_grid.py").write_text(
        "from fractions import Fraction\nfrom emtheory.numerics.sweep.cell import Cell, cell_key\n"
        "from emtheory.numerics.fingerprint import code_fingerprint\n"
        f"cells = {{cell_key(c, c.case(), code_fingerprint()): c for c in {list(cells.values())!r}}}\n"
    )
    (tmp_path / "run.py").write_text(script)
    process = subprocess.Popen([sys.executable, tmp_path / "run.py", path], stdout=subprocess.PIPE, text=True)
    finished = [process.stdout.readline() for _ in range(5)]
    process.send_signal(signal.SIGKILL)
    finished += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    told = finished.count("done\n")
    assert 5 <= told < 40
    recomputed = []
    with open_store(path) as store:
        kept = sum(store.get(key) is not None for key in cells)
        assert told <= kept <= told + 1
        known = {key for key in cells if store.get(key) is not None}
        put = store.put
        store.put = lambda key, cell, row: (recomputed.append(key), put(key, cell, row))
        sweep(cells, store, jobs=2)
        assert all(store.get(key).error is None for key in cells)
    assert set(recomputed) == set(cells) - known


@pytest.mark.long
def test_two_runs_share_a_store(tmp_path: Path) -> None:
    path, cells, computed = tmp_path / "s.db", grid(30), []

    def run(order: Iterable[tuple[str, Cell]]) -> None:
        with open_store(path) as store:
            put = store.put
            store.put = lambda key, cell, row: (computed.append(key), put(key, cell, row))
            sweep(dict(order), store, jobs=1)

    threads = [threading.Thread(target=run, args=(order,)) for order in (cells.items(), reversed(cells.items()))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(path) as store:
        assert all(store.get(key).error is None for key in cells)
    # What one run has finished the other takes from the store; only what was under way at the same time is done twice.
    assert len(computed) <= len(cells) + 10


@pytest.mark.long
def test_failures_are_kept_and_retried_on_request() -> None:
    cells, seen = grid(3, quantity="no_such_quantity"), []
    with open_store(None) as store:
        sweep(cells, store, jobs=1, told=seen.append)
        sweep(cells, store, jobs=1, told=seen.append)
        first, second = seen[:3], seen[3:]
        assert sorted(map(repr, first)) == sorted(map(repr, second))  # the same rows, seconds included
        assert all("unknown quantity" in row.error for row in seen)
        sweep(cells, store, jobs=1, retry=True, told=seen.append)
        assert sorted(row.seconds for row in seen[6:]) != sorted(row.seconds for row in first)


def test_a_cell_that_takes_too_long_is_given_up() -> None:
    slow = Cell(64, "linear", 63, Fraction(1), "kl_divergence", (), 1000, "auto")
    rows: list[Row] = []
    start = time.monotonic()
    with open_store(None) as store:
        sweep({"key": slow}, store, jobs=1, timeout=0.3, told=rows.append)
    assert rows[0].error == "no answer within 0.3 s"
    assert time.monotonic() - start < 60


PROGRAM = [sys.executable, "-c", "import sys; from emtheory.reports.cli import main; sys.exit(main())"]
# Worker processes that are killed leave sockets and tasks behind, about which asyncio and distributed warn.
STRAY = pytest.mark.filterwarnings("ignore")


@STRAY
@pytest.mark.long
def test_something_else_that_listens_is_told_soon() -> None:
    """In a process of its own, since the client never returns."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        options = ["sweep", "--k", "2", "--weights", "uniform", "--quantity", "spectral_gap", "--scheduler", address]
        ended = subprocess.run([*PROGRAM, *options], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "does not answer as a scheduler does" in ended.stderr


@STRAY
@pytest.mark.long
def test_a_scheduler_that_dies_is_told_in_a_line_and_what_is_finished_is_kept(tmp_path: Path) -> None:
    """Processes of their own: the scheduler is killed as soon as there are rows in the store."""
    from distributed import Client

    where, store = tmp_path / "scheduler.json", tmp_path / "store.db"
    common = ["--no-dashboard", "--scheduler-file", str(where)]
    dask = [sys.executable, "-m", "dask"]
    quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = subprocess.Popen([*dask, "scheduler", "--port", "0", *common], **quiet)
    worker = subprocess.Popen([*dask, "worker", "--nworkers", "1", *common], **quiet)
    try:
        _wait_until(lambda: where.exists() and '"tcp://' in where.read_text())
        address = json.loads(where.read_text())["address"]
        grid = ["--k", "100:600", "--weights", "linear", "--quantity", "kl_divergence", "--radius", "1"]
        command = [*PROGRAM, "sweep", *grid, "--store", str(store), "--scheduler", address]
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


@STRAY
def test_a_malformed_address_is_told_soon() -> None:
    start = time.monotonic()
    with open_store(None) as store, pytest.raises(InputError, match="no Dask scheduler"):
        sweep(grid(1), store, jobs=1, scheduler="nonsense")
    gc.collect()  # a client that did not start hangs when it is collected
    assert time.monotonic() - start < 9


def test_distributed_is_imported_for_a_cluster_only() -> None:
    script = "import sys, emtheory.numerics.sweep.run; sys.exit('distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@STRAY
@pytest.mark.long
def test_a_scheduler_without_workers_is_told() -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=None) as empty, open_store(None) as store:  # noqa: SIM117
        with pytest.raises(InputError, match="no workers"):
            sweep(grid(1), store, jobs=1, scheduler=empty.scheduler_address)
