"""The strong-convexity radius: brute force, a thousand components, radii 0 and ∞, and wrong enclosures refused."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate, prove
from emtheory.numerics.level import Level
from emtheory.numerics.ray.scan import Found, Ray
from emtheory.numerics.simplex_point.moments import frequency_groups
from tests.numerics.brute_force import brute_force
from tests.tiers import first_every_day

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


@pytest.mark.parametrize(
    ("k", "weights", "fraction"), [(2, "4/5,1/5", "1/2"), (3, "uniform", "1"), (2, "uniform", "7/2")]
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


HEAVY = make_case(64, "one-heavy:9/10")
CROSSINGS = [(HEAVY, "pl_radius", "constant", Fraction(1, 2)), (HEAVY, "contraction_radius", "factor", Fraction(1, 2))]


def _at(name: str, case: Case, radius: Fraction) -> Fraction:
    """The function whose crossing is sought, by the mp route: the PL ratio, or the largest factor."""
    there = case.at_radius(radius)
    if name == "pl_radius":
        return Fraction(evaluate("pl_ratio", there, {}, 14, "mp").midpoint)
    frequencies = (Fraction(group[0]) for group in frequency_groups(case))
    powers = (evaluate("posterior_power", there, {"m": m}, 14, "mp").midpoint for m in frequencies)
    return -max(1 - Fraction(power) for power in powers)


@pytest.mark.parametrize(("case", "name", "argument", "bound"), first_every_day(1, CROSSINGS))
def test_a_crossing_is_where_an_independent_route_sees_it(
    case: Case, name: str, argument: str, bound: Fraction
) -> None:
    found = evaluate(name, case, {argument: bound}, 12, "ball")
    level = bound if name == "pl_radius" else -bound
    assert found.level == Level.CERTIFIED
    assert found.has_digits(12)
    assert _at(name, case, Fraction(found.lower)) > level > _at(name, case, Fraction(found.upper))
    assert all(_at(name, case, Fraction(found.lower) * i / 6) > level for i in (2, 5))


@pytest.mark.parametrize(("factor", "radius"), [("83/100", 0), ("21/25", math.inf), ("9/10", math.inf)])
def test_the_factor_at_the_origin_is_kept_or_lost_at_once(factor: str, radius: float) -> None:
    # One heavy of three: the factor at the origin is 21/25 exactly, and β increases from there.
    found = evaluate("contraction_radius", make_case(3, "one-heavy:3/5"), {"factor": Fraction(factor)}, 10, "ball")
    assert found.lower == found.upper == radius


def test_the_tail_bound_holds() -> None:
    # 1 − β ≤ R_0/(r w_m), here with one group of frequencies, so that w = 1.
    lloyd = Fraction(evaluate("lloyd_radius", HEAVY, {}, 10, "ball").upper)
    power = evaluate("posterior_power", HEAVY.at_radius(Fraction(5)), {"m": Fraction(1)}, 10, "mp")
    assert 1 - Fraction(power.midpoint) < lloyd / 5


DIP = make_case(2, "4/5,1/5")
"""β decreases at first, to a minimum near radius 0.18."""


def tanh_power(radius: float) -> float:
    """E tanh²(rX + ½ log 4)."""
    centre = np.log(4) / 2
    bounds = {"epsabs": 1e-14, "epsrel": 1e-13, "limit": 200}
    return float(integrate.quad(lambda x: np.tanh(radius * x + centre) ** 2 * stats.norm.pdf(x), -12, 12, **bounds)[0])


def log_cosh_divergence(radius: float) -> float:
    """KL = r²/2 − E log(cosh(rX + a)/cosh a), tanh a = 3/5, for weights 4/5 and 1/5 at ±r."""
    a = np.arctanh(0.6)
    value = integrate.quad(
        lambda x: np.log(np.cosh(radius * x + a) / np.cosh(a)) * stats.norm.pdf(x), -12, 12, epsabs=1e-15, limit=200
    )
    return float(radius**2 / 2 - value[0])


def test_interior_minimum_against_a_minimisation() -> None:
    expected = optimize.minimize_scalar(tanh_power, bounds=(0.05, 0.5), method="bounded", options={"xatol": 1e-6}).fun
    found = evaluate("worst_contraction_factor", DIP, {"radius": Fraction(8)}, 20, "ball")
    assert float(found.midpoint) == pytest.approx(1 - expected, abs=1e-11)
    assert found.has_digits(23)
    assert found.lower > Fraction(16, 25)  # so β_1 ≥ 9/25 fails on the ray, though it holds at 0


def test_pl_constant_against_a_minimisation() -> None:
    def ratio(radius: float) -> float:
        return radius**2 * tanh_power(radius) ** 2 / 2 / log_cosh_divergence(radius)

    expected = optimize.minimize_scalar(ratio, bounds=(0.05, 0.5), method="bounded", options={"xatol": 1e-6}).fun
    found = evaluate("pl_constant", DIP, {"radius": Fraction(2)}, 15, "ball")
    assert float(found.midpoint) == pytest.approx(expected, abs=1e-9)
    assert found.has_digits(18)


@pytest.mark.parametrize(("k", "weights"), [(4, "1/2,1/4,1/8,1/8"), (5, "one-heavy:1/2")])
def test_infimum_at_the_origin(k: int, weights: str) -> None:
    case = make_case(k, weights)
    worst = evaluate("worst_contraction_factor", case, {"radius": Fraction(2)}, 20, "ball")
    exact = evaluate("contraction_factor", case, {}, 30, "exact").midpoint
    assert worst.lower <= exact <= worst.upper
    assert worst.has_digits(23)


@pytest.mark.parametrize(("name", "least"), [("worst_contraction_factor", "0.1776"), ("pl_constant", "0.1678")])
def test_a_wrong_candidate_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, least: str) -> None:
    """At 0.18 the value differs from the least one by some 10^−6."""
    monkeypatch.setattr(Ray, "lowest", lambda *_: Found(Fraction(9, 50), Fraction(0), Fraction(0)))
    with pytest.raises(CannotAnswerError, match="not proved"):
        evaluate(name, DIP, {"radius": Fraction(2)}, 10, "ball")
    monkeypatch.setattr(Ray, "lowest", lambda *_: Found(Fraction(least), Fraction(0), Fraction(0)))
    assert float(evaluate(name, DIP, {"radius": Fraction(2)}, 4, "ball").at) == pytest.approx(float(least), abs=1e-9)


def test_a_place_beyond_the_ball_attains_nothing_in_it() -> None:
    """The largest factor is at 0.1776."""
    name, found = (
        "worst_contraction_factor",
        evaluate("worst_contraction_factor", DIP, {"radius": Fraction(1)}, 6, "ball"),
    )
    assert prove(name, DIP, {"radius": Fraction(1)}, found)
    assert not prove(name, DIP, {"radius": Fraction(1)}, replace(found, at=None))
    assert not prove(name, DIP, {"radius": Fraction(1, 10)}, found)
