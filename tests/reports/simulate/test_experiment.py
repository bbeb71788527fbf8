import json
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest

from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level
from emtheory.numerics.samples.estimate import Estimate
from emtheory.reports.experiments import experiment_names, find_experiment, unknown_covariance
from emtheory.reports.simulate.experiment import Comparison, Experiment, Findings, exact
from tests.reports.conftest import Run

QUICK = "unknown-covariance"


def estimate(low: float, high: float) -> Estimate:
    return Estimate((low + high) / 2, low, high, 0.99, 5, "0..4")


def test_a_comparison_is_observed_where_its_sides_overlap_and_else_refuted() -> None:
    wide = Enclosure(Fraction(0), Fraction(1), Level.CERTIFIED, "ball")
    half = exact(Fraction(1, 2))
    for predicted, low, high, outcome in (
        (half, 0.4, 0.6, "observed"),
        (half, 0.5, 0.6, "observed"),
        (half, 0.51, 0.6, "refuted"),
        (wide, 0.9, 2, "observed"),
        (wide, 1.1, 2, "refuted"),
    ):
        for expected in ("holds", "refuted"):
            comparison = Comparison("", predicted, estimate(low, high), expected)
            assert comparison.outcome == outcome
            assert comparison.ok == ((outcome == "observed") == (expected == "holds"))


def test_every_experiment_is_listed_and_described(run: Run) -> None:
    result = run("simulate", "--help")
    words = result.out.replace("\n", "").replace(" ", "")
    assert QUICK in experiment_names()
    for name in experiment_names():
        assert name in words
        assert find_experiment(name).title.endswith("?")
    run("simulate", "--experiment", "x").assert_one_line_error(2, "--experiment")


def test_an_experiment_writes_what_it_found(run: Run, tmp_path: Path) -> None:
    result = run("simulate", "--experiment", QUICK, "--json", "--out", tmp_path)
    assert result.code == 0
    document = json.loads(result.out)
    assert document["ok"]
    assert {comparison["verdict"] for comparison in document["comparisons"]} == {"observed", "refuted"}
    for comparison in document["comparisons"]:
        assert comparison["trials"] >= 2
        assert comparison["seeds"] == "0..7"
        assert 0.99 <= comparison["confidence"] < 1
        assert comparison["observed"]["low"] <= comparison["observed"]["high"]
    assert json.loads((tmp_path / f"{QUICK}.json").read_text()) == document
    assert (tmp_path / f"{QUICK}-1.csv").read_text().startswith("fitted with,factor,factor low,factor high,")
    assert "</svg>" in (tmp_path / f"{QUICK}.svg").read_text()


def test_a_folder_that_cannot_be_is_refused_at_once(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_covariance, "EXPERIMENT", Experiment("?", "nowhere", lambda: pytest.fail("was run")))
    (tmp_path / "file").write_text("")
    run("simulate", "--experiment", QUICK, "--out", tmp_path / "file").assert_one_line_error(2, "file")


def test_a_prediction_that_fails_gives_status_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    missed = Findings((Comparison("", exact(Fraction(1, 2)), estimate(0.51, 0.6)),), (), ())
    monkeypatch.setattr(unknown_covariance, "EXPERIMENT", Experiment("?", "nowhere", lambda: missed))
    assert run("simulate", "--experiment", QUICK).code == 1


SMALLER = {
    "finite-sample-bound": {"_SIZES": (5000, 10_000), "_DIMENSIONS": (2,), "_DIMENSION_SIZE": 10_000}
    | {"_SETTINGS": tuple((k, f"one-heavy:{w}/100", 500) for k, w in ((2, 95), (3, 97), (5, 99)))},
    "weights-and-radii": {"_RADII": (Fraction(8),), "_SEEDS": range(4)},
    "valid-against-uniform": {"_SEEDS": range(4)},
    "statistical-error": {"_SEEDS": range(48), "_STEP_SEEDS": range(32), "_WILKS_SEEDS": range(200)},
    "lloyd-initialisation": {"_SEEDS": range(24), "_FRESH_SEEDS": range(24, 48)},
    "real-data": {"_ITERATIONS": 250},
    "other-laws": {"_SIZES": (625, 2500, 10_000), "_END_SEEDS": range(32)},
}
"""Of experiments that take minutes: fewer or smaller samples, which tell true predictions from controls, too."""


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in experiment_names() if name != QUICK])
def test_experiments_come_out_as_expected(run: Run, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module(f"emtheory.reports.experiments.{name.replace('-', '_')}")
    for constant, value in SMALLER.get(name, {}).items():
        monkeypatch.setattr(module, constant, value)
    result = run("simulate", "--experiment", name, "--json")
    assert result.code == 0, result
    comparisons = json.loads(result.out)["comparisons"]
    assert {"holds", "refuted"} == {comparison["expected"] for comparison in comparisons}
