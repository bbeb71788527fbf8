"""The weight fitted along with θ: the map, orbits and basins against sums from the definition; known weights as one."""

import math
from fractions import Fraction

import flint
import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from emtheory.numerics.limits import basins
from emtheory.numerics.limits.basins import Region, region, side
from tests.numerics.limits.forms import balls, form_of

FAMILY = find_family("two-means")
STEP = 1 / 32
X = np.arange(-12, 12, STEP) + STEP / 2
LAW = {"separation": "1", "truth_weight": "7/10", "fit_weight": "1/20"}
BOUNDARY = 0.7833404910080
"""By bisection of `limit` below, run by itself."""


def case(values: dict[str, str]) -> Case:
    return FAMILY.case({name: Fraction(text) for name, text in values.items()})


def value(quantity: str, values: dict[str, str], digits: int = 10, route: str = "ball", **given: Fraction) -> Enclosure:
    return evaluate(f"two-means.{quantity}", case(values), given, digits, route)


def joint_step(theta: float, weight: float, v: float, mu: float, truth: float) -> tuple[float, float, float]:
    """EM from the definition: posteriors by Bayes' rule, then means and the variance around them."""
    density = truth * np.exp(-((X - mu) ** 2) / 2) + (1 - truth) * np.exp(-((X + mu) ** 2) / 2)
    mass = density * STEP / np.sqrt(2 * np.pi)
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
    mapped = value("weight_map", LAW | {"theta": "1/2"}, route="mp")
    assert float(mapped.midpoint) == pytest.approx(place[1], 1e-10)
    for _ in range(2):
        place = step(*place, 1.0, 0.7)
    given = {"start": Fraction(1, 2), "t": Fraction(3)}
    for route in ("ball", "float"):
        found = [value(name, LAW, 8, route, **given) for name in ("fitted_iterate", "fitted_weight_iterate")]
        assert [float(each.midpoint) for each in found] == pytest.approx(place, 1e-8)
    infinite = {"start": math.inf, "t": Fraction(1)}
    with pytest.raises(InputError, match="start = inf must be a finite number"):
        evaluate("two-means.fitted_iterate", case(LAW), infinite)


JOINT = ("jointly_fitted_iterate", "jointly_fitted_weight", "jointly_fitted_variance")


@pytest.mark.parametrize("route", ["ball", pytest.param("mp", marks=pytest.mark.long), "float"])
def test_orbits_with_all_three_fitted_are_those_of_the_definition(route: str) -> None:
    place = (0.5, 0.05, 0.5)
    law, start = LAW | {"fit_variance": "1/2"}, {"start": Fraction(1, 2)}
    for t in range(3):
        found = [float(value(name, law, 8, route, **start, t=Fraction(t)).midpoint) for name in JOINT]
        assert found == pytest.approx(place, 1e-8)
        place = joint_step(*place, 1.0, 0.7)


@pytest.mark.long
def test_the_basin_is_where_orbits_from_the_definition_go() -> None:
    found = value("fitted_boundary", LAW, 6)
    assert float(found.midpoint) == pytest.approx(BOUNDARY, abs=1e-9)
    assert limit(BOUNDARY + 1e-4, 0.05) == pytest.approx((1, 0.7), abs=1e-8)
    assert limit(BOUNDARY - 1e-4, 0.05) == pytest.approx((-1, 0.3), abs=1e-8)
    with arb_precision(80):
        law = case(LAW)
        assert [side(law, Fraction(t), 20.0, region(law)) for t in (1, 0)] == [1, -1]


def test_from_equal_weights_the_boundary_is_zero() -> None:
    found = value("fitted_boundary", LAW | {"fit_weight": "1/2"})
    assert (found.lower, found.upper) == (0, 0)
    with pytest.raises(CannotAnswerError, match="μ > 0"):
        value("fitted_boundary", LAW | {"separation": "0"})


def test_a_box_that_is_too_large_is_not_called_a_basin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the test of contraction half of μ would be taken, which starts with other limits are in."""
    law = case(LAW)
    with arb_precision(60):
        basin = region(law)
        corner = (1 - float(basin.theta.mid()), 0.7 - float(basin.weight.mid()))
        after = step(*corner, 1.0, 0.7)
        # One step takes the corner nearer in the norm of the box.
        assert max((1 - after[0]) / float(basin.theta.mid()), (0.7 - after[1]) / float(basin.weight.mid())) < 1
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
    expected = float(STEP * np.sum(2 * x * np.exp(-(x**2 + mu**2) / 2) / np.sqrt(2 * np.pi) * inner))
    form, place_of = form_of("em_map"), (theta, "1", "4/5", "4/5", "1")
    assert form.slopes is not None
    with arb_precision(80):
        slopes = form.slopes(balls(place_of, Fraction(1, 10**20)), 20.0, {})
        found = float((slopes["truth_weight"] + slopes["fit_weight"]).mid()) / (4 * (2 * w - 1))
        assert found == pytest.approx(expected, abs=1e-8)
        mirrored = form.value(balls((theta, "1", "1/5", "1/5", "1")), 20.0, {})
        assert mirrored.overlaps(form.value(balls(place_of), 20.0, {}))
    assert np.sign(round(found, 7)) == np.sign(mu - place)
