"""Quantities over the simplex ray and along EM, against dense scans and iterations of the definitions."""

from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.ray import dynamics
from emtheory.numerics.samples.population_em import population_em
from tests.numerics.brute_force import brute_force

THREE = make_case(3, "1/2,3/10,1/5")
HEAVY = make_case(3, "one-heavy:0.99")


def answer(name: str, case: Case, route: str, **arguments: Fraction | str) -> Enclosure:
    exact = {key: Fraction(argument) for key, argument in arguments.items()}
    return evaluate(name, case, exact, digits=6, route=route)


def number(name: str, case: Case, route: str, **arguments: Fraction | str) -> float:
    return float(answer(name, case, route, **arguments).midpoint)


@pytest.mark.parametrize("route", ["mp", "float"])
@pytest.mark.parametrize("case", [THREE, HEAVY], ids=["three weights", "one heavy"])
def test_extrema_against_a_dense_scan(case: Case, route: str) -> None:
    there = [brute_force(case.at_radius(Fraction(float(radius)))) for radius in np.linspace(2 / 40, 2, 40)]
    gap = float(evaluate("spectral_gap", case).midpoint)  # the ratio's limit at 0: one frequency, ½λ²ρ²/(½λρ²)
    worst = max(1 - gap, *(1 - value.posterior_power[1:].min() for value in there))
    smallest = min(gap, *(value.gradient_square / 2 / value.kl for value in there))
    # The scan may straddle the top.
    assert worst - 1e-9 <= number("worst_contraction_factor", case, route, radius="2") <= worst + 4e-4
    assert smallest - 4e-4 <= number("pl_constant", case, route, radius="2") <= smallest + 1e-9


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
def test_iterations_in_mp_are_those_in_double_precision() -> None:
    case = make_case(3, "one-heavy:9/10", radius=Fraction(1))
    assert number("iterations_to_kl", case, "mp", eps="1e-6") == number("iterations_to_kl", case, "float", eps="1e-6")


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
