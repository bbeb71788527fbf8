"""The proved rounding errors of sums in double precision, against exact arithmetic and balls.

Nodes of product rules in a ball: none missing, none twice, for any number of axes and size of the blocks.
"""

import itertools
import math
from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point import double_sums, tensor_rule
from emtheory.numerics.any_point.ball_product_rule import log_partition, tensor_posterior_moments
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
from emtheory.numerics.any_point.tensor_rule import Axis, ball_nodes
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
            double_sums.RoundedAxes(tuple(single), flint.arb(UNIT)), *next(iter(ball_nodes(single, rule.reach)))
        )
        assert abs(flint.arb(value) - truth) > error
        value, error = logarithm_sum(
            double_sums.RoundedAxes(tuple(single), flint.arb(2.0**-24)), *next(iter(ball_nodes(single, rule.reach)))
        )
        assert abs(flint.arb(value) - truth) < error


def one_entry(mass: flint.arb, factor: flint.arb) -> Axis:
    one = flint.arb(1)
    return Axis(np.zeros(2), np.array([one, mass], dtype=object), np.array([[one, factor]] * 2, dtype=object))


@pytest.mark.parametrize("entry", [flint.arb(0, 1), flint.arb(1, 1), flint.arb(1, flint.arb.pos_inf())])
@pytest.mark.parametrize("is_mass", [True, False])
def test_an_entry_that_is_not_told_from_zero_has_an_infinite_error(entry: flint.arb, is_mass: bool) -> None:
    """Its relative error is unbounded; among others it is not a number, which Python's maximum leaves out."""
    one = flint.arb(1)
    rounded = round_axes([one_entry(one, one), one_entry(entry, one) if is_mass else one_entry(one, entry)])
    assert rounded.error == flint.arb.pos_inf()
    (mass, joint) = next(iter(ball_nodes(rounded.axes, 1.0)))
    assert not gram_sum(rounded, mass, np.full(joint.shape, 0.5), 2)[0, 0].is_finite()
    assert not logarithm_sum(rounded, mass, np.ones(joint.shape))[1].is_finite()


@pytest.mark.parametrize("radius", [2.0**-7, 2.0**-4])
def test_large_errors_of_the_axes_are_covered_to_every_order(radius: float) -> None:
    """Balls of amplitudes, as along a trajectory: the sums contain those at the ends of the balls."""
    with arb_precision(100):
        wide = [flint.arb(1, radius), flint.arb(0.5, radius)]
        moments, partition = tensor_posterior_moments(WEIGHTS, wide, 10.0, 2), log_partition(WEIGHTS, wide, 10.0)
        rule = plan_tensor(wide, WEIGHTS, 10.0, 2)
        assert rule.double
        assert round_axes(tensor_axes(rule, WEIGHTS)).error > 0.01
        for sign in (-1, 1):
            there = [flint.arb(1) + sign * radius, flint.arb(0.5) + sign * radius]
            exact = tensor_posterior_moments(WEIGHTS, there, 30.0, 2)
            assert all(moments.power(m).contains(exact.power(m)) for m in (1, 2))
            assert partition.contains(log_partition(WEIGHTS, there, 30.0))


def test_the_bound_of_a_sum_is_right_where_errors_are_large() -> None:
    """Mass and numerators are half of what they stand for, denominators twice: no linear bound covers that."""
    exact = one_entry(flint.arb(1), flint.arb(1))
    rounded = double_sums.RoundedAxes((exact,), flint.arb(2).log())
    found = gram_sum(rounded, np.array([0.5]), np.array([[0.25], [0.25]]), 2)[0, 0]
    assert found.contains(1)
    assert not found.contains(1.01)
    value, bound = logarithm_sum(rounded, np.array([0.5]), np.array([[0.5], [0.5]]))
    assert abs(value - flint.arb(2).log()) < bound  # of 1·log 2


def axis(step: float, reach: float, base: int) -> Axis:
    """Nodes i·step with mass base^i (so that a node shows in the product) and one factor 2^i."""
    indices = np.array(sorted(range(-math.ceil(reach / step), math.ceil(reach / step) + 1), key=abs))
    return Axis((step * indices) ** 2, float(base) ** indices, 2.0 ** indices[np.newaxis])


@given(
    steps=st.lists(st.sampled_from([0.5, 0.75, 1.25]), min_size=1, max_size=4), block=st.sampled_from([1, 16, 10**6])
)
def test_every_node_of_the_ball_once(steps: list[float], block: int) -> None:
    reach, bases = 2.0, [3, 5, 7, 11]
    expected = {}
    for index in itertools.product(range(-4, 5), repeat=len(steps)):
        if sum((step * i) ** 2 for step, i in zip(steps, index, strict=True)) <= reach**2:
            expected[round(sum(math.log(base) * i for base, i in zip(bases, index, strict=False)), 9)] = 2.0 ** sum(
                index
            )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tensor_rule, "_BLOCK", block)
        axes = [axis(step, reach, base) for step, base in zip(steps, bases, strict=False)]
        blocks = list(ball_nodes(axes, reach))
    found = {}
    for mass, factors in blocks:
        assert factors.shape == (1, len(mass))
        for weight, factor in zip(mass, factors[0], strict=True):
            key = round(math.log(weight), 9)
            assert key not in found
            found[key] = factor
    assert found == pytest.approx(expected)
