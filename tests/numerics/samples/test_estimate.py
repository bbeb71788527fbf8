import numpy as np
import pytest
from scipy import stats

from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.estimate import exponent, frequency, quantile, student


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
