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

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.simplex_point import ball_partition
from emtheory.numerics.simplex_point.ball_inner import OuterRule
from emtheory.numerics.simplex_point.ball_partition import ball_posterior_moments, raw_moments
from emtheory.numerics.simplex_point.moments import PosteriorMoments, cumulants_from_moments

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
