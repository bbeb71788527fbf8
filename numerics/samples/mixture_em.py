"""EM where more than θ is unknown: the means one by one, the common covariance, the weights.

With free means, weights and full covariance this is the model that scikit-learn calls ``tied``; with θ alone unknown it
is `emtheory.numerics.samples.tied_em`. The data are read in blocks as there, and may be larger than memory.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.mixture_trajectory import Mixture, MixtureTrajectory, root_mean_square
from emtheory.numerics.samples.posterior_sums import (
    Block,
    Workers,
    distant_components,
    posterior_sums,
    sample_blocks,
    workers,
)
from emtheory.numerics.samples.sample_em import Sample, sample_em
from emtheory.numerics.samples.simplex import FloatArray, point, rotation
from emtheory.numerics.samples.tied_em import Trajectory, log_weights, orbit, pull_back, turned_sum

Covariance = Literal["identity", "isotropic", "full"]
"""What is known of the common covariance: I; unknown multiple of I; nothing."""

MAX_RADIUS = 10**6
"""The exponents contain ‖μ_j‖²/2, whose rounding is then below 1e−4."""


@dataclass(frozen=True)
class Model:
    """Which parameters are fitted.

    `tied`: whether the means stay an orbit θ, Rθ, …, R^{k−1}θ, or are free; `covariance`: what is known of Σ;
    `free_weights`: whether the weights are fitted.
    """

    tied: bool = True
    covariance: Covariance = "identity"
    free_weights: bool = False


TIED = Model()
"""θ alone, as in the paper."""


@dataclass(frozen=True, eq=False)
class _Data:
    """The data as EM needs them.

    `blocks`: points and masses; `centre`, `spread`: their mean, and their second moments about it: d, and d × d;
    `largest_norm`: a bound on ‖x_i‖; `share`: who does the E-step.
    """

    blocks: Sequence[Block]
    centre: FloatArray
    spread: FloatArray
    largest_norm: float
    share: Workers

    @property
    def dtype(self) -> np.dtype[np.float64]:
        """Type of the points."""
        return self.blocks[0][0].dtype


@dataclass(frozen=True, eq=False)
class _Expectation:
    """What the E-step finds.

    `log_counts`: log N_j, N_j the mean posterior of component j; `centroids`: the means c_j of the points weighted with
    it, k × d; `log_likelihood`: the mean log-likelihood.
    """

    log_counts: FloatArray
    centroids: FloatArray
    log_likelihood: float


def start_mixture(case: Case) -> Mixture:
    """Return the case's mixture at its point, with covariance I.

    InputError if the case has no point, or one further out than `MAX_RADIUS`.
    """
    theta = point(case)
    if case.squared_radius > MAX_RADIUS**2:
        raise InputError(f"the starting point is out of range: at most {MAX_RADIUS} unless θ alone is unknown")
    return Mixture(log_weights(case), orbit(rotation(case.k, case.d), theta, case.k), np.eye(case.d))


def mixture_em(
    start: Mixture,
    model: Model,
    sample: Sample,
    iterations: int,
    tolerance: float | None = None,
    threads: int = 1,
    blocks: Sequence[Block] | None = None,
) -> MixtureTrajectory:
    """Apply EM `iterations` times, or until the means move by at most `tolerance` (None: never).

    The tied means with a full covariance are updated first, given Σ, then Σ given the means (conditional maximisation):
    the likelihood does not fall either way. InputError if `iterations` is negative, or the covariance becomes singular:
    the likelihood is then unbounded.

    `start`, `model`, `sample`: the mixture to start from, whose covariance is of the model's kind, what of it is
    fitted, and the data. `iterations`, `tolerance`: when to stop. `threads`, `blocks`: how many threads share the
    blocks, on which nothing depends; the part of the data to fit, by default all.
    """
    if iterations < 0:
        raise InputError(f"iterations = {iterations} is negative")
    blocks = sample_blocks(sample.points, len(start.means)) if blocks is None else blocks
    with workers(threads) as share:
        data = _Data(blocks, *centre_and_spread(blocks), sample.largest_norm, share)
        found = _e_step(start, data)
        mixtures, likelihoods, moving = [start], [found.log_likelihood], True
        while moving and len(mixtures) <= iterations:
            new = _m_step(mixtures[-1], model, found, data)
            moving = tolerance is None or bool(root_mean_square(new.means - mixtures[-1].means) > tolerance)
            found = _e_step(new, data)
            mixtures.append(new)
            likelihoods.append(found.log_likelihood)
    return MixtureTrajectory(
        np.array([mixture.log_weights for mixture in mixtures]),
        np.array([mixture.means for mixture in mixtures]),
        np.array([mixture.covariance for mixture in mixtures]),
        np.array(likelihoods),
        sample.origin_log_likelihood,
    )


def em_from(case: Case, model: Model, sample: Sample) -> Callable[..., Trajectory | MixtureTrajectory]:
    """Return EM for any model from the case's point: `sample_em` if θ alone is unknown, else `mixture_em`.

    It takes their remaining arguments: iterations, tolerance, threads, blocks. InputError if more than θ is fitted and
    the case has no point, or one further out than `MAX_RADIUS`.

    `case`, `model`, `sample`: the mixture, whose point is where EM starts; what of it is fitted; the data.
    """
    if model == TIED:
        return partial(sample_em, case, sample)
    return partial(mixture_em, start_mixture(case), model, sample)


def centre_and_spread(blocks: Sequence[Block]) -> tuple[FloatArray, FloatArray]:
    """Return c = Σ_i w_i x_i and Σ_i w_i (x_i − c)(x_i − c)ᵀ for masses of sum 1, d × d, in two passes."""
    d = blocks[0][0].shape[1]
    centre, spread = np.zeros(d), np.zeros((d, d))
    for points, mass in blocks:
        centre += np.sum(mass * points.T.astype(np.float64, copy=False), axis=1)
    for points, mass in blocks:
        x = points - centre
        spread += (mass * x.T) @ x
    return centre, spread


def _e_step(mixture: Mixture, data: _Data) -> _Expectation:
    """Exponents are written about the data's centre: far from the origin nothing is lost in differences of squares."""
    d, deviations = len(data.centre), mixture.means - data.centre
    precision = np.linalg.inv(mixture.covariance)
    slopes = deviations @ precision
    offsets = mixture.log_weights - np.sum(slopes * deviations, axis=1) / 2 - slopes @ data.centre
    sums, log_partition = posterior_sums(data.blocks, offsets, slopes, data.largest_norm, data.share, counts=True)
    counts, lost = sums[:, d], sums[:, d] < math.sqrt(np.finfo(data.dtype).tiny)
    log_counts, centroids = np.empty(len(counts)), np.empty((len(counts), d))
    log_counts[~lost], centroids[~lost] = np.log(counts[~lost]), sums[~lost, :d] / counts[~lost, None]
    if lost.any():
        log_counts[lost], centroids[lost] = distant_components(data.blocks, offsets, slopes, np.flatnonzero(lost))
    log_determinant = float(np.linalg.slogdet(2 * math.pi * mixture.covariance)[1])
    log_likelihood = log_partition - (log_determinant + float(np.sum(precision * data.spread))) / 2
    return _Expectation(log_counts, centroids, log_likelihood)


