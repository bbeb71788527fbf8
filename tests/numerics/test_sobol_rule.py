"""Scrambled Sobol sequences against certified values, with the coverage of their intervals counted."""

from dataclasses import replace
from fractions import Fraction

import pytest

from numerics import sobol_rule
from numerics.case import Case, make_case
from numerics.errors import CannotAnswerError
from numerics.evaluate import evaluate
from numerics.sobol_rule import Averages, Estimate, averages, estimate, make_rule

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
SIX = make_case(6, "linear", amplitudes=[Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)])
LARGE = make_case(64, "one-heavy:1/2", amplitudes=[Fraction(1, 5 + m) for m in range(32)])


def divergence(moments: Averages) -> float:
    return moments.divergence


@pytest.fixture(autouse=True)
def less_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sobol_rule, "_LARGEST", 9)
    monkeypatch.setattr(sobol_rule, "_PILOT", 11)
    monkeypatch.setattr(sobol_rule, "_WORK", 1 << 22)


@pytest.mark.parametrize("case", [FOUR, SIX], ids=["k=4", "k=6"])
def test_against_certified_values(case: Case) -> None:
    """The interval at 99.9 % holds; a twin displaced by three half-widths would not."""
    for name, quantity, arguments in (
        ("kl_divergence", divergence, {}),
        ("posterior_power", lambda moments: moments.power(2), {"m": Fraction(2)}),
    ):
        found = estimate(case, quantity, 2)
        truth = float(evaluate(name, case, arguments, 8, "ball").midpoint)
        assert abs(found.value - truth) < 1.5 * found.half_width
        assert 0 < found.half_width < 0.03 * truth


def test_intervals_cover_as_often_as_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80 % confidence 40 intervals cover between 22 and 40 times, except with probability below 1e−3."""
    monkeypatch.setattr(sobol_rule, "CONFIDENCE", 0.8)
    monkeypatch.setattr(sobol_rule, "_WORK", 1)
    truth = float(evaluate("kl_divergence", FOUR, {}, 8, "ball").midpoint)
    covered = 0
    for seed in range(40):
        found = estimate(FOUR, divergence, 9, seed=1000 * seed)
        covered += abs(found.value - truth) < found.half_width
    assert 22 <= covered < 40


def test_a_simplex_agrees_with_the_one_dimensional_form() -> None:
    case = make_case(64, "linear", radius=Fraction(1))
    found = estimate(case, divergence, 3)
    truth = float(evaluate("kl_divergence", case, {}, 10, "ball").midpoint)
    assert abs(found.value - truth) < 1.5 * found.half_width < 0.05 * truth


def test_threads_and_batches_do_not_matter() -> None:
    rule = make_rule(SIX)
    together = averages(rule, range(1, 7))
    apart = [averages(rule, [seed])[0] for seed in range(1, 7)]
    assert [found.divergence for found in together] == [found.divergence for found in apart]
    assert len({found.divergence for found in together}) == 6


def test_control_variates_narrow_the_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without them it is still right, but more than ten times as wide."""
    with_controls = estimate(SIX, divergence, 1)
    rule = make_rule(SIX)
    nothing = replace(rule, coefficients=(0 * rule.coefficients[0], 0 * rule.coefficients[1]))
    monkeypatch.setattr(sobol_rule, "make_rule", lambda case, seed: nothing)
    without = estimate(SIX, divergence, 1)
    assert without.half_width > 10 * with_controls.half_width
    assert abs(without.value - with_controls.value) < 2 * without.half_width


def test_the_same_seed_gives_the_same_estimate() -> None:
    first, second, other = (estimate(LARGE, divergence, 2, seed=seed) for seed in (5, 5, 6))
    assert first == second != other


def test_digits_of_an_estimate() -> None:
    assert Estimate(0.0227, 5e-6, 16, 1).excess(4) == pytest.approx(1)
    assert Estimate(9.9, 1e-3, 16, 1).excess(3) == pytest.approx(0.2)


def test_a_large_case_to_three_digits() -> None:
    answer = evaluate("posterior_power", LARGE, {"m": Fraction(1)}, 3)
    assert str(answer.level) == "observed"
    assert "Sobol" in answer.note


def test_too_many_components_are_refused() -> None:
    case = make_case(5000, "uniform", amplitudes=[Fraction(1, 100 + m) for m in range(2500)])
    with pytest.raises(CannotAnswerError, match="up to 4096 components"):
        estimate(case, divergence, 2)


def test_hundreds_of_components_without_controls_of_their_own() -> None:
    """Too many for the nearest simplex and for powers of the likelihood ratio."""
    case = make_case(300, "one-heavy:1/2", amplitudes=[Fraction(1, 4 + m % 3) for m in range(150)])
    found = estimate(case, lambda sampled: sampled.power(1), 1)
    assert 0 < found.half_width < 0.05 * found.value < 0.05
