"""Nodes of a product rule inside a ball, of any number type: the means' common Gaussian in its few real directions.

A point off the simplex gives exponents y_j = ⟨w_j, Z⟩ with Z standard normal in as many dimensions as there are real
Fourier directions with a positive amplitude. On a product lattice e^{y_j} has one factor for each direction.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_BLOCK = 1 << 14
"""Most nodes in one block; a block of balls takes a few megabytes."""


@dataclass(frozen=True, eq=False)
class Axis:
    """Nodes in one direction, or in the product of several, nearest to the origin first.

    Attributes
    ----------
    squares
        |z|² in double precision, ascending, shape (nodes,); they only decide which nodes are taken.
    mass
        Step times Gaussian density, shape (nodes,).
    factors
        What e^{y_0}..e^{y_{k−1}} gain here, shape (k, nodes).
    """

    squares: npt.NDArray[np.float64]
    mass: Array
    factors: Array


def ball_nodes(axes: Sequence[Axis], reach: float) -> Iterator[tuple[Array, Array]]:
    """Yield (mass, e^{y_j}) in blocks of shapes (nodes,) and (k, nodes), for all nodes with |z| ≤ reach.

    The last axes are multiplied out once; for each node of the others a block is the inner part of that product.
    """
    heads = list(axes)
    tail = heads.pop()
    while heads and len(heads[-1].squares) * len(tail.squares) <= _BLOCK:
        tail = _combine(heads.pop(), tail)
    # A little more than the ball, so that rounding of the squares leaves nothing inside it out.
    limit = reach**2 * (1 + 1e-9)
    for indices in product(*(range(len(axis.squares)) for axis in heads)):
        chosen = list(zip(heads, indices, strict=True))
        rest = limit - sum(axis.squares[i] for axis, i in chosen)
        count = int(np.searchsorted(tail.squares, rest, side="right"))
        if count:
            mass = reduce(lambda total, pair: total * pair[0].mass[pair[1]], chosen, tail.mass[:count])
            head = [axis.factors[:, i] for axis, i in chosen]
            factors = tail.factors[:, :count]
            yield mass, reduce(np.multiply, head)[:, np.newaxis] * factors if head else factors


def ball_size(steps: Sequence[float], reach: float) -> float:
    """Return the decimal logarithm of the number of nodes: the volume of the ball over that of a cell."""
    n = len(steps)
    volume = n / 2 * math.log(math.pi) + n * math.log(reach) - math.lgamma(n / 2 + 1)
    return (volume - sum(math.log(step) for step in steps)) / math.log(10)


def _combine(first: Axis, second: Axis) -> Axis:
    squares = np.add.outer(first.squares, second.squares).ravel()
    order = np.argsort(squares, kind="stable")
    mass = np.multiply.outer(first.mass, second.mass).ravel()[order]
    factors = first.factors[:, :, np.newaxis] * second.factors[:, np.newaxis, :]
    return Axis(squares[order], mass, factors.reshape(len(factors), -1)[:, order])
