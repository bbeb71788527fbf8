"""The shells in double precision, with Gauss and Hermite's rule in place of the one with proved errors."""

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np

from emtheory.numerics.any_point.double_sums import Floats
from emtheory.numerics.sample_theorem.exponential_moments import frequency_maps
from emtheory.numerics.sample_theorem.shell_bound import arc_corners
from emtheory.numerics.sample_theorem.shells import cut, multipliers, walls
from emtheory.numerics.weights import Weights

_NODES = {1: 80, 2: 40, 3: 20}
"""Nodes in each direction."""


def norm_bound(weights: Weights, n: int, probability: float) -> float | None:
    """Return about the r that no fixed point exceeds but with the probability given, or None if there is none."""
    return min(_allowed(weights, n, probability), default=None)


def reaches(weights: Weights, n: int, probability: float, radius: float) -> bool:
    """Whether fixed points beyond a radius have at most the probability given."""
    # First the shell that the radius is in by itself, as it is quick to say no.
    outer = next((outer for outer, inner in pairwise(walls(weights)) if inner <= radius), None)
    if outer is None or _probability(_shell(weights, outer), n) > probability:
        return False
    return any(inner <= radius for inner in _allowed(weights, n, probability))


def divergence_bound(weights: Weights, radius: float) -> float:
    """Return about the bound on KL up to a radius of the span."""
    nodes, mass = _rule(len(weights) - 1)
    corners = [(radius,)] if len(weights) <= 3 else arc_corners(radius)
    found = []
    for corner in corners:
        point = np.zeros(len(nodes))
        point[::2][: len(corner)] = corner
        exponents = frequency_maps(len(weights)) @ point @ nodes
        joint = np.array([float(weight) for weight in weights]) @ np.expm1(exponents)
        found.append(float(point @ point) / 2 - float(np.log1p(joint) @ mass))
    return max(found)


def _allowed(weights: Weights, n: int, probability: float) -> Iterator[float]:
    """Yield the inner radii of shells while the probability of a fixed point beyond is at most that given."""
    total = math.exp(-n * (len(weights) - 1) * (1 - math.log(2)) / 2)
    for outer, inner in pairwise(walls(weights)):
        total += _probability(_shell(weights, outer), n)
        if total > probability:
            return
        yield float(inner)


def _probability(rates: tuple[tuple[int, float], ...], n: int) -> float:
    return sum(count * math.exp(-n * rate) for count, rate in rates)


@lru_cache(maxsize=1 << 14)
def _shell(weights: Weights, outer: Fraction) -> tuple[tuple[int, float], ...]:
    _, longest, cells = cut(weights, outer)
    nodes, mass = _rule(len(weights) - 1)
    maps = frequency_maps(len(weights))
    rates: list[tuple[int, float]] = []
    for count, point, vertices in cells:
        joint = np.exp(maps @ point @ nodes) * np.array([[float(weight)] for weight in weights])
        steps = np.einsum("jn,jab,bn->na", joint / joint.sum(axis=0), maps.transpose(0, 2, 1), nodes)
        away = point - vertices
        values, heights = away @ steps.T, (vertices * away).sum(axis=1)
        t = np.minimum(multipliers(values, mass, heights), longest / np.linalg.norm(away, axis=1))
        found = t * heights - np.log(np.exp(t[:, np.newaxis] * values) @ mass)
        rates += [(count, float(rate)) for rate in np.maximum(found, 0)]
    return tuple(rates)


@lru_cache(maxsize=4)
def _rule(dimension: int) -> tuple[Floats, Floats]:
    """Nodes, shape (D, nodes), and their mass."""
    nodes, mass = np.polynomial.hermite_e.hermegauss(_NODES[dimension])
    grid = np.stack(np.meshgrid(*[nodes] * dimension, indexing="ij")).reshape(dimension, -1)
    weight = np.stack(np.meshgrid(*[mass / mass.sum()] * dimension, indexing="ij")).reshape(dimension, -1)
    return grid, weight.prod(axis=0)
