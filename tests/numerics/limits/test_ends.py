"""Two means at the ends of the line and over boxes; the weight fitted along with θ, by sums from the definition."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from emtheory.numerics.family import BoxForm
from emtheory.numerics.limits import basins, expansion
from emtheory.numerics.limits.basins import Region, region, side
from emtheory.numerics.limits.expansion import Factors
from emtheory.numerics.quantity import resolve
from tests.numerics.limits.definition import Definition
from tests.tiers import examples

NAMES = ("theta", "separation", "truth_weight", "fit_weight", "fit_variance")


def form_of(quantity: str) -> BoxForm:
    """The form of a quantity."""
    form: BoxForm = resolve(next(each.form for each in find_family("two-means").quantities if each.name == quantity))
    return form


def ball(value: Fraction) -> flint.arb:
    """A rational as a ball."""
    return flint.arb(to_fmpq(value))


def balls(values: tuple[str, ...], width: Fraction = Fraction(0), **shift: Fraction) -> Mapping[str, flint.arb]:
    """The variables, each from its value on over a width."""
    ends = {name: Fraction(text) + shift.get(name, 0) for name, text in zip(NAMES, values, strict=True)}
    return {name: ball(end).union(ball(end + width)) for name, end in ends.items()}


Coefficients = Callable[[int], tuple[Factors, ...]]
Rest = Callable[[Mapping[str, Any], float, int], flint.arb]

UNIT = {"separation": "13/10", "truth_weight": "3/5", "fit_weight": "7/10", "fit_variance": "1"}
LAW = UNIT | {"fit_variance": "2/3"}
STANDARD = UNIT | {"separation": "0", "truth_weight": "1/2"}
FUNCTIONS = (
    ("em_map", LAW, expansion.em_map_coefficients, expansion.em_map_rest),
    ("em_map_derivative", UNIT, expansion.em_map_derivative_coefficients, expansion.em_map_derivative_rest),
    ("kl_divergence", STANDARD, expansion.kl_divergence_coefficients, expansion.kl_divergence_rest),
)


def value(factors: Factors, law: dict[str, str]) -> Fraction:
    product = Fraction(1)
    for name, terms in factors.items():
        product *= sum((term * Fraction(law[name]) ** n for n, term in enumerate(terms)), Fraction(0))
    return product


@pytest.mark.parametrize("count", [4, 9])
@pytest.mark.parametrize(("name", "law", "coefficients", "rest"), FUNCTIONS, ids=[each[0] for each in FUNCTIONS])
def test_terms_and_rest_give_the_function(
    name: str, law: dict[str, str], coefficients: Coefficients, rest: Rest, count: int
) -> None:
    """At s = θ/v = 1/8, and with a rest that is enclosed over all θ from 0 to it."""
    theta = Fraction(1, 8)
    place = theta * Fraction(law["fit_variance"])
    with arb_precision(120):
        law_balls = {each: flint.arb(to_fmpq(Fraction(text))) for each, text in law.items()}
        point = flint.arb(to_fmpq(theta))
        wide = rest({**law_balls, "theta": flint.arb(to_fmpq(place)).union(flint.arb(0))}, 20.0, count)
        exact = sum((value(each, law) * theta**n for n, each in enumerate(coefficients(count))), Fraction(0))
        found = flint.arb(to_fmpq(exact)) + point**count * wide
        definition = Definition(**law, fineness=8)
        truth = flint.arb(str(getattr(definition, name)(definition.number(str(place)))))
        assert found.contains(truth)
        # Near 0 the rest is the next coefficient, and not another.
        near = rest({**law_balls, "theta": flint.arb(0, 2**-60)}, 40.0, count)
        following = flint.arb(to_fmpq(value(coefficients(count + 1)[count], law)))
        assert near.contains(following)
        assert not near.contains(following + flint.arb(2) ** -10)


def test_coefficients_of_a_balanced_fit_are_those_of_tanh() -> None:
    """tanh u = u − u³/3 + 2u⁵/15 − …, and E X², E X⁴, E X⁶ of N(0, 1) are 1, 3 and 15."""
    law = STANDARD | {"fit_weight": "1/2"}
    found = [value(each, law) for each in expansion.em_map_coefficients(6)]
    assert found == [0, 1, 0, -1, 0, 2]


FORMS = {name: form_of(name) for name in ("em_map", "em_map_derivative", "kl_divergence")}


def bounds(quantity: str, values: dict[str, Fraction]) -> tuple[float, float]:
    """Of a quantity at θ, from the terms."""
    tail = FORMS[quantity].tail
    with arb_precision(80):
        power, terms = tail({name: flint.arb(to_fmpq(value)) for name, value in values.items()})
        theta = float(values["theta"])
        lower, upper = (sum(float(pair[end]) * theta ** (power - i) for i, pair in enumerate(terms)) for end in (0, 1))
    return lower, upper


def value_at(quantity: str, values: dict[str, Fraction]) -> float:
    case = find_family("two-means").case(values, {})
    return float(evaluate(f"two-means.{quantity}", case, {}, 12).midpoint)


def case(
    theta: Fraction, separation: str, truth: str = "1/2", fit: str = "1/2", variance: str = "1"
) -> dict[str, Fraction]:
    names = ("separation", "truth_weight", "fit_weight", "fit_variance")
    return {"theta": theta, **dict(zip(names, map(Fraction, (separation, truth, fit, variance)), strict=True))}


@pytest.mark.parametrize("quantity", FORMS)
@examples(8)
@given(
    theta=st.fractions(1, 40, max_denominator=8),
    separation=st.sampled_from(["0", "1/2", "3"]),
    truth=st.sampled_from(["1/2", "9/10"]),
    fit=st.sampled_from(["1/2", "1/10", "4/5"]),
    variance=st.sampled_from(["1", "1/2", "3"]),
)
def test_the_bounds_hold(quantity: str, theta: Fraction, separation: str, truth: str, fit: str, variance: str) -> None:
    values = case(theta, separation, truth, fit, variance)
    lower, upper = bounds(quantity, values)
    found = value_at(quantity, values)
    assert lower - 1e-9 * abs(found) <= found <= upper + 1e-9 * abs(found)


def test_a_little_less_would_be_wrong() -> None:
    values = case(Fraction(60), "0")
    lower, upper = bounds("em_map", values)
    assert 0.95 < (upper - value_at("em_map", values)) / (upper - lower) < 1
    assert 0.95 < value_at("em_map_derivative", values) / bounds("em_map_derivative", values)[1] < 1
    lower, upper = bounds("kl_divergence", values)
    assert upper - lower == pytest.approx(math.log(2))
    assert 0.95 < (value_at("kl_divergence", values) - lower) / (upper - lower) < 1


POINT = ("7/10", "13/10", "3/5", "7/10", "4/5")
NOWHERE = Fraction(1, 10**20)


@pytest.mark.parametrize("quantity", ["em_map", "em_map_derivative", "kl_divergence", "weight_map", "variance_map"])
def test_slopes_are_those_of_differences_and_a_wide_ball_contains_them(quantity: str) -> None:
    form, h = form_of(quantity), Fraction(1, 10**8)
    with arb_precision(200):
        wide, around = (ask(balls(POINT, Fraction(1, 4)), 10.0, {}) for ask in (form.slopes, form.value))
        for shift in (Fraction(0), Fraction(1, 9)):
            inside = balls(POINT, NOWHERE, **dict.fromkeys(NAMES, shift))
            assert around.contains(form.value(inside, 30.0, {}).mid())
            for name, slope in form.slopes(inside, 20.0, {}).items():
                assert wide[name].contains(slope.mid()), name
        found = form.slopes(balls(POINT, NOWHERE), 20.0, {})
        for name in NAMES:
            up, down = (form.value(balls(POINT, **{name: sign * h}), 60.0, {}) for sign in (1, -1))
            difference = ((up - down) / (2 * ball(h))).mid()
            assert found[name].contains(difference), name
            assert abs(difference - found[name].mid()) < 1e-12, name


@pytest.mark.parametrize("quantity", ["em_iterate", "location_scale_iterate", "location_scale_variance"])
@pytest.mark.parametrize("start", [Fraction(2), math.inf])
def test_slopes_of_iterates_contain_differences_over_a_box(quantity: str, start: Fraction | float) -> None:
    form, given, width = form_of(quantity), {"start": start, "t": Fraction(3)}, Fraction(1, 500)
    with arb_precision(120):
        first = form.value(balls(POINT), 30.0, given)
        for name in NAMES[1:]:
            wide = dict(balls(POINT))
            wide[name] = wide[name].union(wide[name] + ball(width))
            slopes, last = form.slopes(wide, 12.0, given), form.value(balls(POINT, **{name: width}), 30.0, given)
            assert form.value(wide, 12.0, given).contains(last.mid()), name
            assert slopes[name].contains(((last - first) / ball(width)).mid()), name
            assert slopes[name].rad() < 1


def test_the_divided_difference_goes_through_the_point_where_it_is_a_derivative() -> None:
    divided = find_family("two-means").divided(("em_map",))
    identity = next(each for each in divided if (each.quantity, each.target) == ("em_map", "separation"))
    form = resolve(identity.form)
    place = ("1", "1", "3/5", "3/5", "1")
    with arb_precision(120):
        limit = form.value(balls(place), 30.0, {})
        assert limit.overlaps(form_of("em_map_derivative").value(balls(place), 30.0, {}))
        near = form.value(balls(place, theta=Fraction(1, 10**6)), 30.0, {})
        slope = form.slopes(balls(place, NOWHERE), 30.0, {})["theta"]
        assert abs((near - limit).mid() * 10**6 - slope.mid()) < 1e-5
        assert isinstance(slope, flint.arb)


FAMILY = find_family("two-means")
SPACING = 1 / 32
X = np.arange(-12, 12, SPACING) + SPACING / 2
SEVEN_TENTHS = {"separation": "1", "truth_weight": "7/10", "fit_weight": "1/20"}
BOUNDARY = 0.7833404910080
"""By bisection of `limit` below, run by itself."""


def case_of(values: dict[str, str]) -> Case:
    return FAMILY.case({name: Fraction(text) for name, text in values.items()})


def of_orbit(
    quantity: str, values: dict[str, str], digits: int = 10, route: str = "ball", **given: Fraction
) -> Enclosure:
    return evaluate(f"two-means.{quantity}", case_of(values), given, digits, route)


def joint_step(theta: float, weight: float, v: float, mu: float, truth: float) -> tuple[float, float, float]:
    """EM from the definition: posteriors by Bayes' rule, then means and the variance around them."""
    density = truth * np.exp(-((X - mu) ** 2) / 2) + (1 - truth) * np.exp(-((X + mu) ** 2) / 2)
    mass = density * SPACING / np.sqrt(2 * np.pi)
    first, second = (
        share * np.exp(-((X - place) ** 2) / (2 * v)) for share, place in ((weight, theta), (1 - weight, -theta))
    )
    posterior = first / (first + second)
    after = float(mass @ (X * (2 * posterior - 1)))
    square = float(mass @ (posterior * (X - after) ** 2 + (1 - posterior) * (X + after) ** 2))
    return after, float(mass @ posterior), square


