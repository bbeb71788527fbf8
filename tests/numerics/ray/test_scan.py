"""Quantities over the simplex ray and along EM, against dense scans and iterations of the definitions."""

import math
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.ray import dynamics
from emtheory.numerics.samples.population_em import population_em
from tests.numerics.brute_force import brute_force

BOTH = pytest.mark.parametrize("route", ["mp", "float"])
THREE = make_case(3, "1/2,3/10,1/5")
HEAVY = make_case(3, "one-heavy:0.99")


def answer(name: str, case: Case, route: str, **arguments: Fraction | str) -> Enclosure:
    exact = {key: Fraction(argument) for key, argument in arguments.items()}
    return evaluate(name, case, exact, digits=6, route=route)


def number(name: str, case: Case, route: str, **arguments: Fraction | str) -> float:
    return float(answer(name, case, route, **arguments).midpoint)


@cache
def scan(case: Case, end: float) -> list[tuple[float, float, float]]:
    """(radius, smallest β, pl_ratio) by definition on a dense grid of the ray."""
    rows = []
    for radius in np.linspace(end / 80, end, 80):
        value = brute_force(case.at_radius(Fraction(float(radius))))
        rows.append((float(radius), value.posterior_power[1:].min(), value.gradient_square / 2 / value.kl))
    return rows


@BOTH
@pytest.mark.parametrize("case", [THREE, HEAVY], ids=["three weights", "one heavy"])
def test_worst_contraction_factor_against_a_dense_scan(case: Case, route: str) -> None:
    rows = scan(case, 2.0)
    gap = float(evaluate("spectral_gap", case).midpoint)
    worst = max(1 - gap, *(1 - power for _, power, _ in rows))
    found = number("worst_contraction_factor", case, route, radius="2")
    assert worst - 1e-9 <= found <= worst + 1e-4  # the scan may straddle the top


@BOTH
@pytest.mark.parametrize("case", [THREE, HEAVY], ids=["three weights", "one heavy"])
def test_pl_constant_against_a_dense_scan(case: Case, route: str) -> None:
    gap = float(evaluate("spectral_gap", case).midpoint)  # the ratio's limit at 0: one frequency, ½λ²ρ²/(½λρ²)
    smallest = min(gap, *(ratio for _, _, ratio in scan(case, 2.0)))
    found = number("pl_constant", case, route, radius="2")
    assert smallest - 1e-4 <= found <= smallest + 1e-9


def test_pl_constant_falls_with_the_radius_for_a_heavy_component() -> None:
    """0.99 on one component: the infimum is not the limit at 0 but lies at the end of the ray."""
    values = [number("pl_constant", HEAVY, "float", radius=radius) for radius in ("1/2", "1", "2")]
    assert values == sorted(values, reverse=True)
    assert values[0] < float(evaluate("spectral_gap", HEAVY).midpoint) - 1e-3
    assert "attained near radius 2" in answer("pl_constant", HEAVY, "float", radius="2").note


def test_tiny_rays() -> None:
    """Nothing varies in double precision there: mp compares accurately, float says that it cannot."""
    assert number("worst_contraction_factor", HEAVY, "mp", radius="1/1000") == pytest.approx(0.029775, abs=1e-6)
    with pytest.raises(CannotAnswerError, match="KL is too small"):
        answer("pl_constant", HEAVY, "float", radius="1e-9")


def test_strong_convexity_radius_is_the_crossing() -> None:
    """λ_min passes nine tenths of the gap at the radius found, by definition on both sides of it."""
    case = make_case(3, "one-heavy:9/10")
    threshold = 0.9 * float(evaluate("spectral_gap", case).midpoint)
    found = Fraction(answer("strong_convexity_radius", case, "float", fraction="9/10").midpoint)
    below, above = (
        brute_force(case.at_radius(found + side * Fraction(1, 10**5))).hessian_eigenvalues[0] for side in (-1, 1)
    )
    assert below > threshold > above


def test_infinite_strong_convexity_radius_meets_no_counterexample() -> None:
    assert answer("strong_convexity_radius", THREE, "float", fraction="1/2").lower == math.inf
    smallest = min(brute_force(THREE.at_radius(Fraction(r, 4))).hessian_eigenvalues[0] for r in range(1, 13))
    assert smallest > 0.07 / 2


