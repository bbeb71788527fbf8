"""Posterior moments in balls: independent values, containment, and both parts of the error shown to be needed."""

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.simplex_point import ball_partition
from emtheory.numerics.simplex_point.ball_inner import OuterRule
from emtheory.numerics.simplex_point.ball_partition import ball_posterior_moments, raw_moments
from emtheory.numerics.simplex_point.moments import PosteriorMoments, cumulants_from_moments
from tests.numerics.brute_force import brute_force
from tests.tiers import examples

TWO = make_case(2, "4/5,1/5")
FIVE = make_case(5, "1/2,1/4,1/8,1/16,1/16")


def moments(case: Case, squared_deviation: Fraction, accuracy: float, degree: int) -> PosteriorMoments:
    return ball_posterior_moments(case, flint.arb(to_fmpq(squared_deviation)).sqrt(), accuracy, degree)


def tanh_moment(case: Case, squared_deviation: Fraction, power: int) -> mpmath.mpf:
    """For k = 2: E (γ_0 − γ_1)^power = E tanh(dZ + ½ log(π_0/π_1))^power with 4d² = 2s²."""
    context = mpmath.MPContext()
    context.dps = 40
    ratio = case.weights[0] / case.weights[1]
    centre = context.log(context.mpf(ratio.numerator) / ratio.denominator) / 2
    scale = context.sqrt(context.mpf(squared_deviation.numerator) / squared_deviation.denominator / 2)
    points = context.linspace(-14, 14, 113)
    return context.quad(lambda z: context.npdf(z) * context.tanh(scale * z + centre) ** power, points)


@pytest.mark.parametrize("squared", [Fraction(1)])
def test_two_components_against_a_gaussian_integral(squared: Fraction) -> None:
    second, fourth = (flint.arb(mpmath.nstr(tanh_moment(TWO, squared, power), 36), 1e-30) for power in (2, 4))
    for accuracy in (10.0, 55.0):
        with arb_precision(working_bits(accuracy)):
            found = moments(TWO, squared, accuracy, 4)
            assert found.power(1).overlaps(second)
            assert found.coupling(1, 1).overlaps(6 * fourth - 8 * second + 2)  # γ̂_2 = γ̂_0 = 1
            assert found.coupling(1, 1).rad() < 1e3 * math.exp(-accuracy)


@examples(5)
@given(parts=st.lists(st.integers(1, 9), min_size=3, max_size=4), radius=st.fractions("1/5", 2, max_denominator=20))
def test_powers_against_brute_force(parts: list[int], radius: Fraction) -> None:
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts], radius=radius)
    exact = brute_force(case).posterior_power
    with arb_precision(working_bits(40)):
        found = moments(case, radius**2 * case.k / (case.k - 1), 40, 2)
        for m in range(1, case.k):
            assert float(found.power(m).mid()) == pytest.approx(exact[m], abs=1e-9)


