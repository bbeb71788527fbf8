"""Quantities over the simplex ray and along EM, against dense scans and iterations of the definitions."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, OutOfReachError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.ray import dynamics
from emtheory.numerics.ray.dynamics import Value, keeps_simplex, limiting_factor, require_simplex_kept, steps_to
from emtheory.numerics.ray.scan import first_crossing, minimum, scan_radii
from emtheory.numerics.samples.population_em import population_em
from tests.numerics.brute_force import brute_force
from tests.tiers import examples

THREE = make_case(3, "1/2,3/10,1/5")
HEAVY = make_case(3, "one-heavy:0.99")


def answer(name: str, case: Case, route: str, **arguments: Fraction | str) -> Enclosure:
    exact = {key: Fraction(argument) for key, argument in arguments.items()}
    return evaluate(name, case, exact, digits=6, route=route)


def number(name: str, case: Case, route: str, **arguments: Fraction | str) -> float:
    return float(answer(name, case, route, **arguments).midpoint)


@pytest.mark.parametrize(("case", "route"), [(THREE, "mp"), (HEAVY, "float")], ids=["three weights", "one heavy"])
def test_extrema_against_a_dense_scan(case: Case, route: str) -> None:
    there = [brute_force(case.at_radius(Fraction(float(radius)))) for radius in np.linspace(2 / 40, 2, 40)]
    gap = float(evaluate("spectral_gap", case).midpoint)  # the ratio's limit at 0: one frequency, ½λ²ρ²/(½λρ²)
    worst = max(1 - gap, *(1 - value.posterior_power[1:].min() for value in there))
    smallest = min(gap, *(value.gradient_square / 2 / value.kl for value in there))
    # The scan may straddle the top.
    assert worst - 1e-9 <= number("worst_contraction_factor", case, route, radius="2") <= worst + 4e-4
    assert smallest - 4e-4 <= number("pl_constant", case, route, radius="2") <= smallest + 1e-9


def test_rays_that_doubles_see_nothing_of_are_refused_and_flat_ones_are_not() -> None:
    """So near the origin 1 − λ = 1 − 0.985² is what a coarse scan does not tell from its neighbours."""
    flat = evaluate("worst_contraction_factor", HEAVY, {"radius": Fraction(1, 1000)}, 3, "mp")
    assert float(flat.midpoint) == pytest.approx(0.029775, abs=1e-6)
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


@pytest.mark.parametrize(("weights", "k", "eps"), [("1/2,3/10,1/5", 3, "1e-6"), ("uniform", 3, "1e-3")])
def test_iterations_are_those_of_population_em(weights: str, k: int, eps: str) -> None:
    case = make_case(k, weights, radius=Fraction(1))
    trajectory = population_em(case, 100)
    expected = int(np.argmax(trajectory.kl <= float(Fraction(eps))))
    assert expected > 5
    assert abs(trajectory.kl[expected] / float(Fraction(eps)) - 1) > 1e-5
    assert number("iterations_to_kl", case, "float", eps=eps) == expected
    halved = number("iterations_to_kl", case, "float", eps=Fraction(eps) / 10)
    assert halved > expected


def test_asymptotic_rate_measured_and_exact() -> None:
    case = make_case(5, "one-heavy:3/5", radius=Fraction(1))
    measured, exact = answer("asymptotic_rate", case, "float"), answer("asymptotic_rate", case, "exact")
    assert measured.note == "measured"
    assert float(measured.midpoint) == pytest.approx(float(exact.midpoint), abs=1e-6)


TOLERANCE = Fraction(1, 10**20)
RADII = scan_radii(3.0, 40)


@pytest.mark.parametrize(
    ("precise", "root"),
    [
        (lambda r: (1 - r) * (2 - r), Fraction(1)),  # Only the first one counts,
        (lambda r: RADII[0] / 10 - r, RADII[0] / 10),  # and one before the first radius is not taken for 0.
    ],
)
def test_the_first_crossing_is_found(precise: Value, root: Fraction) -> None:
    found = first_crossing(lambda r: float(precise(r)), precise, RADII, TOLERANCE)
    assert abs(found.radius - root) <= found.error <= 2 * root * TOLERANCE


def test_where_nothing_crosses_or_no_minimum_is_seen() -> None:
    assert first_crossing(lambda r: 1.0, lambda r: Fraction(1), RADII, TOLERANCE) is None
    at_once = first_crossing(lambda r: -float(r), lambda r: -(r**2), RADII, TOLERANCE)
    assert (at_once.radius, at_once.value, at_once.error) == (0, 0, 0)
    for value in (Fraction(1), Fraction(-1)):
        with pytest.raises(CannotAnswerError, match="disagree about the sign"):
            first_crossing(lambda r: 1 - float(r), lambda r, value=value: value, RADII, TOLERANCE)
    rising = minimum(float, lambda r: 1 + r, RADII, TOLERANCE)
    assert (rising.radius, rising.value) == (RADII[0], 1 + RADII[0])
    falling = minimum(lambda r: -float(r), lambda r: 5 - r, RADII, TOLERANCE)
    assert (falling.radius, falling.value) == (3, 2)
    noise: Value = lambda r: 1 - Fraction(math.sin(1e9 * float(r)) / 1000)  # noqa: E731
    with pytest.raises(CannotAnswerError, match="not located"):
        minimum(lambda r: 1 + (float(r) - 1.5) ** 2, noise, RADII, TOLERANCE)


RESOLUTION = Fraction(1, 10**9)


@pytest.mark.parametrize(
    ("k", "weights", "kept"),
    [
        (2, "3/4,1/4", True),
        (3, "1/2,3/10,1/5", True),
        (4, "uniform", True),
        (4, "one-heavy:3/5", True),
        (4, "linear", False),
        (4, "3/8,1/8,3/8,1/8", False),
    ],
)
def test_simplex_is_kept_where_the_update_stays_on_the_ray(k: int, weights: str, kept: bool) -> None:
    """R commutes with EM, so the images of the vertices form a regular simplex if all β_m are equal."""
    case = make_case(k, weights, radius=Fraction(1))
    assert keeps_simplex(case) is kept
    powers = brute_force(case).posterior_power[1:]
    assert bool(np.ptp(powers) < 1e-10) is kept


def test_leaving_the_simplex_is_refused() -> None:
    require_simplex_kept(make_case(4, "one-heavy:3/5", radius=Fraction(1)))
    for weights, point in (("linear", {"radius": 1}), ("one-heavy:3/5", {"amplitudes": [1, 1]})):
        with pytest.raises(CannotAnswerError, match="leaves the regular simplex"):
            require_simplex_kept(make_case(4, weights, **point))


@examples(40)
@given(st.fractions(Fraction(1, 100), Fraction(99, 100)), st.fractions(Fraction(1, 10**12), Fraction(2)))
def test_steps_of_a_constant_factor(power: Fraction, eps: Fraction) -> None:
    """β constant and KL = r²: the smallest t with (1 − β)^{2t} ≤ eps, counted one by one."""
    expected, square = 0, Fraction(1)
    while square > eps:
        square *= (1 - power) ** 2
        expected += 1
    if abs(square / eps - 1) > RESOLUTION and abs(square / (1 - power) ** 2 / eps - 1) > RESOLUTION:
        assert steps_to(Fraction(1), lambda _: power, lambda r: r**2, eps, RESOLUTION) == expected


@pytest.mark.parametrize("eps", ["1/100", "1e-7"])
def test_steps_of_a_sublinear_recursion(eps: str) -> None:
    """β = r²/2, KL = r⁴/8: a search that predicted a geometric decay must not step over the answer."""
    radius, expected = 1.0, 0
    while radius**4 / 8 > float(Fraction(eps)):
        radius *= 1 - radius**2 / 2
        expected += 1
    found = steps_to(Fraction(1), lambda r: r**2 / 2, lambda r: r**4 / 8, Fraction(eps), RESOLUTION)
    assert found == expected


def test_a_count_far_out_of_reach_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[Fraction] = []
    monkeypatch.setattr(dynamics, "MAX_STEPS", 300)

    def power(radius: Fraction) -> Fraction:
        steps.append(radius)
        return radius**2 / 2

    with pytest.raises(OutOfReachError, match="more than 300 steps"):
        steps_to(Fraction(1), power, lambda r: r**4 / 8, Fraction(1, 10**30), RESOLUTION)
    assert len(steps) < 100


def test_undecidable_and_endless_counts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotAnswerError, match="after 1 steps KL agrees with eps"):
        steps_to(Fraction(1), lambda _: Fraction(1, 2), lambda r: r**2, Fraction(1, 4), RESOLUTION)
    monkeypatch.setattr(dynamics, "MAX_STEPS", 300)
    with pytest.raises(CannotAnswerError, match="more than 300 steps"):
        steps_to(Fraction(1), lambda _: Fraction(1, 2**40), lambda r: r**2, Fraction(1, 2), RESOLUTION)
    with pytest.raises(CannotAnswerError, match="after 0 steps KL is not told from 0"):
        steps_to(Fraction(1), lambda _: Fraction(1, 2), lambda r: Fraction(0), Fraction(1, 4), RESOLUTION)
    with pytest.raises(CannotAnswerError, match="the rate may be sublinear"):
        limiting_factor(Fraction(1), lambda r: r**2 / 2, Fraction(1, 10**6))
