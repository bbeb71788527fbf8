"""Lloyd's map by brute force along lines and over points; its radius against quadrature and published values."""

import csv
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from math import erf, pi, sqrt
from pathlib import Path

import numpy as np
import pytest
import sympy

from emtheory import evaluate
from emtheory.theory.derivations import derive
from emtheory.theory.proof.mean import Mean
from emtheory.theory.simplex import vertices
from emtheory.theory.sums import COUNT
from tests.theory.cubature_em import gaussian_nodes
from tests.theory.derivations.statement_values import holds
from tests.tiers import first_every_day

Array = np.ndarray
Density = Callable[[Array], Array]


def normal(points: Array) -> Array:
    return np.exp(-np.sum(points**2, axis=-1) / 2) / (2 * pi) ** (points.shape[-1] / 2)


def laplace(scale: float) -> Density:
    return lambda points: scale**2 / 4 * np.exp(-scale * np.sum(np.abs(points), axis=-1))


def cells(centres: Array, density: Density, lines: Array, area: float) -> tuple[Array, Array]:
    """Masses and means of the cells of centres.

    Along each line in the direction of x_1 the squared distances, but for a common term, are straight in x_1, so that
    cells change at the crossings of two of them: Gauss-Legendre's rule between these.
    """
    knots, weights = np.polynomial.legendre.leggauss(12)
    offset = np.sum(centres**2, axis=1) / 2 - lines @ centres[:, 1:].T
    pairs = [(i, j) for i in range(len(centres)) for j in range(i) if abs(centres[i, 0] - centres[j, 0]) > 1e-12]
    crossings = [(offset[:, i] - offset[:, j]) / (centres[i, 0] - centres[j, 0]) for i, j in pairs]
    fixed = [np.full(len(lines), end) for end in (-9.0, -4.0, -1.5, 0.0, 1.5, 4.0, 9.0)]
    cuts = np.sort(np.clip(np.stack([*fixed, *crossings]), -9.0, 9.0), axis=0)
    mass, moment = np.zeros(len(centres)), np.zeros(centres.shape)
    for low, high in pairwise(cuts):
        nearest = np.argmin(offset - np.outer((low + high) / 2, centres[:, 0]), axis=1)
        x = (low + high)[:, None] / 2 + np.outer((high - low) / 2, knots)
        points = np.concatenate([x[:, :, None], np.repeat(lines[:, None, :], len(knots), axis=1)], axis=2)
        part = density(points) * np.outer((high - low) / 2, weights) * area
        for j in range(len(centres)):
            mass[j] += part[nearest == j].sum()
            moment[j] += np.tensordot(part[nearest == j], points[nearest == j], axes=2)
    return mass, moment / mass[:, None]


def parallel(end: float, step: float) -> Array:
    """Evenly spaced numbers, none of them 0, as one column."""
    return np.arange(-end, end, step)[:, None] + step / 2


def triangle(angle: float) -> Array:
    angles = angle + 2 * pi * np.arange(3) / 3
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


@pytest.mark.statement("lloyd-laplace")
@pytest.mark.parametrize(("angle", "scale", "radius"), first_every_day(1, [(0.2, 2.0, 0.7), (0.0, 1.0, 1.3)]))
def test_laplace_cells(angle: float, scale: float, radius: float) -> None:
    vertices = triangle(angle)
    mass, centroids = cells(radius * vertices, laplace(scale), parallel(14, 0.02), 0.02)
    assert mass.sum() == pytest.approx(1, abs=1e-3)
    statement = derive("lloyd-laplace", 3).statement
    edge, least, misses = statement.conclusions
    symbols = {str(variable.symbol): variable.symbol for variable in statement.variables}
    values = {
        symbols["w"]: sqrt(3) * np.tan(angle),
        symbols["lambda"]: scale,
        symbols["rho"]: radius,
        symbols["p_0"]: mass[0],
        least.rhs: mass[1],
        symbols["p_2"]: mass[2],
        **{symbols[f"p_{j}⟨c_{j}|v_1⟩"]: mass[j] * centroids[j] @ vertices[1] for j in range(3)},
    }
    assert holds(edge, {**values, edge.lhs: np.tan(pi / 6 - angle)})
    assert holds(least, values, 1e-3)
    assert holds(misses, values)
    assert not holds(sympy.Le(least.rhs, sympy.Rational(1, 3), evaluate=False), values, 1e-3)
    # The least value is taken with a vertex on an axis.
    assert mass[1] == pytest.approx(float(least.lhs), abs=1e-3) if angle == 0 else mass[1] > float(least.lhs) + 1e-3
    # No multiple of the triangle is where the centroids are.
    lengths = np.sum(centroids * vertices, axis=1)
    assert np.linalg.norm(centroids - lengths.mean() * vertices) > 1e-2


def wall(k: int) -> tuple[list[float], float, float]:
    """Moments of the largest of k normal numbers; λ and ⟨f, Tf⟩ at x = 1, y = 2 by the law on a wall."""
    t = np.linspace(-9, 9, 40001)
    density, below = np.exp(-(t**2) / 2) / sqrt(2 * pi), np.array([1 + erf(each / sqrt(2)) for each in t]) / 2
    moments = [float(np.sum(k * t**n * density * below ** (k - 1)) * (t[1] - t[0])) for n in range(4)]
    law = density**2 * below ** (k - 2)
    law /= law.sum()
    hazard = density / np.maximum(below, 1e-30)
    variance = float(np.sum(law * (1 - t * hazard - hazard**2)))
    # t is s and an independent normal number of variance 1/k.
    first, second = float(np.sum(law * t)), float(np.sum(law * t**2)) - 1 / k
    constant = 2 * moments[1] + k * moments[1] / (k - 1)
    return moments, (k - 1) / k * variance, 4 * second - 4 * constant * first + constant**2