def _m_step(mixture: Mixture, model: Model, found: _Expectation, data: _Data) -> Mixture:
    counts = np.exp(found.log_counts)
    means = _orbit_of_best(mixture.covariance, model, found.centroids, counts) if model.tied else found.centroids
    new = replace(mixture, means=means)
    if model.free_weights:
        new = replace(new, log_weights=found.log_counts)
    if model.covariance == "identity":
        return new
    deviations = means - data.centre
    cross = (deviations.T * counts) @ (found.centroids - data.centre)
    scatter = data.spread - cross - cross.T + (deviations.T * counts) @ deviations
    if model.covariance == "isotropic":
        scatter = np.eye(len(scatter)) * np.trace(scatter) / len(scatter)
    # Below, what is left of the data's spread is rounding.
    if np.linalg.eigvalsh(scatter)[0] <= 100 * np.finfo(data.dtype).eps * np.trace(data.spread):
        raise InputError(
            "the covariance becomes singular to rounding: the points, or those about each mean, lie in a hyperplane. "
            "Such a likelihood has no maximum: fit --covariance identity"
        )
    return replace(new, covariance=scatter)


def _orbit_of_best(covariance: FloatArray, model: Model, centroids: FloatArray, counts: FloatArray) -> FloatArray:
    """Return the orbit of the θ that solves Σ_j N_j R^{−j} Σ^{−1} R^j θ = Σ_j R^{−j} Σ^{−1} N_j c_j."""
    k, d = centroids.shape
    R, moments = rotation(k, d), counts[:, None] * centroids
    if model.covariance != "full":  # a multiple of I, with which R commutes
        return orbit(R, pull_back(R, moments) / counts.sum(), k)
    precision = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
    theta = np.asarray(np.linalg.solve(turned_sum(counts, R, precision), pull_back(R, moments @ precision)), float)
    return orbit(R, theta, k)
