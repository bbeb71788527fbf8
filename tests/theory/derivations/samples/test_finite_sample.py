"""The finite-sample theorem on data: posterior covariances, fixed points and EM from their definitions."""

from collections.abc import Sequence

import numpy as np
import pytest
import sympy
from scipy.stats import chi2

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, Mixture, orthogonal_mixture
from tests.theory.derivations.statement_values import Values, holds
from tests.theory.mixtures import cyclic_mixture, random_mixture


def symbols(name: str) -> dict[str, sympy.Basic]:
    return {str(variable.symbol): variable.symbol for variable in derive(name, None).statement.variables}


def conclusions(name: str) -> Sequence[sympy.Basic]:
    said: Sequence[sympy.Basic] = derive(name, None).statement.conclusions
    return said


def named(name: str, values: dict[str, float]) -> Values:
    known = symbols(name)
    return {known[symbol]: value for symbol, value in values.items()}


def on_data(mixture: Mixture, points: Array) -> Mixture:
    return Mixture(mixture.weights, mixture.maps, points, np.full(len(points), 1 / len(points)))


def covariances(mixture: Mixture, theta: Array) -> Array:
    """Posterior covariance of the U_jᵀx at each node, n × d × d."""
    posterior = mixture.posterior(theta)
    images = np.einsum("jab,na->njb", mixture.maps, mixture.nodes)
    centred = images - np.einsum("nj,njb->nb", posterior, images)[:, None]
    return np.einsum("nj,nja,njb->nab", posterior, centred, centred)


def third_cumulants(mixture: Mixture) -> Array:
    """Σπ_j y_j⊗y_j⊗y_j at each node, y_j = (U_j − A)ᵀx."""
    images = np.einsum("jab,na->njb", mixture.maps - mixture.matrix_a, mixture.nodes)
    return np.einsum("j,nja,njb,njc->nabc", mixture.weights, images, images, images)


def sample_numbers(mixture: Mixture, ball: float) -> tuple[float, float, float]:
    """λ, ω and T of a sample."""
    x = mixture.nodes
    weight = np.expm1(8 * ball**2 * np.sum(x**2, axis=1) / 3)
    spread = np.linalg.eigvalsh(x.T @ x / len(x))[-1]
    growth = np.linalg.eigvalsh((weight[:, None] * x).T @ x / len(x))[-1] / ball**2
    return float(spread), float(growth), float(np.linalg.norm(third_cumulants(mixture).mean(axis=0)))


C, C3 = sympy.Function("c", nonnegative=True), sympy.Function("c_3")


@pytest.mark.statement("posterior-curvature")
def test_the_posterior_covariance_at_a_point() -> None:
    generator = np.random.default_rng(1)
    broken = 0
    for seed in range(5):
        mixture = random_mixture(seed, 2 + seed % 4, 2, 2)
        for size in (0.05, 0.3, 2.0):
            x, theta, u = generator.normal(size=(3, 2))
            theta *= size / np.linalg.norm(theta)
            here = Mixture(mixture.weights, mixture.maps, x[None], np.ones(1))
            values: Values = {
                symbols("posterior-curvature")["w"]: float(2 * np.linalg.norm(x) * size),
                C(0): float(u @ covariances(here, 0 * theta)[0] @ u),
                C(1): float(u @ covariances(here, theta)[0] @ u),
                C3(0): float(np.einsum("abc,a,b,c", third_cumulants(here)[0], u, u, theta)),
            }
            for conclusion in conclusions("posterior-curvature"):
                assert holds(conclusion, values), conclusion
            # Without the third cumulant it fails, and so it does with its opposite.
            broken += not holds(conclusions("posterior-curvature")[2], {**values, C3(0): -abs(values[C3(0)])})
    assert broken > 1


def data(seed: int, n: int, dimension: int) -> Array:
    generator = np.random.default_rng(seed)
    return generator.normal(size=(n, dimension)) if seed % 2 else generator.exponential(size=(n, dimension)) - 1


@pytest.mark.statement("sample-curvature")
@pytest.mark.parametrize("seed", range(6))
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


HEAVY = cyclic_mixture(np.array([0.8, 0.1, 0.1]), 30)


@pytest.mark.statement("sample-contraction", "sample-limit")
@pytest.mark.parametrize("normal", [True, False])
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
    sigma = float(np.linalg.svd(mixture.matrix_a)[1][-1])
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
        assert holds(conclusion, values, tolerance if conclusion.lhs.name.startswith("P") else 1e-9), conclusion
    # The second moments are those of the law itself: a tenth less is refuted for ω.
    assert not holds(conclusions("sample-tails")[3], {**values, symbols("sample-tails")["E‖W−EW‖²"]: 1.5 * excess})


