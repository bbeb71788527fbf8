"""What algebra or a proof decides."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point.ball_values import off_simplex
from emtheory.numerics.any_point.exact_values import posterior_period, quotient
from emtheory.numerics.any_point.expressions import hessian_min_eigenvalue
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from tests.numerics.brute_force import brute_force, span_basis, start

ORIGIN = make_case(4, "linear", radius=Fraction(0))
AWAY = ORIGIN.at_radius(Fraction(1))


def exact(name: str, case: Case, **arguments: Fraction) -> Fraction:
    enclosure = evaluate(name, case, arguments, route="exact")
    assert enclosure.level is Level.EXACT
    return Fraction(enclosure.midpoint)


def test_values_at_the_origin_are_those_of_the_definition() -> None:
    reference = brute_force(ORIGIN)
    assert exact("kl_divergence", ORIGIN) == exact("log_partition", ORIGIN) == 0
    assert float(exact("hessian_min_eigenvalue", ORIGIN)) == pytest.approx(reference.hessian_eigenvalues[0], abs=1e-12)
    for m in (1, 2, 3):
        assert float(exact("posterior_power", ORIGIN, m=Fraction(m))) == pytest.approx(
            reference.posterior_power[m], abs=1e-12
        )
    assert exact("iterations_to_kl", ORIGIN, eps=Fraction(1, 10)) == 0


def test_nothing_is_claimed_away_from_the_origin() -> None:
    given = {"posterior_power": {"m": Fraction(1)}, "iterations_to_kl": {"eps": Fraction(1)}}
    for name in ("kl_divergence", "log_partition", "hessian_min_eigenvalue", "pl_ratio", *given):
        with pytest.raises(CannotAnswerError, match="no closed form is known"):
            evaluate(name, AWAY, given.get(name, {}), route="exact")
    with pytest.raises(CannotAnswerError, match="for a positive radius"):
        evaluate("worst_contraction_factor", make_case(3, "linear"), {"radius": Fraction(1)}, route="exact")


def test_undefined_values_are_input_errors() -> None:
    for name in ("pl_ratio", "asymptotic_rate"):
        with pytest.raises(InputError, match=f"{name} is 0/0 at the origin"):
            evaluate(name, ORIGIN)
    with pytest.raises(InputError, match="uniform weights only"):
        evaluate("sublinear_constant", make_case(3, "linear"))


def test_sublinear_constant_is_the_limit_of_the_recursion() -> None:
    """r ← (1 − r²/(k−1)) r with KL = r⁴/(4(k−1)): t² KL_t tends to (k−1)/16."""
    k, radius, steps = 3, 0.5, 200_000
    for _ in range(steps):
        radius -= radius**3 / (k - 1)
    limit = steps**2 * radius**4 / (4 * (k - 1))
    assert float(exact("sublinear_constant", make_case(k, "uniform"))) == pytest.approx(limit, rel=1e-3)


def test_strong_convexity_radius_where_it_is_proved() -> None:
    for weights in ("3/4,1/4", "uniform"):
        infinite = evaluate("strong_convexity_radius", make_case(2, weights))
        assert (infinite.level, infinite.lower, infinite.upper) == (Level.EXACT, math.inf, math.inf)
        assert "k = 2" in infinite.note
    assert exact("strong_convexity_radius", make_case(3, "linear"), fraction=Fraction(11, 10)) == 0
    for case, fraction in [(make_case(3, "linear"), 0), (make_case(2, "3/4,1/4"), 1), (make_case(3, "uniform"), 2)]:
        with pytest.raises(CannotAnswerError):
            evaluate("strong_convexity_radius", case, {"fraction": Fraction(fraction)}, route="exact")


def test_asymptotic_rate_is_that_of_the_excited_frequencies() -> None:
    weights = "1/2,1/4,1/8,1/8"  # |π̂_1|² = 5/32, |π̂_2|² = 1/16
    both = make_case(4, weights, amplitudes=[Fraction(1), Fraction(1)])
    first, second = (make_case(4, weights, amplitudes=[Fraction(m == 1), Fraction(m == 2)]) for m in (1, 2))
    assert exact("asymptotic_rate", both) == exact("asymptotic_rate", second) == Fraction(15, 16)
    assert exact("asymptotic_rate", first) == Fraction(27, 32)
    assert exact("asymptotic_rate", make_case(3, "uniform", radius=Fraction(1))) == 1
    assert exact("asymptotic_rate", make_case(4, weights, radius=Fraction(1))) == Fraction(15, 16)


ALTERNATING = make_case(4, "1/8,3/8,1/8,3/8", amplitudes=[Fraction(0), Fraction(11, 10)])
SIX = make_case(6, "1/12,1/6,1/4,1/12,1/6,1/4", amplitudes=[Fraction(0), Fraction(1), Fraction(0)])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    k = draw(st.sampled_from((2, 3, 4, 6, 8, 12)))
    period = draw(st.sampled_from([g for g in range(1, k + 1) if k % g == 0]))
    parts = draw(st.lists(st.integers(1, 3), min_size=period, max_size=period)) * (k // period)
    spacing = draw(st.integers(1, k // 2))
    amplitudes = [Fraction(1 + m % 3 if m % spacing == 0 else 0) for m in range(1, k // 2 + 1)]
    return make_case(k, [str(Fraction(part, sum(parts))) for part in parts], amplitudes=amplitudes)


@given(case=cases(), seed=st.integers(0, 10**6))
def test_the_posterior_has_this_period_and_no_smaller_one(case: Case, seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal((3, case.k - 1))
    maps, theta = span_basis(case.k)[1], start(case)
    joint = np.array([float(w) * np.exp(x @ (u @ theta)) for w, u in zip(case.weights, maps, strict=True)])
    gamma = joint / joint.sum(axis=0)
    periods = [g for g in range(1, case.k + 1) if case.k % g == 0 and np.allclose(np.roll(gamma, -g, axis=0), gamma)]
    assert posterior_period(case) == periods[0]


@pytest.mark.parametrize("name", ["kl_divergence", "pl_ratio"])
def test_the_quotient_has_the_same_density(name: str) -> None:
    assert posterior_period(SIX) == 3
    whole, part = (evaluate(name, case, {}, 9, "ball") for case in (SIX, quotient(SIX, 3)))
    assert part.lower < whole.upper
    assert whole.lower < part.upper


def test_frequencies_that_vanish_have_exactly_no_power() -> None:
    powers = [evaluate("posterior_power", SIX, {"m": Fraction(m)}, 8) for m in range(1, 6)]
    assert [power.level is Level.EXACT for power in powers] == [True, False, True, False, True]
    assert [power.upper == 0 for power in powers] == [True, False, True, False, True]
    reference = brute_force(ALTERNATING)
    assert abs(reference.posterior_power[1]) < 1e-12 < reference.posterior_power[2]
    assert evaluate("posterior_power", ALTERNATING, {"m": Fraction(1)}).upper == 0


def test_the_smallest_eigenvalue_is_then_zero() -> None:
    assert abs(brute_force(ALTERNATING).hessian_eigenvalues[0]) < 1e-9
    for case, level in ((ALTERNATING, Level.EXACT), (SIX, Level.CERTIFIED)):
        smallest = evaluate("hessian_min_eigenvalue", case)
        assert (smallest.lower, smallest.upper, smallest.level) == (0, 0, level)
        with arb_precision(80):
            assert 0 in hessian_min_eigenvalue(off_simplex(case, 20.0))
    nearly = make_case(4, "1/8,3/8,1/8,3/8", amplitudes=[Fraction(1, 100), Fraction(11, 10)])
    assert evaluate("hessian_min_eigenvalue", nearly, {}, 5).level is Level.CERTIFIED
    assert evaluate("hessian_min_eigenvalue", nearly, {}, 5).upper != 0
