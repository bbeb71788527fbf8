"""emtheory simulate, on data and by experiments."""

import csv
import json
from fractions import Fraction
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal

from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level
from emtheory.numerics.samples.distributions import gaussian_sample, parse_law
from emtheory.numerics.samples.estimate import Estimate
from emtheory.numerics.samples.lloyd_init import lloyd_fit
from emtheory.reports.experiments import experiment_names, find_experiment, unknown_covariance
from emtheory.reports.simulate.experiment import Comparison, Experiment, Findings, exact
from emtheory.reports.simulate.setting import predicted_factor
from tests.reports.conftest import Run

CASE = ("simulate", "--k", "3", "--weights", "1/2,3/10,1/5")
MODELS = (
    (),
    ("--lloyd", "--means", "free", "--covariance", "full", "--unknown-weights"),
    ("--means", "free", "--covariance", "full", "--unknown-weights"),
    ("--covariance", "full"),
    ("--covariance", "isotropic", "--unknown-weights"),
    ("--means", "free", "--covariance", "isotropic"),
)


def turning(v: Any) -> Any:
    """R, which takes v_j to v_{j+1}, by least squares on the vertices; it fixes the complement of their span."""
    back = np.linalg.pinv(v)
    return (back @ np.roll(v, -1, axis=0)).T + np.eye(v.shape[1]) - back @ v


def simulated(run: Run, *arguments: str | Path) -> dict[str, Any]:
    document: dict[str, Any] = run(*CASE, *arguments, "--json").document()
    return document


def test_the_document_is_the_contract(run: Run) -> None:
    document = simulated(run, "--n", "2000", "--seed", "3", "--d", "4", "--radius", "3/2", "--iterations", "40")
    told = [document[key] for key in ("n", "d", "seed", "predicted_factor")]
    assert (told, document["case"]["weights"]) == ([2000, 4, 3, 0.93], ["1/2", "3/10", "1/5"])
    assert [step["iteration"] for step in document["trajectory"]] == list(range(41))
    factor = document["observed_factor"]
    assert factor["low"] < factor["value"] < factor["high"]


def test_file_format_threads_and_source_do_not_matter(run: Run, tmp_path: Path) -> None:
    data = gaussian_sample(1000, 2, 7)
    np.save(tmp_path / "d.npy", data)
    np.savetxt(tmp_path / "d.csv", data, delimiter=",", fmt="%.17g", header="x,y", comments="")
    parquet.write_table(pa.table({"x": data[:, 0], "y": data[:, 1]}), tmp_path / "d.parquet")
    drawn = simulated(run, "--n", "1000", "--seed", "7")
    for suffix in ("npy", "csv", "parquet"):
        read = simulated(run, "--data", tmp_path / f"d.{suffix}", "--threads", "2")
        assert (read["seed"], {**read, "seed": 7}) == (None, drawn)
    assert simulated(run, "--n", "1000", "--seed", "7") == drawn
    assert simulated(run, "--n", "1000", "--seed", "8") != drawn


def test_the_prediction_lies_in_the_interval_of_long_and_short_runs_and_a_wrong_one_does_not(run: Run) -> None:
    short, long = (simulated(run, "--n", "10000", "--seed", "5", "--iterations", str(steps)) for steps in (0, 150))
    factor = long["observed_factor"]
    assert factor == short["observed_factor"]
    assert len(short["trajectory"]) == 1
    assert factor["low"] < 0.93 < factor["high"]
    assert not factor["low"] < 1 - 0.07**0.5 < factor["high"]


def test_documents_have_finite_numbers_whatever_the_scale(run: Run, tmp_path: Path) -> None:
    for scale, model in product((1e-12, 1e30), ((), ("--means", "free"), ("--lloyd", "--float32"))):
        np.save(tmp_path / "d.npy", scale * gaussian_sample(50, 2, 0))
        arguments = ("--data", tmp_path / "d.npy", "--iterations", "4", "--no-factor", *model)
        for step in simulated(run, *arguments)["trajectory"]:
            assert np.isfinite([*step["theta"], step["radius"], step["log_likelihood"], step["kl_estimate"]]).all()


def test_other_laws_and_models_have_their_own_prediction(run: Run) -> None:
    arguments = ("--n", "1000", "--law", "student:5", "--iterations", "3", "--no-factor")
    document = simulated(run, *arguments, "--variance", "1/2")
    assert [document[key] for key in ("law", "variance", "predicted_factor")] == ["student:5", "1/2", 0.465]
    assert "drawn with seed 0, law student:5 with E‖X‖²/d = 1\n" in run(*CASE, *arguments).out
    assert simulated(run, *arguments, "--variance", "2")["predicted_factor"] is None
    assert "predicted factor  none: the origin repels" in run(*CASE, *arguments, "--variance", "2").out
    uniform = run("simulate", "--k", "4", "--weights", "3/8,3/8,1/8,1/8", *arguments)
    assert "predicted factor  1: slower than geometric" in uniform.out
    fitted = simulated(run, *arguments[:2], "--unknown-weights", "--iterations", "9", "--no-factor")
    spectrum = np.abs(np.fft.fft(fitted["trajectory"][-1]["weights"])[1:]) ** 2
    assert fitted["predicted_factor"] == pytest.approx(1 - spectrum.min(), rel=1e-12)
    free = run(*CASE, *arguments[:2], "--means", "free", "--no-factor", "--iterations", "3")
    assert "none: free means have the factor 1" in free.out


