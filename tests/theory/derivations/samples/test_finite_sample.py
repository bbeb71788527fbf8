"""The finite-sample theorem on data: fixed points, EM and nets from their definitions, and cells that are excluded."""

from itertools import pairwise

import numpy as np
import pytest
import sympy
from scipy.stats import binomtest, chi2

from tests.theory.cubature_em import Array, Mixture, random_mixture
from tests.theory.derivations.samples.on_samples import (
    HEAVY,
    conclusions,
    grid,
    on_data,
    sample_numbers,
    third_cumulants,
)
from tests.theory.derivations.statement_values import Values, holds, named, symbols


@pytest.mark.statement("sample-tails")
def test_the_numbers_of_normal_samples() -> None:
    generator = np.random.default_rng(2)
    n, trials, ball, deltas = 60, 200, 0.2, (0.2, 0.2, 0.3, 0.3)
    mixture, b = random_mixture(5, 3, 2, 40), 8 * 0.2**2 / 3
    sigma = mixture.sigma
    nodes, mass = mixture.nodes, mixture.mass
    square = np.sum(nodes**2, axis=1)
    weighted = np.expm1(b * square)[:, None, None] * np.einsum("na,nb->nab", nodes, nodes)
    middle = np.einsum("n,nab->ab", mass, weighted)
    excess = float(mass @ np.sum((weighted - middle) ** 2, axis=(1, 2)))
    third_square = float(mass @ np.sum(third_cumulants(mixture) ** 2, axis=(1, 2, 3))) / n
    variance = 8 * ((1 - 4 * b) ** -3 - 2 * (1 - 2 * b) ** -3 + 1)
    limits = (
        float(chi2.isf(deltas[0], 2)) / n,
        (1 + np.sqrt(2 / n) + np.sqrt(2 * np.log(1 / deltas[1]) / n)) ** 2,
        2 * (1 - sigma**2) * np.sqrt(48 / (n * deltas[2])),
        ((1 - 2 * b) ** -2 - 1 + np.sqrt(variance / (n * deltas[3]))) / ball**2,
    )
    events = []
    for _ in range(trials):
        sample = on_data(mixture, generator.normal(size=(n, 2)))
        spread, growth, third = sample_numbers(sample, ball)
        found = (float(np.sum(sample.nodes.mean(axis=0) ** 2)), spread, third, growth)
        events.append([value > limit for value, limit in zip(found, limits, strict=True)])
    frequency = np.mean(events, axis=0)
    # Five standard errors of a frequency of ½.
    tolerance = 2.5 / np.sqrt(trials)
    assert abs(frequency[0] - deltas[0]) < tolerance
    values: Values = {
        **named("sample-tails", {"n": n, "D": 2, "sigma": sigma, "b": b, "E‖T‖²": third_square, "E‖W−EW‖²": excess}),
        **named("sample-tails", {f"delta_{i}": delta for i, delta in enumerate(deltas, 1)}),
        **named("sample-tails", {f"P_{i}": float(p) for i, p in enumerate(frequency, 1)}),
        symbols("sample-tails")["P"]: float(np.mean(np.any(events, axis=1))),
    }
    for conclusion in conclusions("sample-tails"):
        assert holds(conclusion, values, tolerance if str(conclusion.lhs).startswith("P_") else 1e-9), conclusion
    # The second moments are those of the law itself: a tenth less is refuted for ω.
    assert not holds(conclusions("sample-tails")[4], {**values, symbols("sample-tails")["E‖W−EW‖²"]: 1.5 * excess})


@pytest.mark.statement("sample-constants")
@pytest.mark.parametrize(("dimension", "sigma", "part"), [(1, 0.9, 1.0), (8, 0.99, 0.01)])
def test_the_constants_by_the_law_of_the_norm(dimension: int, sigma: float, part: float) -> None:
    """ω by the density of ‖X‖², for the largest ball, and balls that are too large."""
    exponent, tail, growth = (conclusions("sample-constants")[i] for i in (0, 2, 3))
    for size, fine in ((1.0, True), (0.1, True), (2.6, False)):
        ball = size * sigma / np.sqrt(5 * (dimension + 2))
        names = {"n": 50, "D": dimension, "sigma": sigma, "R": ball, "delta_2": part}
        values = named("sample-constants", {**names, "delta_3": part, "delta_4": part})
        assert holds(exponent.args[0], values) == (size <= 1)
        assert all(holds(formula, values, -1e-9) for formula in conclusions("sample-constants"))
        b = 8 * ball**2 / 3
        assert holds(exponent.args[1], values, -1e-9) == (b < 0.25)
        if fine:
            law, end = chi2(dimension), 400
            mean = law.expect(lambda s, b=b: np.expm1(b * s) * s, ub=end) / dimension
            square = law.expect(lambda s, b=b: np.expm1(b * s) ** 2 * s**2, ub=end)
            omega = (mean + np.sqrt(square / (50 * part))) / ball**2
            assert float(growth.args[1].rhs.subs(values)) == pytest.approx(omega, rel=1e-6)
    spread = (np.sqrt(50) + np.sqrt(dimension) + np.sqrt(2 * np.log(1 / part))) ** 2 / 50
    assert float(conclusions("sample-constants")[1].rhs.subs(values)) == pytest.approx(spread)
    assert tail.rhs.subs(values) > 0


