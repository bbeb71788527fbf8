"""The routes of two means against the definition and against each other."""

import math
from fractions import Fraction

import flint
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from emtheory.numerics.level import Level
from emtheory.numerics.limits import tangency
from emtheory.numerics.limits.tangency import _is_only_one, proposal, threshold_over
from tests.numerics.limits.definition import Definition

FAMILY = find_family("two-means")


def case(separation: str, truth_weight: str = "1/2", fit_weight: str = "1/2", theta: str | None = None) -> Case:
    values = {"separation": separation, "truth_weight": truth_weight, "fit_weight": fit_weight}
    values |= {} if theta is None else {"theta": theta}
    return FAMILY.case({name: Fraction(value) for name, value in values.items()})


def value(quantity: str, at: Case, digits: int = 20, route: str = "auto", **arguments: Fraction | float) -> Enclosure:
    return evaluate(f"two-means.{quantity}", at, arguments, digits, route)


def contains(found: Enclosure, truth: object, error: float = 1e-22) -> bool:
    number = Fraction(str(truth))
    slack = Fraction(error)
    return bool(found.lower - slack <= number <= found.upper + slack)


def test_the_ball_route_contains_the_definition() -> None:
    law = ("3/2", "3/5", "7/10")
    definition = Definition(*law)
    for theta in ("-2", "4"):
        at, number = case(*law, theta), definition.number(theta)
        assert contains(value("em_map", at), definition.em_map(number))
        assert contains(value("kl_divergence", at), definition.kl_divergence(number))
        assert contains(value("em_map_derivative", at), definition.em_map_derivative(number), 1e-13)


def test_ten_steps_from_infinity_count_the_mean_modulus() -> None:
    definition = Definition("1", "1/2", "1/2")
    theta = definition.mean_modulus()
    assert contains(value("em_iterate", case("1"), start=math.inf, t=Fraction(1)), theta)
    assert contains(value("em_iterate", case("1"), start=-math.inf, t=Fraction(1)), -theta)
    for _ in range(2):
        theta = definition.em_map(theta)
    found = value("em_iterate", case("1"), start=math.inf, t=Fraction(3))
    assert contains(found, theta)
    # One step more or less would be another number.
    assert not contains(value("em_iterate", case("1"), start=math.inf, t=Fraction(4)), theta, 1e-9)


def test_what_is_known_exactly_agrees_with_the_balls() -> None:
    for at in (
        case("3/2", "3/5", "7/10", "0"),
        case("3/2", "3/5", "3/5", "3/2"),
        case("3/2", "3/5", "2/5", "-3/2"),
        case("3/2", "3/5", "1/2", "-3/2"),
    ):
        exact, ball = (value("em_map", at, 20, route) for route in ("exact", "ball"))
        assert ball.lower <= exact.lower <= ball.upper
    assert value("kl_divergence", case("2", "3/5", "2/5", "-2")).level == Level.EXACT
    derivative = value("em_map_derivative", case("3/2", "3/5", "7/10", "0"))
    assert (derivative.level, derivative.lower) == (Level.EXACT, Fraction(4 * 7 * 3 * 13, 100 * 4))


@pytest.mark.parametrize(("weight", "count", "boundary"), [("7/10", 3, -0.2249403460934401), ("9/10", 1, -math.inf)])
def test_known_weights_have_one_or_three_fixed_points(weight: str, count: int, boundary: float) -> None:
    at = case("1", weight, weight)
    ends = {"low": -math.inf, "high": math.inf}
    found = value("fixed_point_count", at, **ends)
    assert (found.lower, found.upper, found.level) == (count, count, Level.CERTIFIED)
    assert value("fixed_point_count", at, route="float", **ends).lower == count
    edge = value("basin_boundary", at)
    assert float(edge.midpoint) == pytest.approx(boundary, rel=1e-12)
    if count == 3 and boundary:
        # It is a fixed point, and what starts on either side goes either way.
        definition = Definition("1", weight, weight)
        theta = definition.context.mpf(edge.lower.numerator) / edge.lower.denominator
        assert abs(definition.em_map(theta) - theta) < 1e-20
        assert definition.em_map(theta + 0.01) > theta + 0.01
        assert definition.em_map(theta - 0.01) < theta - 0.01


def test_fixed_points_at_the_ends_count() -> None:
    assert value("fixed_point_count", case("1"), low=Fraction(0), high=Fraction(1)).lower == 2
    assert value("fixed_point_count", case("1"), low=Fraction(1, 100), high=Fraction(99, 100)).lower == 0
    assert value("fixed_point_count", case("1"), low=Fraction(1), high=Fraction(1)).lower == 1
    assert value("fixed_point_count", case("0"), low=-math.inf, high=math.inf).level == Level.EXACT


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"separation": "-1"}, "not at least 0"),
        ({"separation": "1", "fit_weight": "1"}, "not between 0 and 1"),
        ({"separation": "1", "truth_weight": "5/4"}, "not from 0 to 1"),
        ({"seperation": "1"}, "no variable"),
    ],
)
def test_values_outside_their_domains(values: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        FAMILY.case({name: Fraction(value) for name, value in values.items()})


def test_what_has_no_meaning() -> None:
    with pytest.raises(InputError, match="first step"):
        value("em_iterate", case("1"), start=math.inf, t=Fraction(0))
    with pytest.raises(InputError, match="nothing"):
        value("fixed_point_count", case("1"), low=Fraction(1), high=Fraction(0))
    with pytest.raises(InputError, match="of tied mixtures"):
        evaluate("spectral_gap", case("1"))


def test_fixed_points_merge_at_the_threshold() -> None:
    found = value("spurious_threshold", case("1"), 15)
    assert contains(value("spurious_threshold", case("1"), 15, "float"), float(found.midpoint), 1e-8)
    for sign, count in ((-1, 3), (1, 1)):
        weight = str(found.midpoint + sign * Fraction(1, 10**6))
        assert value("fixed_point_count", case("1", weight, weight), low=-math.inf, high=math.inf).lower == count
    with pytest.raises(CannotAnswerError, match="only fixed point"):
        value("spurious_threshold", case("0"), route="ball")


def test_a_box_that_is_not_around_the_tangency_is_refused() -> None:
    with arb_precision(120):
        theta, weight = (flint.arb(x) for x in proposal(1.0))
        half = flint.arb(0, 2.0**-20)
        moved = weight + flint.arb(2.0**-16)
        assert not _is_only_one(flint.arb(1), (theta, moved), (theta + half, moved + half), 30.0)


def test_the_threshold_for_every_separation_contains_those_of_points() -> None:
    with arb_precision(80):
        around = threshold_over(flint.arb(1, 1 / 64), 20.0)
        assert around.rad() < 1 / 40
        for mu, weight in ((1, "0.760629791534"), (Fraction(63, 64), None), (Fraction(65, 64), None)):
            place = weight or str(float(value("spurious_threshold", case(str(mu)), 9, "float").midpoint))
            assert around.contains(flint.arb(place, 1e-9))
        assert not threshold_over(flint.arb(1, 2), 20.0).is_finite()


def test_a_weight_on_the_wrong_side_is_not_a_bound() -> None:
    mu = flint.arb(1, 1 / 1000)
    with arb_precision(80):
        assert not tangency._has_none(mu, 0.75, 20.0)
        assert tangency._has_none(mu, 0.77, 20.0)
        assert not any(tangency._dips(mu, theta, 0.77, 20.0) for theta in (-0.9, -0.7, -0.5, -0.3))
        assert tangency._dips(mu, proposal(1.0)[0], 0.75, 20.0)
