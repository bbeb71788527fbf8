from fractions import Fraction
from itertools import pairwise
from math import erf, sqrt

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.kernel.points.plane_texts import GRIDS, SCALE, Grid, masses, power_below

WEIGHTS = ((0.5, 0.5), (0.3, 0.3), (0.2, 0.2))


@pytest.mark.parametrize("radius", ["0", "1", "4"])
def test_sums_come_near_to_the_power_from_below(radius: str) -> None:
    case = make_case(3, ("1/2", "3/10", "1/5"), radius=radius)
    power = float(evaluate("posterior_power", case, {"m": Fraction(1)}, 12).lower)
    below = [power_below(grid, WEIGHTS, (float(radius),) * 2) for grid in GRIDS]
    assert all(coarse < fine + 1e-6 for coarse, fine in pairwise(below))
    assert power - 0.02 < below[-1] < power


def test_a_sum_is_what_brute_force_finds_in_each_cell() -> None:
    """On a coarse grid: |γ̂_1|² from the posterior itself, at many points of each cell."""
    grid, weights, radii = Grid(1, 2), ((0.5, 0.6), (0.2, 0.25), (0.2, 0.25)), (0.5, 0.75)
    spread = np.linspace(0, 1, 9)
    vertices = np.exp(2j * np.pi * np.arange(3) / 3)
    least = np.ones((4, 4))
    for i in range(4):
        for j in range(4):
            x, y = np.meshgrid(i - 2 + spread, j - 2 + spread)
            for ends in np.ndindex(2, 2, 2, 2):
                weight = np.array([pair[end] for pair, end in zip(weights, ends[:3], strict=True)])
                means = radii[ends[3]] * vertices
                odds = weight * np.exp(x[..., None] * means.real + y[..., None] * means.imag)
                least[i, j] = min(least[i, j], (np.abs(odds @ vertices / odds.sum(-1)) ** 2).min())
    share = np.array([erf(2 / sqrt(2)) - erf(1 / sqrt(2)), erf(1 / sqrt(2))]) / 2
    mass = np.array([*share, *share[::-1]])
    found = float(mass @ least @ mass)
    assert 0 <= power_below(grid, weights, radii) <= found


@pytest.mark.parametrize("grid", GRIDS)
def test_masses_are_below_those_of_the_normal_law(grid: Grid) -> None:
    ends = np.arange(grid.half + 1) / grid.step
    exact = np.diff([erf(end / sqrt(2)) / 2 for end in ends])
    assert len(masses(grid)) == grid.half
    assert all(0 <= 1e-8 + share - mass / SCALE < 2e-8 for share, mass in zip(exact, masses(grid), strict=True))
    assert all(mass / SCALE < share for share, mass in zip(exact, masses(grid), strict=True))
