"""Means over data lie in their enclosures, at points and over boxes; and enclosures are not far too wide."""

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.fit import normal_fit
from emtheory.numerics.fit_certificates.gaussian import GaussianFamily
from emtheory.numerics.fit_certificates.statistics import Reach, Statistics, statistics
from tests.numerics.fit_certificates.brute_force import clusters, mean_log_likelihood

X = clusters(5, 3000, 2, 2, 1.5) + 1000.0
COVARIANCES = [[[2, 0.5], [0.5, 1]], [[1, -0.3], [-0.3, 2]]]
MEANS = [[1000, 1001], [1001, 999]]


def family() -> GaussianFamily:
    given = {"weights": [0.3, 0.7], "means": MEANS, "covariances": COVARIANCES, "covariance_type": "full"}
    return normal_fit(given, 2).family()


def exact(own: GaussianFamily, at: list[flint.arb]) -> tuple[np.ndarray, np.ndarray]:
    """The means of γT and of the covariances of e_j ⊗ T_j under posteriors, in extended precision."""
    x = X.astype(np.longdouble)
    k, q = own.shape
    with arb_precision(128):
        texts = [each.mid().str(25, radius=False) for each in own.coefficients(at)]
    coefficients = np.array([np.longdouble(text) for text in texts]).reshape(k, q)
    z = np.einsum("kab,nkb->kna", own.whitening.astype(np.longdouble), x[:, None] - own.means.astype(np.longdouble))
    parts = [np.ones(z.shape[:2], dtype=np.longdouble), z[:, :, 0], z[:, :, 1]]
    features = np.stack([*parts, z[:, :, 0] ** 2, 2 * z[:, :, 0] * z[:, :, 1], z[:, :, 1] ** 2], axis=1)
    logs = np.einsum("kq,kqn->kn", coefficients, features)
    posterior = np.exp(logs - logs.max(axis=0))
    posterior /= posterior.sum(axis=0)
    weighted = (posterior[:, None] * features).reshape(k * q, -1)
    second = -weighted @ weighted.T / len(x)
    for j in range(k):
        own_rows = slice(j * q, (j + 1) * q)
        second[own_rows, own_rows] += weighted[own_rows] @ features[j].T / len(x)
    return weighted.mean(axis=1), second


def off(value: np.longdouble, ball: flint.arb) -> float:
    """By how much a number is outside a ball, in units of its radius."""
    distance = abs(flint.arb(str(value)) - ball.mid())
    return float(((distance - 1e-15 * abs(ball.mid())) / (ball.rad() + flint.arb(1e-300))).mid())


def worst(found: Statistics, at: list[flint.arb], own: GaussianFamily) -> float:
    first, second = exact(own, at)
    values = [off(value, ball) for value, ball in zip(first, found.first, strict=True)]
    rows = zip(second.tolist(), found.covariance.tolist(), strict=True)
    values += [off(value, ball) for left, right in rows for value, ball in zip(left, right, strict=True)]
    return max(values)


def test_means_are_in_their_enclosures_and_these_are_narrow() -> None:
    own = family()
    with arb_precision(128):
        found = statistics(own, X, own.coefficients(own.centre))
        assert worst(found, own.centre, own) < 1
        assert max(float(ball.rad()) for ball in [*found.first, *found.covariance.entries()]) < 1e-9
        likelihood = flint.arb(str(mean_log_likelihood([0.3, 0.7], MEANS, COVARIANCES, X)))
        assert abs(found.log_likelihood - likelihood) < 1e-11
        assert float(found.log_likelihood.rad()) < 1e-11


@pytest.mark.parametrize("size", [1e-6, 1e-3, 3e-2])
def test_means_over_a_box_contain_those_at_its_points(size: float) -> None:
    own, rng = family(), np.random.default_rng(0)
    with arb_precision(128):
        box = [x + flint.arb(0, size) for x in own.centre]
        found = statistics(own, X, own.coefficients(box))
        reached = 0.0
        for _ in range(4):
            at = [x + size * float(rng.choice([-1, 1])) for x in own.centre]
            reached = max(reached, worst(found, at, own))
        assert 1e-3 < reached < 1  # Half a box would not do: see below.
        half = statistics(own, X, own.coefficients([x + flint.arb(0, size / 300) for x in own.centre]))
        assert max(worst(half, [x + size for x in own.centre], own), worst(half, at, own)) > 1


def test_with_a_reach_the_covariance_is_above_all_of_those_nearby() -> None:
    own, rng = family(), np.random.default_rng(0)
    radius = 0.02
    with arb_precision(128):
        box = [x + flint.arb(0, radius) for x in own.centre]
        slopes = own.slopes(box).tolist()
        mid = np.array([[float(x.mid()) for x in row] for row in slopes]).reshape(*own.shape, -1)
        rad = np.array([[float(x.rad()) for x in row] for row in slopes]).reshape(*own.shape, -1)
        found = statistics(own, X, own.coefficients(own.centre), Reach(radius, mid, rad))
        largest = np.array([[float(x.mid()) for x in row] for row in found.covariance.tolist()])
        alone = statistics(own, X, own.coefficients(own.centre))
        plain = np.array([[float(x.mid()) for x in row] for row in alone.covariance.tolist()])
        fails = 0
        for _ in range(10):
            step = rng.normal(size=own.p)
            step *= radius / np.sqrt(step @ step)
            at = [x + float(y) for x, y in zip(own.centre, step, strict=True)]
            first, second = exact(own, at)
            assert np.linalg.eigvalsh(largest - second.astype(float))[0] > -1e-12
            assert max(off(value, ball) for value, ball in zip(first, found.first, strict=True)) < 1
            fails += np.linalg.eigvalsh(plain - second.astype(float))[0] < -1e-6
        assert fails == 10  # What is not enlarged is not above them.


def test_an_observation_that_is_too_far_away_is_told() -> None:
    given = {
        "weights": [0.5, 0.5],
        "means": [[0.0], [1.0]],
        "covariances": [1e-60, 1e-60],
        "covariance_type": "spherical",
    }
    own = normal_fit(given, 1).family()
    with arb_precision(128), pytest.raises(CannotAnswerError, match="too far from a component"):
        statistics(own, np.array([[0.0], [1.0]]), own.coefficients(own.centre))
