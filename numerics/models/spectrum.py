"""EM's rate and the eigenvalues of the observed information, enclosed from matrices of balls."""

import math
from collections.abc import Sequence
from functools import reduce

import flint

from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.errors import CannotAnswerError

Rows = Sequence[Sequence[flint.arb]]


def rows_of(entries: Sequence[flint.arb]) -> Rows:
    """Return a square matrix that is given row by row."""
    size = math.isqrt(len(entries))
    return [entries[i * size : (i + 1) * size] for i in range(size)]


def spectral_radius(rows: Rows) -> flint.arb:
    """Return a ball that contains max |λ| over the eigenvalues λ, of every matrix in a matrix of balls.

    In a basis of nearly eigenvectors, whatever they are, the matrix is nearly diagonal. Gershgorin's discs contain all
    eigenvalues, and a union of some that meets no other contains as many as there are discs in it. So multiple
    eigenvalues, such as the zeros that moments kept by EM give, need no special care where their vectors span.
    """
    if len(rows) == 1:
        return abs(rows[0][0])
    matrix = flint.acb_mat(flint.arb_mat(rows))
    if not all(entry.is_finite() for entry in matrix.entries()):
        return flint.arb(0, flint.arb.pos_inf())
    _, vectors = matrix.eig(right=True, algorithm="approx")
    basis = vectors.mid()
    try:
        nearly = basis.inv() * matrix * basis
    except ZeroDivisionError:
        raise CannotAnswerError("the eigenvectors of EM's Jacobian are not told apart") from None
    size = range(len(rows))
    radii = [sum((abs(nearly[i, j]) for j in size if j != i), flint.arb(0)).upper() for i in size]
    discs = [(nearly[i, i], radius) for i, radius in enumerate(radii)]
    first = max(discs, key=lambda disc: float(abs(disc[0]).mid()))
    group, left = [first], [disc for disc in discs if disc is not first]
    while near := [disc for disc in left if any(_may_meet(disc, other) for other in group)]:
        group += near
        left = [disc for disc in left if not any(disc is other for other in near)]
    lower: flint.arb = reduce(flint.arb.min, ((abs(centre) - radius).lower() for centre, radius in group))
    upper: flint.arb = reduce(flint.arb.max, ((abs(centre) + radius).upper() for centre, radius in discs))
    return lower.max(flint.arb(0)).union(upper)


def _may_meet(first: tuple[flint.acb, flint.arb], second: tuple[flint.acb, flint.arb]) -> bool:
    """Whether two discs are not seen to be apart."""
    return not abs(first[0] - second[0]) > first[1] + second[1]


def eigenvalue(rows: Rows, accuracy: float, *, largest: bool) -> flint.arb:
    """Return a ball that contains the smallest or the largest eigenvalue of a symmetric matrix of balls."""
    if largest:
        return -smallest_eigenvalue([[-entry for entry in row] for row in rows], accuracy)
    return smallest_eigenvalue(rows, accuracy)
