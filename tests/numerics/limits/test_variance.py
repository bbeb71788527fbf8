"""A fit whose variance is not that of the data, known or fitted along with θ, against sums from the definition."""

import math
from fractions import Fraction

import pytest

from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from emtheory.numerics.level import Level
from tests.numerics.limits.definition import Definition

FAMILY = find_family("two-means")
LAW = {"separation": "3/2", "truth_weight": "3/5", "fit_weight": "7/10", "fit_variance": "2/3"}


def value(
    quantity: str, values: dict[str, str], route: str = "ball", digits: int = 12, **given: Fraction | float
) -> Enclosure:
    case = FAMILY.case({name: Fraction(text) for name, text in values.items()})
    return evaluate(f"two-means.{quantity}", case, given, digits, route)


@pytest.mark.parametrize("quantity", ["em_map_derivative", "kl_divergence", "variance_map"])
def test_every_route_is_the_definition(quantity: str) -> None:
    definition = Definition(**LAW)
    theta = definition.number("4/5")
    if quantity == "variance_map":
        definition.step(theta)
        truth = definition.v
    else:
        truth = getattr(definition, quantity)(theta)
    for route, level in (("ball", Level.CERTIFIED), ("mp", Level.SUPPORTED), ("float", Level.OBSERVED)):
        found = value(quantity, LAW | {"theta": "4/5"}, route)
        assert found.level == level
        assert float(found.midpoint) == pytest.approx(float(truth), rel=1e-11), route


@pytest.mark.parametrize("route", ["ball", "float"])
def test_steps_that_fit_the_variance_are_those_of_the_definition(route: str) -> None:
    definition = Definition(**LAW)
    theta = definition.number("4/5")
    for _ in range(2):
        theta = definition.step(theta)
    given = {"start": Fraction(4, 5), "t": Fraction(2)}
    names = ("location_scale_iterate", "location_scale_variance")
    found = [float(value(name, LAW, route, 8, **given).midpoint) for name in names]
    assert found == pytest.approx([float(theta), float(definition.v)], rel=1e-9)


def test_from_infinity_the_first_step_is_that_to_the_mean_modulus() -> None:
    definition = Definition(**LAW)
    modulus = definition.mean_modulus()
    truths = [(modulus, 1 + definition.mu**2 - modulus**2)]
    definition.v = truths[0][1]
    truths.append((definition.step(modulus), definition.v))
    for route in ("ball", "mp", "float"):
        for t, truth in enumerate(truths if route != "mp" else truths[:1], start=1):
            given = {"start": math.inf, "t": Fraction(t)}
            names = ("location_scale_iterate", "location_scale_variance")
            found = [float(value(name, LAW, route, 8, **given).midpoint) for name in names]
            assert found == pytest.approx([float(each) for each in truth], rel=1e-9)


def test_the_map_with_a_smaller_variance_has_other_fixed_points() -> None:
    """N(0, 1) fitted with v < 1: M′(0) = 1/v, so that there are three, and the outer ones are where M(θ) = θ."""
    law = {"separation": "0", "fit_variance": "1/2"}
    ends = {"low": -math.inf, "high": math.inf}
    assert value("fixed_point_count", law, **ends).lower == 3
    assert value("fixed_point_count", law | {"fit_variance": "1"}, "auto", **ends).lower == 1
    assert value("basin_boundary", law, "auto").level == Level.EXACT
    assert value("em_map_derivative", law | {"theta": "0"}, "exact").lower == 2
    assert value("fixed_point_count", {"separation": "1", "fit_variance": "3"}, **ends).lower == 1
    # The truth is no fixed point with another variance, nor has it the divergence 0.
    for quantity in ("em_map", "kl_divergence"):
        with pytest.raises(CannotAnswerError):
            value(quantity, {"separation": "1", "theta": "1", "fit_variance": "2"}, "exact")


@pytest.mark.parametrize("quantity", ["spurious_threshold", "fitted_boundary", "separation_needed"])
def test_what_is_about_the_true_variance_is_not_answered_with_another(quantity: str) -> None:
    given = {"t": Fraction(1), "error": Fraction(1, 100)} if quantity == "separation_needed" else {}
    for route in ("ball", "float"):
        with pytest.raises(CannotAnswerError, match="variance 1"):
            value(quantity, {"separation": "1", "truth_weight": "7/10", "fit_variance": "2"}, route, **given)


def test_the_divergence_with_the_fitted_variance_has_that_derivative() -> None:
    """d/dθ KL(θ, 1 − θ²) = (θ − M)(1 + θ²)/(1 − θ²)² for data N(0, 1), by differences."""

    def at(theta: Fraction) -> dict[str, str]:
        return {"separation": "0", "theta": str(theta), "fit_variance": str(1 - theta**2)}

    theta, h = Fraction(3, 5), Fraction(1, 10**4)
    up, down = (value("kl_divergence", at(theta + sign * h)).midpoint for sign in (1, -1))
    expected = (theta - value("em_map", at(theta)).midpoint) * (1 + theta**2) / (1 - theta**2) ** 2
    assert float((up - down) / (2 * h)) == pytest.approx(float(expected), rel=1e-6)
