import csv
import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.exit_code import ExitCode
from tests.reports.conftest import Run

pytestmark = pytest.mark.usefixtures("no_workers")

EXACT = ["--k", "2,3", "--weights", "linear,one-heavy:3/5", "--quantity", "spectral_gap"]


def test_the_table_says_what_evaluate_says(run: Run) -> None:
    at_a_point = ("--quantity", "posterior_power(m=k-1)", "--radius", "1/4")
    code, out, err, _ = run("sweep", *EXACT, *at_a_point, "--digits", 12, "--json", "--jobs", 1)
    document = json.loads(out)
    assert (code, err, document["schema"], document["failed"]) == (0, "", 1, 0)
    assert len(document["cells"]) == 2 * 2 * (1 + 1)
    for cell in document["cells"]:
        radius = None if cell["radius"] is None else Fraction(cell["radius"])
        case = make_case(cell["k"], cell["weights"], cell["d"], radius)
        arguments = {name: Fraction(value) for name, value in cell["arguments"].items()}
        independent = evaluate(cell["quantity"], case, arguments, 15, "mp")
        assert abs(Fraction(cell["value"]) - independent.midpoint) <= Fraction(1, 10**12)
        assert Fraction(cell["lower"]) <= Fraction(cell["value"]) <= Fraction(cell["upper"])


def test_files_hold_the_same_table(run: Run, tmp_path: Path) -> None:
    import pyarrow.parquet

    paths = {name: tmp_path / f"table.{name}" for name in ("csv", "parquet")} | {"plot": tmp_path / "table.svg"}
    options = [part for name, path in paths.items() for part in (f"--{name}", path)]
    code, out, *_ = run("sweep", *EXACT, "--d", "2,5", "--jobs", 1, *options, "--json")
    assert code == 0
    cells = json.loads(out)["cells"]
    with paths["csv"].open(newline="") as file:
        rows = list(csv.DictReader(file))
    table = pyarrow.parquet.read_table(paths["parquet"]).to_pylist()
    assert [row["value"] for row in rows] == [row["value"] for row in table] == [cell["value"] for cell in cells]
    assert [int(row["d"]) for row in rows] == [cell["d"] for cell in cells] == [2, 5] * 4
    assert paths["plot"].read_text().count("<svg") == 1


def test_a_second_run_computes_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "s.db"
    first = run("sweep", *EXACT, "--store", store, "--jobs", 1)
    monkeypatch.setattr("emtheory.numerics.sweep.run.compute_group", None)  # whatever is computed fails
    code, out, err, _ = run("sweep", *EXACT, "--store", store, "--jobs", 1)
    assert out.endswith("4 cells, 0 without an answer, 4 known from the store\n")
    assert (code, out.replace(", 4 known from the store", ""), err) == first[:3]


def test_a_cell_without_an_answer_is_shown_and_gives_status_4(run: Run) -> None:
    given = ("--k", "3", "--weights", "uniform,linear", "--quantity", "sublinear_constant", "--jobs", 1)
    code, out, err, _ = run("sweep", *given)
    assert (code, err) == (ExitCode.INCONCLUSIVE, "")
    assert "no answer: " in out
    assert "2 cells, 1 without an answer" in out


def test_two_outputs_in_one_file_are_refused(run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "one.svg", tmp_path / "." / "x" / ".." / "one.svg"
    (tmp_path / "x").mkdir()
    run("sweep", *EXACT, "--plot", first, "--store", second).assert_one_line_error(2, "is the file of ")
    assert not first.exists()


def test_lists_of_weights_beside_families_and_what_is_asked_twice(run: Run) -> None:
    for weights in (("--weights", "0.5, 3/10,1/5", "--weights", "uniform"), ("--weights", "1/2;3/10;1/5,uniform")):
        code, out, *_ = run("sweep", "--k", "3,3", *weights, "--quantity", "spectral_gap", "--jobs", 1, "--json")
        assert code == ExitCode.OK
        assert [cell["value"] for cell in json.loads(out)["cells"]] == ["0.07", "0"]


@pytest.mark.long
def test_ctrl_c_keeps_what_is_finished(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    script = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from emtheory.reports.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", script, "sweep", "--k", "2:300", "--weights", "one-heavy:3/5"]
    command += ["--quantity", "kl_divergence", "--radius", "1", "--digits", "60", "--store", str(store), "--jobs", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and _rows(store) < 3:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (ExitCode.INTERRUPTED, "")
    assert "Traceback" not in err
    assert 3 <= _rows(store) < 299


def _rows(store: Path) -> int:
    if not store.exists():
        return 0
    with closing(sqlite3.connect(store)) as connection:
        try:
            return connection.execute("SELECT count(*) FROM cells").fetchone()[0]
        except sqlite3.OperationalError:  # the table is being made
            return 0
