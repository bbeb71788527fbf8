"""The convexity radius over all directions against scans by brute force, and shells that must not be proved."""

import math
from fractions import Fraction

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.directions.ball_arcs import Moments
from emtheory.numerics.directions.cover_convexity import convexity_radius, shell_exceeds
from emtheory.numerics.errors import CannotAnswerError, InputError
from tests.numerics.brute_force import BruteForce, brute_force

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
        return shell_exceeds(
            case, height, flint.arb(to_fmpq(Fraction(bound))), (Fraction(lower), Fraction(upper)), 0.02
        )


def test_a_thin_shell_is_proved() -> None:
    assert proved(LOPSIDED, "1/20", "99/100", "1")
    assert not proved(LOPSIDED, "3/20", "99/100", "1")


def test_a_failure_on_one_side_of_a_shell_is_seen() -> None:
    """The bound holds on the outer sphere, and with frequency 2 alone also inside."""
    assert power(at(LOPSIDED, (1, 0))) > 0.11
    assert power(at(LOPSIDED, (math.sqrt(0.5), 0))) < 0.11
    assert not proved(LOPSIDED, "11/100", "1/2", "1")


def test_without_the_width_of_directions_a_shell_would_be_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows that are taken for their middle miss the worst direction, near the axis."""
    assert not proved(LOPSIDED, "1/10", "9/20", "1/2")
    monkeypatch.setattr("emtheory.numerics.directions.cover_convexity._Shell.limit", lambda self, first: 4)
    monkeypatch.setattr(
        "emtheory.numerics.directions.cover_convexity._Shell.window_exceeds",
        lambda self, start: (
            self.exceeds(
                self._over([sphere.models((start, start + 4)) for sphere in self.spheres], Fraction(0), Fraction(0))
            )
            if start in (-4, 0)
            else True
        ),
    )
    assert proved(LOPSIDED, "1/10", "9/20", "1/2")


@pytest.mark.long
def test_convexity_radius() -> None:
    case, tolerance = make_case(4, "one-heavy:9/10"), 0.1
    gap = Fraction(169, 225)
    found = convexity_radius(case, Fraction(1, 2) / gap, Fraction(1, 10))
    assert 0 < found.holds < found.fails <= found.holds * (1 + Fraction(tolerance) + Fraction(1, 10**6))
    assert math.hypot(*found.amplitudes) == pytest.approx(float(found.fails))
    assert min(found.amplitudes) > 0.3
    assert eigenvalue(at(case, found.amplitudes)) < 0.5
    assert all(eigenvalue(there) > 0.5 for there in ball(case, float(found.holds)))


def test_what_cannot_be_answered_is_said() -> None:
    with pytest.raises(CannotAnswerError, match="starts at its bound"):
        convexity_radius(LOPSIDED, Fraction(1), Fraction(1, 10))
    with pytest.raises(CannotAnswerError, match="starts at its bound"):
        convexity_radius(make_case(4, "uniform"), Fraction(0), Fraction(1, 10))
    with pytest.raises(InputError, match="k = 6"):
        convexity_radius(make_case(6, "linear"), Fraction(1, 2), Fraction(1, 10))
