"""Bounds on the largest eigenvalue of covariance matrices in doubles."""

import numpy as np

from emtheory.numerics.samples.simplex import FloatArray

_LOST = 2.0**-36
"""Relative to ‖H‖_F: more than products of m × m doubles lose for m ≤ 36 (section 14 of docs/error-bounds.md)."""


def largest_eigenvalue_above(matrices: FloatArray) -> FloatArray:
    """Return upper bounds of λ_max of symmetric matrices, shape (…, m, m) → (…), m ≤ 36; none is below 0.

    For any invertible Q, λ_max(H) = sup xᵀQᵀHQx / xᵀQᵀQx. The columns of Q are what a library takes for eigenvectors,
    so that both matrices are nearly diagonal, and their rows bound the quotient (Gershgorin).
    """
    _, vectors = np.linalg.eigh(matrices)
    turned = np.swapaxes(vectors, -1, -2) @ matrices @ vectors
    gram = np.swapaxes(vectors, -1, -2) @ vectors
    lost = _LOST * np.sqrt(np.square(matrices).sum(axis=(-1, -2)))
    identity = np.eye(matrices.shape[-1])
    spread = np.abs(gram - identity).sum(axis=-1).max(axis=-1) + _LOST
    rows = np.abs(turned * (1 - identity)).sum(axis=-1) + np.diagonal(turned, axis1=-2, axis2=-1)
    if not (spread < 0.5).all():
        raise ArithmeticError("eigenvectors of a symmetric matrix are not nearly orthogonal")
    result: FloatArray = np.maximum(rows.max(axis=-1) + 2 * lost, 0) / (1 - spread) * (1 + _LOST)
    return result


def largest_eigenvalue_below(matrix: FloatArray) -> float:
    """Return a lower bound of λ_max of a symmetric m × m matrix, m ≤ 36, with λ_max ≥ 0: a Rayleigh quotient."""
    vector = np.linalg.eigh(matrix)[1][:, -1]
    lost = _LOST * float(np.sqrt(np.square(matrix).sum()))
    return max(float(vector @ matrix @ vector) - lost, 0.0) / float(vector @ vector) / (1 + _LOST)