def test_text_and_files_and_a_factor_that_is_left_out(run: Run, tmp_path: Path) -> None:
    result = run(*CASE, "--n", "2000", "--iterations", "50", "--out", tmp_path / "out")
    assert "k = 3, d = 2, weights 0.5, 0.3, 0.2; 2000 points drawn with seed 0\n" in result.out
    assert "(99%, jackknife over 10 parts of the data)\npredicted factor  0.93" in result.out
    rows = list(csv.DictReader((tmp_path / "out" / "trajectory.csv").read_text().splitlines()))
    document = json.loads((tmp_path / "out" / "trajectory.json").read_text())
    assert len(rows) == 51
    thetas = np.array([step["theta"] for step in document["trajectory"]])
    increments = np.linalg.norm(np.diff(thetas, axis=0), axis=1)
    np.testing.assert_allclose([float(row["gradient_norm"]) for row in rows[:-1]], increments)
    np.testing.assert_allclose([float(row["factor"]) for row in rows[:-2]], increments[1:] / increments[:-1])
    assert (rows[-1]["factor"], rows[-1]["gradient_norm"]) == ("", "")  # not known yet
    assert (tmp_path / "out" / "trajectory.svg").read_text().startswith("<?xml")
    without = simulated(run, "--n", "2000", "--iterations", "50", "--no-factor")
    assert without["observed_factor"] == {"value": None, "low": None, "high": None}
    assert without["trajectory"] == document["trajectory"]


def test_data_are_not_overwritten_by_themselves(run: Run, tmp_path: Path) -> None:
    path, other = tmp_path / "d.npy", tmp_path / "e.npy"
    np.save(path, gaussian_sample(50, 2, 0))
    (tmp_path / "link.npy").symlink_to(path)
    before = path.read_bytes()
    for target in (path, tmp_path / "link.npy"):
        run(*CASE, "--data", path, "--save-data", target).assert_one_line_error(2, "would overwrite")
    assert path.read_bytes() == before
    assert run(*CASE, "--data", path, "--save-data", other, "--iterations", "1").code == 0
    assert other.read_bytes() == before


