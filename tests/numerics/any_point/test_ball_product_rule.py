"""Enclosures off the simplex: the simplex's own route, containment, and every part of the error needed.

The two rules on the simplex ray enclose the same numbers, and either side of the limits has the faster one.
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point import ball_product_rule, ball_tensor, double_sums, tensor_rule
from emtheory.numerics.any_point.ball_product_rule import log_partition, tensor_posterior_moments
from emtheory.numerics.any_point.ball_tensor import TensorRule, plan_tensor, tensor_axes
from emtheory.numerics.any_point.ball_values import exact_amplitudes, off_simplex
from emtheory.numerics.any_point.double_sums import (
    UNIT,
    depth,
    gram_sum,
    logarithm,
    logarithm_sum,
    pairwise_sum,
    round_axes,
)
from emtheory.numerics.any_point.expressions import hessian_min_eigenvalue
from emtheory.numerics.any_point.tensor_rule import Axis, ball_nodes
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from tests.tiers import examples

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])


def values_at(case: Case, accuracy: float) -> list[flint.arb]:
    with arb_precision(working_bits(accuracy)):
        amplitudes = exact_amplitudes(case)
        moments = tensor_posterior_moments(case.weights, amplitudes, accuracy, 4)
        return [
            log_partition(case.weights, amplitudes, accuracy),
            tensor_posterior_moments(case.weights, amplitudes, accuracy, 2).power(1),
            moments.power(case.k // 2),
            moments.triple(1, 1),
            moments.quadruple(1, 2),
            moments.coupling(1, 2),
            hessian_min_eigenvalue(off_simplex(case, accuracy)),
        ]


def contains(wide: flint.arb, narrow: flint.arb) -> bool:
    with arb_precision(400):
        return bool(wide.contains(narrow))


def test_doubles_agree_with_balls(monkeypatch: pytest.MonkeyPatch) -> None:
    accuracy = 16.0
    doubles = values_at(FOUR, accuracy)
    monkeypatch.setattr(ball_tensor, "DOUBLE_ACCURACY", 0.0)
    for double, ball in zip(doubles, values_at(FOUR, accuracy + 4), strict=True):
        assert contains(double, ball)
        assert double.rad() > ball.rad()


COARSER = [
    pytest.param(lambda r: replace(r, steps=(2 * r.steps[0], *r.steps[1:])), "discretisation", id="one step"),
    pytest.param(lambda r: replace(r, reach=0.6 * r.reach), "tail", id="reach"),
]


@pytest.mark.parametrize(("coarse", "part"), COARSER)
@pytest.mark.parametrize("double", [True, False])
def test_every_part_of_the_error_is_needed(
    monkeypatch: pytest.MonkeyPatch, coarse: Callable[[TensorRule], TensorRule], part: str, double: bool
) -> None:
    """With a rule too coarse in one respect the ball contains the truth, and without that bound it does not."""
    accuracy = 25.0
    case = make_case(4, "7/10,1/10,1/10,1/10", amplitudes=[Fraction(3, 2), Fraction(0)])

    def values() -> list[flint.arb]:
        with arb_precision(working_bits(60)):
            amplitudes = exact_amplitudes(case)
            power = tensor_posterior_moments(case.weights, amplitudes, accuracy, 2).power(1)
            return [log_partition(case.weights, amplitudes, accuracy), power]

    accuracy = 40.0
    truth = values()
    accuracy = 25.0
    plan = ball_product_rule.plan_tensor
    monkeypatch.setattr(
        ball_product_rule, "plan_tensor", lambda *arguments: replace(coarse(plan(*arguments)), double=double)
    )
    assert all(wide.contains(exact) for wide, exact in zip(values(), truth, strict=True))
    monkeypatch.setattr(TensorRule, part, lambda *_: flint.arb(0))
    assert not any(wide.overlaps(exact) for wide, exact in zip(values(), truth, strict=True))


def test_amplitudes_that_vanish_leave_fewer_dimensions() -> None:
    """Only frequency k/2: y_j = ±ρZ, two components with the weights of the even and the odd ones."""
    case = make_case(6, "linear", amplitudes=[Fraction(0), Fraction(0), Fraction(5, 4)])
    two = make_case(2, [str(sum(case.weights[0::2])), str(sum(case.weights[1::2]))], radius=Fraction(5, 4))
    for name in ("kl_divergence", "pl_ratio"):
        found, expected = evaluate(name, case, {}, 25, "ball"), evaluate(name, two, {}, 25, "ball")
        assert found.lower <= expected.upper
        assert expected.lower <= found.upper


def test_says_what_is_out_of_reach() -> None:
    with pytest.raises(CannotAnswerError, match=r"dimensions with an error of 1e-\d+ would need about 10 to the"):
        evaluate("kl_divergence", make_case(5, "linear", amplitudes=["1", "1/2"]), {}, 60, "ball")


def test_too_small_a_reach_bounds_nothing() -> None:
    """Most of the mass of five normals lies beyond 1, where the bound for larger distances does not apply."""
    directions = np.full((5, 4), flint.arb(1), dtype=object)
    assert TensorRule(directions, (0.1,) * 5, (1.0,) * 5, 1.0, double=False).tail() > 1 - 0.04
    assert TensorRule(directions, (0.1,) * 5, (1.0,) * 5, 10.0, double=False).tail() < 1e-10


NORMAL = st.floats(min_value=2.0**-1022, max_value=1.7e308)
WEIGHTS = (Fraction(1, 2), Fraction(1, 4), Fraction(3, 20), Fraction(1, 10))


def assert_logarithms(points: list[float]) -> None:
    """As good as claimed."""
    with arb_precision(200):
        for point, value in zip(points, logarithm(np.array(points)), strict=True):
            exact = flint.arb(point).log()
            assert abs(flint.arb(float(value)) - exact) < 4 * UNIT * (1 + abs(exact))


@examples(300)
@given(st.lists(NORMAL, min_size=1, max_size=20))
def test_logarithm_is_as_good_as_claimed(points: list[float]) -> None:
    assert_logarithms(points)


def test_logarithm_around_one_and_at_the_seams() -> None:
    assert_logarithms([1.0, *(1 + sign * 2.0**-e for e in range(1, 53) for sign in (1, -1))])
    assert_logarithms([math.sqrt(0.5) * 2.0**e * (1 + d * 2.0**-52) for e in range(-3, 4) for d in range(-3, 4)])


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
