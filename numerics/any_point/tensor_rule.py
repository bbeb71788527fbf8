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

    The |z|², ascending, are in double precision, as they only decide which nodes are taken; the mass is step times
    Gaussian density, and the factors, shape (k, nodes), are what e^{y_0}..e^{y_{k−1}} gain here.
    """

    squares: npt.NDArray[np.float64]
    mass: Array
    factors: Array


def ball_nodes(axes: Sequence[Axis], reach: float) -> Iterator[tuple[Array, Array]]:
    """Yield (mass, e^{y_j}), shapes (nodes,) and (k, nodes), for all nodes with |z| ≤ reach, in blocks of products."""
    heads = sorted(axes, key=lambda axis: -len(axis.squares))
    tail = heads.pop()
    while heads and len(heads[-1].squares) * len(tail.squares) <= _BLOCK:
        tail = _combine(heads.pop(), tail)
    runs = _runs(heads.pop(), max(1, _BLOCK // len(tail.squares))) if heads else ()
    # A little more than the ball, so that rounding of the squares leaves nothing inside it out.
    limit = reach**2 * (1 + 1e-9)
    for part in (_combine(run, tail) for run in runs) if runs else (tail,):
        for indices in product(*(range(len(axis.squares)) for axis in heads)):
            chosen = list(zip(heads, indices, strict=True))
            rest = limit - sum(axis.squares[i] for axis, i in chosen)
            count = int(np.searchsorted(part.squares, rest, side="right"))
            if count:
                mass = reduce(lambda total, pair: total * pair[0].mass[pair[1]], chosen, part.mass[:count])
                head = [axis.factors[:, i] for axis, i in chosen]
                factors = part.factors[:, :count]
                yield mass, reduce(np.multiply, head)[:, np.newaxis] * factors if head else factors


def ball_size(steps: Sequence[float], reach: float) -> float:
    """Return the decimal logarithm of the number of nodes: the volume of the ball over that of a cell."""
    n = len(steps)
    volume = n / 2 * math.log(math.pi) + n * math.log(reach) - math.lgamma(n / 2 + 1)
    return (volume - sum(math.log(step) for step in steps)) / math.log(10)


def _runs(axis: Axis, count: int) -> list[Axis]:
    """Cut an axis into pieces of so many nodes."""
    pieces = [slice(start, start + count) for start in range(0, len(axis.squares), count)]
    return [Axis(axis.squares[piece], axis.mass[piece], axis.factors[:, piece]) for piece in pieces]


def _combine(first: Axis, second: Axis) -> Axis:
    squares = np.add.outer(first.squares, second.squares).ravel()
    order = np.argsort(squares, kind="stable")
    mass = np.multiply.outer(first.mass, second.mass).ravel()[order]
    factors = first.factors[:, :, np.newaxis] * second.factors[:, np.newaxis, :]
    return Axis(squares[order], mass, factors.reshape(len(factors), -1)[:, order])
