"""Contraction factors as they are observed in EM's trajectories, for the population and for samples."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.estimate import student
from emtheory.numerics.samples.mixture_em import TIED, Model, em_from
from emtheory.numerics.samples.mixture_trajectory import MixtureTrajectory
from emtheory.numerics.samples.population_em import population_em
from emtheory.numerics.samples.posterior_sums import Block, sample_blocks
from emtheory.numerics.samples.sample_em import Sample, blocks_without, sample_em
from emtheory.numerics.samples.simplex import FloatArray
from emtheory.numerics.samples.tied_em import Trajectory

CONFIDENCE = 0.99
"""Of the intervals for a factor, which come from few estimates: with eight one of 99.9 % would be half as wide
again."""
GROUPS = 10
"""Parts of a data set for the jackknife: EM runs once more for each, and with fewer Student's quantile grows."""

_DEPTH = 1e-3
"""EM on n points is followed until its increments are this multiple of the sampling error 1/√n."""


@dataclass(frozen=True)
class ObservedFactor:
    """A contraction factor estimated from independent samples, or from parts of one.

    `value`: the mean of the estimates, or the estimate from the whole of one sample; `low`, `high`: the two-sided
    Student interval of confidence `CONFIDENCE`; `estimates`: one per sample, or one pseudo-value per part of the
    sample.
    """

    value: float
    low: float
    high: float
    estimates: tuple[float, ...]


def decay_factor(trajectory: Trajectory | MixtureTrajectory) -> float:
    """Return the factor by which successive increments of a trajectory shrink in its later half.

    It is exp of the least-squares slope of t ↦ log ‖θ_{t+1} − θ_t‖, or of the means' steps. Increments, unlike radii,
    have no statistical floor: on a sample EM tends to θ̂ ≠ 0, and θ_t − θ̂, hence the increment, still decays
    geometrically. In the first half the factor varies with θ and faster directions have not yet died out. The
    trajectory must have been stopped before its increments are mere rounding. CannotAnswerError if the trajectory has
    fewer than three steps that move.
    """
    increments = trajectory.increments[trajectory.increments > 0]
    steps = len(increments)
    if steps < 3:
        raise CannotAnswerError(f"a contraction factor needs three EM steps before the fixed point; there are {steps}")
    later = np.arange(steps // 2, steps)
    from scipy import stats

    return float(np.exp(stats.linregress(later, np.log(increments[later])).slope))


def observed_contraction(case: Case, samples: Iterable[FloatArray], iterations: int) -> ObservedFactor:
    """Estimate the contraction factor of EM from independent samples of one law.

    Each sample gives one `decay_factor`, with a standard deviation of O(1/√n), and the mean gets Student's interval
    for independent draws from one normal law. The interval does not cover what all samples have in common:

    * `iterations` too few for the decay to be geometric;
    * that EM contracts about θ̂, not 0: a bias of order 1/(n × spectral gap), as ‖θ̂‖² has that order;
    * that sampling splits equal eigenvalues of the Jacobian and EM turns into the slowest direction: a bias of order
      T/n after T steps, for which reason EM is followed no further than increments of `_DEPTH`/√n.

    Both biases are small beside the interval as long as the number of samples is far below n × (spectral gap)² and
    n/T².
    """
    paths = (sample_em(case, data, iterations, tolerance=_DEPTH / math.sqrt(len(data))) for data in samples)
    estimates = [decay_factor(path) for path in paths]
    found = student(estimates, range(len(estimates)), CONFIDENCE)
    return ObservedFactor(found.value, found.low, found.high, tuple(estimates))


def jackknife_contraction(
    case: Case, sample: Sample, iterations: int, threads: int = 1, model: Model = TIED
) -> ObservedFactor:
    """Estimate the contraction factor of EM from one data set, with the grouped jackknife's interval.

    The factor f is measured on all the data, and f_(i) without each of g = `GROUPS` equal parts in turn. The
    pseudo-values g f − (g − 1) f_(i) vary like independent estimates from one part each, and give Student's interval
    for f. For what it does not cover see `observed_contraction`. InputError if there are fewer points than groups, or a
    covariance becomes singular; CannotAnswerError if a trajectory is too short.

    `case`, `sample`, `model`: the mixture with its starting point, the data, and what is fitted. `iterations`,
    `threads`: the largest number of EM steps; threads that share the data.
    """
    if sample.n < GROUPS:
        raise InputError(f"the data have {sample.n} rows; an interval for the factor needs at least {GROUPS}")
    depth, em = _DEPTH / math.sqrt(sample.n), em_from(case, model, sample)

    def factor(blocks: Sequence[Block]) -> float:
        return decay_factor(em(iterations, depth, threads, blocks))

    blocks = sample_blocks(sample.points, case.k)
    whole = factor(blocks)
    pseudo = [GROUPS * whole - (GROUPS - 1) * factor(kept) for kept in blocks_without(blocks, GROUPS)]
    found = student(pseudo, range(GROUPS), CONFIDENCE)
    return ObservedFactor(whole, whole + found.low - found.value, whole + found.high - found.value, tuple(pseudo))


def compare_contraction(case: Case, n: int, seeds: Sequence[int], iterations: int) -> tuple[float, ObservedFactor]:
    """Run EM on the population and on one Gaussian sample of size n per seed, from the case's point.

    Return the population's last ‖θ_{t+1}‖/‖θ_t‖, and the factor observed over all samples.
    InputError if the case has no point or is beyond the quadrature, or fewer than two seeds are given;
    CannotAnswerError if a trajectory is too short to show a factor.

    `case`, `n`: the mixture, whose point is where EM starts, and the number of points of each sample. `seeds`,
    `iterations`: one for each sample, at least two that differ; the largest number of EM steps.
    """
    if len(set(seeds)) < 2:
        raise InputError("an interval needs at least two different seeds")
    population = population_em(case, iterations)
    samples = (gaussian_sample(n, case.d, seed) for seed in seeds)
    return float(population.factors[-1]), observed_contraction(case, samples, iterations)
