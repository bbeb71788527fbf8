"""Coefficients and derivatives of families, by differences and by densities written down once more."""

from collections.abc import Callable
from fractions import Fraction

import flint
import numpy as np
import pytest
from scipy import stats

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.fit_certificates.family import Family
from emtheory.numerics.fit_certificates.fit import normal_fit
from emtheory.numerics.fit_certificates.gaussian import GaussianFamily
from emtheory.numerics.fit_certificates.model import model_fit
from emtheory.theory.mixtures.reading import read_model
from tests.numerics.fit_certificates.brute_force import clusters

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
