"""Matrices of balls: norms, eigenvalues, and a basis in which one is nearly I."""

from functools import reduce

from flint import acb_mat, arb, arb_mat

from ..balls import UNIT
from ..outcomes import UNDECIDED, require

APART = arb(2) ** -60
"""By which eigenvalues are made different before eigenvectors are sought: a choice."""


def eigenvalues(matrix):
    """Return the real parts of eigenvalues, from below, of which the imaginary ones are no larger than their radius.

    Eigenvectors of a matrix near by, whose eigenvalues are different, make it nearly diagonal (T25).
    """
    p = matrix.nrows()
    apart = arb_mat([[APART * (i + 1) * (i == j) for j in range(p)] for i in range(p)])
    try:
        _, vectors = acb_mat((matrix.mid() + apart).mid()).eig(right=True)
        turned = (vectors.mid().inv() * acb_mat(matrix) * vectors.mid()).tolist()
    except (ValueError, ZeroDivisionError):
        require(False, "eigenvalues are not told apart", UNDECIDED)
    radius = reduce(
        arb.max,
        (
            sum((abs(x) for j, x in enumerate(row) if j != i), abs(row[i].imag) + row[i].real.rad())
            for i, row in enumerate(turned)
        ),
    )
    # Where discs meet, all of them together hold as many eigenvalues.
    return sorted(
        (row[i].real.mid() + UNIT * radius * 2 * p for i, row in enumerate(turned)), key=lambda x: float(x.mid())
    )


def ends(matrix):
    """Return a lower bound of the least eigenvalue of a symmetric matrix, and an upper one of the largest."""
    near = ((matrix + matrix.transpose()).mid() / 2).mid()
    found, away = eigenvalues(near), norm(matrix - near)
    return (found[0] - away).lower(), (found[-1] + away).upper()


def largest(slopes, covariance):
    """Return an upper bound of ‖SᵀVS‖."""
    low, high = ends(slopes.transpose() * covariance * slopes)
    return high.max(-low)


def orthonormal(form):
    """Return exact X with XᵀCX nearly I, by Gram and Schmidt's steps."""
    p, columns = form.nrows(), []
    for i in range(p):
        vector = column([arb(int(i == j)) for j in range(p)])
        for each in columns:
            vector -= each * (each.transpose() * form * vector)[0, 0]
        length = (vector.transpose() * form * vector)[0, 0]
        require(length > 0, "the complete information is singular", UNDECIDED)
        columns.append((vector / length.sqrt()).mid())
    return arb_mat([each.entries() for each in columns]).transpose()


def identity(p):
    """Return I."""
    return arb_mat([[int(i == j) for j in range(p)] for i in range(p)])


def column(entries):
    """Return a vector."""
    return arb_mat([[x] for x in entries])


def norm(matrix):
    """Return an upper bound of the norm: the root of the sum of squares, or of the largest sums in rows and columns."""
    sizes = arb_mat([[abs(x).upper() for x in row] for row in matrix.tolist()])
    rows, columns = (reduce(arb.max, map(sum, each.tolist())) for each in (sizes, sizes.transpose()))
    return sum((x**2 for x in sizes.entries()), arb(0)).sqrt().min((rows * columns).sqrt()).upper()


def scaled(rows, factors):
    """Return a matrix with each column times a number."""
    return arb_mat([[x * y for x, y in zip(row, factors, strict=True)] for row in rows])


def size_of(vector):
    """Return an upper bound of Euclid's norm."""
    return sum((abs(x).upper() ** 2 for x in vector), arb(0)).sqrt().upper()
