"""Radii in all directions against scans by brute force, patches that claim too much; searches against the covers."""

import math
from collections.abc import Callable
from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.directions import searched
from emtheory.numerics.directions.ball_arcs import Moments
from emtheory.numerics.directions.cover_convexity import convexity_radius, shell_exceeds
from emtheory.numerics.directions.cover_rate import Patch, WorstRadius, contraction_radius, pl_radius, rates
from emtheory.numerics.directions.searched import at_amplitudes, common_height, failure, worst_direction
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.ray.heights import CURVATURE, POWER, RATIO
from tests.numerics.brute_force import BruteForce, brute_force
from tests.tiers import examples

HEAVY = make_case(4, "one-heavy:9/10")
LOPSIDED = make_case(4, "1/2,1/4,1/8,1/8")
SHARE = st.fractions(0, 1, max_denominator=16)
Arguments = dict[str, Fraction]


def at(case: Case, square: float, share: float) -> BruteForce:
    return brute_force(case, np.array([math.sqrt(square * share), 0, math.sqrt(square * (1 - share))]))


def power(there: BruteForce) -> float:
    return float(there.posterior_power[1:4].min())


def ratio(there: BruteForce) -> float:
    return there.gradient_square / 2 / there.kl


@pytest.mark.parametrize(
    ("search", "name", "value", "argument", "bound"),
    [
        (contraction_radius, "contraction_radius", power, {"factor": Fraction(13, 50)}, 0.74),
        (pl_radius, "pl_radius", ratio, {"constant": Fraction(37, 50)}, 0.74),
    ],
    ids=["contraction", "pl"],
)
def test_radii_in_all_directions(
    search: Callable[..., WorstRadius],
    name: str,
    value: Callable[[BruteForce], float],
    argument: Arguments,
    bound: float,
) -> None:
    """Smaller than along the simplex ray."""
    tolerance = Fraction(1, 10)
    found = search(HEAVY, *argument.values(), tolerance)
    assert 0 < found.holds < found.fails <= found.holds * (1 + tolerance) + Fraction(1, 2**50)
    assert math.hypot(*found.amplitudes) == pytest.approx(float(found.fails))
    assert value(at(HEAVY, float(found.fails) ** 2, found.amplitudes[0] ** 2 / float(found.fails) ** 2)) < bound
    squares = (np.array([0.5, 1]) * float(found.holds)) ** 2
    assert all(value(at(HEAVY, q, p)) > bound for q in squares for p in np.linspace(0, 1, 7))
    assert found.fails < evaluate(name, HEAVY, argument, 6).lower


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


def of_amplitudes(case: Case, amplitudes: tuple[float, float]) -> BruteForce:
    return brute_force(case, np.array([amplitudes[0], 0, amplitudes[1]]))


def proved(case: Case, bound: str, lower: str, upper: str) -> bool:
    with arb_precision(100):
        return shell_exceeds(
            case, Moments.smallest_power, flint.arb(to_fmpq(Fraction(bound))), (Fraction(lower), Fraction(upper)), 0.02
        )


def test_a_failure_on_one_side_of_a_shell_is_seen() -> None:
    """The bound holds on the outer sphere, and with frequency 2 alone also inside."""
    assert proved(LOPSIDED, "1/20", "99/100", "1")
    assert not proved(LOPSIDED, "3/20", "99/100", "1")
    assert power(of_amplitudes(LOPSIDED, (1, 0))) > 0.11
    assert power(of_amplitudes(LOPSIDED, (math.sqrt(0.5), 0))) < 0.11
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
    case, tolerance = make_case(4, "one-heavy:9/10"), 0.2
    gap = Fraction(169, 225)
    found = convexity_radius(case, Fraction(1, 2) / gap, Fraction(1, 5))
    assert 0 < found.holds < found.fails <= found.holds * (1 + Fraction(tolerance) + Fraction(1, 10**6))
    assert math.hypot(*found.amplitudes) == pytest.approx(float(found.fails))
    assert min(found.amplitudes) > 0.3
    assert of_amplitudes(case, found.amplitudes).hessian_eigenvalues[0] < 0.5
    grid = [(r, a) for r in np.linspace(0.2, 1, 5) * float(found.holds) for a in np.linspace(0, math.pi / 2, 7)]
    assert all(of_amplitudes(case, (r * math.cos(a), r * math.sin(a))).hessian_eigenvalues[0] > 0.5 for r, a in grid)


def test_what_cannot_be_answered_of_convexity_is_said() -> None:
    with pytest.raises(CannotAnswerError, match="starts at its bound"):
        convexity_radius(LOPSIDED, Fraction(1), Fraction(1, 10))
    with pytest.raises(CannotAnswerError, match="starts at its bound"):
        convexity_radius(make_case(4, "uniform"), Fraction(0), Fraction(1, 10))
    with pytest.raises(InputError, match="k = 6"):
        convexity_radius(make_case(6, "linear"), Fraction(1, 2), Fraction(1, 10))


def by_float(name: str, case: Case, digits: int = 4, **arguments: Fraction) -> Enclosure:
    found = evaluate(name, case, arguments, digits, "float")
    assert found.level == Level.OBSERVED
    return found


def test_the_search_finds_what_a_cover_proves() -> None:
    name = "worst_direction_contraction_factor"
    searched = by_float(name, LOPSIDED, radius=Fraction(1))
    proved = evaluate(name, LOPSIDED, {"radius": Fraction(1)}, 3, "ball")
    assert searched.lower <= proved.upper
    assert float(searched.midpoint) == pytest.approx(float(proved.midpoint), rel=2e-3)


