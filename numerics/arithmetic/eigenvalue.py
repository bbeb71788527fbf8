"""The smallest eigenvalue of a real symmetric matrix of balls, enclosed."""

from collections.abc import Sequence

import flint
import numpy as np

_MAX_ITERATIONS = 40
"""Steps of inverse iteration: each multiplies the number of digits, so that few are needed. Where all are used up the
last bounds are returned, wider than wanted but right."""
_PUSH = 1e-4
"""Relative to a vector of length 1: less leaves iteration too little to grow from, more takes it further from the
vector that doubles have found."""


def smallest_eigenvalue(rows: Sequence[Sequence[flint.arb]], accuracy: float) -> flint.arb:
    """Return a ball that contains λ_min of every symmetric matrix whose lower triangle is in that of n × n `rows`.

    With C the centre and F the Frobenius norm of the radii, λ_min moves by at most F from C (Weyl). For C itself any
    vector gives an upper bound, its Rayleigh quotient ρ, and positive pivots of C − (ρ − ε)I a lower one, ρ − ε
    (Sylvester); ε is e^{−accuracy}, unless iteration stalls: then it is what the pivots allow. Vectors come from
    inverse iteration, shifted to the last lower bound. Multiple and clustered eigenvalues need no special care.
    """
    size = range(len(rows))
    full = [[rows[max(i, j)][min(i, j)] for j in size] for i in size]
    unknown = flint.arb(0, flint.arb.pos_inf())
    if not all(entry.is_finite() for row in full for entry in row):
        return unknown
    with flint.ctx.extraprec(flint.ctx.prec // 2 + 64):
        centre = flint.arb_mat([[entry.mid() for entry in row] for row in full])
        spread = sum((entry.rad() * entry.rad() for row in full for entry in row), start=flint.arb(0)).sqrt()
        tolerance = flint.arb(-accuracy).exp()
        lower, vector = _start(centre)
        for _ in range(_MAX_ITERATIONS):
            vector = (centre - lower).solve(vector, algorithm="approx").mid()
            vector /= _dot(vector, vector).sqrt().mid()
            quotient = _dot(vector, centre * vector) / _dot(vector, vector)
            if not quotient.is_finite():
                return unknown
            margin = tolerance
            while not _positive_definite(centre - (quotient.lower() - margin)):
                margin *= 4
            lower = quotient.lower() - margin
            if margin is tolerance:
                break
        return (lower - spread).union(quotient.upper() + spread)


def _start(matrix: flint.arb_mat) -> tuple[flint.arb, flint.arb_mat]:
    """Return a shift just below λ_min and almost an eigenvector, both from double precision.

    The mean of the eigenvalues is subtracted first, so that doubles resolve what sets them apart. Where that is
    still too little they may give another vector of a cluster, and inverse iteration from an eigenvector stays
    there: a slight push in a direction without symmetry lets it leave.
    """
    size = matrix.nrows()
    mean = (matrix.trace() / size).mid()
    centred = matrix - mean
    largest = max(abs(entry).mid() for entry in centred.entries())
    scale = largest if largest > 0 else flint.arb(1)
    floats = [[float((centred[i, j] / scale).mid()) for j in range(size)] for i in range(size)]
    values, vectors = np.linalg.eigh(floats)
    shift = mean + scale * float(values[0] - 1e-13 * size)
    pushed = vectors[:, 0] + _PUSH * np.cos(np.arange(1, size + 1))
    return shift.mid(), flint.arb_mat(size, 1, pushed.tolist())


def _positive_definite(matrix: flint.arb_mat) -> bool:
    """Whether every pivot of the matrix is certainly positive."""
    size = matrix.nrows()
    rows = [[matrix[i, j] for j in range(i + 1)] for i in range(size)]
    for pivot in range(size):
        if not rows[pivot][pivot] > 0:
            return False
        for i in range(pivot + 1, size):
            factor = rows[i][pivot] / rows[pivot][pivot]
            for j in range(pivot + 1, i + 1):
                rows[i][j] -= factor * rows[j][pivot]
    return True


def _dot(left: flint.arb_mat, right: flint.arb_mat) -> flint.arb:
    return (left.transpose() * right)[0, 0]
