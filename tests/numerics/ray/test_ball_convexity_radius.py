"""The strong-convexity radius: brute force, a thousand components, radii 0 and ∞, and wrong enclosures refused."""

import math
from fractions import Fraction

import pytest
from scipy import optimize

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate, prove
from emtheory.numerics.level import Level
from emtheory.numerics.ray import ball_values
from tests.numerics.brute_force import brute_force

CASE = make_case(4, "0.97,0.01,0.01,0.01")
FRACTION = Fraction(3, 4)
INFINITE = Enclosure(math.inf, math.inf, Level.CERTIFIED, "ball")


def bracket(lower: str, upper: str) -> Enclosure:
    return Enclosure(Fraction(lower), Fraction(upper), Level.CERTIFIED, "ball")


def prove_radius(case: Case, found: Enclosure, fraction: Fraction) -> bool:
    return prove("strong_convexity_radius", case, {"fraction": fraction}, found)


def test_against_brute_force() -> None:
    gap = float(evaluate("spectral_gap", CASE, {}, 20, "exact").midpoint)

    def height(radius: float) -> float:
        case = CASE.at_radius(Fraction(radius))
        return float(brute_force(case).hessian_eigenvalues[0]) - 0.75 * gap

    expected = optimize.brentq(height, 0.5, 1.5, xtol=1e-9)
    found = evaluate("strong_convexity_radius", CASE, {"fraction": FRACTION}, 15, "ball")
    assert float(found.midpoint) == pytest.approx(expected, abs=1e-7)
    assert found.has_digits(18)


@pytest.mark.parametrize(
    ("lower", "upper", "proved"),
    [
        ("0.861", "0.862", True),
        ("0.86", "1", True),
        ("0.8612", "0.862", False),
        ("0.86", "0.861", False),
        ("0", "0.862", True),
        ("0", "0", False),
    ],
)
def test_only_a_right_bracket_is_proved(lower: str, upper: str, proved: bool) -> None:
    """The crossing is at 0.861152."""
    assert prove_radius(CASE, bracket(lower, upper), FRACTION) is proved


def test_a_wrong_candidate_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ball_values, "proposed_and_proved", lambda *_: (bracket("0.4", "0.5"), False))
    with pytest.raises(CannotAnswerError, match="not proved"):
        evaluate("strong_convexity_radius", CASE, {"fraction": FRACTION}, 8, "ball")


@pytest.mark.parametrize(
    ("k", "weights", "fraction"),
    [
        (2, "4/5,1/5", "1/2"),
        (3, "1/2,3/10,1/5", "0"),
        (3, "uniform", "1"),
        (2, "uniform", "7/2"),
    ],
)
def test_convexity_that_never_fails(k: int, weights: str, fraction: str) -> None:
    found = evaluate("strong_convexity_radius", make_case(k, weights), {"fraction": Fraction(fraction)}, 5, "ball")
    assert found.lower == found.upper == math.inf
    assert found.level == Level.CERTIFIED


def test_an_eigenvalue_that_decreases_from_its_bound() -> None:
    """β falls at first for weights 4/5 and 1/5, so with fraction 1 the radius is 0."""
    case = make_case(2, "4/5,1/5")
    found = evaluate("strong_convexity_radius", case, {"fraction": Fraction(1)}, 5)
    assert found.lower == found.upper == 0
    assert not prove_radius(case, bracket("0", "0"), Fraction(99, 100))
    assert prove_radius(case, bracket("0", "0"), Fraction(101, 100))
    assert not prove_radius(make_case(3, "1/2,3/10,1/5"), bracket("0", "0"), Fraction(1))
    assert not prove_radius(make_case(2, "uniform"), bracket("0", "0"), Fraction(2))


def test_a_slope_that_vanishes_at_the_origin_is_not_decided() -> None:
    case = make_case(5, "one-heavy:3/5")
    assert not prove_radius(case, INFINITE, Fraction(1))
    assert not prove_radius(case, bracket("0", "0"), Fraction(1))