def step(theta: float, weight: float, mu: float, truth: float) -> tuple[float, float]:
    return joint_step(theta, weight, 1.0, mu, truth)[:2]


def limit(theta: float, weight: float) -> tuple[float, float]:
    for _ in range(400):
        theta, weight = step(theta, weight, 1.0, 0.7)
    return theta, weight


def test_the_map_and_orbits_are_those_of_the_definition() -> None:
    place = step(0.5, 0.05, 1.0, 0.7)
    mapped = of_orbit("weight_map", SEVEN_TENTHS | {"theta": "1/2"}, route="mp")
    assert float(mapped.midpoint) == pytest.approx(place[1], 1e-10)
    for _ in range(2):
        place = step(*place, 1.0, 0.7)
    given = {"start": Fraction(1, 2), "t": Fraction(3)}
    for route in ("ball", "float"):
        found = [
            of_orbit(name, SEVEN_TENTHS, 8, route, **given) for name in ("fitted_iterate", "fitted_weight_iterate")
        ]
        assert [float(each.midpoint) for each in found] == pytest.approx(place, 1e-8)
    infinite = {"start": math.inf, "t": Fraction(1)}
    with pytest.raises(InputError, match="start = inf must be a finite number"):
        evaluate("two-means.fitted_iterate", case_of(SEVEN_TENTHS), infinite)


