"""Sample EM on a ball of any radius, and the theorem that is put together, on samples."""

import numpy as np
import pytest
import sympy
from scipy.stats import chi2

from tests.theory.derivations.samples.on_samples import HEAVY, conclusions, grid, on_data, sample_numbers
from tests.theory.derivations.statement_values import Values, holds, named, symbols


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


@pytest.mark.statement("finite-sample")
@pytest.mark.parametrize("trials", [4, pytest.param(50, marks=pytest.mark.long)])
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
        limit.args[1].lhs: 1.2 / sigma * rest(1e16, 1.2 * np.sqrt(tail / 1e16) / sigma),
        contraction.args[1].lhs: 0.51 * (constants(1e18)[0] + constants(1e18)[1] * ball**2),
    }
    assert gap > 0
    assert holds(theorem.args[0], values)
    # Two standard errors of a frequency near 0.28.
    assert failures / trials <= sum(deltas) + 0.9 / np.sqrt(trials)
    for conclusion in (*constant, limit, contraction, threshold):
        assert holds(conclusion, values, 1e-7), conclusion
    # The equation of r_1 with a tenth less, and the limit at n = 100, are refuted.
    assert not holds(theorem.args[0], {**values, symbols("finite-sample")["r_1"]: 0.9 * bound})
    assert not holds(
        limit, {**values, limit.args[1].lhs: 1.2 / sigma * rest(100, 1.2 * np.sqrt(tail / 100) / sigma)}, 1e-7
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


@pytest.mark.statement("sample-ball")
@pytest.mark.parametrize("trials", [1])
def test_every_start_and_every_step(trials: int) -> None:
    n, dimension, sigma, radius, ball, steps = 250_000, 2, 0.7, 0.3, 0.13, 9
    deltas, generator = (0.03, 0.002, 0.01, 0.003, 0.005), np.random.default_rng(6)
    mesh, fine, rate = 0.05 / np.sqrt(n), 0.05, 0.0165
    spread = (1 + np.sqrt(dimension / n) + np.sqrt(2 * np.log(1 / deltas[1]) / n)) ** 2
    count = dimension * np.log((1 + 2 / fine) * (1 + 2 * radius / mesh)) - np.log(deltas[4])
    kappa = rate**2 * (1 + radius**2) / 2
    error = (count / n + kappa) / rate / (1 - fine) + mesh * dimension * (spread + 1)
    factor, tail, b = 1 - float(np.exp(-(radius**2))) * sigma**2, float(chi2.isf(deltas[0], 2)), 8 * ball**2 / 3
    variance = 8 * ((1 - 4 * b) ** -3 - 2 * (1 - 2 * b) ** -3 + 1)
    paths = []
    for _ in range(trials):
        sample = on_data(HEAVY, generator.normal(size=(n, 2)))
        thetas = [np.array([radius, 0.0])]
        for _ in range(steps):
            thetas.append(sample.step(thetas[-1]))
        paths.append(np.linalg.norm(thetas, axis=1))

    def leaves(error: float) -> float:
        bound = factor ** np.arange(steps + 1) * radius + error / (1 - factor)
        return float(np.mean([(path > np.minimum(bound, radius) * (1 + 1e-12)).any() for path in paths]))

    *constants, every, arrived, theorem, limit = conclusions("sample-ball")

    def values(t: int, error: float) -> Values:
        return {
            **named("sample-ball", {"n": n, "D": dimension, "rho": radius, "tau": mesh, "nu": fine, "a": rate, "t": t}),
            **named("sample-ball", {"kappa": kappa, "m": np.exp(kappa)}),
            **named("sample-ball", {"lambda": spread, "epsilon": error, "p": factor, "R": ball, "q": tail}),
            **named("sample-ball", {f"delta_{i}": delta for i, delta in enumerate(deltas, 1)}),
            **named("sample-ball", {"sigma": sigma, "s": sigma, "gamma": 0.1, "r_1": 0.02}),
            **named("sample-ball", {"omega": ((1 - 2 * b) ** -2 - 1 + np.sqrt(variance / (n * deltas[3]))) / ball**2}),
            **named("sample-ball", {"T": 2 * 0.51 * np.sqrt(48 / (n * deltas[2]))}),
            **named("sample-ball", {"P_b": leaves(error), "P": float(np.mean([path[-1] > 0.02 for path in paths]))}),
            limit.lhs: 0.0,
        }

    known = values(9, error)
    for conclusion in (*constants, every, arrived, theorem):
        assert holds(conclusion, known), conclusion
    # The premises are true, so that something was said.
    assert holds(every.args[0], known)
    assert holds(arrived.args[0], known)
    assert holds(theorem.args[0], known)
    # After no step EM is not there; and a thousandth of the error is too little.
    assert not holds(arrived.args[1], values(0, error))
    assert not holds(every.args[1], values(9, error / 1000))
    # The limit: four times the points, a smaller error each time.
    shrinking = [
        float(
            limit.lhs.args[0].subs(
                named(
                    "sample-ball",
                    {"D": 2, "nu": 0.05, "rho": radius, "delta_2": 0.1, "delta_5": 0.1, "lambda": 1.1, "n": 10**power},
                )
            )
        )
        for power in (4, 8, 16, 32)
    ]
    assert shrinking == sorted(shrinking, reverse=True)
    assert shrinking[-1] < 1e-6
