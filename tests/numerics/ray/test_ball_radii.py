"""Radii on the ray against brute force, wrong enclosures refused; ∇²ℓ near the origin against quadrature."""

import math
from dataclasses import replace
from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.chebyshev import Model
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.directions.cover_convexity import _ORIGIN_SLOPE
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate, prove
from emtheory.numerics.level import Level
from emtheory.numerics.ray import ball_hessian_origin, ball_positive
from emtheory.numerics.ray.ball_hessian_origin import convex_up_to, positive_up_to
from emtheory.numerics.ray.ball_positive import Over, certainly_positive
from emtheory.numerics.ray.scan import Found, Ray
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND, frequency_groups
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus, squared_modulus
from tests.numerics.brute_force import TwoComponents, brute_force, coupling_terms, two_components
from tests.tiers import examples, first_every_day

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
    found = evaluate("strong_convexity_radius", CASE, {"fraction": FRACTION}, 9, "ball")
    assert float(found.midpoint) == pytest.approx(expected, abs=1e-7)
    assert found.has_digits(9)


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
        return Fraction(evaluate("pl_ratio", there, {}, 11, "mp").midpoint)
    frequencies = (Fraction(group[0]) for group in frequency_groups(case))
    powers = (evaluate("posterior_power", there, {"m": m}, 11, "mp").midpoint for m in frequencies)
    return -max(1 - Fraction(power) for power in powers)


@pytest.mark.parametrize(("case", "name", "argument", "bound"), first_every_day(1, CROSSINGS))
def test_a_crossing_is_where_an_independent_route_sees_it(
    case: Case, name: str, argument: str, bound: Fraction
) -> None:
    found = evaluate(name, case, {argument: bound}, 8, "ball")
    level = bound if name == "pl_radius" else -bound
    assert found.level == Level.CERTIFIED
    assert found.has_digits(8)
    assert _at(name, case, Fraction(found.lower)) > level > _at(name, case, Fraction(found.upper))
    assert all(_at(name, case, Fraction(found.lower) * i / 6) > level for i in (2, 5))


@pytest.mark.parametrize(("factor", "radius"), [("83/100", 0), ("21/25", math.inf), ("9/10", math.inf)])
def test_the_factor_at_the_origin_is_kept_or_lost_at_once(factor: str, radius: float) -> None:
    # One heavy of three: the factor at the origin is 21/25 exactly, and β increases from there.
    found = evaluate("contraction_radius", make_case(3, "one-heavy:3/5"), {"factor": Fraction(factor)}, 10, "ball")
    assert found.lower == found.upper == radius


DIP = make_case(2, "4/5,1/5")
"""β decreases at first, to a minimum near radius 0.18."""


def of_dip(radius: float) -> TwoComponents:
    return two_components(DIP.at_radius(Fraction(radius)), 14)


def test_interior_minimum_against_a_minimisation() -> None:
    def power(radius: float) -> float:
        return float(of_dip(radius).posterior_power)

    expected = optimize.minimize_scalar(power, bounds=(0.05, 0.5), method="bounded", options={"xatol": 1e-6}).fun
    found = evaluate("worst_contraction_factor", DIP, {"radius": Fraction(8)}, 12, "ball")
    assert float(found.midpoint) == pytest.approx(1 - expected, abs=1e-11)
    assert found.has_digits(12)
    assert found.lower > Fraction(16, 25)  # so β_1 ≥ 9/25 fails on the ray, though it holds at 0


def test_pl_constant_against_a_minimisation() -> None:
    def ratio(radius: float) -> float:
        there = of_dip(radius)
        return float(radius**2 * there.posterior_power**2 / 2 / there.kl_divergence)

    expected = optimize.minimize_scalar(ratio, bounds=(0.05, 0.5), method="bounded", options={"xatol": 1e-6}).fun
    found = evaluate("pl_constant", DIP, {"radius": Fraction(2)}, 9, "ball")
    assert float(found.midpoint) == pytest.approx(expected, abs=1e-9)
    assert found.has_digits(9)


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
        evaluate(name, DIP, {"radius": Fraction(2)}, 7, "ball")
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


posteriors = st.lists(st.floats(-4, 4), min_size=2, max_size=8).map(lambda y: np.exp(y) / np.sum(np.exp(y)))


@given(posterior=posteriors, m=st.integers(1, 7), n=st.integers(1, 7))
def test_the_cumulant_is_bounded(posterior: np.ndarray, m: int, n: int) -> None:
    k = len(posterior)
    transform = np.fft.ifft(posterior) * k
    assert abs(coupling_terms(transform, m % k, n % k)) <= MOMENT_BOUND


@examples(15)
@given(
    parts=st.lists(st.integers(1, 30), min_size=2, max_size=4),
    radius=st.fractions("1/100", "1/20", max_denominator=100),
    share=st.fractions(0, 1, max_denominator=10),
)
def test_what_is_left_of_the_smallest_eigenvalue_is_enclosed(
    parts: list[int], radius: Fraction, share: Fraction
) -> None:
    """(λ_min − c)/x at one x against the definition, and from 0 on up to it no more than that."""
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts], radius=radius)
    x = radius**2 * case.k / (case.k - 1)
    bound = share * Fraction(smallest_squared_modulus(case.weights).enclose(20)[0])
    with arb_precision(128):
        there = flint.arb(to_fmpq(x))
        smallest = ball_hessian_origin._smallest_of(case, frequency_groups(case), rational(bound))
        at, over = smallest(there, there), smallest(flint.arb(0).union(there), there)
    expected = (min(brute_force(case).hessian_eigenvalues) - float(bound)) / float(x)
    assert float(at.lower()) - 1e-8 / float(x) <= expected <= float(at.upper()) + 1e-8 / float(x)
    assert float(over.lower()) <= expected + 1e-8 / float(x)


