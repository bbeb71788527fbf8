"""The letters of statements on simplices, spectra and Lloyd's map."""

import numpy as np

from tests.theory.derivations.outside.extensions import bounded, off_ray, uneven, vertex
from tests.theory.derivations.outside.models import Model, on, pairs, plane, slopes, space, transform, turns
from tests.theory.derivations.outside.population import norm
from tests.theory.derivations.outside.reading import Letters, outside, reading

ONE = vertex(0.8, (0.4, 0.2, 0.2, 0.2))


def flat(m: Model, size: int = 1, frequency: int = 1) -> Letters:
    """D the first components, a and b the first weight of D and the last of the others."""
    pi, k = m.weights, len(m.weights)
    u = (np.arange(k) < size).astype(float)
    second = np.einsum("n,ni,nj->ij", m.mass, m.posterior(m.theta), m.posterior(m.theta))
    means = {"E_DD": second[0, size - 1], "E_DO": second[0, -1], "E_OO": second[-2, -1], "E∑γ_j²": np.trace(second)}
    counts = {"k": k, "n": float(size), "lambda": size * (size - 1) / (k - 1)}
    letters = {"a": pi[0], "b": pi[-1], **means, **counts}
    for name, turn in (("s", -1), ("t", -2)):
        rolled = {f"lambda_{name}": u @ np.roll(u, turn), f"a_{name}": pi @ np.roll(pi, turn)}
        letters |= rolled | {f"A_{name}": np.trace(np.roll(second, turn, axis=1))}
    return letters | {"|π̂_m|²": abs(transform(pi, frequency)) ** 2, "β_m": m.power(m.theta, frequency)}


reading("flat-spectrum", ONE)(flat)
outside("flat-spectrum", "two values", "weights 2/5, 3/10, 1/10, 1/5", uneven(ONE))(flat)
outside("flat-spectrum", "residues", "$m = k$", ONE)(lambda m: flat(m, frequency=4))
outside("flat-spectrum", "simplex", "$θ$ off the rays of the vertices", off_ray(ONE))(flat)
DIFFERENCES = "$l_s = λ + (n − λ)·δ_s$ for all $s$"
outside("flat-spectrum", DIFFERENCES, "$D = \\{0, 1\\}$, $k = 4$", vertex(0.8, (0.3, 0.3, 0.2, 0.2)))(
    lambda m: flat(m, 2)
)


LEVEL = (0.3875, 0.2875, 0.2375, 0.0875)
"""With β_1 = β_2 at 0."""


@reading("simplex-classification", *(vertex(0.25, weights) for weights in ((0.4, 0.3, 0.1, 0.2), LEVEL)))
def _(m: Model) -> Letters:
    pi, s = m.weights, m.r * (4 / 3) ** 0.5
    u, D, E = pi[0] + pi[2], pi[0] - pi[2], pi[1] - pi[3]
    beta = m.power(m.theta, 1) - m.power(m.theta, 2)
    gap = D**2 + E**2 - (2 * u - 1) ** 2
    one = (3 * D**2 - 1 - 6 * u + 3 * E**2 + 6 * u**2) / 4
    two = 0.5 - 30 * u**3 + 15 * u**2 + 15 * u**4 - 15 * E**2 / 4 + 15 * D**4 / 4 + 15 * E**4 / 4 + 21 * D**2 / 4
    two += -24 * u * D**2 - 6 * u * E**2 + 15 * D**2 * u**2 + 15 * E**2 * u**2 + 15 * D**2 * E**2 / 2
    rest = (beta - (1 + s**4 * two + 2 * s**2 * one) * gap + 3 * D**2 * E**2 * s**4) / (2 * s**6)
    powers = {f"|π̂_{n}|²": abs(transform(pi, n)) ** 2 for n in (1, 2)}
    return {**powers, "k": 4, "u": u, "D": D, "E": E, "s": s, "beta": lambda s: beta, "e": lambda s: bounded(rest)}


outside("simplex-classification", "simplex", "$θ$ off the rays", off_ray(vertex(0.25, (0.4, 0.3, 0.1, 0.2))))(_)


@reading("amplitude-derivatives", space(theta=(0.3, 0.2, 0.5)))
def _(m: Model) -> Letters:
    """m = 1 in the plane, n = 2 on the line; Λ by the squares of the amplitudes, through θ."""

    def partition(squares: np.ndarray) -> float:
        rho = np.sqrt(squares)
        point = np.array([*(m.theta[:2] / norm(m.theta[:2]) * rho[0]), rho[1]])
        return point @ point / 2 - m.loss(point)

    at = np.array([norm(m.theta[:2]) ** 2, m.theta[2] ** 2])
    slope = slopes(lambda p: np.array([partition(p)]), at)[0]
    return {"Λ_m": slope[0], "β_m": m.power(m.theta, 1)}


