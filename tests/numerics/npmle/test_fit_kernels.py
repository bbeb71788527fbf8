"""How far fits are from the best mixtures of their kernels, against the definition of D, and EM by other code."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.fit import normal_fit
from emtheory.numerics.npmle.evidence import gap_to_best, kernels_of_fit
from tests.numerics.npmle.reference import Array

KINDS = {
    "full": lambda d: [np.eye(d) * 0.7 + 0.2, np.eye(d) * 1.5 - 0.3 / d],
    "tied": lambda d: np.eye(d) + 0.3,
    "spherical": lambda d: [0.6, 0.6],
    "diag": lambda d: [np.linspace(0.5, 1, d), np.linspace(1, 0.4, d)],
}


def drawn(kind: str, d: int, shift: float = 0.0) -> tuple[Array, dict[str, Any]]:
    rng = np.random.default_rng(d)
    rows = (
        np.concatenate([rng.normal(-2, 1, (25, d)), rng.normal(1.5, 0.8, (15, d)), rng.normal(0, 0.3, (3, d))]) + shift
    )
    means = np.array([[-2.0] * d, [1.0] * d]) + shift
    return rows, {
        "covariance_type": kind, "weights": [0.6, 0.4], "means": means, "covariances": np.array(KINDS[kind](d)),
    }  # fmt: skip


def covariances_of(given: dict[str, Any], d: int) -> list[Array]:
    each = given["covariances"] if given["covariance_type"] != "tied" else [given["covariances"]] * 2
    return [np.eye(d) * np.array(x) if np.ndim(x) < 2 else np.array(x) for x in each]


def gradient(given: dict[str, Any], rows: Array, covariance: Array, places: Array) -> Array:
    """D of a kernel at places, by its definition with SciPy's densities."""
    own = covariances_of(given, rows.shape[1])
    fitted = sum(
        w * multivariate_normal(m, c).pdf(rows) for w, m, c in zip(given["weights"], given["means"], own, strict=True)
    )
    return np.array([(multivariate_normal(t, covariance).pdf(rows) / fitted).mean() - 1 for t in places])


@pytest.mark.parametrize(("kind", "d"), [("full", 1), ("tied", 1), ("full", 2), ("spherical", 2), ("diag", 2)])
def test_the_gradient_functions_are_within_their_bounds(kind: str, d: int) -> None:
    rows, given = drawn(kind, d)
    kernels = kernels_of_fit(normal_fit(given, d), rows)
    assert len(kernels) == (1 if kind in ("tied", "spherical") else 2)
    highest = []
    for kernel in kernels:
        found = kernel.envelope()
        assert found is not None
        chosen = np.random.default_rng(0).integers(len(found.centres), size=40)
        chosen[0] = found.upper.argmax()
        steps = np.random.default_rng(1).uniform(-1, 1, (40, d)) * found.half_width
        covariance = covariances_of(given, d)[kernel.component]
        places = kernel.places(found.centres[chosen] + steps)
        values = gradient(given, rows, covariance, places)
        assert (found.lower[chosen] - 1e-12 <= values).all()
        assert (values <= found.upper[chosen] + 1e-12).all()
        other = gradient(given | {"weights": [0.5, 0.5]}, rows, covariance, places)
        assert not ((found.lower[chosen] <= other) & (other <= found.upper[chosen])).all()
        highest.append(values[0])
    lower, upper = map(float, gap_to_best(kernels))
    assert upper <= np.log1p(max(highest)) + 0.05
    assert (lower > 0) == (len(kernels) == 1)


@pytest.mark.parametrize(("kind", "shift"), [("full", 0.0), ("tied", 0.0), ("tied", 3e7)])
def test_no_mixture_of_the_kernels_is_better_by_more(kind: str, shift: float) -> None:
    """EM on the weights of a grid of means, for each kernel: it is better than the fit, and by less than is said."""
    rows, given = drawn(kind, 1, shift)
    lower, upper = map(float, gap_to_best(kernels_of_fit(normal_fit(given, 1), rows)))
    deviations = np.sqrt([each[0, 0] for each in covariances_of(given, 1)])
    places = np.arange(rows.min(), rows.max(), 0.1)
    spread = np.repeat(deviations, len(places))
    means = np.tile(places, 2)
    kernels = np.exp(-np.square((rows - means) / spread) / 2) / spread
    weights = np.full(len(means), 1 / len(means))
    for _ in range(3000):
        weights *= (kernels / (kernels @ weights)[:, None]).mean(axis=0)
    fitted = np.exp(-np.square((rows - given["means"][:, 0]) / deviations) / 2) / deviations @ given["weights"]
    gain = float((np.log(kernels @ weights) - np.log(fitted)).mean())
    assert 0.01 < gain <= upper
    if kind == "tied":
        assert lower - 1e-3 < gain < lower + 1e-4
        assert upper - lower < (1e-5 if shift == 0 else 1e-4)


def test_what_is_not_compared_says_why() -> None:
    rows, given = drawn("tied", 4)
    with pytest.raises(CannotAnswerError, match="in 4 dimensions space cannot be covered"):
        kernels_of_fit(normal_fit(given, 4), rows)
    rows, given = drawn("tied", 1)
    with pytest.raises(CannotAnswerError, match="standard deviations of the kernel from 0"):
        kernels_of_fit(normal_fit(given | {"means": [[1e11], [1e11]]}, 1), rows)
