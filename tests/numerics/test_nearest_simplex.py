"""The nearest simplex, and derivatives there against differences of certified values off the simplex."""

from fractions import Fraction

import numpy as np
import pytest

from numerics.case import Case, make_case
from numerics.evaluate import evaluate
from numerics.nearest_simplex import NearestSimplex, nearest_simplex

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
FIVE = make_case(5, "linear", amplitudes=[Fraction(1, 2), Fraction(3, 4)])


def simplex_near(case: Case) -> NearestSimplex:
    near = nearest_simplex(case)
    assert near is not None
    return near


@pytest.mark.parametrize("case", [FOUR, FIVE], ids=["k=4", "k=5"])
def test_derivatives_against_differences(case: Case) -> None:
    near = simplex_near(case)
    step = Fraction(1, 50)

    def along(name: str, shift: Fraction, **arguments: Fraction) -> float:
        moved = [Fraction(rho) + shift * Fraction(way) for rho, way in zip(near.amplitudes, near.shifts, strict=True)]
        there = make_case(case.k, [str(weight) for weight in case.weights], amplitudes=moved)
        return float(evaluate(name, there, arguments, 12, "ball").midpoint)

    before, middle, after = (along("log_partition", shift) for shift in (-step, Fraction(0), step))
    assert near.log_partition == pytest.approx(middle, abs=1e-11)
    assert near.first_derivative == pytest.approx((after - before) / 2 / float(step), rel=1e-3)
    assert near.second_derivative == pytest.approx((after + before - 2 * middle) / float(step) ** 2, rel=1e-3)
    for m in case.frequencies:
        low, high = (along("posterior_power", shift, m=Fraction(m)) for shift in (-step, step))
        assert near.power_derivatives[m] == pytest.approx((high - low) / 2 / float(step), rel=2e-3)


@pytest.mark.parametrize("case", [FOUR, FIVE], ids=["k=4", "k=5"])
def test_no_other_simplex_is_nearer(case: Case) -> None:
    near = simplex_near(case)
    np.testing.assert_allclose(
        near.amplitudes + near.shifts, [float(amplitude) for amplitude in case.amplitudes or ()], rtol=1e-14
    )
    for scale in (0.99, 1.01):
        other = near.amplitudes + near.shifts - scale * near.amplitudes
        assert np.linalg.norm(other) > np.linalg.norm(near.shifts)


def test_a_simplex_is_its_own_nearest() -> None:
    case = make_case(7, "linear", radius=Fraction(2))
    near = simplex_near(make_case(7, "linear", amplitudes=[Fraction(2 / 3**0.5)] * 3))
    np.testing.assert_allclose(near.shifts, 0, atol=1e-15)
    assert near.powers[1] == pytest.approx(float(evaluate("posterior_power", case, {"m": Fraction(1)}, 12).midpoint))


def test_where_it_is_of_no_use() -> None:
    lonely = make_case(64, "linear", amplitudes=[Fraction(1)] + [Fraction(0)] * 31)
    many = make_case(200, "uniform", amplitudes=[Fraction(1, 2)] * 100)
    far = make_case(6, "linear", amplitudes=[Fraction(500), Fraction(400), Fraction(300)])
    assert nearest_simplex(lonely) is nearest_simplex(many) is nearest_simplex(far) is None
