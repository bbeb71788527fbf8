"""EM's population operator integrated over the whole of R^d, the complement of the simplex's span included.

`population_em` integrates over the span and knows that the rest vanishes; here nothing is known, so that the data show
it: a product of Gauss–Hermite rules in all d coordinates, for small d and radius.
"""

import math

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.posterior_sums import Block
from emtheory.numerics.samples.simplex import FloatArray, rotation
from emtheory.numerics.samples.tied_em import Trajectory, em_step, iterate, log_weights

MAX_NODES = 2**20
"""They are held at once: 8 MB for each coordinate."""


def gauss_hermite_grid(dimension: int, order: int) -> Block:
    """Return the nodes of the product rule for N(0, I), order^dimension × dimension, and their masses."""
    if order**dimension > MAX_NODES:
        raise InputError(f"{order}^{dimension} nodes are more than {MAX_NODES}: reduce d or the order")
    axis, mass = np.polynomial.hermite_e.hermegauss(order)
    points, masses = (np.stack(np.meshgrid(*[values] * dimension), axis=-1) for values in (axis, mass / mass.sum()))
    return points.reshape(-1, dimension), masses.prod(axis=-1).ravel()


def em_in_full_dimension(case: Case, start: FloatArray, order: int, iterations: int) -> Trajectory:
    """Iterate EM in R^d from a vector with any component outside of the span.

    InputError if there are too many nodes.

    Parameters
    ----------
    case
        The mixture and its d; its point is not used.
    start
        Of length d.
    order
        Nodes on each axis.
    iterations
        Number of steps.
    """
    log_pi, R = log_weights(case), rotation(case.k, case.d)
    grid = gauss_hermite_grid(case.d, order)

    def step(theta: FloatArray) -> tuple[FloatArray, float]:
        return em_step([grid], log_pi, R, theta)

    return iterate(step, start, case.k, iterations, None, -case.d / 2 * (math.log(2 * math.pi) + 1))