@pytest.mark.parametrize("options", MODELS, ids=" ".join)
def test_whatever_is_fitted_the_run_can_be_repeated(run: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    path = tmp_path / "data.npy"
    arguments = ("--n", "400", "--d", "3", "--iterations", "4", "--no-factor", "--save-data", path)
    document = simulated(run, *arguments, *options)
    data, v = np.load(path), np.array(document["vertices"])
    np.testing.assert_allclose(v @ v.T, 1.5 * np.eye(3) - 0.5, atol=1e-14)
    model = document.get("model", {"means": "tied", "weights": "known", "covariance": "identity"})
    assert model["means"] == ("free" if "free" in options else "tied")
    assert model["weights"] == ("unknown" if "--unknown-weights" in options else "known")
    R, span = turning(v), np.linalg.pinv(v) @ v
    weights, covariance = np.array([0.5, 0.3, 0.2]), np.eye(3)
    means = document["trajectory"][0]["radius"] * v
    for step in document["trajectory"]:
        if options:
            np.testing.assert_allclose(step["weights"], weights, atol=1e-11)
            np.testing.assert_allclose(step["means"], means, atol=1e-11)
            np.testing.assert_allclose(step["covariance"], covariance, atol=1e-11)
        joint = np.log(weights) + np.array([multivariate_normal(mean, covariance).logpdf(data) for mean in means]).T
        likelihood = np.mean(logsumexp(joint, axis=1))
        origin = np.mean(multivariate_normal(np.zeros(3), np.eye(3)).logpdf(data))
        assert step["log_likelihood"] == pytest.approx(likelihood, rel=1e-11)
        assert step["kl_estimate"] == pytest.approx(origin - likelihood, abs=1e-12)
        theta = sum(np.linalg.matrix_power(R.T, j) @ mean for j, mean in enumerate(means)) / 3
        np.testing.assert_allclose(step["theta"], theta, atol=1e-11)
        off = means - [np.linalg.matrix_power(R, j) @ theta for j in range(3)]
        if options:
            assert step["orbit_distance"] == pytest.approx(np.sqrt(np.sum(off**2) / 3), abs=1e-11)
        else:
            assert step["radius"] == pytest.approx(np.linalg.norm(theta), rel=1e-11)
            assert step["amplitudes"] == pytest.approx([np.linalg.norm(span @ theta)], rel=1e-11)
        gamma = softmax(joint, axis=1)
        counts, old_precision = gamma.sum(axis=0) / 400, np.linalg.inv(covariance)
        means = (gamma.T @ data) / (400 * counts[:, None])
        if model["means"] == "tied":
            turns = [np.linalg.matrix_power(R, j) for j in range(3)]
            left = sum(n * turn.T @ old_precision @ turn for n, turn in zip(counts, turns, strict=True))
            right = sum(n * turn.T @ old_precision @ c for n, turn, c in zip(counts, turns, means, strict=True))
            means = np.array([turn @ np.linalg.solve(left, right) for turn in turns])
        if "--unknown-weights" in options:
            weights = counts
        deviations = data[:, None] - means
        scatter = np.einsum("ij,ija,ijb->ab", gamma, deviations, deviations) / 400
        kinds = {"identity": np.eye(3), "isotropic": np.eye(3) * np.trace(scatter) / 3, "full": scatter}
        covariance = kinds[model["covariance"]]


LLOYD = (*CASE, "--iterations", "4", "--no-factor")


def test_after_lloyd_it_is_em_on_turned_data_from_the_fitted_radius(run: Run, tmp_path: Path) -> None:
    points = tmp_path / "points.npy"
    found = run(*LLOYD, "--n", "5000", "--seed", "4", "--lloyd", "--json", "--save-data", points).document()
    data = np.load(points)
    fit = lloyd_fit(make_case(3, "1/2,3/10,1/5"), data, 4)
    np.save(tmp_path / "turned.npy", data @ fit.turn.T)
    radius = ("--radius", found["case"]["radius"])
    other = run(*LLOYD, "--data", tmp_path / "turned.npy", *radius, "--json").document()
    for one, two in zip(found["trajectory"], other["trajectory"], strict=True):
        np.testing.assert_allclose(one["theta"], two["theta"] @ fit.turn, rtol=1e-10)
    assert found["lloyd"]["radius"] == pytest.approx(found["trajectory"][0]["radius"], rel=1e-8)
    assert found["lloyd"]["radius"] == pytest.approx(found["lloyd"]["gaussian_radius"], rel=0.05)
    assert 0 < found["lloyd"]["relative_distance"] < 0.2
    assert "lloyd" not in other


def test_a_law_with_directions_of_its_own_is_predicted_where_the_data_are_turned_to(run: Run, tmp_path: Path) -> None:
    points = tmp_path / "points.npy"
    law = ("--n", "4000", "--d", "3", "--law", "anisotropic:9", "--variance", "1/2", "--seed", "1")
    found = run(*LLOYD, *law, "--lloyd", "--save-data", points, "--json").document()
    case, weights = make_case(3, "1/2,3/10,1/5", 3), np.array([0.5, 0.3, 0.2])
    variances, R = parse_law("anisotropic:9", 0.5).variances(3), turning(np.array(found["vertices"]))
    powers = [np.linalg.matrix_power(R, j) for j in range(3)]
    A = sum(weight * power for weight, power in zip(weights, powers, strict=True))
    spread = sum(w * power.T @ np.diag(variances) @ power for w, power in zip(weights, powers, strict=True))
    jacobian = spread - A.T @ np.diag(variances) @ A
    assert found["predicted_factor"] == pytest.approx(np.linalg.eigvalsh(jacobian)[-1], rel=1e-9)
    straight = predicted_factor(case, parse_law("anisotropic:9", 0.5))
    assert found["predicted_factor"] != pytest.approx(straight, rel=1e-3)


QUICK = "unknown-covariance"


def estimate(low: float, high: float) -> Estimate:
    return Estimate((low + high) / 2, low, high, 0.99, 5, "0..4")


def test_a_comparison_is_observed_where_its_sides_overlap_and_else_refuted() -> None:
    wide = Enclosure(Fraction(0), Fraction(1), Level.CERTIFIED, "ball")
    half = exact(Fraction(1, 2))
    for predicted, low, high, overlap in (
        (half, 0.4, 0.6, True),
        (half, 0.5, 0.6, True),
        (half, 0.51, 0.6, False),
        (wide, 0.9, 2, True),
        (wide, 1.1, 2, False),
    ):
        for expected in ("holds", "refuted"):
            comparison = Comparison("", predicted, estimate(low, high), expected)
            assert comparison.outcome == ("observed" if overlap else "refuted")
            assert comparison.ok == (overlap == (expected == "holds"))


def test_every_experiment_is_listed_and_described(run: Run) -> None:
    result = run("simulate", "--help")
    words = result.out.replace("\n", "").replace(" ", "")
    assert QUICK in experiment_names()
    for name in experiment_names():
        assert name in words
        assert find_experiment(name).title.endswith("?")


def test_an_experiment_writes_what_it_found(run: Run, tmp_path: Path) -> None:
    document = run("simulate", "--experiment", QUICK, "--json", "--out", tmp_path).document()
    assert document["ok"]
    assert {comparison["verdict"] for comparison in document["comparisons"]} == {"observed", "refuted"}
    for comparison in document["comparisons"]:
        assert comparison["seeds"] == "0..7"
        assert comparison["trials"] >= 2
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
    comparisons = run("simulate", "--experiment", name, "--json").document()["comparisons"]
    assert {"holds", "refuted"} == {comparison["expected"] for comparison in comparisons}
