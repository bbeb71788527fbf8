"""A certified smallest eigenvalue of a real symmetric matrix of balls."""

from collections.abc import Sequence

import flint
import numpy as np

_MAX_ITERATIONS = 40


def smallest_eigenvalue(rows: Sequence[Sequence[flint.arb]], accuracy: float) -> flint.arb:
    """Return a ball that contains λ_min of every symmetric matrix in `rows`.

    With C the centre and F the Frobenius norm of the radii, λ_min moves by at most F from C (Weyl). For C itself any
    vector gives an upper bound, its Rayleigh quotient ρ, and positive pivots of C − (ρ − ε)I a lower one, ρ − ε
    (Sylvester). Multiple and clustered eigenvalues need no special care.

    Parameters
    ----------
    rows
        n × n balls.
    accuracy
        L: ε starts at e^{−L}, and is raised while the pivots are not all certainly positive.
    """
    if not all(entry.is_finite() for row in rows for entry in row):
        return flint.arb(0, flint.arb.pos_inf())
    with flint.ctx.extraprec(flint.ctx.prec // 2 + 64):
        centre = flint.arb_mat([[entry.mid() for entry in row] for row in rows])
        spread = sum((flint.arb(entry.rad()) ** 2 for row in rows for entry in row), start=flint.arb(0)).sqrt()
        quotient = _rayleigh_iteration(centre, accuracy)
        margin = flint.arb(-accuracy).exp()
        while not _positive_definite(centre, quotient.lower() - margin):
            margin *= 1024
        return (quotient.lower() - margin - spread).union(quotient.upper() + spread)


def _rayleigh_iteration(matrix: flint.arb_mat, accuracy: float) -> flint.arb:
    """Return the Rayleigh quotient of an approximate eigenvector for λ_min, by inverse iteration."""
    size = matrix.nrows()
    floats = np.array([[float(matrix[i, j]) for j in range(size)] for i in range(size)])
    values, vectors = np.linalg.eigh(floats)
    scale = float(np.abs(values).max())
    shift = float(values[0]) - 1e-14 * scale
    shifted = _shifted(matrix, flint.arb(shift))
    vector = flint.arb_mat(size, 1, [flint.arb(float(entry)) for entry in vectors[:, 0]])
    quotient = _quotient(matrix, vector)
    for _ in range(_MAX_ITERATIONS):
        vector = shifted.solve(vector, algorithm="approx")
        length = _dot(vector, vector).sqrt().mid()
        vector = (vector / length).mid()
        previous, quotient = quotient, _quotient(matrix, vector)
        if abs(quotient - previous) < flint.arb(-accuracy).exp() / 4:
            break
    return quotient


def _positive_definite(matrix: flint.arb_mat, shift: flint.arb) -> bool:
    """Whether every pivot of matrix − shift·I is certainly positive."""
    size = matrix.nrows()
    rows = [[matrix[i, j] - (shift if i == j else 0) for j in range(i + 1)] for i in range(size)]
    for pivot in range(size):
        if not rows[pivot][pivot] > 0:
            return False
        for i in range(pivot + 1, size):
            factor = rows[i][pivot] / rows[pivot][pivot]
            for j in range(pivot + 1, i + 1):
                rows[i][j] -= factor * rows[j][pivot]
    return True


def _shifted(matrix: flint.arb_mat, shift: flint.arb) -> flint.arb_mat:
    size = matrix.nrows()
    return flint.arb_mat([[matrix[i, j] - (shift if i == j else 0) for j in range(size)] for i in range(size)])


def _dot(left: flint.arb_mat, right: flint.arb_mat) -> flint.arb:
    return (left.transpose() * right)[0, 0]


def _quotient(matrix: flint.arb_mat, vector: flint.arb_mat) -> flint.arb:
    return _dot(vector, matrix * vector) / _dot(vector, vector)
