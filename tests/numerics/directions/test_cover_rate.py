"""Radii of a rate in all directions against scans of the ball by brute force, and patches that claim too much."""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.directions.cover_rate import Patch, WorstRadius, contraction_radius, pl_radius, rates
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from tests.numerics.brute_force import BruteForce, brute_force
from tests.tiers import examples

HEAVY = make_case(4, "one-heavy:9/10")
LOPSIDED = make_case(4, "1/2,1/4,1/8,1/8")
SHARE = st.fractions(0, 1, max_denominator=16)


def at(case: Case, square: float, share: float) -> BruteForce:
    return brute_force(case, np.array([math.sqrt(square * share), 0, math.sqrt(square * (1 - share))]))


def power(there: BruteForce) -> float:
    return float(there.posterior_power[1:4].min())


def ratio(there: BruteForce) -> float:
    return there.gradient_square / 2 / there.kl


def assert_right(
    case: Case, found: WorstRadius, value: Callable[[BruteForce], float], bound: float, tolerance: Fraction
) -> None:
    assert 0 < found.holds < found.fails <= found.holds * (1 + tolerance) + Fraction(1, 2**50)
    assert math.hypot(*found.amplitudes) == pytest.approx(float(found.fails))
    assert value(at(case, float(found.fails) ** 2, found.amplitudes[0] ** 2 / float(found.fails) ** 2)) < bound
    squares = (np.array([0.3, 0.7, 1]) * float(found.holds)) ** 2
    assert all(value(at(case, q, p)) > bound for q in squares for p in np.linspace(0, 1, 7))


@pytest.mark.parametrize(("factor", "tolerance"), [("13/50", "1/20")])
def test_contraction_radius(factor: str, tolerance: str) -> None:
    """Smaller than along the simplex ray."""
    found = contraction_radius(HEAVY, Fraction(factor), Fraction(tolerance))
    assert_right(HEAVY, found, power, float(1 - Fraction(factor)), Fraction(tolerance))
    assert found.fails < evaluate("contraction_radius", HEAVY, {"factor": Fraction(factor)}, 6).lower


@pytest.mark.parametrize(("constant", "tolerance"), [("37/50", "1/20")])
def test_pl_radius(constant: str, tolerance: str) -> None:
    found = pl_radius(HEAVY, Fraction(constant), Fraction(tolerance))
    assert_right(HEAVY, found, ratio, float(Fraction(constant)), Fraction(tolerance))
    assert found.fails < evaluate("pl_radius", HEAVY, {"constant": Fraction(constant)}, 6).lower


@examples(8)
@given(SHARE, SHARE, st.fractions(Fraction(1, 50), 1, max_denominator=50), SHARE, SHARE)
def test_a_patch_contains_its_points(
    first: Fraction, second: Fraction, square: Fraction, along: Fraction, across: Fraction
) -> None:
    half_square, half_share = square / 10, abs(first - second) / 4
    patch = Patch(square, (first + second) / 2, half_square, half_share)
    q = square + (2 * along - 1) * half_square
    p = patch.share + (2 * across - 1) * half_share
    with arb_precision(100):
        everywhere = rates(LOPSIDED, patch)[1]
        there = at(LOPSIDED, float(q), float(p))
        mean = 2 * there.kl / float(q)
        for ball, value in zip((*everywhere.powers, everywhere.mean), (*there.posterior_power[1:3], mean), strict=True):
            assert float(ball.lower()) - 1e-9 <= value <= float(ball.upper()) + 1e-9


def test_without_the_drift_of_the_slopes_a_patch_claims_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    patch = Patch(Fraction(1), Fraction(1, 2), Fraction(0), Fraction(1, 2))
    values = [at(LOPSIDED, 1, p).posterior_power[1] for p in (0.0, 0.5, 1.0)]
    monkeypatch.setattr("emtheory.numerics.directions.cover_rate._LEAST_ACCURACY", 25.0)
    with arb_precision(100):
        ball = rates(LOPSIDED, patch)[1].powers[0]
        assert all(float(ball.lower()) <= value <= float(ball.upper()) for value in values)
        monkeypatch.setattr("emtheory.numerics.directions.cover_rate.COUPLING_SLOPE", Fraction(1, 10**9))
        ball = rates(LOPSIDED, patch)[1].powers[0]
        assert not all(float(ball.lower()) <= value <= float(ball.upper()) for value in values)


def test_what_cannot_be_answered_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for search in (contraction_radius, pl_radius):
        with pytest.raises(InputError, match="near the origin"):
            search(LOPSIDED, Fraction(15, 16) if search is contraction_radius else Fraction(1, 16), Fraction(1, 10))
    with pytest.raises(InputError, match="k = 6"):
        contraction_radius(make_case(6, "linear"), Fraction(999, 1000), Fraction(1, 10))
    monkeypatch.setattr("emtheory.numerics.directions.cover_rate._MAX_PATCHES", 100)
    with pytest.raises(CannotAnswerError, match="100 patches show that it holds in all directions up to 0"):
        contraction_radius(LOPSIDED, Fraction(99, 100), Fraction(1, 10))
