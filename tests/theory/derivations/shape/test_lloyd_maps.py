"""Lloyd's map by brute force: cells along lines, their masses and means by the trapezoidal rule."""

from collections.abc import Callable
from itertools import pairwise
from math import pi, sqrt

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from emtheory.theory.proof.derivation import Derivation
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
@pytest.mark.parametrize(
    ("angle", "scale", "radius"), first_every_day(1, [(0.2, 2.0, 0.7), (0.0, 1.0, 1.3), (0.41, 1.5, 0.9)])
)
def test_laplace_cells(angle: float, scale: float, radius: float) -> None:
    vertices = triangle(angle)
    mass, centroids = cells(radius * vertices, laplace(scale), parallel(14, 0.01), 0.01)
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
        **{symbols[f"⟨c_{j}|v_1⟩"]: centroids[j] @ vertices[1] for j in range(3)},
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


@pytest.fixture(scope="module")
def stability() -> dict[int, Derivation]:
    return {k: derive("lloyd-stability", k) for k in (3, 4)}


@pytest.mark.statement("lloyd-stability")
@pytest.mark.parametrize("seed", first_every_day(1, [1, 2]))
def test_the_derivative_at_the_triangle(stability: dict[int, Derivation], seed: int) -> None:
    """Differences of Lloyd's map in a random direction, against the statement."""
    # Turned a little, so that no wall is along a line of the quadrature.
    outwards = triangle(0.3)
    across = np.stack([-outwards[:, 1], outwards[:, 0]], axis=1)
    fixed = sqrt(27 / (8 * pi)) * outwards
    size, turn, a_1, a_2, b_1, b_2 = np.random.default_rng(seed).normal(size=6)
    angles = 2 * pi * np.arange(3) / 3
    radial = size + a_1 * np.cos(angles) + a_2 * np.sin(angles)
    tangential = turn - b_1 * np.sin(angles) + b_2 * np.cos(angles)
    velocity = radial[:, None] * outwards + tangential[:, None] * across
    small, lines = 0.005, parallel(8, 0.005)
    (_, there), (_, back) = (cells(fixed + sign * small * velocity, normal, lines, 0.005) for sign in (1, -1))
    change = (there - back) / (2 * small)
    found = np.stack([np.sum(change * outwards, axis=1), np.sum(change * across, axis=1)], axis=1).ravel()
    statement = stability[3].statement
    modes = dict(zip(("C", "a_1", "a_2", "b_1", "b_2"), (turn, a_1, a_2, b_1, b_2), strict=True))
    values = {v.symbol: modes[str(v.symbol)] for v in statement.variables if str(v.symbol) in modes}
    said = np.array(statement.conclusions[0].rhs.subs(values), dtype=float).ravel()
    assert found == pytest.approx(said, abs=2e-3)


def test_the_eigenvalues_at_the_triangle(stability: dict[int, Derivation]) -> None:
    """The derivative as a matrix of six columns: NumPy's eigenvalues are 1, 0 and twice those of the statement."""
    image, characteristic, least, largest = stability[3].statement.conclusions
    modes = sympy.symbols("C a_1 a_2 b_1 b_2", real=True)
    columns = [np.array(image.rhs.diff(mode), dtype=float).ravel() for mode in modes]
    # Velocities of the modes themselves; that of size, which the statement does not contain, has the image 0.
    angles = 2 * pi * np.arange(3) / 3
    zero = np.zeros(3)
    basis = [
        (zero, zero + 1),
        (np.cos(angles), zero),
        (np.sin(angles), zero),
        (zero, -np.sin(angles)),
        (zero, np.cos(angles)),
        (zero + 1, zero),
    ]
    own = np.array([np.stack(pair, axis=1).ravel() for pair in basis]).T
    eigenvalues = np.sort(np.linalg.eigvals(np.array([*columns, zero.repeat(2)]).T @ np.linalg.inv(own)).real)
    low, high = float(least.rhs), float(largest.lhs)
    assert eigenvalues == pytest.approx([0, low, low, high, high, 1], abs=1e-9)
    assert 0.16 < low < 0.17
    assert 0.57 < high < 0.58
    x = sympy.Symbol("x", real=True)
    assert float(characteristic.lhs.subs(x, high)) == pytest.approx(0, abs=1e-12)
    assert float(characteristic.lhs.subs(x, 1)) == pytest.approx((1 - low) * (1 - high))


@pytest.mark.long
@pytest.mark.statement("lloyd-stability")
def test_the_derivative_at_the_square(stability: dict[int, Derivation]) -> None:
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
    (conclusion,) = stability[4].statement.conclusions
    said = np.array(conclusion.rhs.subs(sympy.Symbol("h", real=True), 1), dtype=float).reshape(4, 3)
    assert change == pytest.approx(said, abs=2e-2)
