"""Estimates on samples: the maximum of the likelihood itself, on random data, against the bounds and limits."""

import mpmath
import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, Mixture
from tests.theory.derivations.statement_values import Values, holds, symbols
from tests.theory.tied_mixtures import random_mixture


@pytest.mark.statement("hyperbolic-bounds")
@pytest.mark.parametrize("u", [0, 0.01, 0.4, 1, 1.7, 2.5, 9])
def test_bounds_on_hyperbolic_functions(u: float) -> None:
    conclusions = derive("hyperbolic-bounds", None).statement.conclusions
    with mpmath.workdps(40):
        for conclusion in conclusions:
            left, right = (
                sympy.lambdify(symbols("hyperbolic-bounds")["u"], side, "mpmath") for side in conclusion.args
            )
            assert left(mpmath.mpf(u)) <= right(mpmath.mpf(u))
            assert conclusion.rel_op == "<="
            # Equal at 0 and no further than the next term of the series.
            assert abs(left(mpmath.mpf("0.01")) - right(mpmath.mpf("0.01"))) < 1e-6


def estimate(points: Array) -> Array:
    """Minimise ‖θ‖²/2 − mean log cosh⟨X, θ⟩ by EM from several starts, the best one."""
    generator = np.random.default_rng(0)
    found = []
    for _ in range(3):
        theta = generator.normal(size=points.shape[1])
        for _ in range(20000):
            new = np.tanh(points @ theta) @ points / len(points)
            if np.abs(new - theta).max() < 1e-13:
                break
            theta = new
        found.append((float(theta @ theta / 2 - np.log(np.cosh(points @ theta)).mean()), theta))
    return min(found, key=lambda pair: pair[0])[1]


@pytest.mark.statement("symmetric-sample")
@pytest.mark.parametrize("seed", range(6))
def test_the_estimate_on_any_sample(seed: int) -> None:
    generator = np.random.default_rng(seed)
    d = 1 + seed % 3
    points = generator.standard_t(6, size=(60, d)) if seed % 2 else generator.normal(size=(80, d))
    points *= (1.0, 1.1, 0.8, 1.3, 0.7, 1.05)[seed]
    matrix = points.T @ points / len(points)
    values, vectors = np.linalg.eigh(matrix)
    theta = estimate(points)
    r = float(np.linalg.norm(theta))
    excess = float(values[-1]) - 1
    assert (r < 1e-6) == (excess <= 0)
    names = symbols("symmetric-sample")
    u = theta / r if r > 0 else vectors[:, -1]
    at: Values = {
        names["r"]: r if excess > 0 else 0.0,
        names["L"]: excess,
        names["m_4"]: float(np.mean((points @ u) ** 4)),
        names["m_6"]: float(np.mean((points @ u) ** 6)),
        names["e_4"]: float(np.mean((points @ vectors[:, -1]) ** 4)),
    }
    bounds = derive("symmetric-sample", None).statement.conclusions[:4]
    for conclusion in bounds:
        assert holds(conclusion, at, 1e-9), conclusion
    if excess > 0:
        assert not holds(bounds[2], {**at, names["r"]: np.sqrt(1.4 * excess / at[names["e_4"]])}, 1e-9)
        # At a third more or a third less than ‖θ̂‖² in the limit the fourth one fails.
        for part in (2 / 3, 4 / 3):
            small = {names["L"]: 1e-3, names["m_4"]: 3.0, names["m_6"]: 15.0, names["e_4"]: 3.0}
            assert not holds(bounds[3], {**small, names["r"]: np.sqrt(1e-3 * part)}, 1e-9)


@pytest.mark.statement("symmetric-sample")
@pytest.mark.long
def test_the_limits_for_the_line_and_the_plane() -> None:
    generator = np.random.default_rng(11)
    *_, line, plane = derive("symmetric-sample", None).statement.conclusions
    y = symbols("symmetric-sample")["y"]
    for law, n, trials, d in ((line, 2000, 600, 1), (plane, 1000, 400, 2)):
        points = generator.normal(size=(trials, n, d))
        theta = np.full((trials, d), 0.5)
        for _ in range(300 if d == 1 else 250):
            along = np.einsum("tnd,td->tn", points, theta)
            theta = np.einsum("tnd,tn->td", points, np.tanh(along)) / n
        zero = np.linalg.eigvalsh(np.einsum("tnd,tne->tde", points, points) / n)[:, -1] <= 1
        scaled = np.where(zero, 0, np.sqrt(n) * np.sum(theta**2, axis=1))
        for bound in (0.0, 0.8, 1.5, 2.5):
            assert np.mean(scaled <= bound) == pytest.approx(float(law.rhs.subs(y, bound)), abs=0.07)
    # Of a Wishart matrix the Bartlett decomposition: no need for the points.
    many, n = 20000, 2000
    first, second = np.sqrt(generator.chisquare(n, many)), np.sqrt(generator.chisquare(n - 1, many))
    a, b = first**2, first * generator.normal(size=many)
    c = second**2 + (b / first) ** 2
    largest = ((a + c) / 2 + np.hypot((a - c) / 2, b)) / n
    for bound in (0.0, 1.0, 2.0):
        assert np.mean(np.sqrt(n) * (largest - 1) <= bound) == pytest.approx(float(plane.rhs.subs(y, bound)), abs=0.02)


def likelihood_maximum(mixture: Mixture, points: Array) -> Array:
    theta = np.zeros(points.shape[1]) + 0.1
    sample = Mixture(mixture.weights, mixture.maps, points, np.full(len(points), 1 / len(points)))
    for _ in range(3000):
        new = sample.step(theta)
        if np.abs(new - theta).max() < 1e-12:
            return new
        theta = new
    return theta


SKEW = Mixture(
    np.array([0.85, 0.1, 0.05]), *(getattr(random_mixture(4, 3), name) for name in ("maps", "nodes", "mass"))
)


@pytest.mark.statement("sample-mean")
@pytest.mark.parametrize("seed", range(3))
def test_the_estimate_is_bounded_on_every_sample(seed: int) -> None:
    generator = np.random.default_rng(seed)
    n = 50
    points = generator.normal(size=(n, 2))
    theta = likelihood_maximum(SKEW, points)
    sample = Mixture(SKEW.weights, SKEW.maps, points, np.full(n, 1 / n))
    r, norm = float(np.linalg.norm(theta)), float(np.mean(np.linalg.norm(points, axis=1)))
    # A supremum over some points of the ball, θ̂ among them, is at most the supremum.
    ball = [
        theta,
        *(1.01 * norm * np.sqrt(generator.uniform()) * v / np.linalg.norm(v) for v in generator.normal(size=(40, 2))),
    ]
    supremum = max(float(np.linalg.norm(sample.step(point) - SKEW.step(point))) for point in ball)
    names = symbols("sample-mean")
    values: Values = {
        names["r"]: r,
        names["S"]: norm,
        names["rho"]: 1.01 * norm,
        names["W"]: supremum,
        names["sigma"]: SKEW.sigma,
        names["n"]: float(n),
        names["KL"]: SKEW.divergence(theta),
    }
    bounds = derive("sample-mean", None).statement.conclusions[:3]
    for conclusion in bounds:
        assert holds(conclusion, values, 1e-9), conclusion
    assert not holds(bounds[0], {**values, names["r"]: 1.1 * norm}, 1e-9)
    assert not holds(bounds[1], {**values, names["W"]: 1e-3 * r}, 1e-9)
