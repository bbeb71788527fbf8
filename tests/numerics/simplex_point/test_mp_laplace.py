"""The two tables of the mp route, and E log S from them, against definitions by direct quadrature."""

from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import mp_context
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point import laplace
from tests.numerics.brute_force import brute_force
from tests.numerics.two_components import two_components

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


@pytest.mark.parametrize("radius", ["1e-20", "1/10", "5"])
def test_expected_log_sum_at_every_scale(radius: str) -> None:
    case = make_case(2, "3/4,1/4", radius=Fraction(radius))
    expected = two_components(case, 40).log_partition
    with mp_context(laplace.working_bits(ACCURACY, 0)) as context:
        value = laplace.expected_log_sum(laplace.multiprecision(context), case, ACCURACY)
        assert abs(value - laplace.real(context, expected)) < context.exp(4 - ACCURACY)


@pytest.mark.parametrize("radius", ["1/60", "3/2"])
@pytest.mark.parametrize("k", [3])
def test_small_and_large_radius_against_the_grid(k: int, radius: str) -> None:
    case = make_case(k, "linear", radius=Fraction(radius))
    expected = brute_force(case)
    with mp_context(laplace.working_bits(40.0, 2)) as context:
        assert float(laplace.expected_log_sum(laplace.multiprecision(context), case, 40.0)) == pytest.approx(
            expected.log_partition, abs=1e-12
        )
        moments = laplace.posterior_moments(laplace.multiprecision(context), case, 2, 40.0)
        for m in range(1, k):
            assert float(moments.power(m)) == pytest.approx(expected.posterior_power[m], abs=1e-11)


def test_tables_beyond_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laplace, "MAX_NODES", 100)
    with mp_context(100) as context, pytest.raises(CannotAnswerError, match="radius 3 needs too large a table"):
        laplace.expected_log_sum(laplace.multiprecision(context), make_case(3, "linear", radius=Fraction(3)), 30.0)
