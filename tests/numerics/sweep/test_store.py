import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from emtheory.numerics.errors import InputError
from emtheory.numerics.sweep.cell import Cell, Row
from emtheory.numerics.sweep.run import sweep
from emtheory.numerics.sweep.store import open_store

Grid = Callable[..., Mapping[str, Cell]]

ANSWER = Row("1", "0.9", "1.1", "certified", "ball", 0.5)


def test_an_answer_replaces_an_error_and_nothing_replaces_an_answer(grid: Grid) -> None:
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


def test_a_full_disk_loses_nothing_that_was_finished(tmp_path: Path, grid: Grid) -> None:
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
def test_a_sweep_that_is_killed_resumes_where_it_was(tmp_path: Path, grid: Grid) -> None:
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
def test_two_runs_share_a_store(tmp_path: Path, grid: Grid) -> None:
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
def test_failures_are_kept_and_retried_on_request(grid: Grid) -> None:
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