@examples(25)
@given(parts=st.lists(st.integers(1, 30), min_size=2, max_size=4), radius=st.fractions("1/10", 2, max_denominator=10))
def test_eigenvalues_leave_the_origin_no_faster_than_is_said(parts: list[int], radius: Fraction) -> None:
    """By Weyl the eigenvalues are as near as the matrices; each is compared with the nearest of the other side."""
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    exact = brute_force(case.at_radius(radius)).hessian_eigenvalues
    origin = [float(sum(squared_modulus(case.weights, m).enclose(20)) / 2) for m in range(1, case.k)]
    distance = np.abs(np.subtract.outer(exact, origin))
    assert max(distance.min(axis=0).max(), distance.min(axis=1).max()) <= float(_ORIGIN_SLOPE * radius**2) + 1e-8


def test_a_bound_that_fails_at_once_is_not_said_to_hold() -> None:
    """β falls at first for weights 4/5 and 1/5, from the gap 9/25."""
    with arb_precision(128):
        assert convex_up_to(make_case(2, "4/5,1/5"), Fraction(9, 25)) == 0
        assert convex_up_to(make_case(2, "4/5,1/5"), Fraction(35, 100)) > 0


COEFFICIENTS = st.lists(st.fractions(-5, 5, max_denominator=1000), max_size=3)


def ball(value: Fraction, radius: float = 0.0) -> flint.arb:
    return flint.arb(to_fmpq(value), radius)


@given(value=st.fractions("1/1000000", 1), others=COEFFICIENTS, remainder=st.integers(0, 500), part=st.fractions(0, 1))
def test_positive_even_with_the_worst_remainder(
    value: Fraction, others: list[Fraction], remainder: int, part: Fraction
) -> None:
    terms = [value, *others]
    with arb_precision(120):
        end = positive_up_to([ball(term) for term in terms], flint.arb(remainder))
        assert end > 0
        point = part * Fraction(end.mid().str(40, radius=False))
    lowest = sum((term * point**i for i, term in enumerate(terms)), Fraction(0)) - remainder * point ** len(terms)
    assert lowest > 0


def test_a_vanishing_slope_does_not_end_it_at_a_tiny_value() -> None:
    """10^−30 + 0·x + x²/10 − 400x³ is positive up to 1/4000, however well the slope is known."""
    with arb_precision(160):
        terms = [ball(Fraction(1, 10**30)), flint.arb(0, 1e-40), ball(Fraction(1, 10))]
        assert positive_up_to(terms, flint.arb(400)) > 1 / 9000


def test_nothing_is_claimed_without_a_positive_value() -> None:
    with arb_precision(60):
        for value in (flint.arb(0), flint.arb(-1), flint.arb(0, 1), flint.arb("nan")):
            assert positive_up_to([value, flint.arb(1)], flint.arb(1)) == 0
        assert positive_up_to([flint.arb(1), flint.arb("nan")], flint.arb(1)) == 0


CELLS = [(Fraction(i, 3), Fraction(i + 1, 3)) for i in range(3)]


def parabola(centre: Fraction, height: Fraction, asked: list[float]) -> ball_positive.Over:
    """Models of (x − centre)² + height with an error of e^{−L} that is really there."""

    def build(cell: tuple[Fraction, Fraction], accuracy: float) -> Over:
        asked.append(accuracy)
        left, right = cell
        middle, half = (left + right) / 2 - centre, (right - left) / 2
        coefficients = [middle**2 + height, 2 * middle * half, half**2]
        error = flint.arb(-accuracy).exp()
        polynomial = flint.arb_poly([flint.arb(flint.fmpq(c.numerator, c.denominator)) for c in coefficients])
        return Model(left, right, polynomial - error, flint.arb(0, error), flint.arb(0)).over

    return build


@examples(30)
@given(centre=st.fractions(0, 1, max_denominator=1000), exponent=st.integers(1, 25))
def test_a_narrow_dip_decides(centre: Fraction, exponent: int) -> None:
    """The dip of depth 10^−e and width 10^{−e/2} is seen on either side of zero, by finer models near it only."""
    height = Fraction(1, 10**exponent)
    with arb_precision(400):
        asked: list[float] = []
        assert certainly_positive(parabola(centre, height, asked), CELLS, 2.31 * exponent + 3)
        assert not certainly_positive(parabola(centre, -height, []), CELLS, 2.31 * exponent + 3)
    assert asked.count(7.0) <= len(CELLS)
    assert len(asked) < 25


def test_coarse_models_prove_nothing_and_every_cell_counts() -> None:
    with arb_precision(200):
        assert not certainly_positive(parabola(Fraction(1, 2), Fraction(1, 10**9), []), CELLS, 15.0)
        build = parabola(Fraction(1, 6), -Fraction(1, 10**4), [])
        assert certainly_positive(build, CELLS[1:], 20.0)
        assert not certainly_positive(build, CELLS, 20.0)
