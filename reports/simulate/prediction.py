"""What the theory predicts for EM on data of a law: its contraction factor at the origin."""

from dataclasses import replace

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.samples.distributions import Law
from emtheory.numerics.samples.mixture_em import TIED, Model
from emtheory.numerics.samples.origin_jacobian import origin_jacobian_given
from emtheory.numerics.samples.simplex import FloatArray, rotation
from emtheory.numerics.samples.tied_em import log_weights

_ROUNDING = 1e-12
"""A factor in double precision that is this close to 1 is 1."""


def predicted_factor(
    case: Case, law: Law, model: Model = TIED, weights: FloatArray | None = None, turn: FloatArray | None = None
) -> float | None:
    """Return the contraction factor of population EM at the origin under a law; None if the origin repels.

    It is 1 where EM is slower than geometric, as with a vanishing π̂_m. For a covariance cI it is c (1 − σ_min(A)²)
    from the exact `contraction_factor`, and that without c where the mixture's covariance is fitted; else the spectral
    radius of the Jacobian in double precision. Free means have the eigenvalue 1 at the origin, μ_j ↦ μ_j − Σ_l π_l μ_l
    to first order, and no factor. Of fitted weights every value is a fixed point, and the factor is that of where EM
    ends. With a turn, orthogonal, the law is that of xQ for data x.
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
