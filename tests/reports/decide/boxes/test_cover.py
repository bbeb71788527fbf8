"""Boxes of several variables: verdicts against brute force, on both sides of the truth."""

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.intervals.point_forms import power
from emtheory.reports.decide.boxes.forms import make_problem
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import BruteForce, brute_force
from tests.reports.decide.conftest import claim
from tests.tiers import first_every_day

TWO = {"W": ("11/20", "99/100"), "radius": ("0", "8")}
FOUR = "1/2,1/4,1/8,1/8"


def box(
    statement: str, k: int, ranges: dict[str, tuple[str, str]], *assume: str, weights: Any = "one-heavy:W"
) -> Claim:
    return claim(statement, weights, *assume, k=k, **ranges)


VALUES = [
    ("log_partition", lambda found: found.log_partition),
    ("posterior_power(m=2)", lambda found: found.posterior_power[2]),
    ("hessian_min_eigenvalue", lambda found: min(found.hessian_eigenvalues)),
]


@pytest.mark.parametrize(("name", "value"), first_every_day(1, VALUES))
def test_amplitudes_of_four_components(name: str, value: Callable[[BruteForce], float]) -> None:
    ranges = {"amplitude_1": ("7/8", "1"), "amplitude_2": ("1/2", "5/8")}
    axes = [np.linspace(float(Fraction(low)), float(Fraction(high)), 3) for low, high in ranges.values()]
    places = [[Fraction(each).limit_denominator(1000) for each in place] for place in product(*axes)]
    values = [float(value(brute_force(make_case(4, FOUR, amplitudes=place)))) for place in places]
    least, most = min(values), max(values)
    inside = f"{Fraction(least - 0.02 * most)} <= {name} <= {Fraction(1.02 * most)}"
    assert decide_claim(box(inside, 4, ranges, weights=FOUR)).outcome == "certified"
    for false in (f"{name} >= {Fraction(least * 1.01)}", f"{name} <= {Fraction(most * 0.99)}"):
        assert decide_claim(box(false, 4, ranges, weights=FOUR)).outcome == "refuted"


def test_frequencies_that_a_symmetric_box_makes_look_alike_are_told_apart() -> None:
    """The middle of the box is on the simplex, where β_1 = β_2 for these weights."""
    ranges = {"amplitude_1": ("1/2", "1"), "amplitude_2": ("1/2", "1")}
    case = make_case(5, "one-heavy:1/2", amplitudes=[Fraction(1, 2), Fraction(1)])
    question = read_claim(box("posterior_power(m=2) > 0", 5, ranges, weights="one-heavy:1/2"))
    mixture = make_problem(question, case).mixture
    assert power(mixture.case, 2) != power(mixture.case, 1)


def test_weights_in_two_variables_and_a_radius() -> None:
    ranges = {"U": ("1/2", "11/20"), "V": ("1/10", "1/8"), "radius": ("1/2", "3/4")}
    for bound, outcome in (("spectral_gap/2", "certified"), ("1/5", "refuted")):
        asked = box(f"posterior_power(m=1) > {bound}", 3, ranges, weights=("U", "V", "1-U-V"))
        assert decide_claim(asked).outcome == outcome


def test_an_assumption_cuts_the_box() -> None:
    """The sharp constant is near 0.816."""
    statement = "posterior_power(m=1) >= 82/100*(2*W-1)**2"
    ranges = {"W": ("9/10", "99/100"), "radius": ("1/2", "2")}
    assert decide_claim(box(statement, 2, ranges, "radius <= W")).outcome == "certified"
    verdict = decide_claim(box(statement, 2, ranges, "radius >= W"))
    assert verdict.outcome == "refuted"
    witness = verdict.counterexample.case
    weight, radius = float(dict(witness.parameters)["W"]), float(witness.radius)
    assert radius >= weight
    x = np.arange(-9, 9, 0.004)
    mass = 0.004 / np.sqrt(2 * np.pi) * np.exp(-(x**2) / 2)
    assert mass @ np.tanh(radius * x + np.arctanh(2 * weight - 1)) ** 2 < 0.82 * (2 * weight - 1) ** 2
    with pytest.raises(InputError):
        decide_claim(box("posterior_power(m=1) > 0", 2, {"W": ("11/20", "3/5"), "radius": ("1/2", "1")}, "W > 2/3"))


AMPLITUDES = dict.fromkeys(("amplitude_1", "amplitude_2", "amplitude_3"), ("1/2", "1"))
FAR, MANY = {"Q": ("3/5", "inf"), "radius": ("1", "2")}, {"W": ("1/2", "11/20"), "radius": ("1", "2")}
NO_TIME = [
    (box("posterior_power(m=1) >= (2*W-1)**2/2", 2, TWO), "the time is up"),
    (box("posterior_power(m=1) > 0", 2, TWO, weights=("W", "1-W")), "weight W of component 0 is positive: the time is"),
]
BEYOND = [
    (box("lloyd_radius > radius - 9", 2, TWO), "supported", "no enclosure on a box; in reach are .*pl_ratio"),
    (box("posterior_power(m=1) > 0", 2, FAR, weights="geometric:Q"), "supported", "Q has no upper end"),
    # What is slow at points is not looked at there.
    (box("hessian_min_eigenvalue > 0", 6, AMPLITUDES, weights="one-heavy:1/2"), "inconclusive", "k up to 5, or"),
    (box("hessian_min_eigenvalue > 0", 1000, MANY, weights="geometric:W"), "inconclusive", "k up to 64, or fixed w"),
]


def test_what_is_out_of_reach_says_what_would_be_in_reach() -> None:
    for asked, said in NO_TIME:
        verdict = decide_claim(asked, timeout=0)
        assert (verdict.outcome, said in verdict.reason) == ("inconclusive", True), verdict.reason
    for asked, outcome, said in BEYOND:
        verdict = decide_claim(asked)
        assert verdict.outcome == outcome, asked.statement
        assert re.search(said, verdict.reason)