@examples(8)
@given(
    parts=st.lists(st.integers(1, 9), min_size=2, max_size=6),
    squared=st.fractions(Fraction(1, 1000), 20, max_denominator=1000),
    accuracy=st.sampled_from([12.0, 25.0]),
)
def test_finer_balls_lie_in_coarser_ones(parts: list[int], squared: Fraction, accuracy: float) -> None:
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    with arb_precision(working_bits(2 * accuracy + 20)):
        fine = moments(case, squared, 2 * accuracy + 20, 4)
        fine_values = [fine.power(1), fine.coupling(1, 1), fine.coupling(1, case.k // 2)]
    with arb_precision(working_bits(accuracy)):
        coarse = moments(case, squared, accuracy, 4)
        values = [coarse.power(1), coarse.coupling(1, 1), coarse.coupling(1, case.k // 2)]
    assert all(value.contains(exact) for value, exact in zip(values, fine_values, strict=True))
    assert all(value.rad() < 1e4 * math.exp(-accuracy) for value in values)


@pytest.mark.parametrize("value", [lambda found: found.power(1), lambda found: found.coupling(1, 2)], ids=["β", "t"])
@pytest.mark.parametrize(
    ("coarse", "part"),
    [
        pytest.param(
            lambda r: replace(r, step=4 * r.step, first=r.first // 4, count=r.count // 4 + 1), "step", id="step"
        ),
        pytest.param(
            lambda r: replace(r, first=r.first // 2, count=r.count + r.first - r.first // 2), "tail", id="left"
        ),
        pytest.param(lambda r: replace(r, count=r.count - (r.count + r.first) // 2), "tail", id="right"),
    ],
)
def test_both_parts_of_the_error_are_needed(
    monkeypatch: pytest.MonkeyPatch,
    coarse: Callable[[OuterRule], OuterRule],
    part: str,
    value: Callable[[PosteriorMoments], Any],
) -> None:
    """With a rule too coarse in one respect the ball contains the truth, and without that bound it does not."""
    with arb_precision(working_bits(80)):
        truth = value(moments(FIVE, Fraction(3, 2), 80, 4))
        plan = ball_partition.plan_outer
        monkeypatch.setattr(ball_partition, "plan_outer", lambda *arguments: coarse(plan(*arguments)))
        assert value(moments(FIVE, Fraction(3, 2), 60, 4)).contains(truth)
        if part == "step":
            # The nodes kept also show what is missing; claim that nothing is, as far as rounding goes.
            monkeypatch.setattr(ball_partition, "discretisation", lambda *_: flint.arb(0))
        monkeypatch.setattr(ball_partition, "missing_mass", lambda *_: flint.arb(0))
        assert not value(moments(FIVE, Fraction(3, 2), 60, 4)).overlaps(truth)


def test_a_wide_deviation_covers_all_its_members() -> None:
    with arb_precision(160):
        wide: Any = ball_posterior_moments(FIVE, flint.arb(1.25, 1 / 256), 30, 4)
        for deviation in (319 / 256, 1.25, 321 / 256):
            member = ball_posterior_moments(FIVE, flint.arb(deviation), 60, 4)
            assert wide.power(2).contains(member.power(2))
            assert wide.coupling(1, 2).contains(member.coupling(1, 2))


def test_cumulants_and_moments_that_may_vanish_are_numbers() -> None:
    """A weight of 10^−20 makes its first moments balls around zero, and python-flint's power of those is nan."""
    moments = np.array([[flint.arb(0, 1e-9)] for _ in range(4)], dtype=object)
    for values in (cumulants_from_moments(moments), raw_moments(moments)):
        assert all(value.contains(0) and value.rad() < 1e-8 for value in values.flat)
    case = make_case(2, ["0." + 20 * "9", "1e-20"], radius=Fraction(173, 50))
    with arb_precision(working_bits(35)):
        power = ball_posterior_moments(case, flint.arb(to_fmpq(2 * case.squared_radius)).sqrt(), 35, 2).power(1)
        assert power.rad() < 1e-14


@pytest.mark.parametrize("weights", ["uniform", "one-heavy:9/10"])
def test_real_transforms_give_what_complex_ones_do(weights: str) -> None:
    """Of one component against all others every transform is real, and is kept so; then balls are no wider."""
    case = make_case(6, weights, radius=Fraction(1))
    with arb_precision(working_bits(40)):
        real = moments(case, Fraction(6, 5), 40, 4)
        product = ball_partition.matrix_product
        wide = PosteriorMoments(
            case,
            real._nodes,
            ball_partition.root_of_unity(6),
            lambda left, right: product(left, right) + np.full((), flint.acb(0), dtype=object),
        )
        assert isinstance(product(np.array([[flint.acb(2)]]), np.array([[flint.arb(3)]]))[0, 0], flint.arb)
        assert isinstance(product(np.array([[flint.acb(2, 1)]]), np.array([[flint.arb(3)]]))[0, 0], flint.acb)
        pairs = [(real.power(2), wide.power(2)), (real.coupling(1, 1), wide.coupling(1, 1))]
        pairs += zip(real.coupling_matrix([1, 2], [2, 4])[1], wide.coupling_matrix([1, 2], [2, 4])[1], strict=True)
        for mine, other in pairs:
            assert mine.overlaps(other)
            assert 0 < mine.rad() < 2 * other.rad() < 1e-14
