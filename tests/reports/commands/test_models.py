"""Models on the command line, sweeps, and bad requests to every command: one line, and nothing computed or written."""

import csv
import json
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
import tomllib
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.cli import program
from emtheory.reports.commands.model import _left
from emtheory.reports.exit_code import ExitCode
from tests.reports.checking.test_model_files import MODELS, claim, write
from tests.reports.commands import test_check
from tests.reports.commands.test_certify_fit import FIT
from tests.reports.commands.test_certify_fit import MODELS as FITS
from tests.reports.conftest import Run

pytestmark = pytest.mark.usefixtures("no_workers")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return write(tmp_path, MODELS, "models.toml")


def test_a_quantity_of_a_model_which_need_not_be_named_if_there_is_one(run: Run, models: Path, tmp_path: Path) -> None:
    options = ("--models", models, "--model", "scales", "--at", "theta=sqrt(2)/2", "--at", "mu=6/5", "--at", "v=1")
    document = run("evaluate", "em_jacobian(theta, v)", *options, "--digits", "12", "--json").document()
    assert (document["quantity"], document["level"]) == ("em_jacobian(theta, v)", "certified")
    assert document["case"] == {"model": "scales", "theta": "sqrt(2)/2", "v": "1", "mu": "6/5", "w": "1/2"}
    text = run("evaluate", "em_iterate(theta)", *options, "--set", "t=2", "--latex", "x", "--digits", "5")
    assert "em_iterate(theta), model = scales" in text.out
    assert '{"' not in text.out
    one = write(tmp_path, MODELS.partition("[models.two-regressions]")[0], "one.toml")
    options = ("--at", "theta=1", "--at", "mu=1", "--at", "v=1", "--digits", "4")
    assert run("evaluate", "em_map(theta)", "--models", one, *options).out.startswith("1\n")
    assert run("evaluate", "em_map", "--model", "two-means", "--at", "theta=1", "--at", "separation=1").code == 0


def test_claims_take_models_of_the_command_line(run: Run, tmp_path: Path, models: Path) -> None:
    text = claim("em_map(theta) < theta", theta='"1/2"', mu="1", v="1").replace(MODELS, "schema = 1\n")
    path = write(tmp_path, text)
    run("check", path).assert_one_line_error(2, "unknown model 'scales'")
    junit = tmp_path / "junit.xml"
    result = run("check", path, "--models", models, "--junit", junit, "--no-cache")
    assert result.code == 1
    explained = run("check", path, "--models", models, "--explain", "a", "--no-cache")
    document = run("check", path, "--models", models, "--json", "--no-cache")
    witness = json.loads(document.out)["claims"][0]["witness"]
    assert (witness["model"], witness["theta"]) == ("scales", "1/2")
    for shown in (result.out, explained.out, document.out, junit.read_text()):
        assert "estimate" not in shown  # a key of each definition
    touching = claim("em_map(theta) <= mu", mu="1", v="1", for_all='{ theta = ["1/2", "1"] }')
    explained = run("check", write(tmp_path, touching, "touching.toml"), "--explain", "a", "--no-cache")
    assert "mu is not enclosed by itself here" in explained.out


def test_a_sweep_over_parameters_of_a_model(run: Run, tmp_path: Path, models: Path) -> None:
    csv, store, plot = (tmp_path / name for name in ("a.csv", "a.sqlite", "a.svg"))
    at = ("--at", "theta=1/2:1:1/2", "--at", "v=1,sqrt(2)", "--at", "mu=1")
    options = ("--models", models, "--model", "scales", *at)
    files = ("--csv", csv, "--store", store, "--plot", plot, "--jobs", "1")
    quantities = ("--quantity", "em_map(v)", "--quantity", "em_iterate(theta, t=1)", "--digits", "6")
    document = run("sweep", *options, *quantities, *files, "--json").document()
    assert (document["failed"], len(document["cells"])) == (0, 8)
    first = document["cells"][0]
    assert (first["model"], first["quantity"]) == ("scales", "em_map(v)")
    assert first["at"] == {"theta": "1/2", "v": "1", "mu": "1", "w": "1/2"}
    assert csv.read_text().startswith("model,theta,v,mu,w,quantity,arguments,")
    assert plot.read_text().startswith("<?xml")
    again = run("sweep", *options, *quantities, "--store", store, "--jobs", "1")
    assert again.out.splitlines()[0].split() == ["model", "theta", "v", "mu", "w", "quantity", "value", "level"]
    assert "em_iterate(theta, t=1)" in again.out


