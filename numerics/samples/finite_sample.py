"""Finite samples: EM's stationary point, its Jacobian there and at the origin, and what is predicted of both."""

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.samples.population_em import population_step
from emtheory.numerics.samples.posterior_sums import sample_blocks
from emtheory.numerics.samples.sample_em import Sample
from emtheory.numerics.samples.simplex import FloatArray, point, rotation
from emtheory.numerics.samples.tied_em import Step, em_step, log_weights, pull_back, turned_sum

_SETTLED = 1e-3
"""Stationary points are followed until a step of EM is this part of the sampling error 1/√n …"""
_LEAPS = 30_000
"""… or for so many extrapolations, of three steps each …"""
_LONGEST = 1 / 8
"""… by at most this part of ‖θ‖: EM's own limit is kept where there are others."""
_DIFFERENCE = 1e-4
"""Step of central differences: truncation 1e−8, rounding 1e−12."""


def stationary_point(case: Case, sample: Sample) -> FloatArray:
    """Return θ̂, the limit of EM on a sample from the case's point, to a small part of its sampling error.

    Two steps of EM are extrapolated (SQUAREM, Varadhan and Roland 2008) unless the likelihood is lower there.
    """
    operator, theta = _operator(case, sample), point(case)
    for _ in range(_LEAPS):
        first, log_partition = operator(theta)
        step = first - theta
        size = np.linalg.norm(step)
        if size <= _SETTLED / np.sqrt(sample.n):
            break
        second = operator(first)[0]
        change = second - first - step
        bend = max(np.linalg.norm(change), size * _DIFFERENCE)
        steps = max(1.0, float(min(_LONGEST * np.linalg.norm(theta) / size, size / bend)))
        leap = theta + 2 * steps * step + steps**2 * change
        end, end_log_partition = operator(leap)
        higher = end_log_partition - leap @ leap / 2 >= log_partition - theta @ theta / 2
        theta = end if higher else second
    return first


def _operator(case: Case, sample: Sample) -> Step:
    """Return EM's step on a sample."""
    blocks, log_pi, R = sample_blocks(sample.points, case.k), log_weights(case), rotation(case.k, case.d)
    return lambda theta: em_step(blocks, log_pi, R, theta, sample.largest_norm)


def sample_jacobian(case: Case, sample: Sample, theta: FloatArray) -> FloatArray:
    """Return the Jacobian of the sample operator M_n at θ by central differences of EM steps, d × d.

    `case`, `sample`, `theta`: the mixture, whose point is not used; the data; where, a vector of length d.
    """
    operator = _operator(case, sample)
    columns = [
        (operator(theta + shift)[0] - operator(theta - shift)[0]) / (2 * _DIFFERENCE)
        for shift in _DIFFERENCE * np.eye(case.d)
    ]
    return np.stack(columns, axis=1)


def stationary_covariance(case: Case) -> FloatArray:
    """Return lim n Cov(θ̂) = (AᵀA)^{−1} for N(0, I) data and weights with no vanishing π̂_m.

    The score at θ = 0 is Aᵀx, of covariance AᵀA, and so is the information: the Cramér-Rao bound is attained.
    """
    A = mean_map(np.exp(log_weights(case)), rotation(case.k, case.d))
    return np.asarray(np.linalg.inv(A.T @ A), dtype=np.float64)


def jacobian_deviation(case: Case) -> float:
    """Return lim n E‖J_{M_n}(0) − J_M(0)‖_F² for N(0, I) data.

    J is a linear function L of the second moments, and √n (S_n − I) tends to a symmetric Gaussian matrix G with
    E G_ab G_cd = δ_ac δ_bd + δ_ad δ_bc; so E‖L(G)‖² = ½ Σ_ab ‖L(E_ab + E_ba)‖² over the units E_ab.
    """
    units = np.eye(case.d**2).reshape(-1, case.d, case.d)
    return sum(float(np.sum(origin_jacobian(case, unit + unit.T) ** 2)) / 2 for unit in units)


def population_divergence(case: Case, theta: FloatArray) -> float:
    """Return KL(N(0, I) ‖ p_θ) at any θ, by quadrature in the simplex's span."""
    return float(theta @ theta) / 2 - population_step(case, theta).log_partition


def origin_jacobian(case: Case, covariance: FloatArray) -> FloatArray:
    """Return J_M(0) = Σ_j π_j R^{−j} Σ R^j − Aᵀ Σ A for centred data of covariance Σ, d × d.

    The derivative of Σ_j γ_j R^{−j}x at θ = 0, where γ = π, is the covariance of R^{−j}x under j ~ π; its mean over
    the data depends on them through their second moments alone. On a sample Σ is (1/n) Σ x_i x_iᵀ.
    """
    R = rotation(case.k, case.d)
    return origin_jacobian_given(np.exp(log_weights(case)), R, covariance, np.eye(case.d))


def origin_jacobian_given(weights: FloatArray, R: FloatArray, covariance: FloatArray, fitted: FloatArray) -> FloatArray:
    """Return the Jacobian for θ at θ = 0 where the common covariance V is fitted, or the weights are, d × d.

    With Q = V⁻¹ΣV⁻¹ and C = Σ_j π_j R^{−j} V⁻¹ R^j it is C⁻¹ (Σ_j π_j R^{−j} Q R^j − Aᵀ Q A): at θ = 0 the slope of
    E γ_j x along h is π_j Σ V⁻¹ (R^j − A) h, and the M-step for θ solves C θ = Σ_j R^{−j} V⁻¹ E γ_j x. To first order
    V and the weights do not matter otherwise (statement covariance-blocks).

    `weights`, `R`, `covariance`, `fitted`: π, of length k, and the rotation; Σ of the centred data and V of the
    mixture, d × d.
    """
    A, precision = mean_map(weights, R), np.asarray(np.linalg.inv(fitted), dtype=np.float64)
    Q = precision @ covariance @ precision
    spread, curvature = turned_sum(weights, R, Q) - A.T @ Q @ A, turned_sum(weights, R, precision)
    return np.asarray(np.linalg.solve(curvature, spread), dtype=np.float64)


def mean_map(weights: FloatArray, R: FloatArray) -> FloatArray:
    """Return A = Σ_j π_j R^j, d × d."""
    return pull_back(R.T, np.multiply.outer(weights, np.eye(len(R))))
