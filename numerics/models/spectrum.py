"""EM's rate and the eigenvalues of the observed information, enclosed from matrices of balls."""

import math
from collections.abc import Sequence

import flint

from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.errors import CannotAnswerError

Rows = Sequence[Sequence[flint.arb]]


def rows_of(entries: Sequence[flint.arb]) -> Rows:
    """Return a square matrix that is given row by row.

    Parameters
    ----------
    entries
        Of the matrix.
    """
    size = math.isqrt(len(entries))
    return [entries[i * size : (i + 1) * size] for i in range(size)]


def spectral_radius(rows: Rows) -> flint.arb:
    """Return a ball that contains max |λ| over the eigenvalues λ, of every matrix in a matrix of balls.

    Parameters
    ----------
    rows
        n × n, not symmetric in general.
    """
    if len(rows) == 1:
        return abs(rows[0][0])
    try:
        eigenvalues = flint.acb_mat(flint.arb_mat(rows)).eig(multiple=True)
    except ValueError as error:
        raise CannotAnswerError(f"the eigenvalues of EM's Jacobian are not enclosed: {error}") from None
    moduli = [abs(each) for each in eigenvalues]
    largest = moduli[0]
    for modulus in moduli[1:]:
        largest = largest.max(modulus)
    return largest


def eigenvalue(rows: Rows, accuracy: float, *, largest: bool) -> flint.arb:
    """Return a ball that contains the smallest or the largest eigenvalue of a symmetric matrix of balls.

    Parameters
    ----------
    rows, accuracy
        n × n, and L: of exact matrices the error is about e^{−L}.
    largest
        Which of the two.
    """
    if largest:
        return -smallest_eigenvalue([[-entry for entry in row] for row in rows], accuracy)
    return smallest_eigenvalue(rows, accuracy)
