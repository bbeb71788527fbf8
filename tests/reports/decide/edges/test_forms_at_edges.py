"""Boxes that reach an edge: one weight is 1, or all amplitudes are 0; against integrals from the definitions."""

from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import BoxForms, make_problem
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.edges.amplitude_edge import AmplitudeEdgeForms
from emtheory.reports.decide.edges.heavy_edge import HeavyEdgeForms, edge_width
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import brute_force
from tests.reports.decide.conftest import Replayed
from tests.tiers import first_every_day

NEAR = {"W": ("199/200", "1"), "radius": ("1/4", "3/8")}


def claim(statement: str, k: int = 3, ranges: dict[str, tuple[str, str]] = NEAR) -> Claim:
    return Claim("edge", statement, k=(k,), weights="one-heavy:W", for_all=ranges, assume=("W < 1",))


def lack_of_two(weight: float, radius: float) -> float:
    """(1 − β)/(1 − W) = E sech²(rX + a)/(1 − W), by the trapezoidal rule."""
    x = np.arange(-12, 12, 0.002)
    odds = (1 - weight) / weight * np.exp(-2 * radius * x)
    return float(0.002 / np.sqrt(2 * np.pi) * np.exp(-(x**2) / 2) @ (4 * odds / (1 + odds) ** 2) / (1 - weight))


@pytest.mark.parametrize("radius", [Fraction(0), Fraction(1)])
def test_the_rate_is_between_its_bounds(radius: Fraction) -> None:
    assert edge_width(2, Fraction(1)) < Fraction(1, 2**18) < edge_width(2, Fraction(0)) == Fraction(1, 2**10)
    assert edge_width(2, Fraction(3)) is None
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


HEAVY = [
    # The sharp constant of the first three is C = 2k/(k − 1) = 3.
    ("1 - posterior_power(m=1) <= 33/10*exp(3/2*radius**2)*(1-W)", "certified"),
    ("1 - posterior_power(m=1) <= 29/10*exp(3/2*radius**2)*(1-W)", "refuted"),
    ("1 - posterior_power(m=1) >= 27/10*exp(3/2*radius**2)*(1-W)", "certified"),
    ("posterior_power(m=1) < W", "certified"),
]


@pytest.mark.parametrize(("statement", "outcome"), first_every_day(2, HEAVY))
def test_both_sides_of_what_holds_where_a_weight_tends_to_one(statement: str, outcome: str, replayed: Replayed) -> None:
    asked = claim(statement)
    verdict = decide_claim(asked)
    assert verdict.outcome == outcome
    if "exp" not in statement:
        assert replayed(asked, verdict) == outcome


WEIGHTS = ("1/2", "1/4", "1/8", "1/8")
"""|π̂_1|² = 5/32 and |π̂_2|² = 1/16."""


def at_amplitudes(statement: str, *assume: str, upper: str = "1/10") -> Claim:
    ranges = {f"amplitude_{m}": ("0", upper) for m in (1, 2)}
    return Claim("edge", statement, k=(4,), weights=WEIGHTS, for_all=ranges, assume=assume)


def test_near_amplitudes_zero_values_are_between_the_bounds() -> None:
    reach = Fraction(1, 40)
    sides = {f"amplitude_{m}": (Fraction(0), reach) for m in (1, 2)}
    names = ("posterior_power(m=1)", "posterior_power(m=2)", "kl_divergence", "log_partition")
    for place in ((reach, reach / 3), (reach / 5, reach)):
        found = brute_force(make_case(4, ",".join(WEIGHTS), amplitudes=place))
        values = (*found.posterior_power[1:3], found.kl, found.log_partition)
        for name, value in zip(names, values, strict=True):
            asked = read_claim(at_amplitudes(f"{name} >= 0"))
            with arb_precision(100):
                problem = make_problem(asked, asked.cases[0])
                forms = AmplitudeEdgeForms(BoxForms(BoxCell(sides, 6, sides), problem, {}))
                side = forms._split(asked.comparison.operands[0])
                limit, slopes = forms.forms.form(side.limits[0]).range, [slope.range for slope in side.rests]
            squares = [float(rho) ** 2 for rho in place]
            lower = float(limit.lower) + sum(v * float(slope.lower) for v, slope in zip(squares, slopes, strict=True))
            upper = float(limit.upper) + sum(v * float(slope.upper) for v, slope in zip(squares, slopes, strict=True))
            assert lower - 1e-12 <= value <= upper + 1e-12
            assert upper - lower < 80 * sum(squares) * float(reach) ** 2
            # The first terms are most of it: the limit alone is not enough.
            assert not float(limit.lower) <= value <= float(limit.upper)


TOUCHING = [
    # The sharp constant is |π̂_2|²/2 = 1/32.
    ("kl_divergence >= C*(amplitude_1**2 + amplitude_2**2)", "1/36", "1/31"),
    # ∂β_1/∂v_2 = t_12/2 = 31/512 at 0, and less than the other.
    ("posterior_power(m=1) >= 5/32 + C*(amplitude_1**2 + amplitude_2**2)", "1/18", "1/16"),
    # ∂√β_1/∂v_2 = (31/512)/(2√(5/32)) = 0.077.
    ("sqrt(posterior_power(m=1)) >= sqrt(5/32) + C*amplitude_2**2", "1/20", "1/12"),
]


@pytest.mark.parametrize(("statement", "true", "false"), first_every_day(1, TOUCHING))
def test_what_touches_at_amplitudes_zero(statement: str, true: str, false: str, replayed: Replayed) -> None:
    for constant, expected in ((true, "certified"), (false, "refuted")):
        asked = at_amplitudes(statement.replace("C", constant))
        verdict = decide_claim(asked)
        assert verdict.outcome == replayed(asked, verdict) == expected


def test_where_one_amplitude_is_not_zero_sides_may_be_divided() -> None:
    for bound, expected in (("1/17", "certified"), ("1/15", "refuted")):
        assert decide_claim(at_amplitudes(f"pl_ratio >= {bound}", "amplitude_1 > 0", upper="1/20")).outcome == expected
