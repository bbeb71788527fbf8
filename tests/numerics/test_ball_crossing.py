"""The strong-convexity radius: brute force, a thousand components, and wrong candidates refused."""

from fractions import Fraction

import pytest
from scipy import optimize

from numerics import ball_crossing
from numerics.case import make_case
from numerics.errors import CannotAnswerError
from numerics.evaluate import evaluate
from tests.numerics.brute_force import brute_force

CASE = make_case(4, "0.97,0.01,0.01,0.01")
HALF = {"fraction": Fraction(3, 4)}


def test_against_brute_force() -> None:
    gap = float(evaluate("spectral_gap", CASE, {}, 20, "exact").midpoint)

    def height(radius: float) -> float:
        case = CASE.at_radius(Fraction(radius))
        return float(brute_force(case).hessian_eigenvalues[0]) - 0.75 * gap

    expected = optimize.brentq(height, 0.5, 1.5, xtol=1e-9)
    found = evaluate("strong_convexity_radius", CASE, HALF, 15, "ball")
    assert float(found.midpoint) == pytest.approx(expected, abs=1e-7)
    assert found.has_digits(18)


@pytest.mark.long
def test_a_thousand_components() -> None:
    """λ_min is −0.13 at radius 2.64, so the crossing comes before; it is positive at 2.19 and negative at 2.2."""
    case = make_case(1000, "one-heavy:0.99")
    found = evaluate("strong_convexity_radius", case, {}, 8, "ball")
    assert Fraction("2.19") < found.lower <= found.upper < Fraction("2.2")
    values = [evaluate("hessian_min_eigenvalue", case.at_radius(Fraction(r)), {}, 5, "ball") for r in ("2.19", "2.2")]
    assert values[0].lower > 0 > values[1].upper


@pytest.mark.parametrize("wrong", [Fraction(1, 2), Fraction("0.8611"), Fraction(3)])
def test_a_wrong_candidate_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: Fraction) -> None:
    monkeypatch.setattr(ball_crossing, "_first_crossing", lambda *_: wrong)
    with pytest.raises(CannotAnswerError, match="not"):
        evaluate("strong_convexity_radius", CASE, HALF, 8, "ball")


def test_a_later_crossing_is_not_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the bracket said to be one, the proof over the ray must still fail beyond the true crossing at 0.861."""
    real = ball_crossing._eigenvalue

    def bracketed(case: object, digits: int, radius: Fraction) -> object:
        return real(CASE, digits, Fraction(1, 2) if radius < 1 else Fraction(2))

    monkeypatch.setattr(ball_crossing, "_eigenvalue", bracketed)
    monkeypatch.setattr(ball_crossing, "_first_crossing", lambda *_: Fraction(1))
    with pytest.raises(CannotAnswerError, match="first"):
        evaluate("strong_convexity_radius", CASE, HALF, 5, "ball")


def test_no_crossing_is_not_called_infinite() -> None:
    with pytest.raises(CannotAnswerError, match="no crossing was found"):
        evaluate("strong_convexity_radius", make_case(3, "1/2,3/10,1/5"), {}, 5, "ball")


@pytest.mark.parametrize(("weights", "fraction"), [("uniform", 0), ("1/2,3/10,1/5", 1)])
def test_refuses_what_touches_at_the_origin(weights: str, fraction: int) -> None:
    with pytest.raises(CannotAnswerError, match="starts at its bound"):
        evaluate("strong_convexity_radius", make_case(3, weights), {"fraction": Fraction(fraction)}, 5, "ball")