@pytest.mark.statement("lloyd-simplex", "lloyd-share")
@pytest.mark.parametrize("k", [3, 4, 17, 1000])
def test_the_simplex_by_quadrature(k: int) -> None:
    """Each conclusion at numbers from quadrature; λ is below 1 − 1/k by as much as is said."""
    statement = derive("lloyd-simplex", None).statement
    (_, m, second, third), tangential, form = wall(k)
    share = k * m**2 / (k - 1) ** 2
    at = {"m": m, "m_2": second, "m_3": third, "q": share, "lambda": tangential, "x": 1, "y": 2, "k": k}
    values = {v.symbol: at[str(v.symbol)] for v in statement.variables}
    pair = statement.conclusions[6]
    assert all(holds(conclusion, {**values, pair.lhs: form}, 1e-6) for conclusion in statement.conclusions)
    shares = derive("lloyd-share", None).statement
    own = {v.symbol: at[str(v.symbol)] for v in shares.variables}
    assert all(holds(conclusion, own, 1e-6) for conclusion in shares.conclusions)
    spread = shares.conclusions[-1]
    assert not holds(sympy.Le(spread.lhs * 1.3, spread.rhs, evaluate=False), own)
    for wrong in (statement.conclusions[1], statement.conclusions[2]):
        twin = sympy.Le(wrong.rhs, wrong.lhs, evaluate=False)
        assert not holds(twin, values)
    loss, lost = statement.conclusions[3].args
    assert k == 3 or not holds(sympy.Eq(loss, lost * 1.01, evaluate=False), values, 1e-6)
    assert not holds(sympy.Eq(form, pair.rhs.subs(values) * 1.001, evaluate=False), {}, 1e-6)


def modes(k: int) -> Array:
    """All eigenvalues of the derivative in the span of the simplex, those of pairs by the statement."""
    (_, m, second, third), tangential, _ = wall(k)
    share, ratio = k * m**2 / (k - 1) ** 2, k / (k - 1)
    across, radial = (k - 1) * share - ratio * (second - 1), third / m - 2 * second + share * (k - 1) / ratio - 1 / k
    form, size = np.array([[k * share, across], [across, radial]]), np.array([[k, 1], [1, 1 - 1 / k]])
    pair = np.linalg.eigvals(np.linalg.solve(size, form)).real
    turns, other = (k - 1) * (k - 2) // 2, k * (k - 3) // 2
    return np.sort([0.0, *[1.0] * turns, *[tangential] * other, *np.repeat(pair, k - 1)])


@pytest.mark.parametrize("k", [3, 1000])
def test_the_largest_eigenvalue_by_balls_and_by_the_law_on_a_wall(k: int) -> None:
    """To twenty digits, to ten in NumPy, and by the sums here."""
    ball, number = (
        evaluate("lloyd_second_eigenvalue", k=k, weights="uniform", digits=digits, route=route)
        for digits, route in ((20, "ball"), (9, "float"))
    )
    assert ball.level == "certified"
    assert float(Fraction(ball.upper) - Fraction(ball.lower)) < 1e-19
    assert float(number.value) == pytest.approx(float(ball.value), abs=1e-10)
    said = modes(k)
    assert float(ball.value) == pytest.approx(max(said[said < 1]), abs=1e-5)


@pytest.mark.statement("lloyd-simplex")
def test_the_derivative_at_the_triangle() -> None:
    """The matrix of differences of Lloyd's map, against the statement."""
    # Turned a little, so that no wall is along a line of the quadrature.
    fixed, small, lines = sqrt(27 / (8 * pi)) * triangle(0.3), 0.005, parallel(8, 0.01)

    def moved(move: Array) -> Array:
        return cells(fixed + small * move.reshape(3, 2), normal, lines, 0.01)[1].ravel()

    columns = [(moved(move) - moved(-move)) / (2 * small) for move in np.eye(6)]
    said = modes(3)
    assert np.sort(np.linalg.eigvals(np.array(columns).T).real) == pytest.approx(said, abs=4e-3)
    assert said[1:5] == pytest.approx([0.1687, 0.1687, 0.5786, 0.5786], abs=1e-4)
    assert modes(4)[[0, 1, 4, 6]] == pytest.approx([0, 0.1515, 0.3799, 0.5379], abs=1e-4)


@pytest.mark.long
@pytest.mark.statement("lloyd-stability")
def test_the_derivative_at_the_square() -> None:
    """Differences of Lloyd's map along the displacement out of the plane."""
    side, small, step = 2 / sqrt(pi), 0.01, 0.05
    axes = np.eye(3)
    # Turned a little, so that no wall is along a line of the quadrature.
    turn = np.array([[np.cos(0.3), -np.sin(0.3), 0], [np.sin(0.3), np.cos(0.3), 0], [0, 0, 1]])
    centres = side * np.array([axes[0], axes[1], -axes[0], -axes[1]]) @ turn.T
    velocity = np.array([1, -1, 1, -1])[:, None] * axes[2]
    line = parallel(6, step).ravel()
    lines = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    (_, there), (_, back) = (cells(centres + sign * small * velocity, normal, lines, step**2) for sign in (1, -1))
    change = (there - back) / (2 * small) @ turn
    (conclusion,) = derive("lloyd-stability", 4).statement.conclusions
    assert change == pytest.approx(float(conclusion.rhs.subs(sympy.Symbol("h", real=True), 1)) * velocity, abs=2e-2)


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
