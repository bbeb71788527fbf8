"""`emtheory simulate --lloyd`: EM from k-means, against a run of its own on turned data."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal

from emtheory.numerics.case import make_case
from emtheory.numerics.samples.distributions import parse_law
from emtheory.numerics.samples.lloyd_init import lloyd_fit
from emtheory.reports.simulate.setting import predicted_factor

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
        np.testing.assert_allclose(one["theta"], two["theta"] @ fit.turn, rtol=1e-10)
    assert found["lloyd"]["radius"] == pytest.approx(found["trajectory"][0]["radius"], rel=1e-8)
    assert found["lloyd"]["radius"] == pytest.approx(found["lloyd"]["gaussian_radius"], rel=0.05)
    assert 0 < found["lloyd"]["relative_distance"] < 0.2
    assert "lloyd" not in other


@pytest.mark.parametrize("model", [(), ("--means", "free", "--covariance", "full", "--unknown-weights")], ids=len)
def test_vertices_and_iterates_are_those_of_the_data(run: Run, tmp_path: Path, model: tuple[str, ...]) -> None:
    points = tmp_path / "points.npy"
    arguments = ("--n", "2000", "--d", "4", "--lloyd", "--save-data", points, "--json", *model)
    found = json.loads(run(*OPTIONS, *arguments).out)
    data, v, weights = np.load(points), np.array(found["vertices"]), np.array([0.5, 0.3, 0.2])
    np.testing.assert_allclose(v @ v.T, 1.5 * np.eye(3) - 0.5, atol=1e-14)
    radius = found["trajectory"][0]["radius"]
    np.testing.assert_allclose(found["trajectory"][0]["theta"], radius * v[0], atol=1e-14)
    means, covariance = radius * v, np.eye(4)
    span = np.linalg.pinv(v) @ v
    R = (np.linalg.pinv(v) @ np.roll(v, -1, axis=0)).T + np.eye(4) - span
    for step in found["trajectory"]:
        joint = np.log(weights) + np.array([multivariate_normal(mean, covariance).logpdf(data) for mean in means]).T
        assert step["log_likelihood"] == pytest.approx(np.mean(logsumexp(joint, axis=1)), rel=1e-11)
        gamma = softmax(joint, axis=1)
        if model:
            np.testing.assert_allclose(step["means"], means, atol=1e-11)
            np.testing.assert_allclose(step["covariance"], covariance, atol=1e-11)
            weights = gamma.mean(axis=0)
            means = gamma.T @ data / gamma.sum(axis=0)[:, None]
            deviations = data[:, None] - means
            covariance = np.einsum("ij,ija,ijb->ab", gamma, deviations, deviations) / len(data)
        else:
            np.testing.assert_allclose(step["theta"], means[0], atol=1e-11)
            theta = sum(np.linalg.matrix_power(R.T, j) @ (gamma[:, j] @ data) for j in range(3)) / len(data)
            means = np.array([np.linalg.matrix_power(R, j) @ theta for j in range(3)])


def test_a_law_with_directions_of_its_own_is_predicted_where_the_data_are_turned_to(run: Run, tmp_path: Path) -> None:
    points = tmp_path / "points.npy"
    law = ("--n", "4000", "--d", "3", "--law", "anisotropic:9", "--variance", "1/2", "--seed", "1")
    found = json.loads(run(*OPTIONS, *law, "--lloyd", "--save-data", points, "--json").out)
    case, weights = make_case(3, "1/2,3/10,1/5", 3), np.array([0.5, 0.3, 0.2])
    variances, v = parse_law("anisotropic:9", 0.5).variances(3), np.array(found["vertices"])
    R = (np.linalg.pinv(v) @ np.roll(v, -1, axis=0)).T + np.eye(3) - np.linalg.pinv(v) @ v
    powers = [np.linalg.matrix_power(R, j) for j in range(3)]
    A = sum(weight * power for weight, power in zip(weights, powers, strict=True))
    spread = sum(w * power.T @ np.diag(variances) @ power for w, power in zip(weights, powers, strict=True))
    jacobian = spread - A.T @ np.diag(variances) @ A
    assert found["predicted_factor"] == pytest.approx(np.linalg.eigvalsh(jacobian)[-1], rel=1e-9)
    straight = predicted_factor(case, parse_law("anisotropic:9", 0.5))
    assert found["predicted_factor"] != pytest.approx(straight, rel=1e-3)
