"""Population EM in double precision: the expectation over X ~ N(0, I) by a lattice rule in the simplex's span.

`population_em` knows that the complement of the span vanishes; `em_in_full_dimension` knows nothing, so that the data
show it, by a product of Gauss–Hermite rules in all d coordinates, for small d and radius.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.posterior_sums import Block
from emtheory.numerics.samples.simplex import FloatArray, point, rotation
from emtheory.numerics.samples.tied_em import Trajectory, em_step, iterate, log_weights

MAX_NODES = 2**24
"""The largest lattice (seconds a step); it admits k = 4 up to radius 5.9, k = 5 up to 1.4 and k = 6 up to 0.5."""

_DECAY = 24.0
"""−log of the aliasing error that the spacing aims at (4e−11), before two lattices are averaged and most cancels."""
_RANGE = 8.5
"""Nodes further than this from the origin carry less than 1e−14 of the mass in at most five dimensions."""
_BLOCK = 2**14
"""Nodes that are handled at once: with their posteriors they take a megabyte or two, so that they stay in cache."""


@dataclass(frozen=True, eq=False)
class PopulationStep:
    """The value of the population operator at a point.

    `update`: M(θ), length d; `log_partition`: Λ(θ); `error`: estimated absolute quadrature error of both: half the
    largest difference between the two lattices averaged.
    """

    update: FloatArray
    log_partition: float
    error: float


def spacing(radius: float, decay: float = _DECAY) -> float:
    """Return a lattice spacing that resolves the posterior at ‖θ‖ = `radius` to about e^{−decay}.

    Moved by iy along any axis, y ≤ π/(2‖θ‖), the exponents ⟨x, R^jθ⟩ have phases less than π apart, so that
    Σ_j π_j e^{…} has no zero, and the Gaussian grows by e^{y²/2}; the error of spacing h is then of the order
    e^{y²/2 − 2πy/h} (Poisson summation). y = √(2 decay) would be best without the bound.
    """
    shift = math.sqrt(2 * decay)
    if radius > 0:
        shift = min(shift, math.pi / (2 * radius))
    return 2 * math.pi * shift / (decay + shift**2 / 2)


def gaussian_lattice(dimension: int, h: float, offset: float) -> Iterator[Block]:
    """Return blocks of the nodes (offset + h Z)^dimension with masses h^dimension φ(x), or refuse at once."""
    reach = math.ceil(_RANGE / h)
    axis: FloatArray = np.arange(-reach, reach + 1, dtype=np.float64) * h + offset
    nodes = axis.size**dimension
    if nodes > MAX_NODES:
        raise InputError(
            f"population EM by quadrature would need about 10 to the power {math.log10(nodes):.1f} nodes here, at most "
            f"10 to the power {math.log10(MAX_NODES):.1f} are allowed: reduce k = {dimension + 1} or the radius"
        )
    return _blocks(axis, dimension, (h / math.sqrt(2 * math.pi)) ** dimension)


def _blocks(axis: FloatArray, dimension: int, scale: float) -> Iterator[Block]:
    shape, nodes = (axis.size,) * dimension, axis.size**dimension
    for first in range(0, nodes, _BLOCK):
        index = np.unravel_index(np.arange(first, min(first + _BLOCK, nodes)), shape)
        points = axis[np.stack(index, axis=-1)]
        squares = np.einsum("ij,ij->i", points, points)
        inside = squares <= _RANGE**2
        yield points[inside], scale * np.exp(-squares[inside] / 2)


def population_step(case: Case, theta: FloatArray) -> PopulationStep:
    """Return M(θ) = E Σ_j γ_j(X;θ) R^{−j} X and Λ(θ) = E log Σ_j π_j e^{⟨X, R^jθ⟩}.

    Only the span is integrated over. A component c of θ in the complement adds the same ⟨X_⊥, c⟩ to every exponent:
    it leaves γ unchanged and has mean zero, so M_⊥ = E X_⊥ = 0 and Λ does not change.
    """
    span = case.k - 1
    log_pi, R = log_weights(case), rotation(case.k, span)
    h = spacing(float(np.linalg.norm(theta[:span])))
    # The second lattice lies in the holes of the first: its leading aliasing errors are the same with opposite sign.
    first, second = (em_step(gaussian_lattice(span, h, offset), log_pi, R, theta[:span]) for offset in (0.0, h / 2))
    update = np.zeros(case.d)
    update[:span] = (first[0] + second[0]) / 2
    difference = max(float(np.abs(first[0] - second[0]).max()), abs(first[1] - second[1]))
    return PopulationStep(update, (first[1] + second[1]) / 2, difference / 2)


def population_em(case: Case, iterations: int, tolerance: float = 1e-8) -> Trajectory:
    """Iterate the population operator from the case's point.

    InputError if the case has no point, or k or the radius is beyond the quadrature.

    `case`, `iterations`, `tolerance`: the mixture and its starting point; the largest number of steps; stop after an
    increment this small. Ratios of radii below it would show rounding, not EM.
    """

    def step(theta: FloatArray) -> tuple[FloatArray, float]:
        result = population_step(case, theta)
        return result.update, result.log_partition

    origin = -case.d / 2 * (math.log(2 * math.pi) + 1)
    return iterate(step, point(case), case.k, iterations, tolerance, origin)


MAX_HERMITE_NODES = 2**20
"""They are held at once: 8 MB for each coordinate."""


def gauss_hermite_grid(dimension: int, order: int) -> Block:
    """Return the nodes of the product rule for N(0, I), order^dimension × dimension, and their masses."""
    if order**dimension > MAX_HERMITE_NODES:
        raise InputError(f"{order}^{dimension} nodes are more than {MAX_HERMITE_NODES}: reduce d or the order")
    axis, mass = np.polynomial.hermite_e.hermegauss(order)
    points, masses = (np.stack(np.meshgrid(*[values] * dimension), axis=-1) for values in (axis, mass / mass.sum()))
    return points.reshape(-1, dimension), masses.prod(axis=-1).ravel()


def em_in_full_dimension(case: Case, start: FloatArray, order: int, iterations: int) -> Trajectory:
    """Iterate EM in R^d from a vector with any component outside of the span.

    InputError if there are too many nodes.

    `case`, `start`: the mixture and its d, whose point is not used; of length d. `order`, `iterations`: nodes on each
    axis, and number of steps.
    """
    log_pi, R = log_weights(case), rotation(case.k, case.d)
    grid = gauss_hermite_grid(case.d, order)

    def step(theta: FloatArray) -> tuple[FloatArray, float]:
        return em_step([grid], log_pi, R, theta)

    return iterate(step, start, case.k, iterations, None, -case.d / 2 * (math.log(2 * math.pi) + 1))
