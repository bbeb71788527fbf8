"""Tied EM from its definition: E-step, M-step and trajectory, for any weighted point set.

The data may be a sample (each point with mass 1/n) or the nodes of a quadrature rule. Nothing here uses what the
theory says about the operator: this is the witness against which the theory is held.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from emtheory.numerics.arithmetic.rational import log_of
from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.posterior_sums import Block, Workers, alone, posterior_sums
from emtheory.numerics.samples.simplex import FloatArray, amplitudes

Step = Callable[[FloatArray], tuple[FloatArray, float]]
"""θ ↦ (M(θ), Λ(θ))."""


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The iterates θ_0..θ_T of EM; every array is read-only.

    `thetas`: the iterates, (T+1) × d; `amplitudes`: ρ_m of each iterate, (T+1) × ⌊k/2⌋; `kl`: ‖θ_t‖²/2 − Λ(θ_t): the
    divergence KL(N(0,I) ‖ p_θ) for the population, its estimate for a sample. The absolute error is that of double
    precision, some 1e−16; `origin_log_likelihood`: mean log-likelihood at θ = 0.
    """

    thetas: FloatArray
    amplitudes: FloatArray
    kl: FloatArray
    origin_log_likelihood: float

    def __post_init__(self) -> None:
        for array in (self.thetas, self.amplitudes, self.kl):
            array.setflags(write=False)

    @property
    def radii(self) -> FloatArray:
        """‖θ_t‖."""
        radii: FloatArray = np.linalg.norm(self.thetas, axis=1)
        return radii

    @property
    def increments(self) -> FloatArray:
        """‖θ_{t+1} − θ_t‖, T of them."""
        increments: FloatArray = np.linalg.norm(np.diff(self.thetas, axis=0), axis=1)
        return increments

    @property
    def factors(self) -> FloatArray:
        """‖θ_{t+1}‖/‖θ_t‖, T of them; nan where θ_t = 0."""
        radii = self.radii
        factors = np.full(len(radii) - 1, np.nan)
        np.divide(radii[1:], radii[:-1], out=factors, where=radii[:-1] > 0)
        return factors

    @property
    def mean_log_likelihood(self) -> FloatArray:
        """The mean over the data of log p_θ."""
        return self.origin_log_likelihood - self.kl


def log_weights(case: Case) -> FloatArray:
    """Return log π_j, also of weights below the range of floats."""
    return np.array([log_of(weight) for weight in case.weights])


def orbit(R: FloatArray, theta: FloatArray, k: int) -> FloatArray:
    """Return the means θ, Rθ, …, R^{k−1}θ as a k × d array.

    `R`, `theta`, `k`: an orthogonal d × d matrix; a vector of length d, or a matrix whose columns are some; the number
    of means.
    """
    means = np.empty((k, *theta.shape))
    means[0] = theta
    for j in range(1, k):
        means[j] = R @ means[j - 1]
    return means


def pull_back(R: FloatArray, vectors: FloatArray) -> FloatArray:
    """Return Σ_j R^{−j} a_j for the a_j of `vectors`, vectors or matrices, by Horner's scheme."""
    result: FloatArray = vectors[-1]
    for vector in vectors[-2::-1]:
        result = R.T @ result + vector
    return result


def turned_sum(factors: FloatArray, R: FloatArray, matrix: FloatArray) -> FloatArray:
    """Return Σ_j f_j R^{−j} Q R^j, by Horner's scheme."""
    result = np.zeros_like(R)
    for factor in factors[::-1]:
        result = R.T @ result @ R + factor * matrix
    return result


def em_step(
    blocks: Iterable[Block],
    log_pi: FloatArray,
    R: FloatArray,
    theta: FloatArray,
    largest_norm: float = math.inf,
    share: Workers = alone,
) -> tuple[FloatArray, float]:
    """Return M(θ) = Σ_i w_i Σ_j γ_j(x_i;θ) R^{−j} x_i and Λ(θ) = Σ_i w_i log Σ_j π_j e^{⟨x_i, R^j θ⟩}."""
    moments, log_partition = posterior_sums(blocks, log_pi, orbit(R, theta, len(log_pi)), largest_norm, share)
    return pull_back(R, moments), log_partition


def iterate(
    step: Step, start: FloatArray, k: int, iterations: int, tolerance: float | None, origin_log_likelihood: float
) -> Trajectory:
    """Apply `step` up to `iterations` times, or until an increment is at most `tolerance` (None: never)."""
    if iterations < 0:
        raise InputError(f"iterations = {iterations} is negative")
    thetas = [start]
    update, log_partition = step(start)
    log_partitions = [log_partition]
    moving = True
    while moving and len(thetas) <= iterations:
        moving = tolerance is None or math.sqrt((change := update - thetas[-1]) @ change) > tolerance
        thetas.append(update)
        update, log_partition = step(update)
        log_partitions.append(log_partition)
    path = np.array(thetas)
    kl = np.sum(path**2, axis=1) / 2 - np.array(log_partitions)
    return Trajectory(path, amplitudes(path, k), kl, origin_log_likelihood)