@pytest.mark.statement("sample-divergence")
@pytest.mark.parametrize("seed", range(4))
def test_the_divergence_by_cubature(seed: int) -> None:
    mixture = random_mixture(seed, 3, 2, 40)
    if seed == 3:
        mixture = orthogonal_mixture(np.array([0.5, 0.5]), np.stack([np.eye(2), -np.eye(2)]), 40)
    theta = np.random.default_rng(seed).normal(size=2)
    for size in (0.1, 0.7, 2.0):
        point = size * theta / np.linalg.norm(theta)
        means = np.einsum("nj,jab,b->na", mixture.posterior(point), mixture.maps, point)
        change = float(mixture.mass @ np.sum((means - mixture.matrix_a @ point) ** 2, axis=1))
        values: Values = {
            **named("sample-divergence", {"r": size, "z": float(np.linalg.norm(mixture.matrix_a @ point))}),
            symbols("sample-divergence")["KL"]: mixture.divergence(point),
            sympy.Function("e", nonnegative=True)(1): change,
        }
        for conclusion in conclusions("sample-divergence"):
            assert holds(conclusion, values), conclusion
    if seed == 3:
        # A = 0: without the terms in ‖θ‖ there is no bound.
        only = sympy.LessThan(symbols("sample-divergence")["KL"], symbols("sample-divergence")["z"] ** 2 / 2)
        assert not holds(only, values)


def grid(radius: float, count: int = 41) -> Array:
    side = np.linspace(-radius, radius, count)
    points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    return points[np.linalg.norm(points, axis=1) <= radius]


@pytest.mark.statement("sample-net")
@pytest.mark.parametrize("degenerate", [False, True])
def test_the_sample_operator_on_a_ball(degenerate: bool) -> None:
    plane = orthogonal_mixture(np.array([0.5, 0.5]), np.stack([np.eye(2), -np.eye(2)]), 30)
    mixture = plane if degenerate else HEAVY
    n, s, radius, mesh, delta = 400, 0.3, 0.8, 0.2, 0.4
    sample = on_data(mixture, np.random.default_rng(8).normal(size=(n, 2)))
    ball = grid(radius, 17)
    difference = max(float(np.linalg.norm(sample.step(point) - mixture.step(point))) for point in ball)
    spread = sample_numbers(sample, 0.1)[0]
    products = np.einsum("nj,jab,na->nb", mixture.posterior(ball[3]), mixture.maps, mixture.nodes)[:, 0]
    generating = float(mixture.mass @ np.exp(s * (products - mixture.mass @ products)))
    kappa = -np.log(1 - 2 * s**2)
    thetas = [np.array([0.5, 0.5])]
    for _ in range(60 if not degenerate else 4000):
        thetas.append(sample.step(thetas[-1]))
    norm, t = sympy.Function("R", nonnegative=True), 7
    assert np.linalg.norm(thetas[-1] - thetas[-2]) < 1e-9
    decrease = 1e-9 if degenerate else float(np.exp(-(radius**2)) * 0.49)
    # On the nets themselves the largest product is at most the supremum, whose P is 0 or 1 on one sample.
    deviation = max(difference, (2 * kappa + np.log((5 * 9) ** 2 / delta) / n) / s)
    values: Values = {
        **named(
            "sample-net",
            {"n": n, "D": 2, "rho": radius, "tau": mesh, "nu": 0.5, "delta": delta, "s": s, "kappa": kappa},
        ),
        **named("sample-net", {"m": generating, "P": 0.0, "lambda": spread, "W": difference, "d_0": deviation}),
        **named("sample-net", {"q": decrease, "epsilon": difference, "r": float(np.linalg.norm(thetas[-1]))}),
        symbols("sample-net")["t"]: t,
        norm(0): float(np.linalg.norm(thetas[0])),
        norm(t): float(np.linalg.norm(thetas[t])),
    }
    for conclusion in conclusions("sample-net"):
        assert holds(conclusion, values), conclusion
    if degenerate:
        assert float(np.linalg.norm(thetas[-1])) > 0.1
        # ε is what the sample has, not less than a tenth of it.
        assert not holds(conclusions("sample-net")[-1], {**values, symbols("sample-net")["epsilon"]: difference / 30})
    else:
        assert holds(conclusions("sample-net")[-2].args[0], values)


