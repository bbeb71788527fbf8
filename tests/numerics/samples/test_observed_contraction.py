from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.observed_contraction import (
    GROUPS,
    compare_contraction,
    decay_factor,
    jackknife_contraction,
    observed_contraction,
)
from emtheory.numerics.samples.sample_em import make_sample
from emtheory.numerics.samples.simplex import FloatArray
from emtheory.numerics.samples.tied_em import Trajectory
from tests.tiers import first_every_day


def on_a_line(radii: FloatArray) -> Trajectory:
    return Trajectory(radii[:, None], radii[:, None].copy(), radii**2 / 2, 0.0)


def test_decay_factor_of_a_geometric_sequence_with_a_floor() -> None:
    t = np.arange(40)
    assert decay_factor(on_a_line(0.37 + 0.8**t)) == pytest.approx(0.8, rel=1e-10)
    assert decay_factor(on_a_line(0.37 + 0.8**t + 0.3**t)) == pytest.approx(0.8, rel=1e-6)
    # The radii themselves have the floor 0.37: their ratio says nothing.
    assert on_a_line(0.37 + 0.8**t).factors[-1] == pytest.approx(1, abs=1e-3)


def test_decay_factor_needs_steps() -> None:
    with pytest.raises(CannotAnswerError, match="three EM steps"):
        decay_factor(on_a_line(np.array([1.0, 0.5, 0.5, 0.5])))


@pytest.mark.parametrize(
    ("k", "weights", "d"),
    first_every_day(3, [(2, "3/4,1/4", 1), (3, "1/2,3/10,1/5", 4), (4, "one-heavy:3/5", 3), (4, "linear", 3)]),
)
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
        samples = (gaussian_sample(4000, 1, 5 * group + member) for member in range(5))
        observed = observed_contraction(case, samples, 200)
        misses += not observed.low < predicted < observed.high
        halves += abs(observed.value - predicted) < inner * (observed.high - observed.value)
    # Of 100 intervals of 99 % one misses on average; of 100 intervals of 50 % between 35 and 65 cover (three sigma).
    assert misses <= 5
    assert 35 <= halves <= 65


def test_interval_excludes_the_factor_of_other_weights() -> None:
    case = make_case(3, "3/5,1/5,1/5", radius=Fraction(1))
    observed = observed_contraction(case, (gaussian_sample(20_000, 2, seed) for seed in range(8)), 1000)
    # |π̂_m| = 2/5 here; 1/2 would be the weights (2/3, 1/6, 1/6).
    assert observed.low < 1 - 0.4**2 < observed.high
    assert not observed.low < 1 - 0.5**2 < observed.high


def test_interval_is_students() -> None:
    case = make_case(2, "3/4,1/4", radius=Fraction(1))
    observed = observed_contraction(case, np.array_split(gaussian_sample(8000, 1, 2), 8), 200)
    low, high = stats.ttest_1samp(observed.estimates, 0).confidence_interval(0.99)
    assert len(observed.estimates) == 8
    assert (observed.low, observed.value, observed.high) == pytest.approx((low, np.mean(observed.estimates), high))


def test_degenerate_weights_show_a_factor_near_one() -> None:
    case = make_case(3, "uniform", radius=Fraction(1))
    observed = observed_contraction(case, (gaussian_sample(5000, 2, seed) for seed in range(4)), 400)
    assert min(observed.estimates) > 0.97


def test_an_interval_needs_two_samples() -> None:
    case = make_case(2, "3/4,1/4", radius=Fraction(1))
    with pytest.raises(InputError, match="at least two"):
        observed_contraction(case, [gaussian_sample(100, 1, 0)], 100)
    with pytest.raises(InputError, match="two different seeds"):
        compare_contraction(case, 100, [3, 3], 100)


@pytest.mark.long
def test_the_jackknife_covers_as_often_as_it_says() -> None:
    case = make_case(2, "4/5,1/5", radius=Fraction(1))
    found = [jackknife_contraction(case, make_sample(gaussian_sample(5000, 1, seed), 1), 200) for seed in range(60)]
    misses = sum(not estimate.low < 0.64 < estimate.high for estimate in found)
    # Binomial(60, 0.01) exceeds 8 with a probability of 5e−8.
    assert misses <= 8
    assert np.mean([estimate.value for estimate in found]) == pytest.approx(0.64, abs=0.01)
    assert all(not estimate.low < 0.8 < estimate.high for estimate in found)
    assert len(found[0].estimates) == GROUPS


def test_the_jackknife_needs_rows() -> None:
    case = make_case(2, "4/5,1/5", radius=Fraction(1))
    with pytest.raises(InputError, match="at least 10"):
        jackknife_contraction(case, make_sample(gaussian_sample(9, 1, 0), 1), 10)
