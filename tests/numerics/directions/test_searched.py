"""Searches over directions against the covers for k = 4, and random directions by other means beyond."""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.directions import searched
from emtheory.numerics.directions.searched import at_amplitudes, common_height, failure, worst_direction
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.ray.heights import CURVATURE, POWER, RATIO
from tests.numerics.brute_force import brute_force

FOUR = make_case(4, "1/2,1/4,1/8,1/8")


def by_float(name: str, case: Case, digits: int = 4, **arguments: Fraction) -> Enclosure:
    found = evaluate(name, case, arguments, digits, "float")
    assert found.level == Level.OBSERVED
    return found


def test_the_search_finds_what_a_cover_proves() -> None:
    name = "worst_direction_contraction_factor"
    searched = by_float(name, FOUR, radius=Fraction(1))
    proved = evaluate(name, FOUR, {"radius": Fraction(1)}, 3, "ball")
    assert searched.lower <= proved.upper
    assert float(searched.midpoint) == pytest.approx(float(proved.midpoint), rel=2e-3)


def test_the_landscape_is_that_of_brute_force() -> None:
    found = [common_height(FOUR, name)(np.array([0.7, 0.9])) for name in (POWER, CURVATURE, RATIO)]
    there = brute_force(FOUR, np.array([0.7, 0, 0.9]))
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


CASE = make_case(4, "1/2,1/4,1/8,1/8")
THREE = make_case(3, "one-heavy:4/5")


@pytest.mark.parametrize(
    ("name", "along_the_ray", "arguments"),
    [
        ("worst_contraction_radius", "contraction_radius", {"factor": Fraction(53, 100)}),
        ("worst_pl_radius", "pl_radius", {"constant": Fraction(2, 5)}),
    ],
)
def test_with_one_frequency_the_ray_is_all_directions(
    name: str, along_the_ray: str, arguments: dict[str, Fraction]
) -> None:
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
    assert evaluate("worst_direction_contraction_factor", CASE, at_origin, 5).lower == Fraction(15, 16)
    assert evaluate("worst_direction_min_eigenvalue", CASE, at_origin, 5).lower == Fraction(1, 16)
    below = {
        "worst_contraction_radius": {"factor": Fraction(9, 10)},
        "worst_pl_radius": {"constant": Fraction(1, 15)},
        "worst_convexity_radius": {"fraction": Fraction(11, 10)},
    }
    for name, arguments in below.items():
        found = evaluate(name, CASE, arguments, 5)
        assert (found.lower, found.upper, found.level) == (0, 0, Level.EXACT)
    assert evaluate("worst_contraction_radius", CASE, {"factor": Fraction(1)}, 5).lower == math.inf


@pytest.mark.parametrize(
    ("name", "k", "arguments", "digits", "message"),
    [
        ("worst_contraction_radius", 4, {"factor": Fraction(19, 20)}, 9, "for k = 4 .* has 8 digits in some minutes"),
        ("worst_direction_min_eigenvalue", 5, {"radius": Fraction(1)}, 4, "for k = 5 .* has 3 digits in some minutes"),
        ("worst_pl_radius", 6, {"constant": Fraction(1, 100)}, 3, "up to k = 5; beyond, the float route searches"),
    ],
)
def test_digits_out_of_reach_are_refused(
    name: str, k: int, arguments: dict[str, Fraction], digits: int, message: str
) -> None:
    with pytest.raises(CannotAnswerError, match=message):
        evaluate(name, make_case(k, "linear"), arguments, digits, "ball")
