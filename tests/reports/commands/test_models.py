"""Models on the command line: which, where, what is derived of one, and EM in NumPy by the derived map."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from emtheory.reports.commands.model import _left
from tests.reports.checking.test_model_files import MODELS, claim, write
from tests.reports.conftest import Run

pytestmark = pytest.mark.usefixtures("no_workers")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return write(tmp_path, MODELS, "models.toml")


def test_a_quantity_of_a_model_which_need_not_be_named_if_there_is_one(run: Run, models: Path, tmp_path: Path) -> None:
    options = ("--models", models, "--model", "scales", "--at", "theta=sqrt(2)/2", "--at", "mu=6/5", "--at", "v=1")
    result = run("evaluate", "em_jacobian(theta, v)", *options, "--digits", "12", "--json")
    document = json.loads(result.out)
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
    document = json.loads(run("sweep", *options, *quantities, *files, "--json").out)
    assert (document["failed"], len(document["cells"])) == (0, 8)
    first = document["cells"][0]
    assert (first["model"], first["quantity"]) == ("scales", "em_map(v)")
    assert first["at"] == {"theta": "1/2", "v": "1", "mu": "1", "w": "1/2"}
    assert csv.read_text().splitlines()[0].startswith("model,theta,v,mu,w,quantity,arguments,")
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
    imports = [line for line in code.splitlines() if "import" in line]
    assert all("numpy" in line for line in imports)
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


def test_a_model_that_is_not_there_is_named_and_names_are_written_as_in_formulas(run: Run) -> None:
    run("model", WORKED / "poisson.toml", "NOWHERE").assert_one_line_error(2, "unknown model")
    assert _left("em_jacobian(mu_1, v) at 0") == r"\mathrm{em\_jacobian}(\mu_{1}, v) \mathrm{~at~} 0"
