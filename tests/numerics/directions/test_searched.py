"""Searches over directions against the covers for k = 4, and random directions by other means beyond."""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.directions import searched
from emtheory.numerics.directions.searched import (
    at_amplitudes,
    common_height,
    failure,
    worst_direction,
)
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.ray.heights import CURVATURE, POWER, RATIO
from tests.numerics.brute_force import brute_force

CASES = [(4, "1/2,1/4,1/8,1/8")]


def by_float(name: str, case: Case, digits: int = 4, **arguments: Fraction) -> Enclosure:
    found = evaluate(name, case, arguments, digits, "float")
    assert found.level == Level.OBSERVED
    return found


@pytest.mark.parametrize(("k", "weights"), CASES)
@pytest.mark.parametrize("name", ["worst_direction_contraction_factor", "worst_direction_min_eigenvalue"])
def test_the_search_finds_what_a_cover_proves(name: str, k: int, weights: str) -> None:
    case = make_case(k, weights)
    searched = by_float(name, case, radius=Fraction(1))
    proved = evaluate(name, case, {"radius": Fraction(1)}, 3, "ball")
    if name == "worst_direction_min_eigenvalue":
        assert searched.upper >= proved.lower
    else:
        assert searched.lower <= proved.upper
    assert float(searched.midpoint) == pytest.approx(float(proved.midpoint), rel=2e-3)


@pytest.mark.long
@pytest.mark.parametrize(("name", "argument", "value"), [("worst_pl_radius", "constant", "7/10")])
def test_the_search_finds_the_radius_that_a_cover_proves(name: str, argument: str, value: str) -> None:
    case, arguments = make_case(4, "one-heavy:9/10"), {argument: Fraction(value)}
    searched, proved = by_float(name, case, **arguments), evaluate(name, case, arguments, 5, "ball")
    assert float(proved.lower) - 1e-8 <= float(searched.midpoint) <= float(proved.upper) * (1 + 1e-5)


def test_the_landscape_is_that_of_brute_force() -> None:
    case = make_case(4, "1/2,1/4,1/8,1/8")
    found = [common_height(case, name)(np.array([0.7, 0.9])) for name in (POWER, CURVATURE, RATIO)]
    there = brute_force(case, np.array([0.7, 0, 0.9]))
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


ANGLES = np.linspace(0, math.pi / 2, 40)


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


def exact_powers(case: Case, amplitudes: np.ndarray, digits: int = 3) -> list[float]:
    there = at_amplitudes(case, amplitudes)
    return [
        float(evaluate("posterior_power", there, {"m": Fraction(m)}, digits, "float").midpoint)
        for m in case.frequencies
    ]


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
    assert min(exact_powers(case, np.array([0, float(right.midpoint)]), 6)) == pytest.approx(0.7, abs=1e-6)
