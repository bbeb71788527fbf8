"""Lloyd's fixed point: closed forms against published values, other laws against sums over their points."""

import csv
from math import erf
from pathlib import Path

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from emtheory.theory.proof.mean import Mean
from emtheory.theory.simplex import vertices
from emtheory.theory.sums import COUNT
from tests.theory.cubature_em import gaussian_nodes
from tests.theory.derivations.statement_values import holds

PUBLISHED = Path(__file__).parents[3] / "reference" / "expected_max_normal.csv"


@pytest.mark.statement("lloyd-radius")
@pytest.mark.parametrize("k", [2, 5])
def test_the_statement_on_the_radius_by_quadrature(k: int) -> None:
    """E max(Z_1..Z_k) from the survival function of the maximum and of the minimum, by the midpoint rule."""
    (conclusion,) = derive("lloyd-radius", k).statement.conclusions
    z = np.arange(4000) * 0.0025 + 0.00125
    distribution = np.array([(1 + erf(value / np.sqrt(2))) / 2 for value in z])
    expected = np.sqrt(k / (k - 1)) * 0.0025 * np.sum(1 - distribution**k - (1 - distribution) ** k)
    assert float(conclusion.rhs) == pytest.approx(expected, rel=1e-6)


@pytest.mark.statement("lloyd-square")
def test_the_statement_on_the_square_by_cells_of_a_grid() -> None:
    """Points of a fine grid go to the nearest of the four centres."""
    _, _, probability, mean = derive("lloyd-square", 4).statement.conclusions
    coordinates = np.arange(-6, 6, 0.02) + 0.0137
    points = np.stack(np.meshgrid(coordinates, coordinates), axis=-1).reshape(-1, 2)
    mass = np.exp(-np.sum(points**2, axis=1) / 2)
    centres = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    cell = np.sum((points[:, None, :] - centres) ** 2, axis=2).argmin(axis=1) == 0
    assert mass[cell].sum() / mass.sum() == pytest.approx(float(probability.rhs), abs=5e-3)
    for a, b in np.random.default_rng(3).normal(size=(3, 2)):
        value = float(mean.rhs.subs(dict(zip(mean.lhs.args, (a, b), strict=True))))
        assert mass[cell] @ points[cell] @ [a, b] / mass[cell].sum() == pytest.approx(value, abs=2e-2)


def sphere(dimension: int) -> np.ndarray:
    """About 40,000 points that cover the unit circle or sphere evenly (Fibonacci's lattice)."""
    n = 40_000
    index = np.arange(n) + 0.5
    if dimension == 2:
        angle = 2 * np.pi * index / n
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)
    height, angle = 1 - 2 * index / n, np.pi * (1 + np.sqrt(5)) * index
    side = np.sqrt(1 - height**2)
    return np.stack([side * np.cos(angle), side * np.sin(angle), height], axis=1)


@pytest.mark.statement("lloyd-centroid")
@pytest.mark.parametrize("k", [3, 4])
def test_the_statement_on_the_centroids_for_a_law_on_two_spheres(k: int) -> None:
    """Each conclusion at the numbers that sums over the points give; R_0(Gauss) by Gauss-Hermite cubature."""
    V = np.array(vertices(k), dtype=float)
    points = np.concatenate([0.4 * sphere(k - 1), 2.5 * sphere(k - 1)])
    cell = (points @ V).argmax(axis=1)
    nodes, mass = gaussian_nodes(k - 1, 90 if k == 3 else 40)
    centroid = points[cell == 0].mean(axis=0)
    _, product, _, law, _ = derive("lloyd-centroid", None).statement.conclusions
    other, radius = product.lhs, law.lhs
    normal = sympy.Symbol("R_0(Gauss)", positive=True)
    norms = {str(mean): mean for mean in law.rhs.atoms(Mean)}
    values = {
        COUNT: k,
        other: centroid @ V[:, 1],
        radius: (points @ V).max(axis=1).mean(),
        normal: mass @ (nodes @ V).max(axis=1),
        norms["E[‖X‖]"]: np.linalg.norm(points, axis=1).mean(),
        norms["E[‖Z‖]"]: mass @ np.linalg.norm(nodes, axis=1),
    }
    for conclusion in (product, law):
        assert float(conclusion.lhs.subs(values)) == pytest.approx(float(conclusion.rhs.subs(values)), abs=1e-2)
    assert centroid == pytest.approx(values[radius] * V[:, 0], abs=1e-3)


@pytest.mark.statement("lloyd-growth")
def test_the_radius_grows_like_the_root_of_a_logarithm() -> None:
    """Published expected maxima of k normals, for every k and several rates; with 5/6 of the root it is refuted."""
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        maxima = {int(row["k"]): float(row["expected_max"]) for row in csv.DictReader(x for x in file if x[0] != "#")}
    statement = derive("lloyd-growth", None).statement
    moment, growth = statement.conclusions
    named = {str(variable.symbol): variable.symbol for variable in statement.variables}
    tight = 0
    for k, mean in maxima.items():
        radius = np.sqrt(k / (k - 1)) * mean
        for rate in (0.1, 0.3, np.sqrt(2 * np.log(k)), 5.0):
            values = {named["k"]: k, named["t"]: rate, named["R_0"]: radius}
            for conclusion in (moment, growth):
                assert holds(conclusion, values), (k, conclusion)
            tight += not holds(moment, {**values, named["R_0"]: 1.3 * radius})
        tight += not holds(growth, {**values, named["R_0"]: 1.2 * radius})
    assert tight > 3