def test_the_landscape_is_that_of_brute_force() -> None:
    found = [common_height(LOPSIDED, name)(np.array([0.7, 0.9])) for name in (POWER, CURVATURE, RATIO)]
    there = brute_force(LOPSIDED, np.array([0.7, 0, 0.9]))
    expected = there.posterior_power[1:4].min(), there.hessian_eigenvalues[0], there.gradient_square / 2 / there.kl
    assert found == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(
    "height",
    [lambda rho: float(np.sum((rho - [0.6, 0, 0.8]) ** 2)), lambda rho: float(-rho[1]), lambda rho: -rho.min()],
)
def test_minima_between_and_on_the_axes_are_found(height: Callable[[np.ndarray], float]) -> None:
    found = worst_direction(make_case(6, "linear"), 1.0, height)
    grid = [
        np.array([math.cos(a) * math.cos(b), math.sin(a) * math.cos(b), math.sin(b)]) for a in ANGLES for b in ANGLES
    ]
    assert np.linalg.norm(found) == pytest.approx(1)
    assert height(found) <= min(map(height, grid)) + 2e-3


ANGLES = np.linspace(0, math.pi / 2, 30)


def test_what_a_search_can_and_cannot_say() -> None:
    kept = by_float("worst_contraction_radius", make_case(6, "one-heavy:9/10"), factor=Fraction(99, 100))
    assert kept.lower == math.inf
    assert "no direction that was tried fails at any of 40 radii" in kept.note
    with pytest.raises(CannotAnswerError, match="up to k = 12"):
        by_float("worst_contraction_radius", make_case(13, "linear"), factor=Fraction(99, 100))
    with pytest.raises(CannotAnswerError, match="exact route answers"):
        by_float("worst_direction_min_eigenvalue", make_case(6, "linear"), radius=Fraction(0))
    found = evaluate("worst_direction_contraction_factor", make_case(6, "linear"), {"radius": Fraction(1)}, 6)
    assert found.level == Level.OBSERVED
    assert "there may be a worse one" in found.note


@pytest.mark.long
def test_a_failure_is_placed_right_though_the_points_are_noisy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values on the common points that are off by a constant move no radius."""
    case, factor = make_case(4, "one-heavy:9/10"), Fraction(3, 10)
    right = failure("worst_contraction_radius", case, 4, factor=factor)
    noisy = lambda *asked: lambda rho: common_height(*asked)(rho) + 0.005  # noqa: E731
    monkeypatch.setattr(searched, "common_height", noisy)
    assert float(failure("worst_contraction_radius", case, 4, factor=factor).midpoint) == pytest.approx(
        float(right.midpoint), rel=1e-6
    )
    there = at_amplitudes(case, np.array([0, float(right.midpoint)]))
    powers = (evaluate("posterior_power", there, {"m": Fraction(m)}, 6, "float") for m in case.frequencies)
    assert min(float(power.midpoint) for power in powers) == pytest.approx(0.7, abs=1e-6)


THREE = make_case(3, "one-heavy:4/5")


@pytest.mark.parametrize(
    ("name", "along_the_ray", "arguments"),
    [
        ("worst_contraction_radius", "contraction_radius", {"factor": Fraction(53, 100)}),
        ("worst_pl_radius", "pl_radius", {"constant": Fraction(2, 5)}),
    ],
)
def test_with_one_frequency_the_ray_is_all_directions(name: str, along_the_ray: str, arguments: Arguments) -> None:
    found, ray = (evaluate(which, THREE, arguments, 6) for which in (name, along_the_ray))
    assert (found.lower, found.upper, found.level) == (ray.lower, ray.upper, ray.level)
    assert found.lower > 0


def test_a_small_factor_has_its_digits() -> None:
    """1 − β is about 1 − (π_0 − π_1)² where EM is nearly done in one step."""
    case = make_case(2, "one-heavy:99999999/100000000")
    found = evaluate("worst_direction_contraction_factor", case, {"radius": Fraction(1, 1000)}, 12, "ball")
    assert found.has_digits(12)
    assert float(found.midpoint) == pytest.approx(4e-8, rel=1e-4)


def test_what_the_origin_decides() -> None:
    at_origin = {"radius": Fraction(0)}
    assert evaluate("worst_direction_contraction_factor", LOPSIDED, at_origin, 5).lower == Fraction(15, 16)
    assert evaluate("worst_direction_min_eigenvalue", LOPSIDED, at_origin, 5).lower == Fraction(1, 16)
    below = {
        "worst_contraction_radius": {"factor": Fraction(9, 10)},
        "worst_pl_radius": {"constant": Fraction(1, 15)},
        "worst_convexity_radius": {"fraction": Fraction(11, 10)},
    }
    for name, arguments in below.items():
        found = evaluate(name, LOPSIDED, arguments, 5)
        assert (found.lower, found.upper, found.level) == (0, 0, Level.EXACT)
    assert evaluate("worst_contraction_radius", LOPSIDED, {"factor": Fraction(1)}, 5).lower == math.inf


@pytest.mark.parametrize(
    ("name", "k", "arguments", "digits", "message"),
    [
        ("worst_contraction_radius", 4, {"factor": Fraction(19, 20)}, 9, "for k = 4 .* has 8 digits in some minutes"),
        ("worst_direction_min_eigenvalue", 5, {"radius": Fraction(1)}, 4, "for k = 5 .* has 3 digits in some minutes"),
        ("worst_pl_radius", 6, {"constant": Fraction(1, 100)}, 3, "up to k = 5; beyond, the float route searches"),
    ],
)
def test_digits_out_of_reach_are_refused(name: str, k: int, arguments: Arguments, digits: int, message: str) -> None:
    with pytest.raises(CannotAnswerError, match=message):
        evaluate(name, make_case(k, "linear"), arguments, digits, "ball")