WORKED = Path(__file__).resolve().parents[3] / "examples" / "models"
TIED = """
schema = 1
[models.simplex]
observed = ["x", "y"]
data = [{ weight = "1", x = "normal(0, 1)", y = "normal(0, 1)" }]
fit = [
  { weight = "1/2", x = "normal(a, 1)", y = "normal(b, 1)" },
  { weight = "3/10", x = "normal(-a/2 - sqrt(3)/2*b, 1)", y = "normal(sqrt(3)/2*a - b/2, 1)" },
  { weight = "1/5", x = "normal(-a/2 + sqrt(3)/2*b, 1)", y = "normal(-sqrt(3)/2*a - b/2, 1)" },
]
estimate = ["a", "b"]
parameters = { a = "real", b = "real" }
"""


def shown(run: Run, *arguments: str | Path) -> str:
    result = run("model", *arguments)
    assert result.code == 0, result
    return result.out


def test_lines_are_checked_and_conditions_told(run: Run) -> None:
    text = shown(run, WORKED / "two-regressions.toml")
    assert "em_map(theta) = (E[γ_0 x y] - E[γ_1 x y])/(E[γ_0 x^2] + E[γ_1 x^2])" in text
    assert "theta = truth\n    truth 1 of 2: the fit is the data's law" in text
    assert "decided: E[γ_0 x^2] + E[γ_1 x^2] is not 0" in text
    document = json.loads(shown(run, WORKED / "weights-and-variances.toml", "two-normals", "--json"))
    (model,) = document["models"]
    assert {each["standing"] for each in model["conditions"]} == {"assumed", "decided"}
    assert {each["derivation"] for each in model["facts"]} == {"general-em"}
    standing = [{each["text"]: each["standing"] for each in fact["premises"]} for fact in model["facts"]]
    assert standing[0] == {"finite mixture": "decided"}
    assert standing[3]["inner M-step"] == standing[4]["well specified"] == "decided"
    assert all(each["checked"] for each in model["lines"] if each["label"] in ("EM's map", "score", "Jacobian"))


def test_names_are_written_as_in_formulas() -> None:
    assert _left("em_jacobian(mu_1, v) at 0") == r"\mathrm{em\_jacobian}(\mu_{1}, v) \mathrm{~at~} 0"


def test_the_tied_simplex_has_the_jacobian_of_the_paper_at_the_origin(run: Run, tmp_path: Path) -> None:
    """J(0) = I − AᵀA = (1 − |π̂_1|²) I, and |π̂_1|² = 7/100 for 1/2, 3/10, 1/5."""
    path = tmp_path / "simplex.toml"
    path.write_text(TIED)
    text = shown(run, path)
    for p, q, value in (("a", "a", "93/100"), ("a", "b", "0"), ("b", "a", "0"), ("b", "b", "93/100")):
        assert f"em_jacobian({p}, {q}) at 0 = {value}\n" in text


