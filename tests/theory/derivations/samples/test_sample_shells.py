"""Fixed points of sample EM, excluded cell by cell: convexity on samples, and probabilities as frequencies."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binomtest, chi2

from tests.theory.cubature_em import Array, Mixture
from tests.theory.derivations.samples.on_samples import HEAVY, conclusions, on_data
from tests.theory.derivations.statement_values import Values, holds, named, symbols
from tests.theory.tied_mixtures import random_mixture

NAME = "sample-shells"


def fixed_point(sample: Mixture, start: Array) -> Array:
    theta = start
    for _ in range(4000):
        new = sample.step(theta)
        if np.abs(new - theta).max() < 1e-14:
            break
        theta = new
    return theta


def members(name: str, values: list[float], of: str = NAME) -> Values:
    return {symbols(of)[name][i]: value for i, value in enumerate(values)}  # type: ignore[index]


@pytest.mark.statement("sample-shells")
def test_a_mean_of_points_that_is_fixed_has_one_on_the_far_side() -> None:
    hull = conclusions(NAME)[0]
    generator = np.random.default_rng(0)
    mixture = random_mixture(0, 3)
    sample = on_data(mixture, 1.2 * generator.normal(size=(50, 2)))
    limit = fixed_point(sample, generator.normal(size=2))
    refuted, needed = 0, 0
    for trial in range(40):
        # Half of the points are not fixed; a step from there is as short as b.
        theta = limit + (trial % 2) * generator.normal(size=2)
        step = float(np.linalg.norm(sample.step(theta) - theta))
        shares = generator.dirichlet(np.ones(4))
        points = (1 - 0.9 * (trial % 2)) * generator.normal(size=(4, 2))
        points += theta - shares @ points
        g = theta + generator.normal(size=2)
        found = []
        # Around another point there is a g for which it is false, and without b for some points that are not fixed.
        for vertices, length in ((points, step), (points + (g - theta) / 2, step), (points, 0)):
            aways = g - vertices
            values = [
                float((sample.step(g) - v) @ h + length * np.linalg.norm(h))
                for v, h in zip(vertices, aways, strict=True)
            ]
            found.append(holds(hull, members("c", shares.tolist()) | members("F", values), 1e-9, 4))
        assert found[0]
        refuted += not found[1]
        needed += not found[2]
    assert refuted > 0
    assert needed > 0


@pytest.mark.statement("sample-shells")
def test_a_vertex_is_on_the_far_side_as_seldom_as_its_rate_says() -> None:
    chernoff = conclusions(NAME)[1]
    n, g, v = 40, np.array([0.9, 0.1]), np.array([0.75, 0.05])
    away = g - v

    def values(points: Array) -> Array:
        sample = on_data(HEAVY, points)
        images = np.einsum("nj,jab,na->nb", sample.posterior(g), HEAVY.maps, points)
        found: Array = images @ away
        return found

    rates = [t * v @ away - np.log(HEAVY.mass @ np.exp(t * values(HEAVY.nodes))) for t in np.linspace(0, 20, 81)]
    best = int(np.argmax(rates))
    t = np.linspace(0, 20, 81)[best]
    draws = np.random.default_rng(0).normal(size=(10_000 * n, 2))
    seen = float(np.mean(values(draws).reshape(-1, n).mean(axis=1) >= v @ away))
    height = float(t * v @ away)
    at = {"n": n, "a": height, "kappa": height - float(rates[best]), "P_v": seen}
    assert holds(chernoff, named(NAME, at), 0)
    assert seen > 0.002
    assert not holds(chernoff, named(NAME, at | {"kappa": height - 3 * float(rates[best])}), 0)


@pytest.mark.statement("sample-shells")
def test_two_means_on_the_line_end_within_the_radius_as_often_as_said() -> None:
    """Equal weights on ±θ: EM's fixed points solve θ = mean of x tanh θx, whose right side grows in θ ≥ 0."""
    failure = conclusions(NAME)[3]
    n, radius, trials = 40, 0.7, 4000
    z = np.linspace(-9, 9, 3001)
    mass = np.exp(-(z**2) / 2)
    mass /= mass.sum()
    edges = np.geomspace(radius, np.sqrt(2), 13)
    rates = []
    for v, g in pairwise(edges):
        t = np.linspace(0, 6, 121)
        found = t * v - np.log(np.exp(np.outer(t, z * np.tanh(g * z))) @ mass)
        rates.append(float(found.max()))
    points = np.random.default_rng(1).normal(size=(trials, n))
    theta = np.full(trials, 2.0)
    for _ in range(400):
        theta = np.mean(points * np.tanh(theta[:, None] * points), axis=1)
    seen = int(np.sum(theta > radius))
    bounds = members("N", [2.0] * len(rates)) | members("I", rates)
    rest = named(NAME, {"n": n, "D": 1, "delta_0": 0})

    def said(frequency: float, *, factor: float = 1.0) -> bool:
        scaled = {key: factor * value if "I" in str(key) else value for key, value in bounds.items()}
        return holds(failure, {**scaled, **rest, **named(NAME, {"P_f": frequency})}, 0, len(rates))

    low = float(binomtest(seen, trials).proportion_ci(0.999, "exact").low)
    assert said(low)
    assert low > 0
    assert not said(low, factor=6)


@pytest.mark.statement("sample-shells")
def test_the_rest_of_a_fixed_point_is_the_mean_of_the_points_there() -> None:
    far, norm, divergence = conclusions(NAME)[4:]
    # All are within the root of the mean of the ‖X‖².
    law = float(chi2.sf(12, 6))
    assert holds(far, named(NAME, {"n": 6, "D": 1, "P_0": law}), 0)
    assert not holds(far, named(NAME, {"n": 6, "D": 1, "P_0": 7 * law}), 0)
    inner, rest = 0.3, 0.02
    tail = float(chi2.isf(0.05, 3))
    outside, less = float(np.sqrt(tail / 50)), 1 - 1e-6
    at = {"n": 50, "s": less * inner, "rho": inner, "w": less * outside, "q": tail, "KL_s": less * rest, "K": rest}
    whole = {"r": less * float(np.hypot(inner, outside)), "KL": less * (rest + tail / 100)}
    assert holds(norm, named(NAME, at | whole), 1e-9)
    assert holds(divergence, named(NAME, at | whole), 1e-9)
    assert not holds(norm, named(NAME, at | {"r": 1.01 * whole["r"]}), 1e-9)
    assert not holds(divergence, named(NAME, at | {"KL": 1.01 * whole["KL"]}), 1e-9)
