"""Boxes that reach the edge where one weight is 1, against integrals from the definitions."""

from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import BoxForms, make_problem
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.edges.heavy_edge import HeavyEdgeForms, edge_width
from emtheory.theory.claim import Claim
from tests.reports.decide.conftest import Replayed
from tests.tiers import first_every_day

NEAR = {"W": ("99/100", "1"), "radius": ("1/4", "1/2")}


def claim(statement: str, k: int = 3, ranges: dict[str, tuple[str, str]] = NEAR) -> Claim:
    return Claim("edge", statement, k=(k,), weights="one-heavy:W", for_all=ranges, assume=("W < 1",))


def lack_of_two(weight: float, radius: float) -> float:
    """(1 − β)/(1 − W) = E sech²(rX + a)/(1 − W), by the trapezoidal rule."""
    x = np.arange(-12, 12, 0.002)
    odds = (1 - weight) / weight * np.exp(-2 * radius * x)
    return float(0.002 / np.sqrt(2 * np.pi) * np.exp(-(x**2) / 2) @ (4 * odds / (1 + odds) ** 2) / (1 - weight))


@pytest.mark.parametrize("radius", [Fraction(0), Fraction(1, 2), Fraction(1)])
def test_the_rate_is_between_its_bounds(radius: Fraction) -> None:
    width = Fraction(1, 2**16)
    question = read_claim(claim("posterior_power(m=1) < 1", 2, {"W": ("1/2", "1"), "radius": ("0", "1")}))
    problem = make_problem(question, question.cases[0])
    sides = {"W": (1 - width, Fraction(1)), "radius": (radius, radius)}
    with arb_precision(100):
        forms = HeavyEdgeForms(BoxForms(BoxCell(sides, 4, sides), problem, {}))
        found = forms._rate(forms._spread).range
    for weight in (1 - float(width) * (1 - 1e-9), 1 - float(width) / 2, 1 - 1e-9):
        assert float(found.lower) - 1e-6 <= lack_of_two(weight, float(radius)) <= float(found.upper) + 1e-6
    assert float(found.upper - found.lower) < (0.9 if radius == 1 else 0.05)


@pytest.mark.parametrize(
    ("statement", "outcome"),
    first_every_day(
        3,
        [
            ("1 - posterior_power(m=1) <= 33/10*exp(3/2*radius**2)*(1-W)", "certified"),
            ("1 - posterior_power(m=1) <= 29/10*exp(3/2*radius**2)*(1-W)", "refuted"),
            ("1 - posterior_power(m=1) >= 27/10*exp(3/2*radius**2)*(1-W)", "certified"),
            ("log_partition <= 8/5*radius**2*exp(3/2*radius**2)*(1-W)", "certified"),
            ("posterior_power(m=2) < 1 - (1-W)", "certified"),
            ("posterior_power(m=1) >= 19/20*spectral_gap", "certified"),
        ],
    ),
)
def test_both_sides_of_what_holds_where_a_weight_tends_to_one(statement: str, outcome: str) -> None:
    """The sharp constant of the first three is C = 2k/(k − 1) = 3."""
    assert decide_claim(claim(statement)).outcome == outcome


@pytest.mark.long
def test_a_certificate_that_reaches_the_edge_is_replayed(replayed: Replayed) -> None:
    asked = claim("posterior_power(m=1) < W")
    assert replayed(asked, decide_claim(asked)) == "certified"


def test_windows_at_the_edge_are_as_narrow_as_the_radius_asks_for() -> None:
    assert edge_width(2, Fraction(0)) == Fraction(1, 2**10)
    assert edge_width(2, Fraction(1)) < Fraction(1, 2**18)
    assert edge_width(2, Fraction(3)) is None
