"""The Jacobian of EM at the origin for data of any covariance."""

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.samples.simplex import FloatArray, rotation
from emtheory.numerics.samples.tied_em import log_weights


def mean_map(case: Case) -> FloatArray:
    """Return A = Σ_j π_j R^j, d × d."""
    return _mean_map(np.exp(log_weights(case)), rotation(case.k, case.d))


def origin_jacobian(case: Case, covariance: FloatArray) -> FloatArray:
    """Return J_M(0) = Σ_j π_j R^{−j} Σ R^j − Aᵀ Σ A for centred data of covariance Σ, d × d.

    The derivative of Σ_j γ_j R^{−j}x at θ = 0, where γ = π, is the covariance of R^{−j}x under j ~ π; its mean over
    the data depends on them through their second moments alone. On a sample Σ is (1/n) Σ x_i x_iᵀ.
    """
    R, A = rotation(case.k, case.d), mean_map(case)
    return _turned_mean(np.exp(log_weights(case)), R, covariance) - A.T @ covariance @ A


def origin_jacobian_given(weights: FloatArray, R: FloatArray, covariance: FloatArray, fitted: FloatArray) -> FloatArray:
    """Return the Jacobian for θ at θ = 0 where the common covariance V is fitted, or the weights are, d × d.

    With Q = V⁻¹ΣV⁻¹ and C = Σ_j π_j R^{−j} V⁻¹ R^j it is C⁻¹ (Σ_j π_j R^{−j} Q R^j − Aᵀ Q A): at θ = 0 the slope of
    E γ_j x along h is π_j Σ V⁻¹ (R^j − A) h, and the M-step for θ solves C θ = Σ_j R^{−j} V⁻¹ E γ_j x. To first order
    V and the weights do not matter otherwise (statement covariance-blocks).

    Parameters
    ----------
    weights, R
        π, of length k, and the rotation.
    covariance, fitted
        Σ of the centred data and V of the mixture, d × d.
    """
    A, precision = _mean_map(weights, R), np.asarray(np.linalg.inv(fitted), dtype=np.float64)
    Q = precision @ covariance @ precision
    spread, curvature = _turned_mean(weights, R, Q) - A.T @ Q @ A, _turned_mean(weights, R, precision)
    return np.asarray(np.linalg.solve(curvature, spread), dtype=np.float64)


def _mean_map(weights: FloatArray, R: FloatArray) -> FloatArray:
    A = np.zeros_like(R)
    for weight in weights[::-1]:  # Horner's scheme
        A = R @ A + weight * np.eye(len(R))
    return A


def _turned_mean(weights: FloatArray, R: FloatArray, matrix: FloatArray) -> FloatArray:
    """Return Σ_j π_j R^{−j} Q R^j."""
    result = np.zeros_like(R)
    for weight in weights[::-1]:
        result = R.T @ result @ R + weight * matrix
    return result
