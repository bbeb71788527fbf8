"""Two means: routes against the definition and each other; a fit with another variance, or a fitted one."""

import math
from fractions import Fraction
from itertools import product

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


def test_what_has_no_meaning() -> None:
    law = {"separation": Fraction(1)}
    for given, message in (
        ({"separation": Fraction(-1)}, "not at least 0"),
        (law | {"fit_weight": Fraction(1)}, "not between 0 and 1"),
        (law | {"truth_weight": Fraction(5, 4)}, "not from 0 to 1"),
    ):
        with pytest.raises(InputError, match=message):
            FAMILY.case(given)
    with pytest.raises(InputError, match="first step"):
        value("em_iterate", case("1"), start=math.inf, t=Fraction(0))
    for low, high, message in (
        (Fraction(1), Fraction(0), "there is nothing from low = 1 to high = 0"),
        (math.inf, math.inf, "low = inf must be a finite number or -inf"),
        (-math.inf, -math.inf, "high = -inf must be a finite number or inf"),
        (math.inf, Fraction(3), "low = inf must be a finite number or -inf"),
    ):
        for separation, route in product("01", ("auto", "ball", "float")):
            with pytest.raises(InputError, match=message):
                value("fixed_point_count", case(separation), route=route, low=low, high=high)
    with pytest.raises(InputError, match="of tied mixtures"):
        evaluate("spectral_gap", case("1"))


def test_fixed_points_merge_at_the_threshold() -> None:
    found = value("spurious_threshold", case("1"), 15)
    assert contains(value("spurious_threshold", case("1"), 15, "float"), float(found.midpoint), 1e-8)
    for sign, count in ((-1, 3), (1, 1)):
        weight = str(found.midpoint + sign * Fraction(1, 10**6))
        assert value("fixed_point_count", case("1", weight, weight), low=-math.inf, high=math.inf).lower == count
    for separation, reason in (("0", "only fixed point"), ("1/1000", "only one nearby"), ("1/5000", "multiple one")):
        with pytest.raises(CannotAnswerError, match=reason):
            value("spurious_threshold", case(separation), route="ball")


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
        below = -math.inf, Fraction(0)
        assert not tangency._has_none(mu, 0.75, *below, 20.0)
        assert tangency._has_none(mu, 0.77, *below, 20.0)
        assert tangency._has_none(mu, 0.75, Fraction(-1, 4), Fraction(0), 20.0)
        assert not any(tangency._dips(mu, theta, 0.77, 20.0) for theta in (-0.9, -0.7, -0.5, -0.3))
        assert tangency._dips(mu, proposal(1.0)[0], 0.75, 20.0)


LAW = {"separation": "3/2", "truth_weight": "3/5", "fit_weight": "7/10", "fit_variance": "2/3"}


def of_law(
    quantity: str, values: dict[str, str], route: str = "ball", digits: int = 12, **given: Fraction | float
) -> Enclosure:
    case = FAMILY.case({name: Fraction(text) for name, text in values.items()})
    return evaluate(f"two-means.{quantity}", case, given, digits, route)


@pytest.mark.parametrize("quantity", ["em_map_derivative", "kl_divergence", "variance_map"])
def test_every_route_is_the_definition(quantity: str) -> None:
    definition = Definition(**LAW, fineness=8)
    theta = definition.number("4/5")
    if quantity == "variance_map":
        definition.step(theta)
        truth = definition.v
    else:
        truth = getattr(definition, quantity)(theta)
    for route, level in (("ball", Level.CERTIFIED), ("mp", Level.SUPPORTED), ("float", Level.OBSERVED)):
        found = of_law(quantity, LAW | {"theta": "4/5"}, route)
        assert found.level == level
        assert float(found.midpoint) == pytest.approx(float(truth), rel=1e-11), route


@pytest.mark.parametrize("route", ["ball", "float"])
def test_steps_that_fit_the_variance_are_those_of_the_definition(route: str) -> None:
    definition = Definition(**LAW, fineness=8)
    theta = definition.number("4/5")
    for _ in range(2):
        theta = definition.step(theta)
    given = {"start": Fraction(4, 5), "t": Fraction(2)}
    names = ("location_scale_iterate", "location_scale_variance")
    found = [float(of_law(name, LAW, route, 8, **given).midpoint) for name in names]
    assert found == pytest.approx([float(theta), float(definition.v)], rel=1e-9)


def test_from_infinity_the_first_step_is_that_to_the_mean_modulus() -> None:
    definition = Definition(**LAW, fineness=8)
    modulus = definition.mean_modulus()
    truths = [(modulus, 1 + definition.mu**2 - modulus**2)]
    definition.v = truths[0][1]
    truths.append((definition.step(modulus), definition.v))
    for route in ("ball", "mp", "float"):
        for t, truth in enumerate(truths if route != "mp" else truths[:1], start=1):
            given = {"start": math.inf, "t": Fraction(t)}
            names = ("location_scale_iterate", "location_scale_variance")
            found = [float(of_law(name, LAW, route, 8, **given).midpoint) for name in names]
            assert found == pytest.approx([float(each) for each in truth], rel=1e-9)


def test_the_map_with_a_smaller_variance_has_other_fixed_points() -> None:
    """N(0, 1) fitted with v < 1: M′(0) = 1/v, so that there are three, and the outer ones are where M(θ) = θ."""
    law = {"separation": "0", "fit_variance": "1/2"}
    ends = {"low": -math.inf, "high": math.inf}
    assert of_law("fixed_point_count", law, **ends).lower == 3
    assert of_law("fixed_point_count", law | {"fit_variance": "1"}, "auto", **ends).lower == 1
    assert of_law("basin_boundary", law, "auto").level == Level.EXACT
    assert of_law("em_map_derivative", law | {"theta": "0"}, "exact").lower == 2
    assert of_law("fixed_point_count", {"separation": "1", "fit_variance": "3"}, **ends).lower == 1
    # The truth is no fixed point with another variance, nor has it the divergence 0.
    for quantity in ("em_map", "kl_divergence"):
        with pytest.raises(CannotAnswerError):
            of_law(quantity, {"separation": "1", "theta": "1", "fit_variance": "2"}, "exact")


@pytest.mark.parametrize("quantity", ["spurious_threshold", "fitted_boundary", "separation_needed"])
def test_what_is_about_the_true_variance_is_not_answered_with_another(quantity: str) -> None:
    given = {"t": Fraction(1), "error": Fraction(1, 100)} if quantity == "separation_needed" else {}
    for route in ("ball", "float"):
        with pytest.raises(CannotAnswerError, match="variance 1"):
            of_law(quantity, {"separation": "1", "truth_weight": "7/10", "fit_variance": "2"}, route, **given)


def test_the_divergence_with_the_fitted_variance_has_that_derivative() -> None:
    """d/dθ KL(θ, 1 − θ²) = (θ − M)(1 + θ²)/(1 − θ²)² for data N(0, 1), by differences."""

    def at(theta: Fraction) -> dict[str, str]:
        return {"separation": "0", "theta": str(theta), "fit_variance": str(1 - theta**2)}

    theta, h = Fraction(3, 5), Fraction(1, 10**4)
    up, down = (of_law("kl_divergence", at(theta + sign * h)).midpoint for sign in (1, -1))
    expected = (theta - of_law("em_map", at(theta)).midpoint) * (1 + theta**2) / (1 - theta**2) ** 2
    assert float((up - down) / (2 * h)) == pytest.approx(float(expected), rel=1e-6)
