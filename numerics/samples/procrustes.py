"""The regular simplex nearest to k labelled points."""

import numpy as np

from emtheory.numerics.samples.simplex import FloatArray, vertices


def nearest_simplex(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return radius r and orthogonal matrix Q for which Σ_j ‖p_j − r v_j Q‖² is smallest.

    Procrustes: with the singular value decomposition VᵀP = A S B of the vertices against the points, Q = AB and
    r = tr S/k, as Σ_j ‖v_j‖² = k.
    """
    k, d = points.shape[-2:]
    left, singular, right = np.linalg.svd(vertices(k, d).T @ points)
    return singular.sum(axis=-1) / k, left @ right


def distance_from_nearest_simplex(points: FloatArray) -> FloatArray:
    """Return the root mean square distance of k points from the vertices of `nearest_simplex`, (…, k, d) → (…)."""
    radius, turn = nearest_simplex(points)
    simplex = radius[..., None, None] * (vertices(*points.shape[-2:]) @ turn)
    distance: FloatArray = np.sqrt(np.mean(np.sum((points - simplex) ** 2, axis=-1), axis=-1))
    return distance