@pytest.mark.long
@pytest.mark.statement("sample-net")
def test_the_sample_operator_on_a_ball() -> None:
    mixture = HEAVY
    n, s, radius, mesh, delta = 400, 0.3, 0.8, 0.2, 0.4
    sample = on_data(mixture, np.random.default_rng(8).normal(size=(n, 2)))
    ball = grid(radius, 17)
    difference = max(float(np.linalg.norm(sample.step(point) - mixture.step(point))) for point in ball)
    spread = sample_numbers(sample, 0.1)[0]
    products = np.einsum("nj,jab,na->nb", mixture.posterior(ball[3]), mixture.maps, mixture.nodes)[:, 0]
    generating = float(mixture.mass @ np.exp(s * (products - mixture.mass @ products)))
    kappa = s**2 * (1 + radius**2) / 2
    thetas = [np.array([0.5, 0.5])]
    for _ in range(60):
        thetas.append(sample.step(thetas[-1]))
    norm, t = sympy.Function("R", nonnegative=True), 60
    assert np.linalg.norm(thetas[-1] - thetas[-2]) < 1e-9
    decrease = float(np.exp(-(radius**2)) * 0.49)
    # On the nets themselves the largest product is at most the supremum, whose P is 0 or 1 on one sample.
    deviation = max(difference, (kappa + np.log((5 * 9) ** 2 / delta) / n) / s)
    values: Values = {
        **named(
            "sample-net",
            {"n": n, "D": 2, "rho": radius, "tau": mesh, "nu": 0.5, "delta": delta, "s": s, "kappa": kappa},
        ),
        **named("sample-net", {"m": generating, "P": 0.0, "lambda": spread, "W": difference, "d_0": deviation}),
        **named("sample-net", {"q": decrease, "epsilon": difference, "c": 1 - 2 * s**2}),
        symbols("sample-net")["t"]: t,
        norm(0): float(np.linalg.norm(thetas[0])),
        norm(t): float(np.linalg.norm(thetas[t])),
    }
    for conclusion in conclusions("sample-net"):
        assert holds(conclusion, values), conclusion
    # The logarithm of the moment is within a quarter of its bound, with norms within a twentieth.
    by_norms, by_radius = conclusions("sample-net")[:2]
    more = {symbols("sample-net")["m"]: generating**4.5}
    assert holds(by_norms, values | more)
    assert not holds(by_radius, values | more)
    assert not holds(by_norms.args[1], values | {symbols("sample-net")["m"]: generating**24})
    assert holds(conclusions("sample-net")[-1].args[0], values)
    # ε is what the sample has, not less than a thirtieth of it.
    assert not holds(
        conclusions("sample-net")[-1].args[1], {**values, symbols("sample-net")["epsilon"]: difference / 30}
    )


@pytest.mark.statement("covering-number")
@pytest.mark.parametrize("dimension", [1, 2])
def test_points_that_are_apart(dimension: int) -> None:
    """Largest sets found greedily on a fine grid: no more than the bound, and on the line more than half of it."""
    side = np.linspace(-1, 1, 401 if dimension == 1 else 41)
    points = np.stack(np.meshgrid(*[side] * dimension), axis=-1).reshape(-1, dimension)
    points = points[np.linalg.norm(points, axis=1) <= 1]
    for mesh in (0.4, 0.49, 0.9):
        chosen = points[:0]
        for point in points:
            if np.all(np.linalg.norm(chosen - point, axis=1) > mesh):
                chosen = np.vstack([chosen, point])
        assert np.linalg.norm(points[:, None] - chosen, axis=2).min(axis=1).max() <= mesh
        (conclusion,) = conclusions("covering-number")
        values = named("covering-number", {"D": dimension, "rho": 1.0, "tau": mesh, "N": len(chosen)})
        assert holds(conclusion, values)
        if dimension == 1:
            assert not holds(conclusion, {**values, **named("covering-number", {"rho": 0.5})})


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
