"""Enclosures off the simplex: brute force, the simplex's own route, containment, and every part of the error needed.

The two rules on the simplex ray enclose the same numbers, and either side of the limits has the faster one.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point import ball_product_rule, ball_tensor
from emtheory.numerics.any_point.ball_product_rule import (
    log_partition,
    ray_divergence,
    ray_moments,
    tensor_posterior_moments,
)
from emtheory.numerics.any_point.ball_tensor import TensorRule
from emtheory.numerics.any_point.ball_values import exact_amplitudes, off_simplex
from emtheory.numerics.any_point.expressions import hessian_min_eigenvalue
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from tests.numerics.brute_force import brute_force
from tests.tiers import examples

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])


@st.composite
def cases(draw: st.DrawFn, sizes: tuple[int, ...] = (4,), largest: int = 2) -> Case:
    k = draw(st.sampled_from(sizes))
    parts = draw(st.lists(st.integers(1, 20), min_size=k, max_size=k))
    amplitudes = draw(st.lists(st.fractions("1/20", largest, max_denominator=20), min_size=k // 2, max_size=k // 2))
    return make_case(k, [str(Fraction(part, sum(parts))) for part in parts], amplitudes=amplitudes)


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


@examples(2)
@given(case=cases())
def test_against_brute_force(case: Case) -> None:
    exact = brute_force(case, h=0.35 / max(1.0, float(case.squared_radius) ** 0.5))
    expected = {
        "log_partition": exact.log_partition,
        "kl_divergence": exact.kl,
        "pl_ratio": exact.gradient_square / 2 / exact.kl,
        "hessian_min_eigenvalue": exact.hessian_eigenvalues[0],
    }
    for name, value in expected.items():
        answer = evaluate(name, case, {}, 8, "ball")
        assert answer.level is Level.CERTIFIED
        assert float(answer.midpoint) == pytest.approx(value, rel=2e-8, abs=2e-9), name
    for m in (1, 2, 3):
        answer = evaluate("posterior_power", case, {"m": Fraction(m)}, 8, "ball")
        assert float(answer.midpoint) == pytest.approx(exact.posterior_power[m], rel=1e-8, abs=1e-9)


@examples(6)
@given(case=cases((4, 5), 1), accuracy=st.sampled_from([8.0, 14.0]))
def test_finer_balls_lie_in_coarser_ones(case: Case, accuracy: float) -> None:
    assert all(contains(*pair) for pair in zip(values_at(case, accuracy), values_at(case, 22.0), strict=True))


def test_doubles_agree_with_balls(monkeypatch: pytest.MonkeyPatch) -> None:
    accuracy = 16.0
    doubles = values_at(FOUR, accuracy)
    monkeypatch.setattr(ball_tensor, "DOUBLE_ACCURACY", 0.0)
    for double, ball in zip(doubles, values_at(FOUR, accuracy + 4), strict=True):
        assert contains(double, ball)
        assert double.rad() > ball.rad()


COARSER = [
    pytest.param(lambda r: replace(r, steps=tuple(1.7 * h for h in r.steps)), "discretisation", id="steps"),
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


@pytest.mark.parametrize(("k", "digits"), [(5, 60), (64, 3)])
def test_says_what_is_out_of_reach(k: int, digits: int) -> None:
    amplitudes = [Fraction(1, m + 1) for m in range(k // 2)]
    with pytest.raises(CannotAnswerError, match=r"dimensions with an error of 1e-\d+ would need about 10 to the"):
        evaluate("kl_divergence", make_case(k, "linear", amplitudes=amplitudes), {}, digits, "ball")


PLACES = [("1/3,2/3", 60, 3.0), ("1/2,1/3,1/6", 26, 2.0)]


@pytest.mark.parametrize(("weights", "accuracy", "radius"), PLACES)
def test_both_rules_agree(weights: str, accuracy: float, radius: float, monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(len(weights.split(",")), weights)
    square = flint.arb(radius) ** 2
    found = {}
    with arb_precision(200):
        for product in (False, True):
            monkeypatch.setattr(ball_product_rule, "_is_product_faster", lambda *_, product=product: product)
            moments = ray_moments(case, square, accuracy, 4)
            found[product] = [moments.power(1), moments.coupling(1, 1), ray_divergence(case, square, accuracy)]
        for one, other in zip(found[False], found[True], strict=True):
            assert one.overlaps(other)
            assert not (one + flint.arb(-accuracy + 8).exp()).overlaps(other)


def test_too_small_a_reach_bounds_nothing() -> None:
    """Most of the mass of five normals lies beyond 1, where the bound for larger distances does not apply."""
    directions = np.full((5, 4), flint.arb(1), dtype=object)
    assert TensorRule(directions, (0.1,) * 5, (1.0,) * 5, 1.0, double=False).tail() > 1 - 0.04
    assert TensorRule(directions, (0.1,) * 5, (1.0,) * 5, 10.0, double=False).tail() < 1e-10
