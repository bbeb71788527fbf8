"""Conditioning on what is beyond a simplex, against certified values and against Sobol points."""

from fractions import Fraction
from functools import cache, partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emtheory.numerics.any_point.float_conditioned import Conditioned, conditioned
from emtheory.numerics.any_point.float_values import _smallest_eigenvalue
from emtheory.numerics.any_point.sobol_rule import Averages, estimate
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from tests.tiers import examples, first_every_day

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
LAST = make_case(4, "linear", amplitudes=[Fraction(1, 2), Fraction(3, 2)])
FIVE = make_case(5, "linear", amplitudes=[Fraction(1), Fraction(1, 2)])


def divergence(found: Conditioned | Averages) -> float:
    return found.divergence


@cache
def certified(name: str, case: Case, **arguments: int) -> float:
    exact = {key: Fraction(value) for key, value in arguments.items()}
    return float(evaluate(name, case, exact, 8, "ball").midpoint)


@pytest.mark.parametrize("case", [FOUR, LAST, FIVE], ids=["k=4", "k/2", "k=5"])
@pytest.mark.parametrize("digits", first_every_day(1, [1, 5]))
def test_against_certified_values(case: Case, digits: int) -> None:
    """The error stated is that of the coarser lattice: it holds, and the digits wanted are there."""
    for name, quantity, degree, arguments in (
        ("kl_divergence", divergence, 0, {}),
        ("posterior_power", lambda found: found.power(1), 2, {"m": 1}),
        ("posterior_power", lambda found: found.power(-2), 2, {"m": 2}),
        ("hessian_min_eigenvalue", lambda found: _smallest_eigenvalue(case, found), 4, {}),
    ):
        value, error, _ = conditioned(case, quantity, digits, degree)
        truth = certified(name, case, **arguments)
        assert abs(value - truth) <= error + 1e-8
        assert error <= 0.5 * 10.0**-digits


@examples(10)
@given(
    parts=st.lists(st.integers(1, 50), min_size=4, max_size=4),
    amplitudes=st.lists(st.fractions("1/10", "3/2", max_denominator=10), min_size=2, max_size=2),
)
@example(parts=[1, 30, 1, 40], amplitudes=[Fraction(1, 10)] * 2)
@example(parts=[1, 30, 1, 40], amplitudes=[Fraction(1)] * 2)
@example(parts=[13, 22, 1, 37], amplitudes=[Fraction(1, 2), Fraction(1)])
def test_errors_are_not_understated(parts: list[int], amplitudes: list[Fraction]) -> None:
    case = make_case(4, [str(Fraction(part, sum(parts))) for part in parts], amplitudes=amplitudes)
    value, error, _ = conditioned(case, divergence, 3, 0)
    assert abs(value - certified("kl_divergence", case)) <= error


def one_frequency_beyond_a_simplex(k: int) -> Case:
    small = [Fraction(1, 5)] * (k // 2 - 1)
    return make_case(k, "linear", amplitudes=[*small[:2], Fraction(1), *small[3:], Fraction(0.2 / 2**0.5)])


@pytest.mark.parametrize("k", first_every_day(1, [12, 24]))
def test_many_components_are_conditioned(k: int) -> None:
    case = one_frequency_beyond_a_simplex(k)
    value, error, nodes = conditioned(case, divergence, 6, 0)
    answer = evaluate("kl_divergence", case, {}, 6)
    assert abs(float(answer.midpoint) - value) <= error < 1e-6
    assert answer.note == f"conditioned on what is beyond a simplex, with {nodes} nodes"


@pytest.mark.long
def test_many_components_against_sobol_points() -> None:
    case = one_frequency_beyond_a_simplex(24)
    value, error, _ = conditioned(case, divergence, 6, 0)
    sampled = estimate(case, divergence, 3, divergence=True)
    assert error < 1e-6 < sampled.half_width
    assert abs(value - sampled.value) < 1.5 * sampled.half_width < 0.01 * value


@pytest.mark.long
def test_sixty_four_components() -> None:
    """A simplex with one frequency beyond it, the only kind of rough point that has a second route for this k."""
    case = make_case(64, "linear", amplitudes=[Fraction(1), *[Fraction(1, 5)] * 30, Fraction(0.2 / 2**0.5)])
    value, error, _ = conditioned(case, partial(Conditioned.power, m=32), 5, 2)
    sampled = estimate(case, partial(Averages.power, m=32), 3, divergence=False)
    assert sampled.excess(3) <= 1
    assert error < 0.1 * sampled.half_width
    assert abs(value - sampled.value) < 1.5 * sampled.half_width


def test_a_simplex_up_to_rounding() -> None:
    case = make_case(8, "linear", amplitudes=[Fraction(1, 2)] * 3 + [Fraction(0.5 / 2**0.5)])
    value, error, nodes = conditioned(case, divergence, 10, 0)
    exact = make_case(8, "linear", radius=Fraction(0.5 * 3.5**0.5))
    assert abs(value - certified("kl_divergence", exact)) < 1e-9
    assert (error < 1e-11, nodes) == (True, 1)


def test_small_values_have_their_digits() -> None:
    case = make_case(4, "linear", amplitudes=[Fraction(1, 100), Fraction(1, 50)])
    value, error, _ = conditioned(case, divergence, 4, 0)
    truth = certified("kl_divergence", case)
    assert abs(value - truth) <= error <= 1e-4 * truth < 1e-8


@pytest.mark.parametrize(
    ("amplitudes", "message"),
    [
        ([Fraction(1)] + [Fraction(0)] * 9, "without amplitude"),
        ([Fraction(1, m) for m in range(1, 11)], r"rank 17 beyond a simplex takes \d+ nodes"),
    ],
)
def test_what_cannot_be_conditioned_is_refused(amplitudes: list[Fraction], message: str) -> None:
    with pytest.raises(CannotAnswerError, match=message):
        conditioned(make_case(20, "linear", amplitudes=amplitudes), divergence, 4, 0)