outside("dft", "residues", "$m = k$", plane())(lambda m: {"k": 3, "m": 3, "w": 0.5})


def lloyd(points: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """In which cell each point is, as a table of 0 and 1, and the centroids of the cells."""
    cell = np.eye(len(centres))[np.argmax(points @ centres.T, axis=1)]
    return cell, (cell.T @ points) / np.maximum(cell.sum(axis=0), 1)[:, None]


TRIANGLE = np.stack([np.cos(2 * np.pi * np.arange(3) / 3), np.sin(2 * np.pi * np.arange(3) / 3)], axis=1)
NORMAL = np.random.default_rng(3).normal(size=(60_000, 3))


@outside("lloyd-centroid", "rotation-invariant data", "$X = (1, 0, 2)$", plane())
def _(m: Model) -> Letters:
    """The mean of ⟨X, w⟩ over the cell of v_0 in the plane, w across it."""
    point = np.array([1.0, 0.0, 2.0])
    cell, _ = lloyd(point[None, :2], TRIANGLE)
    return {"whole": float(point[2] * cell[0, 0])}


@outside("lloyd-growth", "normal data", "$X ~ N(0, 9I)$", plane())
def _(m: Model) -> Letters:
    largest = np.max(3 * NORMAL[:, :2] @ TRIANGLE.T, axis=1)
    return {"k": 3, "R_0": float(largest.mean()), "t": 1.0}


@outside("lloyd-share", "normal data", "$X ~ N(0, 9I)$", plane())
@outside("lloyd-simplex", "normal data", "$X ~ N(0, 9I)$", plane())
def _(m: Model) -> Letters:
    radius = float(np.max(3 * NORMAL[:, :2] @ TRIANGLE.T, axis=1).mean())
    return {"k": 3, "m": float(NORMAL.max(axis=1).mean()), "q": radius**2 / 2}


@outside("lloyd-radius", "normal data", "the $z_j$ of variance 9", plane())
def _(m: Model) -> Letters:
    return {"k": 3, "whole": 3 * float(NORMAL.max(axis=1).mean())}


@outside("lloyd-square", "normal data", "$X = (1, 0, 1)$", plane())
def _(m: Model) -> Letters:
    return {"whole": 1.0}


@outside("lloyd-stability", "normal data", "$X ~ N(0, 9I)$", plane())
def _(m: Model) -> Letters:
    """Centres ±ce_1, ±ce_2 moved by ±h·e_3/10."""
    c = 2 / np.pi**0.5
    flat_centres = np.array([[c, 0, 0], [0, c, 0], [-c, 0, 0], [0, -c, 0]])
    moved = flat_centres + 0.1 * np.outer([1, -1, 1, -1], [0, 0, 1.0])
    points = 3 * NORMAL
    cell = np.eye(4)[np.argmin(np.sum((points[:, None] - moved) ** 2, axis=2), axis=1)]
    return {"h": 1.0, "Δ": float((cell[:, 0] @ points[:, 2]) / cell[:, 0].sum() / 0.1)}


@outside("lloyd-laplace", "Laplace data", "$X ~ N(0, I)$", plane())
def _(m: Model) -> Letters:
    """Each cell is a third of a set of points that is the same after it is turned by 120°."""
    points = np.concatenate([NORMAL[:, :2] @ turn.T for turn in plane().maps])
    cell, _ = lloyd(points, TRIANGLE)
    return {"w": 0.0, "lambda": 1.0, "p_1": lambda w, scale: cell[:, 1].mean()}


@outside("group-dihedral", "normal data", "$X = (1, 1)$", pairs())
def _(m: Model) -> Letters:
    """The first coordinate of ∑ γ_g gᵀX at the second axis."""
    point = on(np.array([[1.0, 1.0]]), m)
    return {"whole": float(point.step(np.array([0.0, 0.4]))[0])}


@outside("simplex", "rotation", "$R$ the rotation by 1", plane())
def _(m: Model) -> Letters:
    turn = turns(np.array([1.0]))[0]
    return {"sides": (4, np.linalg.matrix_power(turn, 3), np.eye(2))}
