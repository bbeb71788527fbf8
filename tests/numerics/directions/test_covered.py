"""Quantities over all directions, as a user asks for them: which cover answers, to how many digits, or why none."""

import math
from fractions import Fraction

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from tests.tiers import first_every_day

CASE = make_case(4, "1/2,1/4,1/8,1/8")
THREE = make_case(3, "one-heavy:4/5")


@pytest.mark.parametrize(
    ("name", "along_the_ray", "arguments"),
    first_every_day(
        2,
        [
            ("worst_contraction_radius", "contraction_radius", {"factor": Fraction(53, 100)}),
            ("worst_pl_radius", "pl_radius", {"constant": Fraction(2, 5)}),
            ("worst_convexity_radius", "strong_convexity_radius", {"fraction": Fraction(9, 10)}),
        ],
    ),
)
def test_with_one_frequency_the_ray_is_all_directions(
    name: str, along_the_ray: str, arguments: dict[str, Fraction]
) -> None:
    found, ray = (evaluate(which, THREE, arguments, 6) for which in (name, along_the_ray))
    assert (found.lower, found.upper, found.level) == (ray.lower, ray.upper, ray.level)
    assert found.lower > 0


def test_a_small_factor_has_its_digits() -> None:
    """1 − β is about 1 − (π_0 − π_1)² where EM is nearly done in one step."""
    case = make_case(2, "one-heavy:99999999/100000000")
    found = evaluate("worst_direction_contraction_factor", case, {"radius": Fraction(1, 1000)}, 12, "ball")
    assert found.has_digits(12)
    assert float(found.midpoint) == pytest.approx(4e-8, rel=1e-4)


def test_what_the_origin_decides() -> None:
    at_origin = {"radius": Fraction(0)}
    assert evaluate("worst_direction_contraction_factor", CASE, at_origin, 5).lower == Fraction(15, 16)
    assert evaluate("worst_direction_min_eigenvalue", CASE, at_origin, 5).lower == Fraction(1, 16)
    below = {
        "worst_contraction_radius": {"factor": Fraction(9, 10)},
        "worst_pl_radius": {"constant": Fraction(1, 15)},
        "worst_convexity_radius": {"fraction": Fraction(11, 10)},
    }
    for name, arguments in below.items():
        found = evaluate(name, CASE, arguments, 5)
        assert (found.lower, found.upper, found.level) == (0, 0, Level.EXACT)
    assert evaluate("worst_contraction_radius", CASE, {"factor": Fraction(1)}, 5).lower == math.inf


def test_digits_out_of_reach_are_refused() -> None:
    with pytest.raises(CannotAnswerError, match="for k = 4 a cover of all directions has 8 digits in some minutes"):
        evaluate("worst_contraction_radius", CASE, {"factor": Fraction(19, 20)}, 9, "ball")
    with pytest.raises(CannotAnswerError, match="for k = 5 a cover of all directions has 3 digits in some minutes"):
        evaluate("worst_direction_min_eigenvalue", make_case(5, "linear"), {"radius": Fraction(1)}, 4, "ball")
    with pytest.raises(CannotAnswerError, match="up to k = 5; beyond, the float route searches"):
        evaluate("worst_pl_radius", make_case(6, "linear"), {"constant": Fraction(1, 100)}, 3, "ball")
