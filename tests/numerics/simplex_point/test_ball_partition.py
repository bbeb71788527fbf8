"""Λ in balls: published and independent values, and every part of the outer error shown to be needed."""

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.simplex_point import ball_partition
from emtheory.numerics.simplex_point.ball_inner import OuterRule
from emtheory.numerics.simplex_point.ball_partition import log_normal_match, log_partition_excess
from tests.tiers import examples

TWO = {Fraction(4, 5): 1, Fraction(1, 5): 1}
MANY = {Fraction(1, 2): 1, Fraction(1, 2 * 63): 63}


def log_partition(weights: dict[Fraction, int], squared_deviation: Fraction, accuracy: float) -> flint.arb:
    s = flint.arb(to_fmpq(squared_deviation)).sqrt()
    return log_normal_match(weights, s)[0] + log_partition_excess(weights, s, accuracy)


def direct(weights: tuple[Fraction, Fraction], squared_deviation: Fraction) -> mpmath.mpf:
    """E log(π_0 e^{sZ_0} + π_1 e^{sZ_1}) as one Gaussian integral over the difference of the exponents."""
    context = mpmath.MPContext()
    context.dps = 40
    first, second = (context.mpf(w.numerator) / w.denominator for w in weights)
    half = context.sqrt(context.mpf(squared_deviation.numerator) / squared_deviation.denominator / 2)

    def integrand(z: Any) -> Any:
        return context.npdf(z) * context.log(first * context.exp(half * z) + second * context.exp(-half * z))

    return context.quad(integrand, context.linspace(-14, 14, 113))


def test_published_value() -> None:
    """E log(1 + e^Z) = 0.80605918334744 (tests of the R package survTMB) is Λ + log 2 for 1/2, 1/2 and s² = 1/2."""
    with arb_precision(120):
        value = log_partition({Fraction(1, 2): 2}, Fraction(1, 2), 50) + flint.arb(2).log()
        assert abs(value - flint.arb("0.80605918334744")) < 5e-15


@examples(8)
@given(
    numerator=st.integers(1, 19), squared=st.sampled_from([Fraction(1, 400), Fraction(1, 2), Fraction(2), Fraction(9)])
)
def test_two_components_against_a_gaussian_integral(numerator: int, squared: Fraction) -> None:
    weights = (Fraction(numerator, 20), Fraction(20 - numerator, 20))
    counts = {weights[0]: 2} if weights[0] == weights[1] else dict.fromkeys(weights, 1)
    exact = flint.arb(mpmath.nstr(direct(weights, squared), 36), 1e-30)
    for accuracy in (8.0, 30.0, 60.0):
        with arb_precision(working_bits(accuracy)):
            value = log_partition(counts, squared, accuracy)
            assert value.overlaps(exact)
            assert value.rad() < 1e3 * math.exp(-accuracy)


def _zero(*_: object) -> flint.arb:
    return flint.arb(0)


def _sum_only(values: Any, accuracy: float) -> flint.arb:
    return sum(values, start=flint.arb(0))


@pytest.mark.parametrize("weights", [TWO, MANY], ids=["two", "many"])
@pytest.mark.parametrize(
    ("coarse", "drop", "mutant"),
    [
        pytest.param(
            lambda r: replace(r, step=4 * r.step, first=r.first // 4, count=r.count // 4 + 1),
            "excess_discretisation",
            _zero,
            id="step",
        ),
        pytest.param(
            lambda r: replace(r, first=r.first // 2, count=r.count + r.first - r.first // 2),
            "left_tail",
            _zero,
            id="left",
        ),
        pytest.param(
            lambda r: replace(r, count=r.count - (r.count + r.first) // 2), "log_concave_sum", _sum_only, id="right"
        ),
    ],
)
def test_every_part_of_the_outer_error_is_needed(
    monkeypatch: pytest.MonkeyPatch,
    weights: dict[Fraction, int],
    coarse: Callable[[OuterRule], OuterRule],
    drop: str,
    mutant: Callable[..., flint.arb],
) -> None:
    """With a rule too coarse in one respect the ball contains the truth, and without that bound it does not."""
    with arb_precision(working_bits(80)):
        truth = log_partition(weights, Fraction(3, 2), 80)
        plan = ball_partition.plan_outer
        monkeypatch.setattr(ball_partition, "plan_outer", lambda *arguments: coarse(plan(*arguments)))
        assert log_partition(weights, Fraction(3, 2), 60).contains(truth)
        monkeypatch.setattr(ball_partition, drop, mutant)
        assert not log_partition(weights, Fraction(3, 2), 60).overlaps(truth)


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
