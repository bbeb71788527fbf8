"""The Laplace form in double precision and in mpmath: digits kept at every radius, many components, refusals."""

import math
from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import mp_context
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point import laplace
from emtheory.numerics.simplex_point.laplace import (
    DOUBLES,
    FULL_ACCURACY,
    MAX_SPREAD,
    expected_log_sum,
    posterior_moments,
)
from emtheory.numerics.simplex_point.lattice import squared_spread
from tests.numerics.brute_force import coupling_terms
from tests.numerics.two_components import two_components


def spread_of(case: Case) -> float:
    """s = r√(k/(k−1)), the standard deviation of the exponents."""
    return math.sqrt(case.squared_radius * case.k / (case.k - 1))


@pytest.mark.parametrize("radius", ["1/1000", "1/2", "10"])
def test_two_components_at_every_scale(radius: str) -> None:
    """Windows of the inner rule apart (small radius) and shared (large): thirteen digits either way."""
    case = make_case(2, "3/4,1/4", radius=Fraction(radius))
    expected = two_components(case, 20)
    found = expected_log_sum(DOUBLES, case, FULL_ACCURACY)
    assert found == pytest.approx(float(expected.log_partition), rel=1e-14, abs=5e-16)
    power = float(posterior_moments(DOUBLES, case, 2, FULL_ACCURACY).power(1))
    assert power == pytest.approx(float(expected.posterior_power), rel=2e-13)


def test_moments_of_many_components_against_sampling() -> None:
    case = make_case(200, "one-heavy:9/10", radius=Fraction(5, 2))
    draws = spread_of(case) * np.random.default_rng(8).standard_normal((5000, 200))
    joint = np.exp(draws) * np.array([float(weight) for weight in case.weights])
    transform = np.fft.fft(joint / joint.sum(axis=1, keepdims=True), axis=1)
    computed = posterior_moments(DOUBLES, case, 4, FULL_ACCURACY)
    for sample, value in [
        (np.abs(transform[:, 3]) ** 2, computed.power(3)),
        (coupling_terms(transform.T, 3, 5), computed.coupling(3, 5)),
    ]:
        assert abs(value - sample.mean()) < 5 * sample.std() / np.sqrt(5000)


def test_too_large_a_radius_is_refused() -> None:
    with pytest.raises(CannotAnswerError, match=f"ends at radius {MAX_SPREAD:g}"):
        expected_log_sum(DOUBLES, make_case(2, "uniform", radius=Fraction(150)), FULL_ACCURACY)


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ({"amplitudes": [Fraction(1), Fraction(1)]}, "not one's"),
        ({"radius": Fraction(0)}, "needs a positive radius"),
        ({"radius": Fraction(1, 10**130)}, "covers radii from about 1e-125 to 300"),
        ({"radius": Fraction(10**4)}, "covers radii from about 1e-125 to 300"),
    ],
)
def test_points_beyond_the_plans_are_refused(point: dict[str, object], message: str) -> None:
    with pytest.raises(CannotAnswerError, match=message):
        squared_spread(make_case(4, "linear", **point), "float")  # type: ignore[arg-type]


ACCURACY = 60.0


def test_series_at_accuracies_below_the_range_of_double_precision() -> None:
    """e^−1000 underflows as a float; the series must go on to it all the same."""
    with mp_context(laplace.working_bits(1000.0, 0)) as context:
        spread, x = context.mpf(1) / 500, context.mpf(2)
        sums = laplace._series(laplace.multiprecision(context), Fraction(1, 500**2), 0, 1000.0, np.array([x]))
        expected, h = context.mpf(0), context.mpf(1) / 20
        for j in range(-950, 951):
            expected += h * context.npdf(j * h) * context.exp(-x * context.exp(spread * j * h))
        assert abs(1 + sums(context.mpf(1))[0][0] - expected) < context.exp(-1000)


@pytest.mark.parametrize("radius", ["1e-20", "5"])
def test_expected_log_sum_at_every_scale(radius: str) -> None:
    case = make_case(2, "3/4,1/4", radius=Fraction(radius))
    expected = two_components(case, 40).log_partition
    with mp_context(laplace.working_bits(ACCURACY, 0)) as context:
        value = laplace.expected_log_sum(laplace.multiprecision(context), case, ACCURACY)
        assert abs(value - laplace.real(context, expected)) < context.exp(4 - ACCURACY)


def test_tables_beyond_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laplace, "MAX_NODES", 100)
    with mp_context(100) as context, pytest.raises(CannotAnswerError, match="radius 3 needs too large a table"):
        laplace.expected_log_sum(laplace.multiprecision(context), make_case(3, "linear", radius=Fraction(3)), 30.0)
