"""Λ in balls: published and independent values, and every part of the outer error shown to be needed."""

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

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.simplex_point import ball_partition
from emtheory.numerics.simplex_point.ball_inner import OuterRule
from emtheory.numerics.simplex_point.ball_partition import (
    ball_posterior_moments,
    log_normal_match,
    log_partition_excess,
    raw_moments,
)
from emtheory.numerics.simplex_point.moments import PosteriorMoments, cumulants_from_moments
from tests.tiers import examples

MANY = {Fraction(1, 2): 1, Fraction(1, 2 * 63): 63}


def log_partition(weights: dict[Fraction, int], squared_deviation: Fraction, accuracy: float) -> flint.arb:
    s = flint.arb(to_fmpq(squared_deviation)).sqrt()
    return log_normal_match(weights, s)[0] + log_partition_excess(weights, s, accuracy)


def direct(weights: tuple[Fraction, Fraction], squared_deviation: Fraction) -> mpmath.mpf:
    """E log(π_0 e^{sZ_0} + π_1 e^{sZ_1}) as one Gaussian integral over the difference of the exponents."""
    context = mpmath.MPContext()
    context.dps = 34
    first, second = (context.mpf(w.numerator) / w.denominator for w in weights)
    half = context.sqrt(context.mpf(squared_deviation.numerator) / squared_deviation.denominator / 2)

    def integrand(z: Any) -> Any:
        return context.npdf(z) * context.log(first * context.exp(half * z) + second * context.exp(-half * z))

    return context.quad(integrand, context.linspace(-13, 13, 53))


def test_published_value() -> None:
    """E log(1 + e^Z) = 0.80605918334744 (tests of the R package survTMB) is Λ + log 2 for 1/2, 1/2 and s² = 1/2."""
    with arb_precision(120):
        value = log_partition({Fraction(1, 2): 2}, Fraction(1, 2), 50) + flint.arb(2).log()
        assert abs(value - flint.arb("0.80605918334744")) < 5e-15


@examples(4)
@given(
    numerator=st.integers(1, 19), squared=st.sampled_from([Fraction(1, 400), Fraction(1, 2), Fraction(2), Fraction(9)])
)
def test_two_components_against_a_gaussian_integral(numerator: int, squared: Fraction) -> None:
    weights = (Fraction(numerator, 20), Fraction(20 - numerator, 20))
    counts = {weights[0]: 2} if weights[0] == weights[1] else dict.fromkeys(weights, 1)
    exact = flint.arb(mpmath.nstr(direct(weights, squared), 32), 1e-28)
    for accuracy in (8.0, 30.0, 60.0):
        with arb_precision(working_bits(accuracy)):
            value = log_partition(counts, squared, accuracy)
            assert value.overlaps(exact)
            assert value.rad() < 1e3 * math.exp(-accuracy)


Coarse = Callable[[OuterRule], OuterRule]


def fewer_nodes(rule: OuterRule) -> OuterRule:
    return replace(rule, step=4 * rule.step, first=rule.first // 4, count=rule.count // 4 + 1)


def shorter_left(rule: OuterRule) -> OuterRule:
    return replace(rule, first=rule.first // 2, count=rule.count + rule.first - rule.first // 2)


def shorter_right(rule: OuterRule) -> OuterRule:
    return replace(rule, count=rule.count - (rule.count + rule.first) // 2)


def _zero(*_: object) -> flint.arb:
    return flint.arb(0)


def _sum_only(values: Any, accuracy: float) -> flint.arb:
    return sum(values, start=flint.arb(0))


@pytest.mark.parametrize(
    ("coarse", "drop", "mutant"),
    [
        pytest.param(fewer_nodes, "excess_discretisation", _zero, id="step"),
        pytest.param(shorter_left, "left_tail", _zero, id="left"),
        pytest.param(shorter_right, "log_concave_sum", _sum_only, id="right"),
    ],
)
def test_every_part_of_the_outer_error_is_needed(
    monkeypatch: pytest.MonkeyPatch, coarse: Coarse, drop: str, mutant: Callable[..., flint.arb]
) -> None:
    """With a rule too coarse in one respect the ball contains the truth, and without that bound it does not."""
    with arb_precision(working_bits(80)):
        truth = log_partition(MANY, Fraction(3, 2), 80)
        plan = ball_partition.plan_outer
        monkeypatch.setattr(ball_partition, "plan_outer", lambda *arguments: coarse(plan(*arguments)))
        assert log_partition(MANY, Fraction(3, 2), 60).contains(truth)
        monkeypatch.setattr(ball_partition, drop, mutant)
        assert not log_partition(MANY, Fraction(3, 2), 60).overlaps(truth)


def test_the_strip_is_not_rounded_upwards() -> None:
    """0.1 + 0.2 is more in doubles than the sum of the two."""
    exact = Fraction(0.1) + Fraction(0.2)
    assert Fraction(0.1 + 0.2) > exact
    with arb_precision(64):
        lower, upper = ball_bounds(OuterRule(0.5, 0, 1, angle=0.1, shift=0.2, accuracy=30.0).strip)
    assert lower <= exact <= upper < Fraction(0.1 + 0.2)


@pytest.mark.parametrize("step", [0.3, 0.7, 0.9, 1.1])
def test_the_bound_left_of_the_nodes_holds_to_the_last_bit(step: float) -> None:
    """k^{1−p} for p < 1, where 1 − p is not a double: rounded downwards it would be too small."""
    with arb_precision(200):
        s = flint.arb(1.9)
        outer = OuterRule(step, 0, 1, 1.0, 0.0, 30.0)
        p = flint.arb(float(step / s**2))
        expected = (p * p * s**2 / 2).exp() * 10 ** (1 - p) + (p * p / 2).exp()
        expected *= step * (-p * step).exp() / (1 - (-p * step).exp())
        assert not ball_partition.left_tail(outer, s, flint.arb(0), flint.arb(1), 10) < expected


HEAVY = make_case(2, "4/5,1/5")
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
    points = context.linspace(-12, 12, 49)
    return context.quad(lambda z: context.npdf(z) * context.tanh(scale * z + centre) ** power, points)


def test_moments_of_two_components_against_a_gaussian_integral() -> None:
    squared = Fraction(1)
    second, fourth = (flint.arb(mpmath.nstr(tanh_moment(HEAVY, squared, power), 36), 1e-30) for power in (2, 4))
    for accuracy in (10.0, 55.0):
        with arb_precision(working_bits(accuracy)):
            found = moments(HEAVY, squared, accuracy, 4)
            assert found.power(1).overlaps(second)
            assert found.coupling(1, 1).overlaps(6 * fourth - 8 * second + 2)  # γ̂_2 = γ̂_0 = 1
            assert found.coupling(1, 1).rad() < 1e3 * math.exp(-accuracy)


@pytest.mark.parametrize("value", [lambda found: found.power(1), lambda found: found.coupling(1, 2)], ids=["β", "t"])
@pytest.mark.parametrize(
    ("coarse", "part"),
    [
        pytest.param(fewer_nodes, "step", id="step"),
        pytest.param(shorter_left, "tail", id="left"),
        pytest.param(shorter_right, "tail", id="right"),
    ],
)
def test_both_parts_of_the_error_are_needed(
    monkeypatch: pytest.MonkeyPatch, coarse: Coarse, part: str, value: Callable[[PosteriorMoments], Any]
) -> None:
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
