"""Quantities of two means over boxes: values inside them, and slopes against differences, from infinity, too."""

import math
from fractions import Fraction

import flint
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.families import find_family
from emtheory.numerics.quantity import resolve
from tests.numerics.limits.forms import NAMES, ball, balls, form_of

POINT = ("7/10", "13/10", "3/5", "7/10", "4/5")
NOWHERE = Fraction(1, 10**20)


@pytest.mark.parametrize("quantity", ["em_map", "em_map_derivative", "kl_divergence", "weight_map", "variance_map"])
def test_slopes_are_those_of_differences_and_a_wide_ball_contains_them(quantity: str) -> None:
    form, h = form_of(quantity), Fraction(1, 10**8)
    assert form.slopes is not None
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
    assert form.slopes is not None
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
