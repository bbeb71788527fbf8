from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.estimate import exponent, frequency, quantile, student
from emtheory.numerics.samples.observed_contraction import (
    compare_contraction,
    decay_factor,
    jackknife_contraction,
    observed_contraction,
)
from emtheory.numerics.samples.sample_em import make_sample
from emtheory.numerics.samples.simplex import FloatArray
from emtheory.numerics.samples.tied_em import Trajectory


def on_a_line(radii: FloatArray) -> Trajectory:
    return Trajectory(radii[:, None], radii[:, None].copy(), radii**2 / 2, 0.0)


def test_decay_factor_of_a_geometric_sequence_with_a_floor() -> None:
    t = np.arange(40)
    assert decay_factor(on_a_line(0.37 + 0.8**t)) == pytest.approx(0.8, rel=1e-10)
    assert decay_factor(on_a_line(0.37 + 0.8**t + 0.3**t)) == pytest.approx(0.8, rel=1e-6)
    # The radii themselves have the floor 0.37: their ratio says nothing.
    assert on_a_line(0.37 + 0.8**t).factors[-1] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(("k", "weights", "d"), [(2, "3/4,1/4", 1), (3, "1/2,3/10,1/5", 4)])
def test_prediction_lies_in_the_observed_interval(k: int, weights: str, d: int) -> None:
    case = make_case(k, weights, d, radius=Fraction(1))
    predicted = 1 - np.min(np.abs(np.fft.fft([float(weight) for weight in case.weights])[1:]) ** 2)
    # By construction the interval misses for one set of seeds in a hundred; for k = 3 the set 0..7 is one of those.
    population, observed = compare_contraction(case, 20_000, range(100, 108), 1000)
    assert observed.low < predicted < observed.high
    assert observed.high - observed.low < 0.04
    assert population == pytest.approx(predicted, abs=1e-6)


@pytest.mark.long
def test_intervals_cover_as_often_as_they_say() -> None:
    case = make_case(2, "4/5,1/5", radius=Fraction(1))
    predicted, misses, halves = 1 - 0.6**2, 0, 0
    inner = stats.t.ppf(0.75, 4) / stats.t.ppf(0.995, 4)
    for group in range(100):
        samples = (gaussian_sample(2000, 1, 5 * group + member) for member in range(5))
        observed = observed_contraction(case, samples, 200)
        misses += not observed.low < predicted < observed.high
        halves += abs(observed.value - predicted) < inner * (observed.high - observed.value)
    # Of 100 intervals of 99 % one misses on average; of 100 intervals of 50 % between 35 and 65 cover (three sigma).
    assert misses <= 5
    assert 35 <= halves <= 65


def test_too_few_samples_or_rows_are_refused() -> None:
    case = make_case(2, "3/4,1/4", radius=Fraction(1))
    with pytest.raises(InputError, match="at least two"):
        observed_contraction(case, [gaussian_sample(100, 1, 0)], 100)
    with pytest.raises(InputError, match="two different seeds"):
        compare_contraction(case, 100, [3, 3], 100)
    with pytest.raises(InputError, match="at least 10"):
        jackknife_contraction(case, make_sample(gaussian_sample(9, 1, 0), 1), 10)


def test_the_interval_is_students() -> None:
    values = np.random.default_rng(1).standard_normal(9)
    estimate = student(values.tolist(), range(9), 0.95)
    low, high = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (estimate.low, estimate.high) == pytest.approx((low, high))
    assert (estimate.value, estimate.trials, estimate.seeds) == (pytest.approx(values.mean()), 9, "0..8")
    assert estimate.contains(estimate.value)
    assert not estimate.contains(high + 1e-9)


def test_a_power_law_has_its_exponent_and_no_other() -> None:
    rng, sizes = np.random.default_rng(3), np.array([100.0, 1000, 10_000])
    values = 3 * sizes**-0.5 * np.exp(0.1 * rng.standard_normal((12, 3)))
    # Student intervals of normal slopes: false alarm 1e−7.
    estimate = exponent(sizes, values, range(12), 1 - 1e-7)
    assert estimate.contains(-0.5)
    assert not estimate.contains(-0.25)
    assert not estimate.contains(-1)
    assert exponent(sizes, np.stack([sizes**1.5, 2 * sizes**1.5]), range(2)).value == pytest.approx(1.5)


def test_a_frequency_has_the_exact_binomial_interval() -> None:
    estimate = frequency(3, range(50), 0.95)
    # Clopper and Pearson: the ends at which 3 or more, and 3 or fewer, have the probability 0.025.
    assert stats.binom.sf(2, 50, estimate.low) == pytest.approx(0.025)
    assert stats.binom.cdf(3, 50, estimate.high) == pytest.approx(0.025)
    assert (estimate.value, estimate.trials, estimate.seeds) == (3 / 50, 50, "0..49")
    assert frequency(0, range(9)).low == 0


def test_the_interval_of_a_quantile_covers_it_as_often_as_stated() -> None:
    rng, truth = np.random.default_rng(6), float(stats.expon.ppf(0.8))
    misses = sum(
        not quantile(rng.exponential(size=60).tolist(), 0.8, range(60), 0.9).contains(truth) for _ in range(600)
    )
    # At most Binomial(600, 0.1): above 97 with a probability below 1e−6; and the interval is no wider than it must be.
    assert 15 <= misses <= 97
    with pytest.raises(InputError, match="too few"):
        quantile([1.0, 2.0, 3.0], 0.95, range(3))