def test_strong_convexity_radius_where_the_eigenvalue_falls_at_once() -> None:
    gap = float(evaluate("spectral_gap", HEAVY).midpoint)
    for radius in ("1/100", "1/10", "1/2"):
        assert brute_force(HEAVY.at_radius(Fraction(radius))).hessian_eigenvalues[0] < gap
    found = answer("strong_convexity_radius", HEAVY, "float", fraction="1")
    assert (found.lower, found.upper) == (0, 0)
    assert found.level <= Level.SUPPORTED
    assert "at all smaller radii tried" in found.note


THOUSAND = make_case(1000, "one-heavy:0.99")


def second_difference(radius: float, step: float = 0.02) -> float:
    """d²KL/dr² along the ray: a Rayleigh quotient of ∇²ℓ that uses no moment of the posterior."""
    values = [
        float(evaluate("kl_divergence", THOUSAND.at_radius(Fraction(radius + shift)), route="float").midpoint)
        for shift in (-step, 0.0, step)
    ]
    return (values[0] - 2 * values[1] + values[2]) / step**2


def test_crossing_for_a_thousand_components() -> None:
    found = number("strong_convexity_radius", THOUSAND, "float")
    assert found == pytest.approx(2.1928, abs=1e-4)
    assert second_difference(found - 0.01) > 0 > second_difference(found + 0.01)


@pytest.mark.long
def test_the_crossing_in_mp() -> None:
    case, part = make_case(3, "one-heavy:9/10"), Fraction(9, 10)
    mp, double = (answer("strong_convexity_radius", case, route, fraction=part) for route in ("mp", "float"))
    assert float(mp.midpoint) == pytest.approx(float(double.midpoint), abs=1e-6)
    threshold = part * evaluate("spectral_gap", case).midpoint
    for side in (-1, 1):
        near = case.at_radius(Fraction(mp.midpoint) + side * Fraction(1, 10**6))
        assert side * (evaluate("hessian_min_eigenvalue", near, digits=9, route="mp").midpoint - threshold) < 0


@pytest.mark.parametrize(
    ("weights", "k", "eps"),
    [("1/2,3/10,1/5", 3, "1e-6"), ("uniform", 3, "1e-3")],
)
def test_iterations_are_those_of_population_em(weights: str, k: int, eps: str) -> None:
    case = make_case(k, weights, radius=Fraction(1))
    trajectory = population_em(case, 100)
    expected = int(np.argmax(trajectory.kl <= float(Fraction(eps))))
    assert expected > 5
    assert abs(trajectory.kl[expected] / float(Fraction(eps)) - 1) > 1e-5
    assert number("iterations_to_kl", case, "float", eps=eps) == expected
    halved = number("iterations_to_kl", case, "float", eps=Fraction(eps) / 10)
    assert halved > expected


@pytest.mark.long
def test_iterations_in_mp_reach_what_double_precision_cannot() -> None:
    """The factor is 1 − (9/10 − 1/20)² in the limit: few steps are needed, as each takes long in mp."""
    case = make_case(3, "one-heavy:9/10", radius=Fraction(1))
    near, far = (number("iterations_to_kl", case, "mp", eps=eps) for eps in ("1e-6", "1e-26"))
    assert near == number("iterations_to_kl", case, "float", eps="1e-6")
    assert far - near == pytest.approx(20 * math.log(10) / (-2 * math.log(1 - 0.85**2)), abs=1)


@pytest.mark.parametrize(("weights", "k"), [("1/2,3/10,1/5", 3), ("one-heavy:3/5", 5)])
def test_asymptotic_rate_measured_and_exact(weights: str, k: int) -> None:
    case = make_case(k, weights, radius=Fraction(1))
    measured, exact = answer("asymptotic_rate", case, "float"), answer("asymptotic_rate", case, "exact")
    assert measured.note == "measured"
    assert float(measured.midpoint) == pytest.approx(float(exact.midpoint), abs=1e-6)


def test_sublinear_trajectories_have_no_measured_rate_but_an_exact_one(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(3, "uniform", radius=Fraction(1))
    monkeypatch.setattr(dynamics, "MAX_STEPS", 500)
    with pytest.raises(CannotAnswerError, match="not settled after 500 steps: the rate may be sublinear"):
        answer("asymptotic_rate", case, "float")
    assert evaluate("asymptotic_rate", case).midpoint == 1
