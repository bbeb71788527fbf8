"""The regular simplex in double precision: its vertices, the rotation that permutes them, the amplitudes of a vector.

Coordinates 0..k−2 span the simplex in the real Fourier basis: (2m−2, 2m−1) is the plane of frequency m for
1 ≤ m < k/2, the last one is the line of frequency k/2 if k is even. Coordinates k−1..d−1 are the complement.
"""

import numpy as np
import numpy.typing as npt

from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError

FloatArray = npt.NDArray[np.float64]

MAX_MATRIX_DIMENSION = 4096
"""The rotation is held as a dense d × d matrix."""

_LARGEST = 10**100
"""How far out EM may start: squares, and their products with the data, are then far from overflow."""


def vertices(k: int, d: int) -> FloatArray:
    """Return v_0..v_{k−1}, unit vectors with ⟨v_i, v_j⟩ = −1/(k−1), as a k × d array.

    Vertex v_j has the coordinates √(2/(k−1)) (cos 2πjm/k, sin 2πjm/k) in the plane of frequency m and (−1)^j/√(k−1) on
    the line of frequency k/2; Σ_{m=1}^{k−1} cos 2πjm/k = −1 for j ≠ 0 gives the inner products. InputError if k < 2 or
    d < k − 1.
    """
    _check(k, d)
    angles = _angles(np.arange(k), k)
    result = np.zeros((k, d))
    planes = (k - 1) // 2
    result[:, 0 : 2 * planes : 2] = np.sqrt(2) * np.cos(angles[:, :planes])
    result[:, 1 : 2 * planes : 2] = np.sqrt(2) * np.sin(angles[:, :planes])
    if k % 2 == 0:
        result[:, k - 2] = np.cos(angles[:, -1])
    result /= np.sqrt(k - 1)
    return result


def rotation(k: int, d: int) -> FloatArray:
    """Return the orthogonal d × d matrix R with R v_j = v_{j+1 mod k} that fixes the complement; R^k = I.

    InputError if k < 2, d < k − 1 or d exceeds `MAX_MATRIX_DIMENSION`.
    """
    _check(k, d)
    if d > MAX_MATRIX_DIMENSION:
        raise InputError(f"d = {d} is out of range: floating-point EM holds d × d matrices, d ≤ {MAX_MATRIX_DIMENSION}")
    result = np.eye(d)
    for m, angle in enumerate(_angles(np.array([1]), k)[0, : (k - 1) // 2], start=1):
        cosine, sine = np.cos(angle), np.sin(angle)
        result[2 * m - 2 : 2 * m, 2 * m - 2 : 2 * m] = [[cosine, -sine], [sine, cosine]]
    if k % 2 == 0:
        result[k - 2, k - 2] = -1
    return result


def amplitudes(thetas: FloatArray, k: int) -> FloatArray:
    """Return ρ_m = ‖P_m θ‖, m = 1..⌊k/2⌋, along the last axis; `thetas` has shape (…, d) with d ≥ k − 1."""
    span = thetas[..., : k - 1]
    even = span[..., ::2]
    odd = np.zeros_like(even)
    odd[..., : (k - 1) // 2] = span[..., 1::2]
    result: FloatArray = np.hypot(even, odd)
    return result


def distance_from_simplex(amplitudes: FloatArray, k: int) -> FloatArray:
    """Return how far the means R^jθ are from the vertices of the nearest regular simplex, ‖ρ − ⟨ρ, u⟩u‖.

    u is the unit simplex, u_m² = dim_m/(k−1) with dim_m = 2, or 1 for m = k/2; the maps that commute with R turn θ
    within each frequency only, so that the nearest simplex is nearest in amplitudes. Shape (…, ⌊k/2⌋) → (…).
    """
    unit = np.full(k // 2, np.sqrt(2 / (k - 1)))
    if k % 2 == 0:
        unit[-1] /= np.sqrt(2)
    result: FloatArray = np.linalg.norm(amplitudes - (amplitudes @ unit)[..., None] * unit, axis=-1)
    return result


def point(case: Case) -> FloatArray:
    """Return the θ ∈ R^d of a case: radius · v_0, or the vector with its amplitudes along v_0 in each frequency."""
    if not case.has_point:
        raise InputError("EM needs a starting point: give a radius or amplitudes")
    if sum(case.squared_amplitudes) > _LARGEST**2:
        raise InputError("the starting point is further out than double precision reaches: at most 1e100")
    theta = np.zeros(case.d)
    theta[: case.k - 1 : 2] = np.sqrt([float(square) for square in case.squared_amplitudes])
    return theta


def _angles(j: npt.NDArray[np.int64], k: int) -> FloatArray:
    """2πjm/k for m = 1..⌊k/2⌋ along the last axis, reduced modulo 2π before rounding."""
    multiples = np.outer(j, np.arange(1, k // 2 + 1)) % k
    return 2 * np.pi * multiples / k


def _check(k: int, d: int) -> None:
    if k < 2:
        raise InputError(f"k = {k} is out of range: a simplex has at least 2 vertices")
    if d < k - 1:
        raise InputError(f"d = {d} is too small: a regular simplex with k = {k} vertices needs d ≥ {k - 1}")


def nearest_simplex(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return r and orthogonal Q that minimise Σ_j ‖p_j − r v_j Q‖² (Procrustes): VᵀP = A S B, Q = AB, r = tr S/k."""
    k, d = points.shape[-2:]
    left, singular, right = np.linalg.svd(vertices(k, d).T @ points)
    return singular.sum(axis=-1) / k, left @ right


def distance_from_nearest_simplex(points: FloatArray) -> FloatArray:
    """Return the root mean square distance of k points from the vertices of `nearest_simplex`, (…, k, d) → (…)."""
    radius, turn = nearest_simplex(points)
    simplex = radius[..., None, None] * (vertices(*points.shape[-2:]) @ turn)
    distance: FloatArray = np.sqrt(np.mean(np.sum((points - simplex) ** 2, axis=-1), axis=-1))
    return distance
