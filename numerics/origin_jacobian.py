"""The Jacobian of EM at the origin for data of any covariance, and what follows for a sample."""

from dataclasses import replace

import numpy as np

from numerics.case import Case
from numerics.evaluate import evaluate
from numerics.laws import Law
from numerics.simplex import FloatArray, rotation
from numerics.tied_em import log_weights


def mean_map(case: Case) -> FloatArray:
    """Return A = Σ_j π_j R^j, d × d."""
    R = rotation(case.k, case.d)
    A = np.zeros_like(R)
    for weight in np.exp(log_weights(case))[::-1]:  # Horner's scheme
        A = R @ A + weight * np.eye(case.d)
    return A


def origin_jacobian(case: Case, covariance: FloatArray) -> FloatArray:
    """Return J_M(0) = Σ_j π_j R^{−j} Σ R^j − Aᵀ Σ A for centred data of covariance Σ, d × d.

    The derivative of Σ_j γ_j R^{−j}x at θ = 0, where γ = π, is the covariance of R^{−j}x under j ~ π; its mean over
    the data depends on them through their second moments alone. On a sample Σ is (1/n) Σ x_i x_iᵀ.
    """
    R, A = rotation(case.k, case.d), mean_map(case)
    spread = np.zeros_like(covariance)
    for weight in np.exp(log_weights(case))[::-1]:
        spread = R.T @ spread @ R + weight * covariance
    result: FloatArray = spread - A.T @ covariance @ A
    return result


def predicted_factor(case: Case, law: Law) -> float | None:
    """Return the contraction factor of population EM at the origin under a law; None if the origin does not attract.

    For a covariance cI it is c (1 − σ_min(A)²) from the exact `contraction_factor`, else the spectral radius of
    `origin_jacobian` in double precision.
    """
    if law.isotropic:
        factor = law.variance * float(
            evaluate("contraction_factor", replace(case, radius=None, amplitudes=None)).midpoint
        )
    else:
        factor = float(np.linalg.eigvalsh(origin_jacobian(case, np.diag(law.variances(case.d))))[-1])
    return factor if factor < 1 else None
