"""The proved rounding errors of sums in double precision, against exact arithmetic and balls."""

import math
from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point import double_sums
from emtheory.numerics.any_point.ball_tensor import plan_tensor, tensor_axes
from emtheory.numerics.any_point.double_sums import (
    UNIT,
    depth,
    gram_sum,
    logarithm,
    logarithm_sum,
    pairwise_sum,
    round_axes,
)
from emtheory.numerics.any_point.tensor_rule import ball_nodes
from emtheory.numerics.arithmetic.precision import arb_precision
from tests.tiers import examples

NORMAL = st.floats(min_value=2.0**-1022, max_value=1.7e308)
WEIGHTS = (Fraction(1, 2), Fraction(1, 4), Fraction(3, 20), Fraction(1, 10))


@examples(300)
@given(NORMAL)
def test_logarithm_is_as_good_as_claimed(value: float) -> None:
    with arb_precision(200):
        exact = flint.arb(value).log()
        error = abs(flint.arb(float(logarithm(np.array([value]))[0])) - exact)
        assert error < 4 * UNIT * (1 + abs(exact))


def test_logarithm_around_one_and_at_the_seams() -> None:
    points = [1.0, *(1 + sign * 2.0**-e for e in range(1, 53) for sign in (1, -1))]
    points += [math.sqrt(0.5) * 2.0**e * (1 + d * 2.0**-52) for e in range(-3, 4) for d in range(-3, 4)]
    values = logarithm(np.array(points))
    with arb_precision(200):
        for point, value in zip(points, values, strict=True):
            exact = flint.arb(point).log()
            assert abs(flint.arb(float(value)) - exact) < 4 * UNIT * (1 + abs(exact))


@given(st.lists(st.floats(0, 1e100), min_size=1, max_size=70))
def test_pairwise_sum_stays_within_its_depth(terms: list[float]) -> None:
    exact = sum(map(Fraction, terms))
    error = abs(Fraction(float(pairwise_sum(np.array(terms)))) - exact)
    assert error <= exact * Fraction(depth(len(terms))) * Fraction(UNIT)


def test_pairwise_sum_keeps_the_other_axes() -> None:
    values = np.arange(21.0).reshape(3, 7)
    np.testing.assert_array_equal(pairwise_sum(values), values.sum(axis=0))


@pytest.mark.parametrize("degree", [2, 4])
def test_sums_contain_those_of_balls(degree: int) -> None:
    """The same nodes in balls of 200 bits: the bound holds, and is not idle."""
    with arb_precision(200):
        amplitudes = [flint.arb(1.25), flint.arb(0.75)]
        rule = plan_tensor(amplitudes, WEIGHTS, 12.0, degree)
        axes = tensor_axes(rule, WEIGHTS)
        rounded = round_axes(axes)
        assert 0.01 * UNIT < rounded.error < 2.01 * UNIT
        balls, doubles = (next(iter(ball_nodes(group, rule.reach))) for group in (axes, rounded.axes))
        exact_posterior, posterior = (joint / joint.sum(axis=0) for _, joint in (balls, doubles))
        power = degree // 2
        exact = (exact_posterior**power * balls[0]) @ (exact_posterior**power).T
        found = gram_sum(rounded, doubles[0], posterior**power, degree)
        for i in range(4):
            for j in range(4):
                assert found[i, j].contains(exact[i, j])
                assert found[i, j].rad() < 200 * UNIT * exact[i, j]
        value, error = logarithm_sum(rounded, *doubles)
        truth = balls[0] @ np.log(balls[1].sum(axis=0))
        assert abs(flint.arb(value) - truth) < error < 200 * UNIT


def test_rounding_of_the_axes_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Axes rounded to single precision make larger errors, which the bounds must and do follow."""
    with arb_precision(200):
        rule = plan_tensor([flint.arb(1.25), flint.arb(0)], WEIGHTS, 12.0, 0)
        axes = tensor_axes(rule, WEIGHTS)
        (mass, joint) = next(iter(ball_nodes(axes, rule.reach)))
        truth = mass @ np.log(joint.sum(axis=0))
        single = [
            double_sums.Axis(
                axis.squares, *(part.astype(np.float32).astype(float) for part in (axis.mass, axis.factors))
            )
            for axis in round_axes(axes).axes
        ]
        value, error = logarithm_sum(
            double_sums.RoundedAxes(tuple(single), UNIT), *next(iter(ball_nodes(single, rule.reach)))
        )
        assert abs(flint.arb(value) - truth) > error
        value, error = logarithm_sum(
            double_sums.RoundedAxes(tuple(single), 2.0**-24), *next(iter(ball_nodes(single, rule.reach)))
        )
        assert abs(flint.arb(value) - truth) < error
