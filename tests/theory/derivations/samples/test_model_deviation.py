"""EM's map on samples of any model: two means on the line, where every number of the statement is a quadrature."""

import math

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from tests.theory.derivations.samples.on_samples import conclusions
from tests.theory.derivations.statement_values import holds, named

NAME = "model-deviation"
Z = np.linspace(-10, 10, 4001)
MASS = np.exp(-(Z**2) / 2) / np.exp(-(Z**2) / 2).sum()


@pytest.mark.statement("model-deviation")
@pytest.mark.parametrize("order", [2, 8])
def test_what_is_cut_off(order: int) -> None:
    """f = X tanh θX with |f| ≤ P = |X|, X ~ N(0, 1)."""
    cut, bias, variance = conclusions(NAME)[:3]
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
        assert holds(each, named(NAME, sizes), 1e-9)
    assert not holds(cut, named(NAME, sizes | {"P_0": 1.01 * share}), 1e-9)
    assert not holds(bias, named(NAME, sizes | {"e": 1.01 * share * large / n}), 1e-9)
    near_alone = {"G": 0.0, "S_2": 0.0}
    assert not holds(variance, named(NAME, sizes | near_alone), 1e-9)


@pytest.mark.statement("model-deviation")
def test_the_deviation_is_the_root_that_the_grid_needs() -> None:
    root, union = conclusions(NAME)[3:5]
    n, share, large, trials = 200, 0.05, 1.0, 20_000
    thetas = np.array([0.2, 0.6, 1.0])
    values = {"n": n, "N": 3, "delta": share, "b": large, "v": 1 / 3, "L": math.log(6 / share) * (1 + 1e-9)}
    third = large * values["L"] / 3
    error = (third + math.sqrt(third**2 + 2 * n * values["v"] * values["L"])) / n
    assert holds(root, named(NAME, values), 1e-12)
    # θX for uniform X between −1 and 1: variances of at most 1/3.
    means = np.random.default_rng(0).uniform(-1, 1, size=(trials, n)).mean(axis=1)
    for factor, said in ((1 + 1e-9, True), (0.35, False)):
        beyond = np.abs(np.multiply.outer(means, thetas)).max(axis=1) > factor * error
        low = float(binomtest(int(beyond.sum()), trials).proportion_ci(0.999, "exact").low)
        assert (low <= share) == said
        at = values | {"epsilon": factor * error, "P": low}
        # With a smaller ε the premise is false, and the statement says nothing.
        assert holds(union, named(NAME, at), 1e-12)
    assert not holds(union, named(NAME, values | {"epsilon": error * (1 + 1e-9), "P": 1.01 * share}), 1e-12)


@pytest.mark.statement("model-deviation")
def test_between_points_of_the_grid_slopes_bound_what_is_added() -> None:
    uniform, quotient = conclusions(NAME)[5:]
    points = np.random.default_rng(0).normal(size=60)

    def off(theta: float) -> float:
        return float(abs(np.mean(points * np.tanh(theta * points)) - MASS @ (Z * np.tanh(theta * Z))))

    width = 0.05
    grid = np.arange(0.55, 1.5, 2 * width)
    largest = max(off(theta) for theta in np.linspace(0.5, grid[-1] + width, 400))
    on_grid = max(off(theta) for theta in grid)
    at = {"W": largest, "h": width, "G_n": float(np.mean(points**2)), "G": 1.0, "e": 0.0, "epsilon": on_grid}
    assert holds(uniform, named(NAME, at), 1e-12)
    more = 1.01 * (on_grid + width * (1 + at["G_n"]))
    assert not holds(uniform, named(NAME, at | {"W": more}), 1e-12)
    # A regression through 0: the quotient of two means.
    y = 2 * points + 1
    floor, product = float(np.mean(points**2)), float(np.mean(points * y))
    apart = abs(product / floor - 2)
    at = {"W": abs(product - 2 * floor), "d": floor}
    assert holds(quotient, named(NAME, at | {"Δ": apart}), 1e-9)
    assert not holds(quotient, named(NAME, at | {"Δ": 1.01 * apart}), 1e-9)
