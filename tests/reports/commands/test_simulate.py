import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal

from emtheory.numerics.samples.distributions import gaussian_sample
from tests.reports.conftest import Result
from tests.tiers import first_every_day

Run = Callable[..., Result]
CASE = ("simulate", "--k", "3", "--weights", "1/2,3/10,1/5")
NO_FACTOR = {"value": None, "low": None, "high": None}
MODELS = (
    ("--means", "free", "--covariance", "full", "--unknown-weights"),
    ("--means", "free"),
    ("--covariance", "full"),
    ("--covariance", "isotropic", "--unknown-weights"),
    ("--unknown-weights",),
    ("--means", "free", "--covariance", "isotropic"),
)


def simulated(run: Run, *arguments: str | Path) -> dict[str, Any]:
    result = run(*CASE, *arguments, "--json")
    assert result.code == 0, result
    document: dict[str, Any] = json.loads(result.out)
    return document


def test_the_document_is_the_contract(run: Run) -> None:
    document = simulated(run, "--n", "2000", "--seed", "3", "--d", "4", "--radius", "3/2", "--iterations", "40")
    keys = ["schema", "case", "n", "d", "seed", "vertices", "trajectory", "observed_factor", "predicted_factor"]
    assert list(document) == keys
    assert [document[key] for key in ("schema", "n", "d", "seed")] == [1, 2000, 4, 3]
    assert document["case"]["weights"] == ["1/2", "3/10", "1/5"]
    assert [step["iteration"] for step in document["trajectory"]] == list(range(41))
    names = ["iteration", "theta", "radius", "amplitudes", "log_likelihood", "kl_estimate"]
    assert all(list(step) == names for step in document["trajectory"])
    assert document["predicted_factor"] == 0.93
    factor = document["observed_factor"]
    assert list(factor) == ["value", "low", "high"]
    assert factor["low"] < factor["value"] < factor["high"]


def test_anyone_can_repeat_the_run_from_vertices_and_data(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "data.npy"
    document = simulated(
        run, "--n", "500", "--seed", "1", "--d", "3", "--radius", "2", "--iterations", "9", "--save-data", path
    )
    data, v = np.load(path), np.array(document["vertices"])
    np.testing.assert_allclose(v @ v.T, 1.5 * np.eye(3) - 0.5, atol=1e-14)
    # R takes v_j to v_{j+1} and fixes the complement of their span: least squares on the vertices, I elsewhere.
    span = np.linalg.pinv(v) @ v
    R = (np.linalg.pinv(v) @ np.roll(v, -1, axis=0)).T + np.eye(3) - span
    theta, weights = 2 * v[0], np.array([0.5, 0.3, 0.2])
    for step in document["trajectory"]:
        np.testing.assert_allclose(step["theta"], theta, atol=1e-12)
        assert step["radius"] == pytest.approx(np.linalg.norm(theta), rel=1e-12)
        assert step["amplitudes"] == pytest.approx([np.linalg.norm(span @ theta)], rel=1e-12)
        means = np.array([np.linalg.matrix_power(R, j) @ theta for j in range(3)])
        densities = np.log(weights) - np.sum((data[:, None] - means) ** 2, axis=2) / 2 - 1.5 * np.log(2 * np.pi)
        likelihood = np.mean(logsumexp(densities, axis=1))
        assert step["log_likelihood"] == pytest.approx(likelihood, rel=1e-12)
        origin = -np.mean(np.sum(data**2, axis=1)) / 2 - 1.5 * np.log(2 * np.pi)
        assert step["kl_estimate"] == pytest.approx(origin - likelihood, abs=1e-13)
        gamma = softmax(densities, axis=1)
        theta = sum(np.linalg.matrix_power(R.T, j) @ (gamma[:, j] @ data) for j in range(3)) / len(data)


def test_file_format_threads_and_source_do_not_matter(run: Run, tmp_path: Path) -> None:
    data = gaussian_sample(3000, 2, 7)
    np.save(tmp_path / "d.npy", data)
    np.savetxt(tmp_path / "d.csv", data, delimiter=",", fmt="%.17g", header="x,y", comments="")
    parquet.write_table(pa.table({"x": data[:, 0], "y": data[:, 1]}), tmp_path / "d.parquet")
    drawn = simulated(run, "--n", "3000", "--seed", "7")
    for suffix in ("npy", "csv", "parquet"):
        read = simulated(run, "--data", tmp_path / f"d.{suffix}", "--threads", "2")
        assert read["seed"] is None
        assert {**read, "seed": 7} == drawn
    assert (
        run(*CASE, "--n", "3000", "--seed", "7", "--json").out == run(*CASE, "--n", "3000", "--seed", "7", "--json").out
    )
    assert simulated(run, "--n", "3000", "--seed", "8") != drawn


@pytest.mark.parametrize("n", first_every_day(1, ["20000", "200000"]))
def test_the_prediction_lies_in_the_interval_and_a_wrong_one_does_not(run: Run, n: str) -> None:
    document = simulated(run, "--n", n, "--seed", "5", "--iterations", "150")
    factor = document["observed_factor"]
    assert factor["low"] < 0.93 < factor["high"]
    assert not factor["low"] < 1 - 0.07**0.5 < factor["high"]


def test_the_factor_is_that_of_the_end_in_a_short_run_too(run: Run) -> None:
    short, long = (simulated(run, "--n", "20000", "--seed", "5", "--iterations", str(steps)) for steps in (0, 250))
    assert short["observed_factor"] == long["observed_factor"]
    assert len(short["trajectory"]) == 1


@pytest.mark.parametrize("model", [(), ("--means", "free"), ("--lloyd",)], ids=" ".join)
@pytest.mark.parametrize("precision", [(), ("--float32",)], ids=" ".join)
def test_documents_have_finite_numbers_whatever_the_scale(
    run: Run, tmp_path: Path, precision: tuple[str, ...], model: tuple[str, ...]
) -> None:
    for scale in (1e-12, 1e12, 1e30):
        np.save(tmp_path / "d.npy", scale * gaussian_sample(50, 2, 0))
        arguments = ("--data", tmp_path / "d.npy", "--iterations", "4", "--no-factor", *precision, *model)
        for step in simulated(run, *arguments)["trajectory"]:
            assert np.isfinite([*step["theta"], step["radius"], step["log_likelihood"], step["kl_estimate"]]).all()


def test_other_laws_have_their_own_prediction(run: Run) -> None:
    arguments = ("--n", "1000", "--law", "student:5", "--iterations", "3")
    document = simulated(run, *arguments, "--variance", "1/2")
    assert [document[key] for key in ("law", "variance", "predicted_factor")] == ["student:5", "1/2", 0.465]
    assert "drawn with seed 0, law student:5 with E‖X‖²/d = 1\n" in run(*CASE, *arguments).out
    assert simulated(run, *arguments, "--variance", "2")["predicted_factor"] is None
    assert "predicted factor  none: the origin repels" in run(*CASE, *arguments, "--variance", "2").out
    uniform = run("simulate", "--k", "4", "--weights", "3/8,3/8,1/8,1/8", *arguments)
    assert "predicted factor  1: slower than geometric" in uniform.out


def test_text_and_files(run: Run, tmp_path: Path) -> None:
    result = run(*CASE, "--n", "2000", "--iterations", "50", "--out", tmp_path / "out")
    assert result.code == 0
    assert "k = 3, d = 2, weights 0.5, 0.3, 0.2; 2000 points drawn with seed 0\n" in result.out
    assert "(99%, jackknife over 10 parts of the data)\npredicted factor  0.93" in result.out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "trajectory.csv",
        "trajectory.json",
        "trajectory.svg",
    ]
    rows = list(csv.DictReader((tmp_path / "out" / "trajectory.csv").read_text().splitlines()))
    document = json.loads((tmp_path / "out" / "trajectory.json").read_text())
    assert len(rows) == 51
    thetas = np.array([step["theta"] for step in document["trajectory"]])
    increments = np.linalg.norm(np.diff(thetas, axis=0), axis=1)
    np.testing.assert_allclose([float(row["gradient_norm"]) for row in rows[:-1]], increments)
    np.testing.assert_allclose([float(row["factor"]) for row in rows[:-2]], increments[1:] / increments[:-1])
    assert (rows[-1]["factor"], rows[-1]["gradient_norm"]) == ("", "")  # not known yet
    assert "nan" not in result.out
    assert (tmp_path / "out" / "trajectory.svg").read_text().startswith("<?xml")


