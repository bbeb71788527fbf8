"""Estimates from repeated trials, with Student's confidence interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.simplex import FloatArray

CONFIDENCE = 0.999
"""Unless another is asked for: about one interval in a thousand misses the truth. With eight trials it is half as wide
again as one of 99 %."""


@dataclass(frozen=True)
class Estimate:
    """A mean over independent trials.

    `value`, `low`, `high`: the mean and the ends of its two-sided interval; `confidence`: of the interval; `trials`:
    how many there were; `seeds`: their seeds, such as ``0..7``.
    """

    value: float
    low: float
    high: float
    confidence: float
    trials: int
    seeds: str

    def contains(self, number: float) -> bool:
        """Whether the interval contains a number."""
        return self.low <= number <= self.high


def student(values: Sequence[float], seeds: range, confidence: float = CONFIDENCE) -> Estimate:
    """Return the mean of independent values with Student's interval, which normal values make exact.

    InputError if there are fewer than two values.

    `values`, `seeds`, `confidence`: one for each trial, at least two; of the trials, to be named; of the two-sided
    interval, between 0 and 1.
    """
    trials = len(values)
    if trials < 2:
        raise InputError(f"{trials} trials were given; an interval needs at least two")
    mean = float(np.mean(values))
    from scipy import stats

    margin = float(stats.sem(values) * stats.t.ppf((1 + confidence) / 2, trials - 1))
    return Estimate(mean, mean - margin, mean + margin, confidence, trials, f"{seeds[0]}..{seeds[-1]}")


def exponent(sizes: FloatArray, values: FloatArray, seeds: range, confidence: float = CONFIDENCE) -> Estimate:
    """Estimate a in value ~ size^a from independent rows of values, one column for each size.

    Each row gives the least-squares slope of log value on log size, and the rows are the trials. InputError if there
    are fewer than two trials.

    `sizes`, `values`: positive, at least two sizes that differ; values of shape (trials, sizes). `seeds`, `confidence`:
    of the trials, to be named; of the two-sided interval, between 0 and 1.
    """
    x = np.log(sizes)
    x = x - x.mean()
    slopes = np.log(values) @ x / (x @ x)
    return student(slopes.tolist(), seeds, confidence)


def frequency(successes: int, seeds: range, confidence: float = CONFIDENCE) -> Estimate:
    """Return a frequency over independent trials with the exact binomial interval (Clopper and Pearson 1934).

    `successes`, `seeds`, `confidence`: how many of the trials had the event; of the trials, to be named; of the
    two-sided interval, at the least.
    """
    trials = len(seeds)
    from scipy import stats

    interval = stats.binomtest(successes, trials).proportion_ci(confidence, "exact")
    ends = float(interval.low), float(interval.high)
    return Estimate(successes / trials, *ends, confidence, trials, f"{seeds[0]}..{seeds[-1]}")


def quantile(values: Sequence[float], probability: float, seeds: range, confidence: float = CONFIDENCE) -> Estimate:
    """Return a quantile of independent values of one law, its interval from order statistics.

    The number of values below the true quantile is binomial; so between the order statistics of its own quantiles it
    lies with the confidence asked, whatever the law. InputError if there are too few values for an end of the interval.

    `values`, `probability`: one for each trial; between 0 and 1. `seeds`, `confidence`: of the trials, to be named; of
    the two-sided interval, between 0 and 1.
    """
    ordered, trials = np.sort(values), len(values)
    tail = (1 - confidence) / 2
    from scipy import stats

    low, high = (int(stats.binom.ppf(part, trials, probability)) for part in (tail, 1 - tail))
    if low < 1 or high >= trials:
        raise InputError(f"{trials} trials are too few for an interval of the {probability}-quantile")
    ends = float(ordered[low - 1]), float(ordered[high])
    return Estimate(float(np.quantile(ordered, probability)), *ends, confidence, trials, f"{seeds[0]}..{seeds[-1]}")
