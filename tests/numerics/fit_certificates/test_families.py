"""Coefficients of families by differences and densities; means over data, and over boxes, lie in their enclosures."""

from collections.abc import Callable
from fractions import Fraction

import flint
import numpy as np
import pytest
from scipy import stats

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.family import Family
from emtheory.numerics.fit_certificates.fit import normal_fit
from emtheory.numerics.fit_certificates.gaussian import GaussianFamily
from emtheory.numerics.fit_certificates.model import model_fit
from emtheory.numerics.fit_certificates.statistics import Reach, Statistics, statistics
from emtheory.theory.mixtures.reading import read_model
from tests.numerics.fit_certificates.brute_force import clusters, mean_log_likelihood

KINDS = ("full", "tied", "diag", "spherical")
X = clusters(1, 40, 2, 3, 2.0)
COVARIANCES = {
    "full": [[[2, 0.5, 0.1], [0.5, 1, -0.2], [0.1, -0.2, 3]], [[1, 0, 0.3], [0, 2, 0], [0.3, 0, 1]]],
    "tied": [[2, 0.5, 0.1], [0.5, 1, -0.2], [0.1, -0.2, 3]],
    "diag": [[2, 1, 3], [1, 0.5, 4]],
    "spherical": [2, 0.5],
}


def family(kind: str) -> GaussianFamily:
    given = {"weights": [0.3, 0.7], "means": X[:2], "covariances": COVARIANCES[kind], "covariance_type": kind}
    return normal_fit(given, 3).family()


def model() -> Family:
    table = {
        "observed": ["x", "y", "c"],
        "data": [{"weight": "1", "x": "normal(0, 1)", "y": "normal(0, 1)", "c": "poisson(1)"}],
        "fit": [
            {"weight": "w", "x": "normal(m, v)", "y": "normal(b*x, 1)", "c": "poisson(r)"},
            {"weight": "1 - w", "x": "normal(-m, v)", "y": "normal(-b*x, 2)", "c": "poisson(2*r)"},
        ],
        "estimate": ["w", "m", "v", "b", "r"],
        "parameters": {"w": "unit", "m": "real", "v": "positive", "b": "real", "r": "positive"},
    }
    rows = np.column_stack([X[:, :2], np.arange(40) % 5])
    values = {
        name: Fraction(value) for name, value in (("w", "0.3"), ("m", "0.7"), ("v", "1.4"), ("b", "0.6"), ("r", "2"))
    }
    return model_fit(read_model("mixed", table), values, rows).family()


FAMILIES: dict[str, Callable[[], Family]] = {**{kind: lambda kind=kind: family(kind) for kind in KINDS}, "model": model}


def away(own: Family) -> list[flint.arb]:
    """Parameters that are not the centre, where terms that vanish there count."""
    return [x + flint.arb(((7 * i) % 5 - 2) / 32) for i, x in enumerate(own.centre)]


@pytest.mark.parametrize("name", FAMILIES)
def test_derivatives_are_those_of_the_coefficients(name: str) -> None:
    own = FAMILIES[name]()
    with arb_precision(200):
        at, step = away(own), flint.arb(2) ** -50
        means = [flint.arb((3 * i) % 7 + 1) / 8 for i in range(own.shape[0] * own.shape[1])]
        slopes, curvature = own.slopes(at), own.curvature(at, means)
        for p in range(len(at)):
            above, below = ([x + sign * step * int(i == p) for i, x in enumerate(at)] for sign in (1, -1))
            pairs = zip(own.coefficients(above), own.coefficients(below), strict=True)
            for i, (upper, lower) in enumerate(pairs):
                assert abs((upper - lower) / (2 * step) - slopes[i, p]) < 1e-18
            changed = (own.slopes(above) - own.slopes(below)).transpose() * flint.arb_mat(len(means), 1, means)
            for q in range(len(at)):
                assert abs(changed[q, 0] / (2 * step) - curvature[q, p]) < 1e-18
            for name_slopes, (high, low) in zip(
                own.named_slopes(at).tolist(),
                zip(
                    *([x for group in own.named(each).values() for x in group] for each in (above, below)), strict=True
                ),
                strict=True,
            ):
                assert abs((high - low) / (2 * step) - name_slopes[p]) < 1e-18


