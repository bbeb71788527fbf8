"""Scrambled Sobol sequences against certified values, with the coverage of their intervals counted."""

from fractions import Fraction

import numpy as np
import pytest

from numerics import sobol_rule
from numerics.case import Case, make_case
from numerics.errors import CannotAnswerError
from numerics.evaluate import evaluate
from numerics.sobol_rule import Estimate, SampleMoments, estimate

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
SIX = make_case(6, "linear", amplitudes=[Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)])
LARGE = make_case(64, "one-heavy:1/2", amplitudes=[Fraction(1, 5 + m) for m in range(32)])


def divergence(moments: SampleMoments) -> float:
    return moments.divergence


@pytest.fixture(autouse=True)
def less_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sobol_rule, "_LARGEST", 9)
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


def test_fourth_moments_against_certified_values() -> None:
    found = evaluate("hessian_min_eigenvalue", FOUR, {}, 8, "ball")
    sample = sobol_rule._average(FOUR, sobol_rule._controls(FOUR, 0), 13, 1, fourth=True)
    from numerics.routes.floating import _smallest_eigenvalue

    assert _smallest_eigenvalue(FOUR, sample) == pytest.approx(float(found.midpoint), rel=5e-3)
    moments = evaluate("posterior_power", FOUR, {"m": Fraction(1)}, 8, "ball")
    assert sample.power(3) == sample.power(1) == pytest.approx(float(moments.midpoint), rel=2e-3)


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


@pytest.mark.parametrize("k", [5, 8])
def test_controls_have_the_expectations_claimed(k: int) -> None:
    """Means over a million points agree to about their own error."""
    case = make_case(k, "linear", amplitudes=[Fraction(1, 2 + m) for m in range(k // 2)])
    block = np.concatenate(list(sobol_rule._exponents(case, 16, 3, 1 << 12)))
    _, observed, transforms = sobol_rule._observe(case, block, 3)
    np.testing.assert_allclose(observed.mean(axis=0), sobol_rule._expectations(case, 3), rtol=2e-2)
    covariance = np.cov(block.T, ddof=0)
    lags = np.arange(k)
    expected = sum(
        float(square) * np.cos(2 * np.pi * m * lags / k)
        for m, square in zip(case.frequencies, case.squared_amplitudes, strict=True)
    )
    np.testing.assert_allclose(covariance[0], expected, atol=5e-3)
    np.testing.assert_allclose(transforms[0][:, 0], 1)


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
    with pytest.raises(CannotAnswerError, match="up to 64 frequencies"):
        estimate(case, divergence, 2, fourth=True)