@pytest.mark.parametrize("name", ["two-regressions", "poisson"])
def test_python_code_is_em(run: Run, name: str, tmp_path: Path) -> None:
    """The printed module has no other import than NumPy, and its step raises the likelihood of a sample."""
    code = shown(run, WORKED / f"{name}.toml", "--python")
    assert all("numpy" in line for line in code.splitlines() if "import" in line)
    space: dict[str, object] = {}
    exec(compile(code, str(tmp_path / "em.py"), "exec"), space)  # noqa: S102  # Our own output.
    generator = np.random.default_rng(3)
    step = space["em_step"]
    assert callable(step)
    if name == "two-regressions":
        x = generator.normal(size=4000)
        y = generator.choice([-1, 1], size=4000) * x + generator.normal(size=4000)
        expected = np.mean(x * y * np.tanh(0.5 * x * y)) / np.mean(x * x)
        assert step(x, y, 0.5, 0.0) == pytest.approx((expected,), rel=1e-12)
    else:
        x = generator.poisson(generator.choice([2, 5], size=4000))
        names = re.search(r"def em_step\((.*?)\)", code)[1].split(", ")
        w, a, b = step(x, *({"w": 0.4, "a": 1.5, "b": 4.0}[each] for each in names[1:]))
        first = 0.4 * np.exp(-1.5) * 1.5**x
        posterior = first / (first + 0.6 * np.exp(-4.0) * 4.0**x)
        assert (w, a) == pytest.approx((posterior.mean(), (posterior * x).mean() / posterior.mean()), rel=1e-12)
        assert b == pytest.approx(((1 - posterior) * x).mean() / (1 - posterior).mean(), rel=1e-12)


EXACT = ["--k", "2,3", "--weights", "linear,one-heavy:3/5", "--quantity", "spectral_gap"]


def test_the_table_says_what_evaluate_says(run: Run) -> None:
    at_a_point = ("--quantity", "posterior_power(m=k-1)", "--radius", "1/4")
    document = run("sweep", *EXACT, *at_a_point, "--digits", 12, "--json", "--jobs", 1).document()
    assert document["failed"] == 0
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
    cells = run("sweep", *EXACT, "--d", "2,5", "--jobs", 1, *options, "--json").document()["cells"]
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
        found = run("sweep", "--k", "3,3", *weights, "--quantity", "spectral_gap", "--jobs", 1, "--json")
        assert [cell["value"] for cell in found.document()["cells"]] == ["0.07", "0"]


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


REFUSED = tomllib.loads(Path(__file__).with_name("refused.toml").read_text(encoding="utf-8"))
COMMANDS = [(f"{start} {rest}".strip(), said) for start, more in REFUSED.items() for rest, said in more.items()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that these commands name."""
    folder = tmp_path_factory.mktemp("files")
    points = np.random.default_rng(0).normal(size=(40, 3))
    np.save(folder / "three.npy", points)
    np.savetxt(folder / "x.csv", points[:, :2], delimiter=",")
    (folder / "line.csv").write_text("".join(f"{x},{2 * x + 1}\n" for x in range(-9, 10)), encoding="utf-8")
    (folder / "counts.csv").write_text("1\n2\n5\n", encoding="utf-8")
    (folder / "half.csv").write_text("0.5\n1.5\n", encoding="utf-8")
    (folder / "fit.json").write_text(str(FIT).replace("'", '"'), encoding="utf-8")
    (folder / "models.toml").write_text(MODELS, encoding="utf-8")
    (folder / "fits.toml").write_text(FITS, encoding="utf-8")
    test_check.write(folder / "claims.toml", test_check.TRUE, test_check.FALSE)
    return folder


@pytest.mark.parametrize(("command", "said"), COMMANDS, ids=[command[:80] for command, _ in COMMANDS])
def test_it_is_refused(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, said: str) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr("emtheory.numerics.sweep.run.sweep", None)
    code, message = (int(said[0]), said[3:]) if said[1:3] == ": " else (2, said)
    before = sorted(folder.rglob("*"))
    name, *arguments = shlex.split(command)
    run(name, *arguments).assert_one_line_error(code, message)
    if name in program.commands and any("--json" in each.opts for each in program.commands[name].params):
        run(name, *arguments, "--json").assert_one_line_error(code, message)
    assert sorted(folder.rglob("*")) == before


def test_of_what_is_too_long_the_length_is_told(run: Run) -> None:
    options = ("--k", "3", "--weights", "1" * 10_000)
    run("evaluate", "spectral_gap", *options).assert_one_line_error(2, "has 10000 characters")
