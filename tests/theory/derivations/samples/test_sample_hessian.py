"""Samples against the population on a ball: Hessians by differences, and EM's map."""

import math
from itertools import product
from math import comb, factorial

import numpy as np
import pytest
from scipy.stats import binomtest, chi2, norm

from tests.theory.cubature_em import Array, Mixture, cyclic_mixture, random_mixture
from tests.theory.derivations.samples.on_samples import HEAVY, conclusions, covariances, on_data
from tests.theory.derivations.statement_values import holds, named

NAME = "sample-hessian"
HALVES = cyclic_mixture(np.array([0.5, 0.5]), 60)


def difference(mixture: Mixture, theta: Array, coordinates: tuple[int, ...], step: float = 0.02) -> Array:
    """A mixed derivative of each point's posterior covariance by central differences."""
    total = np.zeros_like(covariances(mixture, theta))
    for signs in product((-1, 1), repeat=len(coordinates)):
        shifted = theta.copy()
        shifted[list(coordinates)] += step * np.array(signs)
        total += np.prod(signs) * covariances(mixture, shifted)
    return total / (2 * step) ** len(coordinates)


@pytest.mark.statement("sample-hessian")
@pytest.mark.parametrize("coordinates", [(0,), (0, 1)])
def test_derivatives_of_the_posterior_covariance(coordinates: tuple[int, ...]) -> None:
    bound, generator, share = conclusions(NAME)[0], np.random.default_rng(2), 0.0
    (order,) = (symbol for symbol in bound.free_symbols if str(symbol) == "m")
    for seed in range(40):
        mixture = HALVES if seed == 0 and len(coordinates) < 2 else random_mixture(seed, 3)
        d = mixture.maps.shape[1]
        points = generator.normal(size=(30, d))
        theta = np.zeros(d) if seed == 0 else generator.normal(size=d) * generator.uniform(0, 2)
        norms = np.linalg.norm(difference(on_data(mixture, points), theta, coordinates), axis=(1, 2))
        x = np.linalg.norm(points, axis=1)
        shares = norms / (2 ** len(coordinates) * factorial(len(coordinates) + 1) * x ** (len(coordinates) + 2))
        # Where the norm is nearest to its bound, or farthest above.
        worst = int(np.argmax(shares))
        at = {**named(NAME, {"f": norms[worst], "x": x[worst]}), order: len(coordinates)}
        assert holds(bound, at, 1e-3)
        share = max(share, shares[worst])
    # How much smaller the bounds might be: with a tenth and a fortieth in their place they are refuted.
    assert share > {1: 0.1, 2: 0.025}[len(coordinates)]


