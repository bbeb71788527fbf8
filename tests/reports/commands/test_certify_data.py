"""`emtheory certify-data` as scripts meet it."""

import json
from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

import emtheory
from emtheory.numerics.samples.distributions import gaussian_sample
from tests.reports.conftest import Result

Run = Callable[..., Result]
CASE = ("--k", "3", "--weights", "one-heavy:3/5")
KEYS = (
    *("schema", "case", "n", "d", "sha256", "radius", "contraction_factor", "fixed_point"),
    *("log_likelihood", "level", "reason", "certificate"),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "points.npy"
    np.save(path, gaussian_sample(400, 3, 5))
    return path


def test_the_document_is_the_contract(run: Run, data: Path, tmp_path: Path) -> None:
    result = run("certify-data", data, *CASE, "--d", "3", "--radius", "1", "--json", "--out", tmp_path)
    assert result.code == 0
    assert result.err == ""
    document = json.loads(result.out)
    assert tuple(document) == KEYS
    told = [document[key] for key in ("schema", "n", "d", "radius", "level", "reason")]
    assert told == [1, 400, 3, "1", "certified", None]
    assert document["sha256"] == sha256(data.read_bytes()).hexdigest()
    assert document["case"]["weights"] == ["3/5", "1/5", "1/5"]
    assert 0 < Fraction(document["contraction_factor"]) < 1
    for lower, upper in zip(*(document["fixed_point"][end] for end in ("lower", "upper")), strict=True):
        assert 0 < Fraction(upper) - Fraction(lower) < Fraction(1, 10**10)
    # In the complement of the span the fixed point is the mean.
    mean = sum((Fraction(x) for x in np.load(data)[:, 2].tolist()), start=Fraction(0)) / 400
    assert Fraction(document["fixed_point"]["lower"][2]) <= mean <= Fraction(document["fixed_point"]["upper"][2])
    assert Path(document["certificate"]).is_file()
    assert document == json.loads(json.dumps(emtheory.certify_data(data, 3, "one-heavy:3/5", radius=1).as_json())) | {
        "certificate": document["certificate"]
    }


def test_a_ball_that_does_not_work_exits_4_with_the_reason(run: Run, data: Path, tmp_path: Path) -> None:
    options = ("certify-data", data, "--k", "2", "--weights", "1/2,1/2", "--radius", "1", "--out", tmp_path)
    result = run(*options, "--json")
    assert result.code == 4
    document = json.loads(result.out)
    assert tuple(document) == KEYS
    assert [document[key] for key in ("contraction_factor", "fixed_point", "log_likelihood", "level")] == [None] * 4
    assert document["reason"].startswith("EM does not contract on ‖θ‖ <= 1: its derivative at (0) has norm 1.0")
    assert emtheory.replay(document["certificate"], data=data).ok
    far = tmp_path / "far.npy"
    np.save(far, np.load(data) * 1e20)
    result = run("certify-data", far, *CASE, "--radius", "1")
    assert result.code == 4
    assert "they are certified up to 1.1e+09" in result.out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1,2\nnan,1\n0,1\n3,4\n", "row 2, column 1 of the data is not a finite number"),
        ("1,2\n1,3\n1,4\n1,5\n", "column 1 of the data is constant"),
        ("1,2\n0,3\n", "the data have 2 rows; EM in d = 2 dimensions needs at least 3"),
        ("1,2\n0,3\n2e100,1\n0,1\n", "the norm of a row may be at most 1e+100"),
        ("1\n2\n3\n", "has 1 columns: a regular simplex with k = 3 vertices needs d ≥ 2"),
    ],
)
def test_bad_data_are_told_as_by_simulate(run: Run, tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content)
    certified = run("certify-data", path, *CASE, "--radius", "1")
    certified.assert_one_line_error(2, message)
    assert run("simulate", *CASE, "--data", path).err == certified.err
