"""`emtheory simulate --lloyd`: EM from k-means, against a run of its own on turned data."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from numerics.case import make_case
from numerics.lloyd_init import lloyd_fit

Run = Callable[..., Any]
OPTIONS = ("simulate", "--k", "3", "--weights", "1/2,3/10,1/5", "--iterations", "4", "--no-factor")


def test_it_is_em_on_turned_data_from_the_fitted_radius(run: Run, tmp_path: Path) -> None:
    points = tmp_path / "points.npy"
    found = json.loads(run(*OPTIONS, "--n", "5000", "--seed", "4", "--lloyd", "--json", "--save-data", points).out)
    data = np.load(points)
    fit = lloyd_fit(make_case(3, "1/2,3/10,1/5"), data, 4)
    np.save(tmp_path / "turned.npy", data @ fit.turn.T)
    other = json.loads(
        run(*OPTIONS, "--data", tmp_path / "turned.npy", "--radius", found["case"]["radius"], "--json").out
    )
    for one, two in zip(found["trajectory"], other["trajectory"], strict=True):
        np.testing.assert_allclose(one["theta"], two["theta"], rtol=1e-10)
    assert found["lloyd"]["radius"] == pytest.approx(found["trajectory"][0]["radius"], rel=1e-8)
    assert found["lloyd"]["radius"] == pytest.approx(found["lloyd"]["gaussian_radius"], rel=0.05)
    assert 0 < found["lloyd"]["relative_distance"] < 0.2
    assert "lloyd" not in other


def test_the_start_is_told(run: Run) -> None:
    assert "Lloyd's start     radius 1.0" in run(*OPTIONS, "--n", "5000", "--lloyd").out


def test_a_law_with_directions_of_its_own_is_refused(run: Run) -> None:
    result = run(*OPTIONS, "--n", "500", "--lloyd", "--law", "anisotropic:4")
    assert result.code == 2
    assert "--lloyd turns the data" in result.err
