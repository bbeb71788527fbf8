"""The ball route against brute force and itself, and what algebra or a proof decides."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from emtheory.numerics.any_point.ball_values import off_simplex
from emtheory.numerics.any_point.exact_values import posterior_period, quotient
from emtheory.numerics.any_point.expressions import hessian_min_eigenvalue
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from tests.numerics.brute_force import brute_force, span_basis, start
from tests.tiers import examples

OFF = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Up to four components on the simplex, or four off it."""
    parts = draw(st.lists(st.integers(1, 20), min_size=2, max_size=4))
    weights = [str(Fraction(part, sum(parts))) for part in parts]
    if len(parts) == 4 and draw(st.booleans()):
        amplitudes = st.lists(st.fractions("1/20", 2, max_denominator=20), min_size=2, max_size=2)
        return make_case(4, weights, amplitudes=draw(amplitudes))
    return make_case(len(parts), weights, radius=draw(st.fractions("1/5", 2, max_denominator=100)))


def ask(name: str, case: Case, digits: int, m: int = 1) -> Enclosure:
    return evaluate(name, case, {"m": Fraction(m)} if name == "posterior_power" else {}, digits, "ball")


@examples(6)
@given(case=cases())
@example(case=OFF)
def test_balls_against_brute_force(case: Case) -> None:
    """Within the brute force's own accuracy."""
    exact = brute_force(case, h=None if case.on_simplex else 0.35 / max(1.0, float(case.squared_radius) ** 0.5))
    expected = {
        "log_partition": exact.log_partition,
        "kl_divergence": exact.kl,
        "pl_ratio": exact.gradient_square / 2 / exact.kl,
        "hessian_min_eigenvalue": exact.hessian_eigenvalues[0],
    }
    for name, value in expected.items():
        assert float(ask(name, case, 12 if case.on_simplex else 8).midpoint) == pytest.approx(value, rel=2e-8, abs=2e-9)
    for m in case.frequencies:
        assert float(ask("posterior_power", case, 8, m).midpoint) == pytest.approx(exact.posterior_power[m], abs=1e-8)


@pytest.mark.parametrize("k", [2, 40])
def test_multiple_eigenvalues(k: int) -> None:
    """With one special weight ∇²ℓ has at most three distinct eigenvalues: λ_min and β_m are found to all digits."""
    case = make_case(k, "one-heavy:3/5", radius=Fraction(1))
    smallest, power = ask("hessian_min_eigenvalue", case, 30), ask("posterior_power", case, 30)
    assert smallest.has_digits(33)
    assert 0 < smallest.lower <= (1 if k == 2 else power.upper)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (make_case(3, "linear", radius=Fraction(0)), "origin"),
        (make_case(3, "linear", radius=Fraction(1, 10**200)), "covers radii"),
    ],
)
def test_refuses_what_it_cannot_do(case: Case, reason: str) -> None:
    with pytest.raises(CannotAnswerError, match=reason):
        ask("kl_divergence", case, 10)


@pytest.mark.parametrize("digits", [1, 11])
@pytest.mark.parametrize("exponent", [8, 30])
def test_small_values_that_weights_nearly_cancel(digits: int, exponent: int) -> None:
    """β_2 = O(r²) where π̂_2 = 0; λ_min is close to |π̂_1|², which is small."""
    point = Fraction(1, 10**exponent)
    answer = ask("posterior_power", make_case(4, "1/6,1/6,1/3,1/3", radius=point), digits, 2)
    # γ_j = π_j(1 + s(Z_j − Σ_l π_l Z_l)) + O(s²) gives E|γ̂_2|² = s² Σ_j π_j² + O(s⁴) where Σ_j ±π_j = 0.
    expected = point**2 * Fraction(4, 3) * Fraction(10, 36)
    assert abs(answer.midpoint / expected - 1) < Fraction(1, 10**digits) + Fraction(1, 10**12)
    gap = Fraction(1, 10**40)
    near = make_case(2, [str(Fraction(1, 2) + gap), str(Fraction(1, 2) - gap)], radius=Fraction(1, 10**60))
    least = ask("hessian_min_eigenvalue", near, digits)
    assert abs(least.midpoint / (4 * gap**2) - 1) < Fraction(1, 10**digits)


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


@examples(25)
@given(question=questions(), digits=st.integers(1, 25), more=st.integers(3, 15))
def test_contained_in_more_digits(question: Question, digits: int, more: int) -> None:
    assert contained(question, digits, more)


@pytest.mark.long
@examples(8, suppress_health_check=[HealthCheck.too_slow])
@given(question=questions(POINT_QUANTITIES[:4]).filter(lambda question: question[1].k <= 8))
@example(question=("log_partition", make_case(7, "linear", radius=Fraction(1, 10**7)), {}))
def test_the_mp_route_lies_inside(question: Question) -> None:
    """To within the mp route's own error, which is estimated."""
    name, case, arguments = question
    coarse = evaluate(name, case, arguments, 8, "ball")
    other = evaluate(name, case, arguments, 14, "mp")
    assert coarse.lower <= other.upper
    assert other.lower <= coarse.upper


THREE = make_case(3, "1/2,3/10,1/5", radius="1")


@pytest.mark.parametrize(("case", "digits"), [(THREE, (8, 15)), (OFF, (4,))], ids=["k=3", "off"])
def test_answers_do_not_depend_on_what_was_asked_before(case: Case, digits: tuple[int, ...]) -> None:
    """Of other digits, too: a key without the accuracy would give the first ones again."""
    alone = {(name, count): ask(name, replace(case), count) for count in digits for name in POINT_QUANTITIES}
    for order in (list(alone), list(alone)[::-1]):
        together = replace(case)
        assert {(name, count): ask(name, together, count) for name, count in order} == alone


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
def periodic_cases(draw: st.DrawFn) -> Case:
    k = draw(st.sampled_from((2, 3, 4, 6, 8, 12)))
    period = draw(st.sampled_from([g for g in range(1, k + 1) if k % g == 0]))
    parts = draw(st.lists(st.integers(1, 3), min_size=period, max_size=period)) * (k // period)
    spacing = draw(st.integers(1, k // 2))
    amplitudes = [Fraction(1 + m % 3 if m % spacing == 0 else 0) for m in range(1, k // 2 + 1)]
    return make_case(k, [str(Fraction(part, sum(parts))) for part in parts], amplitudes=amplitudes)


@given(case=periodic_cases(), seed=st.integers(0, 10**6))
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
