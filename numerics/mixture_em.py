"""EM where more than θ is unknown: the means one by one, the common covariance, the weights.

With free means, weights and full covariance this is the model that scikit-learn calls ``tied``; with θ alone unknown it
is `numerics.tied_em`.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from numerics.case import Case
from numerics.posterior_sums import posterior_sums, sample_blocks, single_threaded_blas
from numerics.sample_em import Sample
from numerics.simplex import FloatArray, point, rotation
from numerics.tied_em import log_weights, orbit, pull_back

Covariance = Literal["identity", "isotropic", "full"]
"""What is known of the common covariance: I; unknown multiple of I; nothing."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """Σ_j π_j N(μ_j, Σ).

    Attributes
    ----------
    log_weights
        log π_j, length k.
    means
        k × d.
    covariance
        d × d, positive definite.
    """

    log_weights: FloatArray
    means: FloatArray
    covariance: FloatArray


@dataclass(frozen=True)
class Model:
    """Which parameters are fitted.

    Attributes
    ----------
    tied
        Whether the means stay an orbit θ, Rθ, …, R^{k−1}θ, or are free.
    covariance
        What is known of Σ.
    free_weights
        Whether the weights are fitted.
    """

    tied: bool = True
    covariance: Covariance = "identity"
    free_weights: bool = False


def start_mixture(case: Case) -> Mixture:
    """Return the case's mixture at its point, with covariance I."""
    return Mixture(log_weights(case), orbit(rotation(case.k, case.d), point(case), case.k), np.eye(case.d))


def mixture_em(start: Mixture, model: Model, sample: Sample, iterations: int) -> tuple[list[Mixture], list[float]]:
    """Apply EM `iterations` times.

    The tied means with a full covariance are updated first, given Σ, then Σ given the means (conditional
    maximisation): the likelihood does not fall either way.

    Returns
    -------
    mixtures
        The iterates, the start included.
    log_likelihoods
        The mean log-likelihood of each.
    """
    # With a last coordinate 1 the sum of posteriors times points contains the sum of posteriors, the counts.
    points = np.asfortranarray(np.column_stack([sample.points, np.ones(sample.n, sample.points.dtype)]))
    blocks, largest_norm = sample_blocks(points, len(start.means)), math.hypot(sample.largest_norm, 1)
    moment = second_moment(sample)

    def e_step(mixture: Mixture) -> tuple[FloatArray, float]:
        """Return the sums, k × (d + 1), and the mean log-likelihood."""
        precision = np.linalg.inv(mixture.covariance)
        slopes = mixture.means @ precision
        offsets = mixture.log_weights - np.sum(slopes * mixture.means, axis=1) / 2
        slopes = np.column_stack([slopes, np.zeros(len(slopes))])
        sums, log_partition = posterior_sums(blocks, offsets, slopes, largest_norm)
        log_determinant = float(np.linalg.slogdet(2 * math.pi * mixture.covariance)[1])
        return sums, log_partition - (log_determinant + float(np.sum(precision * moment))) / 2

    mixtures, likelihoods = [start], []
    with single_threaded_blas():
        for _ in range(iterations):
            sums, likelihood = e_step(mixtures[-1])
            mixtures.append(_m_step(mixtures[-1], model, sums[:, :-1], sums[:, -1], moment))
            likelihoods.append(likelihood)
        return mixtures, [*likelihoods, e_step(mixtures[-1])[1]]


def second_moment(sample: Sample) -> FloatArray:
    """Return (1/n) Σ x_i x_iᵀ, d × d."""
    total = np.zeros((sample.points.shape[1],) * 2)
    for points, _ in sample_blocks(sample.points, 1):
        total += points.T @ points
    return total / sample.n


def _m_step(mixture: Mixture, model: Model, moments: FloatArray, counts: FloatArray, moment: FloatArray) -> Mixture:
    means = _orbit_of_best(mixture, moments, counts) if model.tied else moments / counts[:, None]
    new = replace(mixture, means=means)
    if model.free_weights:
        new = replace(new, log_weights=np.log(counts))
    if model.covariance == "identity":
        return new
    cross = means.T @ moments
    scatter = moment - cross - cross.T + (means.T * counts) @ means
    if model.covariance == "isotropic":
        scatter = np.eye(len(scatter)) * np.trace(scatter) / len(scatter)
    return replace(new, covariance=scatter)


def _orbit_of_best(mixture: Mixture, moments: FloatArray, counts: FloatArray) -> FloatArray:
    """Return the orbit of the θ that solves Σ_j N_j R^{−j} Σ^{−1} R^j θ = Σ_j R^{−j} Σ^{−1} m_j."""
    k, d = mixture.means.shape
    R, precision = rotation(k, d), np.linalg.inv(mixture.covariance)
    curvature = np.zeros((d, d))
    for count in counts[::-1]:  # Horner's scheme
        curvature = R.T @ curvature @ R + count * precision
    theta = np.asarray(np.linalg.solve(curvature, pull_back(R, moments @ precision)), dtype=np.float64)
    return orbit(R, theta, k)