JOINT = ("jointly_fitted_iterate", "jointly_fitted_weight", "jointly_fitted_variance")


@pytest.mark.parametrize("route", ["ball", pytest.param("mp", marks=pytest.mark.long), "float"])
def test_orbits_with_all_three_fitted_are_those_of_the_definition(route: str) -> None:
    place = (0.5, 0.05, 0.5)
    law, start = SEVEN_TENTHS | {"fit_variance": "1/2"}, {"start": Fraction(1, 2)}
    for t in range(3):
        found = [float(of_orbit(name, law, 8, route, **start, t=Fraction(t)).midpoint) for name in JOINT]
        assert found == pytest.approx(place, 1e-8)
        place = joint_step(*place, 1.0, 0.7)


@pytest.mark.long
def test_the_basin_is_where_orbits_from_the_definition_go() -> None:
    found = of_orbit("fitted_boundary", SEVEN_TENTHS, 6)
    assert float(found.midpoint) == pytest.approx(BOUNDARY, abs=1e-9)
    assert limit(BOUNDARY + 1e-4, 0.05) == pytest.approx((1, 0.7), abs=1e-8)
    assert limit(BOUNDARY - 1e-4, 0.05) == pytest.approx((-1, 0.3), abs=1e-8)
    with arb_precision(80):
        law = case_of(SEVEN_TENTHS)
        assert [side(law, Fraction(t), 20.0, region(law)) for t in (1, 0)] == [1, -1]


