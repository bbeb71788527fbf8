"""Contraction factors as they are observed in EM's trajectories, for the population and for samples."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from numerics.case import Case
from numerics.errors import CannotAnswerError, InputError
from numerics.population_em import population_em
from numerics.sample_em import gaussian_sample, sample_em
from numerics.simplex import FloatArray
from numerics.tied_em import Trajectory

CONFIDENCE = 0.99

_ROUNDING = 1e-11
"""Increments below this are not fitted: their relative rounding error exceeds 1e−5."""


@dataclass(frozen=True)
class ObservedFactor:
    """A contraction factor estimated from independent samples.

    Attributes
    ----------
    value
        The mean of the estimates.
    low, high
        The two-sided Student interval of confidence `CONFIDENCE` for the mean.
    estimates
        One per sample.
    """

    value: float
    low: float
    high: float
    estimates: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class ContractionComparison:
    """The factor of one case as the population and as samples show it.

    Attributes
    ----------
    population
        The population's trajectory.
    population_factor
        Its last ‖θ_{t+1}‖/‖θ_t‖.
    population_slope
        Its `decay_factor`; close to the last ratio when the decay is geometric.
    sample
        The trajectory of the first sample.
    sample_factor
        The factor observed over all samples.
    """

    population: Trajectory
    population_factor: float
    population_slope: float
    sample: Trajectory
    sample_factor: ObservedFactor


def decay_factor(trajectory: Trajectory) -> float:
    """Return the factor by which successive increments of a trajectory shrink in its later half.

    It is exp of the least-squares slope of t ↦ log ‖θ_{t+1} − θ_t‖ over the later half of the steps whose increments
    exceed the rounding. Increments, unlike radii, have no statistical floor: on a sample EM tends to θ̂ ≠ 0 and
    θ_t − θ̂, hence the increment, still decays geometrically. The first half is left out because the
    factor varies with θ there and faster directions have not yet died out.

    Raises
    ------
    CannotAnswerError
        If fewer than three increments exceed the rounding.
    """
    increments = trajectory.increments
    small = np.flatnonzero(increments <= _ROUNDING)
    steps = int(small[0]) if small.size else len(increments)
    if steps < 3:
        raise CannotAnswerError(f"a contraction factor needs three steps above the rounding; the trajectory has {steps}")
    later = np.arange(min(steps // 2, steps - 2), steps)
    return float(np.exp(stats.linregress(later, np.log(increments[later])).slope))


def observed_contraction(case: Case, samples: Iterable[FloatArray], iterations: int) -> ObservedFactor:
    """Estimate the contraction factor of EM from independent samples of one law.

    Each sample gives one `decay_factor`: its expectation differs from the population's factor by O(1/n), its standard
    deviation is O(1/√n). The estimates are treated as independent draws from one normal law, whose mean gets
    Student's interval. The interval covers the sampling error only, so `iterations` must suffice for
    the decay to become geometric, and the number of samples must stay far below n.

    Parameters
    ----------
    case
        The mixture, its dimension d and its starting point.
    samples
        At least two samples, n × d each. One data set may be split: ``np.array_split(data, 8)``.
    iterations
        The largest number of EM steps on each sample.

    Raises
    ------
    InputError
        If there are fewer than two samples, or one does not fit the case.
    CannotAnswerError
        If a trajectory is too short.
    """
    estimates = [decay_factor(sample_em(case, data, iterations, tolerance=_ROUNDING)) for data in samples]
    if len(estimates) < 2:
        raise InputError(f"{len(estimates)} samples were given; an interval needs at least two")
    value = float(np.mean(estimates))
    margin = float(stats.sem(estimates) * stats.t.ppf((1 + CONFIDENCE) / 2, len(estimates) - 1))
    return ObservedFactor(value, value - margin, value + margin, tuple(estimates))


def compare_contraction(case: Case, n: int, seeds: Sequence[int], iterations: int) -> ContractionComparison:
    """Run EM on the population and on one Gaussian sample of size n per seed, from the case's point.

    Raises
    ------
    InputError
        If the case has no point or is beyond the quadrature, or fewer than two seeds are given.
    CannotAnswerError
        If a trajectory is too short to show a factor.
    """
    if len(set(seeds)) < 2:
        raise InputError("an interval needs at least two different seeds")
    population = population_em(case, iterations)
    samples = (gaussian_sample(n, case.d, seed) for seed in seeds)
    observed = observed_contraction(case, samples, iterations)
    sample = sample_em(case, gaussian_sample(n, case.d, seeds[0]), iterations, tolerance=_ROUNDING)
    return ContractionComparison(
        population, float(population.factors[-1]), decay_factor(population), sample, observed
    )
