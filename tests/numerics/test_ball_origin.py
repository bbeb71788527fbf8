"""Expansions at the origin, against difference quotients of the posterior moments there."""

from fractions import Fraction

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics.ball_origin import CURVATURE, SLOPE, positive_up_to, power_and_slope
from numerics.ball_posterior import posterior_moments
from numerics.case import make_case
from numerics.precision import arb_precision


@pytest.mark.parametrize(("k", "weights"), [(2, "4/5,1/5"), (3, "1/2,3/10,1/5"), (5, "uniform"), (6, "linear")])
def test_value_and_slope_against_difference_quotients(k: int, weights: str) -> None:
    case = make_case(k, weights)
    with arb_precision(250):
        step = flint.arb(2) ** -20
        near = [posterior_moments(case, (i * step).sqrt(), 100, 2) for i in (1, 2)]
        for m in range(1, k):
            power, slope = power_and_slope(case, m)
            first, second = (moments.power(m) for moments in near)
            assert abs((4 * first - second - 3 * power) / (2 * step) - slope) < 1e4 * step**2
            assert abs(slope) <= SLOPE


@settings(max_examples=15, deadline=None)
@given(
    parts=st.lists(st.integers(1, 30), min_size=2, max_size=5),
    x=st.fractions(Fraction(1, 100), 4, max_denominator=100),
)
def test_bounds_on_the_derivatives_of_powers(parts: list[int], x: Fraction) -> None:
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    with arb_precision(200):
        h, centre = flint.arb(2) ** -16, flint.arb(flint.fmpq(x.numerator, x.denominator))
        left, middle, right = (posterior_moments(case, (centre + i * h).sqrt(), 80, 2).power(1) for i in (-1, 0, 1))
        assert abs(right - left) / (2 * h) < SLOPE
        assert abs(right - 2 * middle + left) / h**2 < CURVATURE


@given(value=st.fractions("1/1000000", 1), slope=st.fractions(-5, 5), curvature=st.integers(1, 200))
def test_positive_up_to_is_the_root_of_the_lower_parabola(value: Fraction, slope: Fraction, curvature: int) -> None:
    with arb_precision(120):
        d, c = (flint.arb(flint.fmpq(number.numerator, number.denominator)) for number in (value, slope))
        root = positive_up_to(d, c, curvature)
        assert root > 0
        assert abs(d + c * root - curvature * root**2 / 2) < 1e-25