def test_exponents_of_a_model_are_the_logarithms_of_its_densities() -> None:
    own = model()
    rows = np.column_stack([X[:, :2], np.arange(40) % 5])
    with arb_precision(128):
        coefficients = np.array([float(x.mid()) for x in own.coefficients(own.centre)]).reshape(own.shape)
        base = float(own.base(rows).mid())
    logs = np.einsum("kq,kqn->kn", coefficients, own.features(rows).mid)
    x, y, c = rows.T
    first = (
        np.log(0.3)
        + stats.norm(0.7, 1.4**0.5).logpdf(x)
        + stats.norm(0.6 * x, 1).logpdf(y)
        + stats.poisson(2).logpmf(c)
    )
    second = (
        np.log(0.7)
        + stats.norm(-0.7, 1.4**0.5).logpdf(x)
        + stats.norm(-0.6 * x, 2**0.5).logpdf(y)
        + stats.poisson(4).logpmf(c)
    )
    assert np.mean(logs[0]) + base == pytest.approx(np.mean(first), rel=1e-12)
    assert np.mean(logs[1]) + base == pytest.approx(np.mean(second), rel=1e-12)
    assert np.allclose(logs[0] - logs[1], first - second, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_the_complete_information_nearby_is_at_least_what_is_said(kind: str) -> None:
    own = family(kind)
    with arb_precision(128):
        k, q = own.shape
        means = [flint.arb(0)] * (k * q)
        means[0], means[q] = flint.arb(0.4), flint.arb(0.6)
        centre = -own.curvature(own.centre, means)
        rng = np.random.default_rng(3)
        for reach in (0.01, 0.1, 0.2):
            for _ in range(20):
                step = rng.normal(size=own.p)
                size = flint.arb_mat(own.p, 1, step.tolist())
                length = float((size.transpose() * centre * size)[0, 0].mid()) ** 0.5
                at = [x + float(y) * reach / length for x, y in zip(own.centre, step, strict=True)]
                own_box = [
                    x + flint.arb(0, abs(float(y)) * reach / length) for x, y in zip(own.centre, step, strict=True)
                ]
                least = float(
                    own.least_curvature(
                        [(mass / flint.arb(reach) ** 2, flint.arb(1)) for mass in (means[0], means[q])], own_box
                    ).lower()
                )
                near = np.array([[float(x.mid()) for x in row] for row in (-own.curvature(at, means)).tolist()])
                exact = np.array([[float(x.mid()) for x in row] for row in centre.tolist()])
                root = np.linalg.inv(np.linalg.cholesky(exact))
                assert np.linalg.eigvalsh(root @ near @ root.T)[0] >= least - 1e-12
                assert least > 1 - 20 * reach


DISTANT = clusters(5, 3000, 2, 2, 1.5) + 1000.0
TWO_COVARIANCES = [[[2, 0.5], [0.5, 1]], [[1, -0.3], [-0.3, 2]]]
MEANS = [[1000, 1001], [1001, 999]]


def two_normals() -> GaussianFamily:
    given = {"weights": [0.3, 0.7], "means": MEANS, "covariances": TWO_COVARIANCES, "covariance_type": "full"}
    return normal_fit(given, 2).family()


def exact(own: GaussianFamily, at: list[flint.arb]) -> tuple[np.ndarray, np.ndarray]:
    """The means of γT and of the covariances of e_j ⊗ T_j under posteriors, in extended precision."""
    x = DISTANT.astype(np.longdouble)
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
    own = two_normals()
    with arb_precision(128):
        found = statistics(own, DISTANT, own.coefficients(own.centre))
        assert worst(found, own.centre, own) < 1
        assert max(float(ball.rad()) for ball in [*found.first, *found.covariance.entries()]) < 1e-9
        likelihood = flint.arb(str(mean_log_likelihood([0.3, 0.7], MEANS, TWO_COVARIANCES, DISTANT)))
        assert abs(found.log_likelihood - likelihood) < 1e-11
        assert float(found.log_likelihood.rad()) < 1e-11


@pytest.mark.parametrize("size", [1e-6, 1e-3, 3e-2])
def test_means_over_a_box_contain_those_at_its_points(size: float) -> None:
    own, rng = two_normals(), np.random.default_rng(0)
    with arb_precision(128):
        box = [x + flint.arb(0, size) for x in own.centre]
        found = statistics(own, DISTANT, own.coefficients(box))
        reached = 0.0
        for _ in range(4):
            at = [x + size * float(rng.choice([-1, 1])) for x in own.centre]
            reached = max(reached, worst(found, at, own))
        assert 1e-3 < reached < 1  # Half a box would not do: see below.
        half = statistics(own, DISTANT, own.coefficients([x + flint.arb(0, size / 300) for x in own.centre]))
        assert max(worst(half, [x + size for x in own.centre], own), worst(half, at, own)) > 1


def test_with_a_reach_the_covariance_is_above_all_of_those_nearby() -> None:
    own, rng = two_normals(), np.random.default_rng(0)
    radius = 0.02
    with arb_precision(128):
        box = [x + flint.arb(0, radius) for x in own.centre]
        slopes = own.slopes(box).tolist()
        mid = np.array([[float(x.mid()) for x in row] for row in slopes]).reshape(*own.shape, -1)
        rad = np.array([[float(x.rad()) for x in row] for row in slopes]).reshape(*own.shape, -1)
        found = statistics(own, DISTANT, own.coefficients(own.centre), Reach(radius, mid, rad))
        largest = np.array([[float(x.mid()) for x in row] for row in found.covariance.tolist()])
        alone = statistics(own, DISTANT, own.coefficients(own.centre))
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
