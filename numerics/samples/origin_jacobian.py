"""The Jacobian of EM at the origin for data of any covariance, and what follows for a sample."""

from dataclasses import replace

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.samples.distributions import Law
from emtheory.numerics.samples.mixture_em import TIED, Model
from emtheory.numerics.samples.simplex import FloatArray, rotation
from emtheory.numerics.samples.tied_em import log_weights

_ROUNDING = 1e-12
"""A factor in double precision that is this close to 1 is 1."""


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


def predicted_factor(
    case: Case, law: Law, model: Model = TIED, weights: FloatArray | None = None, turn: FloatArray | None = None
) -> float | None:
    """Return the contraction factor of population EM at the origin under a law; None if the origin repels.

    It is 1 where EM is slower than geometric, as with a vanishing π̂_m. For a covariance cI it is c (1 − σ_min(A)²) from
    the exact `contraction_factor`, and that without c where the mixture's covariance is fitted; else the spectral
    radius of the Jacobian in double precision. Free means have the eigenvalue 1 at the origin, μ_j ↦ μ_j − Σ_l π_l μ_l
    to first order, and no factor.

    Parameters
    ----------
    case, law
        The mixture and the law of the data.
    model
        What is fitted.
    weights
        Fitted weights, of length k: every weight is a fixed point, and the factor is that of where EM ends.
    turn
        Orthogonal d × d matrix Q if the law is that of xQ for the data x.
    """
    if not model.tied:
        return None
    if law.isotropic and weights is None:
        scale = law.variance if model.covariance == "identity" else 1.0
        factor = scale * float(evaluate("contraction_factor", replace(case, radius=None, amplitudes=None)).midpoint)
        return factor if factor <= 1 else None
    Q = np.eye(case.d) if turn is None else turn
    covariance = (Q * law.variances(case.d)) @ Q.T
    fitted = {"identity": np.eye(case.d), "isotropic": law.variance * np.eye(case.d), "full": covariance}
    weights = np.exp(log_weights(case)) if weights is None else weights
    jacobian = origin_jacobian_given(weights, rotation(case.k, case.d), covariance, fitted[model.covariance])
    factor = float(np.abs(np.linalg.eigvals(jacobian)).max())
    if abs(factor - 1) <= _ROUNDING:
        return 1.0
    return factor if factor < 1 else None


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