def test_the_observed_factor_may_be_left_out(run: Run) -> None:
    arguments = ("--n", "1000", "--iterations", "5")
    without, full = simulated(run, *arguments, "--no-factor"), simulated(run, *arguments)
    assert without["observed_factor"] == NO_FACTOR
    assert full["observed_factor"]["value"] > 0
    assert without["trajectory"] == full["trajectory"]


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


@pytest.mark.parametrize("options", first_every_day(3, [[*each] for each in MODELS]), ids=" ".join)
def test_whatever_is_fitted_the_run_can_be_repeated(run: Run, tmp_path: Path, options: list[str]) -> None:
    path = tmp_path / "data.npy"
    document = simulated(run, "--n", "400", "--d", "3", "--iterations", "6", "--save-data", path, *options)
    tied = simulated(run, "--n", "400", "--d", "3", "--iterations", "6")
    assert set(tied) < set(document)
    assert set(tied["trajectory"][0]) < set(document["trajectory"][0])
    data, v, model = np.load(path), np.array(document["vertices"]), document["model"]
    assert model["means"] == ("free" if "free" in options else "tied")
    assert model["weights"] == ("unknown" if "--unknown-weights" in options else "known")
    span = np.linalg.pinv(v) @ v
    R = (np.linalg.pinv(v) @ np.roll(v, -1, axis=0)).T + np.eye(3) - span
    weights, means, covariance = np.array([0.5, 0.3, 0.2]), v, np.eye(3)
    for step in document["trajectory"]:
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
        assert step["orbit_distance"] == pytest.approx(np.sqrt(np.sum(off**2) / 3), abs=1e-11)
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
        covariance = {"identity": np.eye(3), "isotropic": np.eye(3) * np.trace(scatter) / 3, "full": scatter}[
            model["covariance"]
        ]


def test_other_models_have_their_own_prediction(run: Run) -> None:
    arguments = ("--n", "400", "--iterations", "9")
    document = simulated(run, *arguments, "--unknown-weights")
    spectrum = np.abs(np.fft.fft(document["trajectory"][-1]["weights"])[1:]) ** 2
    assert document["predicted_factor"] == pytest.approx(1 - spectrum.min(), rel=1e-12)
    assert simulated(run, *arguments, "--means", "free")["predicted_factor"] is None
    assert "none: free means have the factor 1" in run(*CASE, *arguments, "--means", "free").out
