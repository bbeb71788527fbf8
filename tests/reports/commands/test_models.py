"""Models on the command line: which, where, and what is shown of them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reports.checking.test_model_files import MODELS, claim, write
from tests.reports.conftest import Result

pytestmark = pytest.mark.usefixtures("no_workers")

Run = Callable[..., Result]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return write(tmp_path, MODELS, "models.toml")


def test_a_quantity_of_a_model(run: Run, models: Path) -> None:
    options = ("--models", models, "--model", "scales", "--at", "theta=sqrt(2)/2", "--at", "mu=6/5", "--at", "v=1")
    result = run("evaluate", "em_jacobian(theta, v)", *options, "--digits", "12", "--json")
    document = json.loads(result.out)
    assert (document["quantity"], document["level"]) == ("em_jacobian(theta, v)", "certified")
    assert document["case"] == {"model": "scales", "theta": "sqrt(2)/2", "v": "1", "mu": "6/5", "w": "1/2"}
    text = run("evaluate", "em_iterate(theta)", *options, "--set", "t=2", "--latex", "x", "--digits", "5")
    assert "em_iterate(theta), model = scales" in text.out
    assert '{"' not in text.out


def test_one_model_need_not_be_named(run: Run, tmp_path: Path) -> None:
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
