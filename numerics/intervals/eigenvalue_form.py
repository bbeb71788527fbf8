"""The smallest eigenvalue of a symmetric matrix of forms.

For M = [[A, B], [Bᵀ, D]] with D ⪰ δ and a = λ_min(A) < δ, Rayleigh's principle and the Schur complement give
a − ‖B‖²/(δ − a) ≤ λ_min(M) ≤ a. With A the part of M whose eigenvalue is smallest at the centre, in a basis that nearly
makes B vanish there, the correction is of second order.
"""

import math
from collections.abc import Sequence
from functools import reduce, singledispatch
from typing import Any

import flint
import numpy as np

from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue as enclose_smallest
from emtheory.numerics.intervals.form_functions import Form
from emtheory.numerics.intervals.interval import Interval, from_ball
from emtheory.numerics.intervals.operations import Value, apply, as_interval
from emtheory.numerics.intervals.taylor_form import ZERO, TaylorForm, constant, hull
from emtheory.numerics.level import Level

Matrix = Sequence[Sequence[TaylorForm]]


def smallest_eigenvalue(matrix: Sequence[Sequence[Form]]) -> Form:
    """Return a form of λ_min of a symmetric matrix of forms of the same kind."""
    corner = matrix[0][0]
    result: Form = corner if len(matrix) == 1 else smallest_eigenvalue_of(corner, matrix)
    return result


@singledispatch
def smallest_eigenvalue_of(corner: Any, matrix: Any) -> Any:
    """Return a form of λ_min of a symmetric matrix of two rows or more.

    `corner`: its first entry, whose kind decides what is done.
    """
    raise TypeError(f"{type(corner).__name__} is no form")


@smallest_eigenvalue_of.register
def _smallest_eigenvalue(corner: TaylorForm, matrix: Matrix) -> TaylorForm:
    domain, matrix = corner.domain, _in_eigenbasis(matrix)
    least = _tied_with_smallest([row[i].coefficients[0] for i, row in enumerate(matrix)])
    others = [i for i in range(len(matrix)) if i not in least]
    first = matrix[least[0]][least[0]]
    if len(least) > 1:
        first = constant(_range([[matrix[i][j] for j in least] for i in least]), domain)
    if not others:
        return first
    second = _range([[matrix[i][j] for j in others] for i in others])
    gap = second - hull(first)
    if not gap.lower > 0:
        return constant(_range(matrix), domain)
    coupling = sum((matrix[i][j] * matrix[i][j] for i in least for j in others), start=constant(ZERO, domain))
    if coupling.vanishes:
        return first
    most = hull(coupling) / gap
    return first - constant(Interval(flint.arb(0), most.upper.max(0), most.level), domain)


def _tied_with_smallest(values: Sequence[Value]) -> list[int]:
    """Indices of the numbers that are not certainly above all the smallest."""
    intervals = [as_interval(value) for value in values]
    bound = reduce(lambda a, b: a if a <= b else b, (part.upper for part in intervals))
    return [i for i, part in enumerate(intervals) if not part.lower > bound]


def _range(matrix: Matrix) -> Interval:
    """An interval around λ_min on all of the box."""
    hulls = [[hull(entry) for entry in row] for row in matrix]
    balls = [[part.lower.union(part.upper) for part in row] for row in hulls]
    return from_ball(enclose_smallest(balls, flint.ctx.prec * math.log(2) / 2), Level.CERTIFIED)


def _in_eigenbasis(matrix: Matrix) -> Matrix:
    """VᵀMV with an orthogonal V, enclosed by balls, that nearly diagonalises M at the centre; M itself if unbounded."""
    size = len(matrix)
    centre = [[as_interval(entry.coefficients[0]) for entry in row] for row in matrix]
    floats = np.array([[float((part.lower + part.upper) / 2) for part in row] for row in centre])
    if not np.isfinite(floats).all():
        return matrix
    basis = _orthonormal(np.linalg.eigh(floats)[1].T.tolist())
    domain = matrix[0][0].domain

    def entry(a: int, b: int) -> TaylorForm:
        coefficients = []
        for n in range(len(matrix[0][0].coefficients)):
            terms = (
                apply("*", [from_ball(basis[a][i] * basis[b][j], Level.CERTIFIED), matrix[i][j].coefficients[n]])
                for i in range(size)
                for j in range(size)
            )
            coefficients.append(reduce(lambda total, term: apply("+", [total, term]), terms))
        return TaylorForm(tuple(coefficients), domain)

    upper = {(a, b): entry(a, b) for a in range(size) for b in range(a, size)}
    return [[upper[min(a, b), max(a, b)] for b in range(size)] for a in range(size)]


def _orthonormal(vectors: list[list[float]]) -> list[list[flint.arb]]:
    """Gram and Schmidt's process in ball arithmetic: the balls contain an exactly orthogonal matrix."""
    result: list[list[flint.arb]] = []
    for vector in vectors:
        row = [flint.arb(x) for x in vector]
        for known in result:
            along = sum((x * y for x, y in zip(row, known, strict=True)), start=flint.arb(0))
            row = [x - along * y for x, y in zip(row, known, strict=True)]
        norm = sum((x * x for x in row), start=flint.arb(0)).sqrt()
        result.append([x / norm for x in row])
    return result