def test_from_equal_weights_the_boundary_is_zero() -> None:
    found = of_orbit("fitted_boundary", SEVEN_TENTHS | {"fit_weight": "1/2"})
    assert (found.lower, found.upper) == (0, 0)
    with pytest.raises(CannotAnswerError, match="μ > 0"):
        of_orbit("fitted_boundary", SEVEN_TENTHS | {"separation": "0"})


@pytest.mark.parametrize("ratio", [None, Fraction(1, 8), Fraction(2)])
def test_a_box_that_is_too_large_is_not_called_a_basin(ratio: Fraction | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """EM contracts in the norm of the box, by differences, whatever the ratio of its widths is; half of μ is taken if
    that is not tested, and starts with other limits are in it."""
    law, h = case_of(SEVEN_TENTHS), 1e-6
    if ratio is not None:
        monkeypatch.setattr(basins, "_ratio", lambda _: ball(ratio))
    with arb_precision(60):
        basin = region(law)
        widths = np.array([float(basin.theta.mid()), float(basin.weight.mid())])
        shifts = h * widths * np.vstack([np.eye(2), -np.eye(2)])
        for signs in product((-1, 0, 1), repeat=2):
            after = np.array([step(*place, 1.0, 0.7) for place in shifts + widths * signs + (1, 0.7)]) / widths
            assert (abs(after[:2] - after[2:]).sum(axis=0) < 2 * h).all()
        truth = np.array([1, 0.7])
        assert (abs(step(*(truth - widths), 1.0, 0.7) - truth) / widths).max() < 1  # A corner comes nearer.
        monkeypatch.setattr(basins, "_HALVINGS", 0)
        with pytest.raises(CannotAnswerError, match="no box"):
            region(law)
        everything = Region(flint.arb(3), flint.arb(1))
        assert side(law, Fraction(-1), 20.0, everything) == 1


@pytest.mark.parametrize("theta", ["-2", "1", "5/4"])
def test_the_map_moves_with_the_weight_as_its_derivative_says(theta: str) -> None:
    """∂M/∂s by sums, as in docs/error-bounds.md, against derivatives in both weights; its sign is that of μ − θ."""
    mu, w, place = 1.0, 0.8, float(Fraction(theta))
    s, x = (2 * w - 1) ** 2, X[X > 0]
    t = np.tanh(place * x)
    inner = (1 - t**2) * np.sinh((mu - place) * x) / np.cosh(place * x) / (1 - s * t**2) ** 2
    expected = float(SPACING * np.sum(2 * x * np.exp(-(x**2 + mu**2) / 2) / np.sqrt(2 * np.pi) * inner))
    form, place_of = form_of("em_map"), (theta, "1", "4/5", "4/5", "1")
    with arb_precision(80):
        slopes = form.slopes(balls(place_of, Fraction(1, 10**20)), 20.0, {})
        found = float((slopes["truth_weight"] + slopes["fit_weight"]).mid()) / (4 * (2 * w - 1))
        assert found == pytest.approx(expected, abs=1e-8)
        mirrored = form.value(balls((theta, "1", "1/5", "1/5", "1")), 20.0, {})
        assert mirrored.overlaps(form.value(balls(place_of), 20.0, {}))
    assert np.sign(round(found, 7)) == np.sign(mu - place)