def moment(dimension: int, order: int) -> float:
    """E‖X‖^order."""
    return float(chi2(dimension).moment(order // 2))


def places(dimension: int, radius: float) -> Array:
    """0, and points of the ball."""
    side = np.linspace(-radius, radius, 7)
    grid = np.stack(np.meshgrid(*[side] * dimension), axis=-1).reshape(-1, dimension)
    return np.concatenate([np.zeros((1, dimension)), grid[np.linalg.norm(grid, axis=1) <= radius * (1 + 1e-9)]])


def slopes(mixture: Mixture, ball: Array) -> Array:
    """∇M at each point."""
    return np.array([np.tensordot(mixture.mass, covariances(mixture, theta), 1) for theta in ball])


def numbers(excess: Array, points: Array) -> tuple[float, float, float, float]:
    """Of ∇M_n − ∇M: sup ‖·‖ on the ball, sup of its change, sup of the form; and λ_max(S)."""
    return (
        float(np.linalg.norm(excess, axis=(1, 2)).max()),
        float(np.linalg.norm(excess - excess[0], axis=(1, 2)).max()),
        max(0.0, float(np.linalg.eigvalsh(excess).max())),
        float(np.linalg.eigvalsh(points.T @ points / len(points))[-1]),
    )


@pytest.mark.statement("sample-hessian")
@pytest.mark.parametrize(("mixture", "radius"), [(HALVES, 0.002), (HEAVY, 0.3)])
def test_on_a_ball_the_hessian_deviates_as_little_as_said(mixture: Mixture, radius: float) -> None:
    wholes, changes, whole, change, probability, form = conclusions(NAME)[1:]
    n, d, trials = 200, mixture.maps.shape[1], 60
    generator = np.random.default_rng(4)
    ball = places(d, radius)
    population, samples = slopes(mixture, ball), [generator.normal(size=(n, d)) for _ in range(trials)]
    rows = np.array([numbers(slopes(on_data(mixture, points), ball) - population, points) for points in samples])
    sums = [
        float(each.rhs.subs(named(NAME, {"rho": radius})).subs(named(NAME, {"D": d})).doit())
        for each in (wholes, changes)
    ]
    by_hand = [
        sum(
            comb(d, m) * (4 * radius) ** m * factorial(m + 1) * moment(d, 2 * m + 4) ** 0.5 for m in range(least, d + 1)
        )
        for least in (0, 1)
    ]
    assert sums == pytest.approx(by_hand)
    known = {"n": n, "C_0": sums[0], "C_1": sums[1], "W_0": 0.0, "W_1": 0.0}
    roots = np.sqrt(np.mean(rows[:, :2] ** 2, axis=0))
    for conclusion, name, root in ((whole, "W_0", roots[0]), (change, "W_1", roots[1])):
        assert holds(conclusion, named(NAME, known | {name: float(root)}), 0)
        # The more derivatives count, the more is lost.
        lost = 1.5 if radius < 0.1 and name == "W_0" else 1000
        if name == "W_0" or radius > 0.1:
            assert not holds(conclusion, named(NAME, known | {name: lost * float(root)}), 0)
    for _, jump, excess, spread in rows:
        at = {"eta": excess, "lambda": max(1.0, spread), "w": jump}
        assert holds(form, named(NAME, at), 1e-9)
    if mixture is HALVES and radius < 0.1:  # There A = 0 and η is all but λ − 1.
        _, jump, excess, spread = rows[int(np.argmax(rows[:, 2]))]
        assert not holds(form, named(NAME, {"eta": excess, "lambda": 0.9 * (spread - 1) + 1, "w": jump}), 0)
    # C_1/√(nδ) is exceeded with a probability of at most δ; what n would have to be 10⁴ times as large for is not.
    for factor, true in ((1, True), (1e-4, False)):
        beyond = np.mean(rows[:, 1] > sums[1] * factor / np.sqrt(n * 0.2))
        assert holds(probability, named(NAME, {"P": float(beyond), "delta": 0.2}), 0) == true


Z = np.linspace(-10, 10, 4001)
MASS = np.exp(-(Z**2) / 2) / np.exp(-(Z**2) / 2).sum()


@pytest.mark.statement("model-deviation")
@pytest.mark.parametrize("order", [2, 8])
def test_what_is_cut_off(order: int) -> None:
    """f = X tanh θX with |f| ≤ P = |X|, X ~ N(0, 1)."""
    cut, bias, variance = conclusions("model-deviation")[:3]
    n, share, theta, width = 50, 0.1, 0.8, 0.2
    moment = float(MASS @ Z**order)
    large = (n * moment / share) ** (1 / order) * (1 + 1e-9)
    f, near = Z * np.tanh(theta * Z), Z * np.tanh((theta - width) * Z)
    inside = np.abs(Z) <= large
    left, kept = float(MASS @ (f * ~inside)), f * inside
    sizes = {"S": moment, "q": order, "B": large, "n": n, "delta_0": share, "S_2": 1.0, "h": width}
    sizes |= {
        "P_0": 1 - (1 - 2 * float(norm.sf(large))) ** n,
        "e": left,
        "v": float(MASS @ kept**2 - (MASS @ kept) ** 2),
    }
    sizes |= {"sigma_0": math.sqrt(float(MASS @ near**2 - (MASS @ near) ** 2)), "G": math.sqrt(3)}
    for each in (cut, bias, variance):
        assert holds(each, named("model-deviation", sizes), 1e-9)
    assert not holds(cut, named("model-deviation", sizes | {"P_0": 1.01 * share}), 1e-9)
    assert not holds(bias, named("model-deviation", sizes | {"e": 1.01 * share * large / n}), 1e-9)
    near_alone = {"G": 0.0, "S_2": 0.0}
    assert not holds(variance, named("model-deviation", sizes | near_alone), 1e-9)


@pytest.mark.statement("model-deviation")
def test_the_deviation_is_the_root_that_the_grid_needs() -> None:
    root, union = conclusions("model-deviation")[3:5]
    n, share, large, trials = 200, 0.05, 1.0, 20_000
    thetas = np.array([0.2, 0.6, 1.0])
    values = {"n": n, "N": 3, "delta": share, "b": large, "v": 1 / 3, "L": math.log(6 / share) * (1 + 1e-9)}
    third = large * values["L"] / 3
    error = (third + math.sqrt(third**2 + 2 * n * values["v"] * values["L"])) / n
    assert holds(root, named("model-deviation", values), 1e-12)
    # θX for uniform X between −1 and 1: variances of at most 1/3.
    means = np.random.default_rng(0).uniform(-1, 1, size=(trials, n)).mean(axis=1)
    for factor, said in ((1 + 1e-9, True), (0.35, False)):
        beyond = np.abs(np.multiply.outer(means, thetas)).max(axis=1) > factor * error
        low = float(binomtest(int(beyond.sum()), trials).proportion_ci(0.999, "exact").low)
        assert (low <= share) == said
        at = values | {"epsilon": factor * error, "P": low}
        # With a smaller ε the premise is false, and the statement says nothing.
        assert holds(union, named("model-deviation", at), 1e-12)
    assert not holds(
        union, named("model-deviation", values | {"epsilon": error * (1 + 1e-9), "P": 1.01 * share}), 1e-12
    )


@pytest.mark.statement("model-deviation")
def test_between_points_of_the_grid_slopes_bound_what_is_added() -> None:
    uniform, quotient = conclusions("model-deviation")[5:]
    points = np.random.default_rng(0).normal(size=60)

    def off(theta: float) -> float:
        return float(abs(np.mean(points * np.tanh(theta * points)) - MASS @ (Z * np.tanh(theta * Z))))

    width = 0.05
    grid = np.arange(0.55, 1.5, 2 * width)
    largest = max(off(theta) for theta in np.linspace(0.5, grid[-1] + width, 400))
    on_grid = max(off(theta) for theta in grid)
    at = {"W": largest, "h": width, "G_n": float(np.mean(points**2)), "G": 1.0, "e": 0.0, "epsilon": on_grid}
    assert holds(uniform, named("model-deviation", at), 1e-12)
    more = 1.01 * (on_grid + width * (1 + at["G_n"]))
    assert not holds(uniform, named("model-deviation", at | {"W": more}), 1e-12)
    # A regression through 0: the quotient of two means.
    y = 2 * points + 1
    floor, product = float(np.mean(points**2)), float(np.mean(points * y))
    apart = abs(product / floor - 2)
    at = {"W": abs(product - 2 * floor), "d": floor}
    assert holds(quotient, named("model-deviation", at | {"Δ": apart}), 1e-9)
    assert not holds(quotient, named("model-deviation", at | {"Δ": 1.01 * apart}), 1e-9)
