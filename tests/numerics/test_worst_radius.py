"""Radii over all directions against scans of the ball by brute force, and shells that must not be proved."""

import math
from fractions import Fraction

import numpy as np
import pytest

from numerics.ball_directions import Moments
from numerics.case import Case, make_case
from numerics.errors import CannotAnswerError, InputError
from numerics.evaluate import evaluate
from numerics.precision import arb_precision
from numerics.worst_radius import WorstRadius, contraction_radius, convexity_radius, shell_exceeds
from tests.numerics.brute_force import BruteForce, brute_force

HEAVY = make_case(4, "one-heavy:3/5")
LOPSIDED = make_case(4, "1/2,1/4,1/8,1/8")


def power(there: BruteForce) -> float:
    return float(there.posterior_power[1:4].min())


def eigenvalue(there: BruteForce) -> float:
    return float(there.hessian_eigenvalues[0])


def at(case: Case, amplitudes: tuple[float, float]) -> BruteForce:
    return brute_force(case, np.array([amplitudes[0], 0, amplitudes[1]]))


def ball(case: Case, radius: float) -> list[BruteForce]:
    """Points of the quarter disc ρ_1² + ρ_2² ≤ radius²."""
    grid = [(r, a) for r in np.linspace(0.2, 1, 5) * radius for a in np.linspace(0, math.pi / 2, 7)]
    return [at(case, (r * math.cos(a), r * math.sin(a))) for r, a in grid]


def proved(case: Case, bound: str, lower: str, upper: str, convexity: bool = False) -> bool:
    height = (lambda there: there.smallest_eigenvalue(1)) if convexity else Moments.smallest_power
    with arb_precision(100):
        return shell_exceeds(case, height, Fraction(bound), (Fraction(lower), Fraction(upper)), 0.02)


def test_shells_that_hold_are_proved_and_others_are_not() -> None:
    # On this shell min β_m grows from 0.068 to 0.131.
    values = [power(at(LOPSIDED, (math.sqrt(x), 0))) for x in (0.2, 1)]
    assert values == pytest.approx([0.078, 0.131], abs=0.02)
    assert proved(LOPSIDED, "1/20", "1/5", "1")
    assert not proved(LOPSIDED, "1/10", "1/5", "1")


def test_a_failure_on_one_side_of_a_shell_is_seen() -> None:
    """The bound holds on the outer sphere, and with frequency 2 alone also inside."""
    assert power(at(LOPSIDED, (1, 0))) > 0.11
    assert power(at(LOPSIDED, (math.sqrt(0.5), 0))) < 0.11
    assert not proved(LOPSIDED, "11/100", "1/2", "1")


def test_without_the_width_of_directions_a_shell_would_be_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows that are taken for their middle miss the worst direction, near the axis."""
    assert not proved(LOPSIDED, "1/10", "9/20", "1/2")
    monkeypatch.setattr("numerics.worst_radius._Shell.limit", lambda self, first: 4)
    monkeypatch.setattr(
        "numerics.worst_radius._Shell.window_exceeds",
        lambda self, start: (
            self.exceeds(
                self._over([sphere.models((start, start + 4)) for sphere in self.spheres], Fraction(0), Fraction(0))
            )
            if start in (-4, 0)
            else True
        ),
    )
    assert proved(LOPSIDED, "1/10", "9/20", "1/2")


def assert_right(case: Case, found: WorstRadius, bound: float, quantity: object, tolerance: float) -> None:
    assert callable(quantity)
    assert 0 < found.holds < found.fails <= found.holds * (1 + Fraction(tolerance) + Fraction(1, 10**6))
    assert math.hypot(*found.amplitudes) == pytest.approx(float(found.fails))
    assert quantity(at(case, found.amplitudes)) < bound
    assert all(quantity(there) > bound for there in ball(case, float(found.holds)))


@pytest.mark.long
def test_contraction_radius() -> None:
    """Far smaller than along the simplex ray, where this factor is kept for good."""
    found = contraction_radius(HEAVY, Fraction(79, 100), Fraction(1), Fraction(1, 4))
    assert_right(HEAVY, found, 0.21, power, 0.25)
    assert evaluate("contraction_radius", HEAVY, {"factor": Fraction(79, 100)}, 6).lower == math.inf


@pytest.mark.long
def test_convexity_radius() -> None:
    case = make_case(4, "one-heavy:9/10")
    found = convexity_radius(case, Fraction(1, 2), Fraction(2), Fraction(1, 10))
    assert_right(case, found, 0.5, eigenvalue, 0.1)
    assert min(found.amplitudes) > 0.3


def test_what_cannot_be_answered_is_said() -> None:
    with pytest.raises(InputError, match="near the origin"):
        contraction_radius(LOPSIDED, Fraction(15, 16), Fraction(1), Fraction(1, 10))
    with pytest.raises(CannotAnswerError, match="holds in all directions"):
        contraction_radius(LOPSIDED, Fraction(99, 100), Fraction(1, 4), Fraction(1, 10))
    with pytest.raises(InputError, match="k = 6"):
        contraction_radius(make_case(6, "linear"), Fraction(999, 1000), Fraction(1), Fraction(1, 10))