@pytest.mark.statement("sample-net")
@pytest.mark.long
def test_how_often_a_net_deviates() -> None:
    """The frequency over samples on a net itself, with a deviation so small that the bound is a number below 1."""
    generator, n, s, radius, mesh = np.random.default_rng(4), 600, 0.15, 0.2, 0.2
    line = orthogonal_mixture(np.array([0.8, 0.2]), np.array([[[1.0]], [[-1.0]]]), 60)
    net = np.linspace(-radius, radius, 3)[:, None]
    kappa = -np.log(1 - 2 * s**2)
    population = np.array([line.step(point) for point in net])
    found = []
    for _ in range(2000):
        sample = on_data(line, generator.normal(size=(n, 1)))
        found.append(np.abs(np.array([sample.step(point) for point in net]) - population).max())
    bound = conclusions("sample-net")[2]

    def values(deviation: float, s: float, kappa: float, mesh: float) -> Values:
        numbers = {"n": n, "D": 1, "rho": radius, "tau": mesh, "nu": 0.5, "s": s, "kappa": kappa, "d_0": deviation}
        return named("sample-net", {**numbers, "P": float(np.mean(np.array(found) > deviation))})

    for deviation in (0.05, 0.1, 0.37):
        assert holds(bound, values(deviation, s, kappa, mesh), 1e-3)
    # With neither the number of points of the net nor the exponential moment it is refuted.
    assert not holds(bound, values(0.06, 0.6, 1e-12, 1e9), 1e-3)


@pytest.mark.statement("finite-sample")
@pytest.mark.parametrize("trials", [4, pytest.param(100, marks=pytest.mark.long)])
def test_the_theorem_on_samples(trials: int) -> None:
    n, dimension, sigma, ball = 6000, 2, 0.7, 0.13
    deltas, generator = (0.2, 0.02, 0.04, 0.02), np.random.default_rng(12)
    tail, b = float(chi2.isf(deltas[0], 2)), 8 * ball**2 / 3
    variance = 8 * ((1 - 4 * b) ** -3 - 2 * (1 - 2 * b) ** -3 + 1)

    def constants(n: float) -> tuple[float, float, float]:
        spread = (1 + np.sqrt(dimension / n) + np.sqrt(2 * np.log(1 / deltas[1]) / n)) ** 2
        growth = ((1 - 2 * b) ** -2 - 1 + np.sqrt(variance / (n * deltas[3]))) / ball**2
        return float(spread), float(growth), float(2 * 0.51 * np.sqrt(48 / (n * deltas[2])))

    def rest(n: float, radius: float) -> float:
        spread, growth, third = constants(n)
        return 1 - 0.51 * (spread + growth * radius**2 / 3) - third * radius / 2

    spread, growth, third = constants(n)
    bound = np.linspace(0.001, ball, 4000)
    bound = float(next(r for r in bound if r * rest(n, r) >= sigma * np.sqrt(tail / n)))
    gap = 1 - 0.51 * (spread + growth * ball**2) - third * ball
    failures = 0
    for _ in range(trials):
        sample = on_data(HEAVY, generator.normal(size=(n, 2)))
        ends = []
        for start in (np.array([ball, 0.0]), np.array([-0.5 * ball, 0.8 * ball])):
            thetas = [start]
            for _ in range(15):
                thetas.append(sample.step(thetas[-1]))
            ends.append(thetas[-1])
        apart, r, z = (
            np.linalg.norm(ends[0] - ends[1]),
            np.linalg.norm(ends[0]),
            np.linalg.norm(HEAVY.matrix_a @ ends[0]),
        )
        kl = sigma**2 * bound**2 / 2 + 2 * sigma * bound**3 / 3 + bound**4 / 4
        slow = apart > (1 - gap) ** 15 * 2 * ball
        failures += bool(slow or r > bound or z > sigma * bound or HEAVY.divergence(ends[0]) > kl)
    theorem, *constant, limit, contraction, threshold = conclusions("finite-sample")
    values: Values = {
        **named(
            "finite-sample", {"n": n, "D": dimension, "sigma": sigma, "s": sigma, "R": ball, "q": tail, "eta": 0.2}
        ),
        **named("finite-sample", {"lambda": spread, "omega": growth, "T": third, "r_1": bound, "gamma": gap}),
        **named("finite-sample", {f"delta_{i}": delta for i, delta in enumerate(deltas, 1)}),
        symbols("finite-sample")["P"]: failures / trials,
        limit.lhs: rest(1e16, 1.2 * np.sqrt(tail / 1e16) / sigma),
        contraction.lhs: 0.51 * (constants(1e18)[0] + constants(1e18)[1] * ball**2),
    }
    assert gap > 0
    assert holds(theorem.args[0], values)
    # Two standard errors of a frequency near 0.28.
    assert failures / trials <= sum(deltas) + 0.9 / np.sqrt(trials)
    for conclusion in (*constant, limit, contraction, threshold):
        assert holds(conclusion, values, 1e-7), conclusion
    # The equation of r_1 with a tenth less, and the limit at n = 100, are refuted.
    assert not holds(theorem.args[0], {**values, symbols("finite-sample")["r_1"]: 0.9 * bound})
    assert not holds(limit, {**values, limit.lhs: rest(100, 1.2 * np.sqrt(tail / 100) / sigma)}, 1e-7)
