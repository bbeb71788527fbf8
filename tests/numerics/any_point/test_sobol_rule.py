"""Scrambled Sobol sequences against certified values, with the coverage of their intervals counted."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.any_point import sobol_rule
from emtheory.numerics.any_point.sobol_points import amplitudes
from emtheory.numerics.any_point.sobol_rule import Averages, Estimate, averages, estimate, make_rule
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from tests.tiers import first_every_day

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
SIX = make_case(6, "linear", amplitudes=[Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)])
LARGE = make_case(64, "one-heavy:1/2", amplitudes=[Fraction(1, 5 + m) for m in range(32)])


def divergence(moments: Averages) -> float:
    return moments.divergence


def power(moments: Averages) -> float:
    return moments.power(1)


@pytest.fixture(autouse=True)
def less_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sobol_rule, "_PILOT", 16)
    monkeypatch.setattr(sobol_rule, "_SCRAMBLE", 1 << 14)
    monkeypatch.setattr(sobol_rule, "_WORK", 1 << 23)


@pytest.mark.parametrize("case", first_every_day(1, [FOUR, SIX]), ids=["k=4", "k=6"])
def test_against_certified_values(case: Case) -> None:
    """The interval at 99.9 % holds; a twin displaced by three half-widths would not."""
    for name, quantity, arguments in (
        ("kl_divergence", divergence, {}),
        ("posterior_power", lambda moments: moments.power(2), {"m": Fraction(2)}),
    ):
        found = estimate(case, quantity, 2, divergence=not arguments)
        truth = float(evaluate(name, case, arguments, 8, "ball").midpoint)
        assert abs(found.value - truth) < 1.5 * found.half_width
        assert 0 < found.half_width < 0.03 * truth


@pytest.mark.long
def test_intervals_cover_as_often_as_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80 % confidence 40 intervals cover between 22 and 40 times, except with probability below 1e−3."""
    monkeypatch.setattr(sobol_rule, "CONFIDENCE", 0.8)
    monkeypatch.setattr(sobol_rule, "_WORK", 1)
    truth = float(evaluate("posterior_power", FOUR, {"m": Fraction(1)}, 8, "ball").midpoint)
    covered = 0
    for seed in range(40):
        found = estimate(FOUR, power, 9, divergence=False, seed=seed)
        covered += abs(found.value - truth) < found.half_width
    assert 22 <= covered < 40


def test_a_simplex_agrees_with_the_one_dimensional_form() -> None:
    """KL is known there; β_1 is not made use of."""
    case = make_case(64, "linear", radius=Fraction(1))
    found = estimate(case, divergence, 3, divergence=True)
    assert found.value == pytest.approx(float(evaluate("kl_divergence", case, {}, 12).midpoint), rel=1e-12)
    found = estimate(case, power, 3, divergence=False)
    truth = float(evaluate("posterior_power", case, {"m": Fraction(1)}, 10, "ball").midpoint)
    assert abs(found.value - truth) < 1.5 * found.half_width < 0.01 * truth


def test_threads_and_batches_do_not_matter() -> None:
    rule = make_rule(SIX, amplitudes(SIX), seed=(0,))
    together = averages(rule, range(6))
    for i, found in enumerate(together):
        np.testing.assert_array_equal(averages(rule, [i])[0], found)
    assert len({tuple(found) for found in together}) == 6


def test_control_variates_narrow_the_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without them it is still right, but more than four times as wide."""
    with_controls = estimate(SIX, power, 1, divergence=False)
    rule = make_rule(SIX, amplitudes(SIX), seed=(0, 0))
    nothing = replace(rule, coefficients=0 * rule.coefficients)
    monkeypatch.setattr(sobol_rule, "make_rule", lambda case, rho, pairs, seed: nothing)
    without = estimate(SIX, power, 1, divergence=False)
    assert without.half_width > 4 * with_controls.half_width
    assert abs(without.value - with_controls.value) < 2 * without.half_width


@pytest.mark.long
def test_the_rule_on_the_path_counts_as_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """With few nodes the interval is as much wider as they leave in doubt, and holds."""
    case = make_case(4, "uniform", amplitudes=[Fraction(1, 5), Fraction(2)])
    found = estimate(case, divergence, 2, divergence=True)
    monkeypatch.setattr("emtheory.numerics.any_point.divergence_path._INTERVALS", 4)
    crude = estimate(case, divergence, 2, divergence=True)
    truth = float(evaluate("kl_divergence", case, {}, 8, "ball").midpoint)
    assert crude.half_width > 2 * found.half_width
    assert max(abs(crude.value - truth), 2 * found.half_width) < crude.half_width


def test_the_same_seed_gives_the_same_estimate() -> None:
    first, second, other = (estimate(LARGE, power, 2, divergence=False, seed=seed) for seed in (5, 5, 6))
    assert first == second != other


def test_digits_of_an_estimate() -> None:
    assert Estimate(0.0227, 5e-6, 16, 1).excess(4) == pytest.approx(1)
    assert Estimate(9.9, 1e-3, 16, 1).excess(3) == pytest.approx(0.2)


@pytest.mark.long
def test_a_large_case_to_three_digits() -> None:
    answer = evaluate("posterior_power", LARGE, {"m": Fraction(1)}, 3)
    assert str(answer.level) == "observed"
    assert "Sobol" in answer.note


def test_too_many_components_are_refused() -> None:
    case = make_case(5000, "uniform", amplitudes=[Fraction(1, 100 + m) for m in range(2500)])
    with pytest.raises(CannotAnswerError, match="up to"):
        estimate(case, power, 2, divergence=False)


def test_hundreds_of_components() -> None:
    case = make_case(300, "one-heavy:1/2", amplitudes=[Fraction(1, 40 + m % 3) for m in range(150)])
    found = estimate(case, power, 1, divergence=False)
    assert 0 < found.half_width < 1e-3 * found.value
