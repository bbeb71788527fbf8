"""The finite-sample theorem on data: posterior covariances, fixed points and EM from their definitions."""

import numpy as np
import pytest
import sympy
from scipy.stats import chi2

from tests.theory.cubature_em import Array
from tests.theory.derivations.samples.on_samples import (
    HEAVY,
    conclusions,
    covariances,
    on_data,
    sample_numbers,
    third_cumulants,
)
from tests.theory.derivations.statement_values import Values, holds, named, symbols
from tests.theory.tied_mixtures import random_mixture


def data(seed: int, n: int, dimension: int) -> Array:
    generator = np.random.default_rng(seed)
    return generator.normal(size=(n, dimension)) if seed % 2 else generator.exponential(size=(n, dimension)) - 1


@pytest.mark.statement("sample-curvature")
@pytest.mark.parametrize("seed", range(2))
def test_the_derivative_on_a_sample(seed: int) -> None:
    mixture = on_data(random_mixture(seed, 3, 1 + seed % 2, 2), data(seed, 30, 1 + seed % 2))
    generator, dimension = np.random.default_rng(seed), 1 + seed % 2
    u, direction = (v / np.linalg.norm(v) for v in generator.normal(size=(2, dimension)))
    numbers = sample_numbers(mixture, 0.4)
    q, h = sympy.Function("q", nonnegative=True), sympy.Function("h", nonnegative=True)
    r = symbols("sample-curvature")["r"]
    nodes, mass = np.polynomial.legendre.leggauss(12)

    def form(radius: float) -> float:
        return float(u @ covariances(mixture, radius * direction).mean(axis=0) @ u)

    for radius in (0.01, 0.1, 0.4):
        values: Values = {
            r: radius,
            q(r): form(radius),
            h(r): float(sum(m * form(radius * (1 + v) / 2) for v, m in zip(nodes, mass, strict=True)) / 2),
            **named("sample-curvature", dict(zip(("lambda", "omega", "T"), numbers, strict=True))),
            **named("sample-curvature", {"‖Au‖²": float(np.sum((mixture.matrix_a @ u) ** 2))}),
        }
        for conclusion in conclusions("sample-curvature"):
            assert holds(conclusion, values), conclusion
    if dimension == 1:
        # At 0 the form is λ(1 − ‖Au‖²), so that a smaller λ is refuted.
        smaller = named("sample-curvature", {"lambda": 0.97 * numbers[0], "T": 0.0, "omega": 0.0})
        at_zero = {**values, r: 1e-6, q(r): form(1e-6), **smaller}
        assert not holds(conclusions("sample-curvature")[0], at_zero)


@pytest.mark.statement("sample-contraction", "sample-limit")
@pytest.mark.parametrize("normal", [False])
def test_em_on_a_sample(normal: bool) -> None:
    generator, ball = np.random.default_rng(3), 0.15
    points = generator.normal(size=(3000, 2)) if normal else generator.uniform(-1.7, 1.7, (3000, 2))
    sample = on_data(HEAVY, points)
    spread, growth, third = sample_numbers(sample, ball)
    mean = float(np.linalg.norm(sample.nodes.mean(axis=0)))
    sigma, gap = 0.7, 1 - 0.49
    thetas = [np.array([0.1, 0.08])]
    for _ in range(120):
        thetas.append(sample.step(thetas[-1]))
    limit = thetas[-1]
    assert np.linalg.norm(sample.step(limit) - limit) < 1e-12
    rate = gap * (spread + growth * ball**2) + third * ball
    roots = np.roots([-gap * growth / 3, -third / 2, 1 - gap * spread, -sigma * mean])
    bound = min(float(root.real) for root in roots if abs(root.imag) < 1e-9 and root.real > 0)
    distance = sympy.Function("D", nonnegative=True)
    t = 25
    numbers = {"R": ball, "sigma": sigma, "lambda": max(spread, 1.0), "omega": growth, "T": third, "‖x̄‖": mean}
    values: Values = {
        **named("sample-contraction", {**numbers, "rho": 0.13, "s": sigma, "p": rate, "r_1": bound}),
        symbols("sample-contraction")["t"]: t,
        symbols("sample-contraction")["‖∇M_n(θ)‖"]: float(
            np.linalg.eigvalsh(covariances(sample, thetas[0]).mean(axis=0))[-1]
        ),
        symbols("sample-contraction")["‖M_n(θ)‖"]: float(np.linalg.norm(thetas[1])),
        distance(0): float(np.linalg.norm(thetas[0] - limit)),
        distance(t): float(np.linalg.norm(thetas[t] - limit)),
    }
    assert rate < 1
    for conclusion in conclusions("sample-contraction"):
        assert holds(conclusion, values), conclusion
    _, _, converges, enough = conclusions("sample-contraction")
    assert not holds(converges.args[1], {**values, symbols("sample-contraction")["p"]: 0.3})
    assert holds(sympy.And(*enough.args[0].args), values)
    at_limit: Values = {
        **named("sample-limit", {**numbers, "x": mean, "gamma": 1 - rate, "r_1": bound}),
        symbols("sample-limit")["r"]: float(np.linalg.norm(limit)),
        symbols("sample-limit")["z"]: float(np.linalg.norm(HEAVY.matrix_a @ limit)),
    }
    for conclusion in conclusions("sample-limit"):
        assert holds(conclusion.args[0], at_limit)
        assert holds(conclusion, at_limit), conclusion
    # Sharp: a fifth less is refuted.
    for conclusion in conclusions("sample-limit")[1:]:
        assert not holds(conclusion.args[1], {**at_limit, symbols("sample-limit")["r_1"]: 0.8 * bound})


@pytest.mark.statement("sample-tails")
def test_the_numbers_of_normal_samples() -> None:
    generator = np.random.default_rng(2)
    n, trials, ball, deltas = 60, 400, 0.2, (0.2, 0.2, 0.3, 0.3)
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
@pytest.mark.parametrize(("dimension", "sigma", "part"), [(1, 0.9, 1.0), (3, 0.4, 0.3), (8, 0.99, 0.01)])
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
