"""Thousands of random exact cases: every ball against one of more digits, and against the mp route.

Weights from equal to 10^−40 apart, up to thousands of components, radii over many orders of magnitude. The long tests
draw thousands, the short ones a few dozen from the same strategies.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.simplex_point import ball_laplace
from emtheory.numerics.simplex_point.ball_inner import InnerRule
from emtheory.numerics.simplex_point.ball_partition import kl_at
from tests.tiers import examples

POINT_QUANTITIES = ("log_partition", "kl_divergence", "posterior_power", "pl_ratio", "hessian_min_eigenvalue")

Question = tuple[str, Case, dict[str, Fraction]]

RADII = st.one_of(
    st.fractions("1/100", 5, max_denominator=100),
    st.integers(5, 25).map(Fraction),
    st.integers(1, 9).map(lambda i: Fraction(1, 10**i)),
)


def normalised(parts: list[int]) -> tuple[int, str]:
    return len(parts), ",".join(str(Fraction(part, sum(parts))) for part in parts)


MIXTURES = st.one_of(
    st.lists(st.integers(1, 10**6), min_size=2, max_size=6).map(normalised),
    st.lists(st.sampled_from([1, 10**3, 10**20, 10**40]), min_size=2, max_size=4).map(normalised),
    st.tuples(st.integers(2, 8), st.sampled_from(["linear", "uniform", "geometric:1/2", "geometric:1/1000"])),
    st.tuples(st.sampled_from([2, 3, 7, 30, 500, 4096]), st.sampled_from(["one-heavy:1/2", "one-heavy:0.999999"])),
)


@st.composite
def questions(draw: st.DrawFn, names: tuple[str, ...] = POINT_QUANTITIES) -> Question:
    k, weights = draw(MIXTURES)
    case, name = make_case(k, weights, radius=draw(RADII)), draw(st.sampled_from(names))
    return name, case, {"m": Fraction(draw(st.integers(1, k - 1)))} if name == "posterior_power" else {}


def contained(question: Question, digits: int, more: int) -> bool:
    name, case, arguments = question
    coarse = evaluate(name, case, arguments, digits, "ball")
    fine = evaluate(name, case, arguments, digits + more, "ball")
    return coarse.has_digits(digits) and coarse.lower <= fine.upper and fine.lower <= coarse.upper


@examples(40)
@given(question=questions(), digits=st.integers(1, 25), more=st.integers(3, 15))
def test_contained_in_more_digits(question: Question, digits: int, more: int) -> None:
    assert contained(question, digits, more)


@pytest.mark.long
@examples(15, suppress_health_check=[HealthCheck.too_slow])
@given(question=questions(POINT_QUANTITIES[:4]).filter(lambda question: question[1].k <= 8))
@example(question=("log_partition", make_case(7, "linear", radius=Fraction(1, 10**7)), {}))
def test_the_mp_route_lies_inside(question: Question) -> None:
    """To within the mp route's own error, which is estimated."""
    name, case, arguments = question
    coarse = evaluate(name, case, arguments, 8, "ball")
    other = evaluate(name, case, arguments, 14, "mp")
    assert coarse.lower <= other.upper
    assert other.lower <= coarse.upper


@pytest.mark.parametrize("factor", [0, 1])
def test_a_bound_left_out_is_noticed(monkeypatch: pytest.MonkeyPatch, factor: int) -> None:
    """Half the inner nodes, with and without the error proved for that: only without it the truth is missed."""
    case = make_case(3, "1/2,3/10,1/5")
    with arb_precision(200):
        s = flint.arb(1.25)
        truth = kl_at(case, s, 80.0)
        plan, error = ball_laplace._inner_rule, InnerRule.error

        def coarse(*arguments: Any) -> Any:
            rule, stride = plan(*arguments)
            return replace(rule, reach=rule.reach // 2), stride

        monkeypatch.setattr(ball_laplace, "_inner_rule", coarse)
        monkeypatch.setattr(InnerRule, "error", lambda *arguments: factor * error(*arguments))
        assert kl_at(case, s, 40.0).contains(truth) is (factor == 1)
