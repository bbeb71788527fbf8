"""Statements for every radius: what is enclosed far out against values from the definitions, verdicts, certificates."""

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import make_problem
from emtheory.reports.decide.boxes.tail_forms import SimplexTailForms
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.language.parser import parse_statement
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import brute_force
from tests.reports.decide.conftest import QUANTITIES, Replayed
from tests.reports.decide.conftest import claim as any_claim
from tests.tiers import first_every_day


def claim(statement: str, k: int = 2, weights: str = "one-heavy:7/10", *assume: str, **ranges: Any) -> Claim:
    return any_claim(statement, weights, *assume, k=k, **{"radius": ("0", "inf"), **ranges})


VALUES = {
    **{name: lambda found, _, value=value: value(found) for name, value in QUANTITIES.items() if "kl" not in name},
    "kl_divergence/radius**2": lambda found, square: found.kl / square,
    "log_partition/radius**2": lambda found, square: found.log_partition / square,
    "1/radius - 2*radius/(radius**2 + 1)": lambda found, square: square**-0.5 - 2 * square**0.5 / (square + 1),
    "min(radius, 2)": lambda found, square: 2.0,
    "exp(-radius)": lambda found, square: math.exp(-math.sqrt(square)),
}


@pytest.mark.parametrize("k", [2, 3])
def test_values_far_out_are_in_their_enclosures(k: int) -> None:
    start = Fraction(6)
    expressions = parse_statement(" < ".join(VALUES), ("radius",)).operands
    for weight, radius in ((Fraction(7, 10), start), (Fraction(99, 100), start), (Fraction(1, 2), Fraction(9))):
        question = read_claim(claim("posterior_power(m=1) > 0", k, f"one-heavy:{weight}"))
        cell = BoxCell({"radius": (start, start)}, 4, {"radius": (start, start)}, tail="radius")
        forms = SimplexTailForms(cell, make_problem(question, question.cases[0]), {})
        with arb_precision(128):
            hulls = [forms.series(expression).values.range for expression in expressions]
        found = brute_force(make_case(k, f"one-heavy:{weight}", radius=radius))
        for value, enclosure in zip(VALUES.values(), hulls, strict=True):
            at = float(value(found, float(radius) ** 2))
            assert float(enclosure.lower) - 1e-9 <= at <= float(enclosure.upper) + 1e-9
        assert float(hulls[0].lower) > 0.6  # They say something.


HELD = [
    claim("hessian_min_eigenvalue > spectral_gap/2", 2, "one-heavy:3/5"),
    claim("pl_ratio >= 1/10", 2, "one-heavy:7/10", "radius > 0"),
    claim("posterior_power(m=1) > spectral_gap/2", 3, "one-heavy:W", "radius*W > 1", W=("1/2", "3/4")),
]
FAILED = [
    claim("posterior_power(m=1) < 1 - (2*W-1)**2/8", 2, "one-heavy:W", W=("3/5", "4/5")),  # It tends to 1.
    claim("posterior_power(m=1) >= 1/2"),  # It fails near 0.
]


def test_what_holds_for_every_radius_is_certified_and_replayed(replayed: Replayed) -> None:
    for held in HELD:
        verdict = decide_claim(held)
        assert verdict.outcome == replayed(held, verdict) == "certified"
        assert "inf)" in verdict.domain["covered"]
    for failed in FAILED:
        verdict = decide_claim(failed)
        assert verdict.outcome == "refuted"
        assert verdict.counterexample.box is None


@pytest.mark.parametrize(
    ("true", "false"),
    [
        # At radii beyond the reach of quadrature: β = 1 − R_0/r + …, with R_0 = 0.797884… for two components.
        ("posterior_power(m=1) <= 1 - 79/100/(1 + radius)", "posterior_power(m=1) < 1 - 1/1000"),
        ("radius*(1 - posterior_power(m=1)) <= lloyd_radius", "radius*(1 - posterior_power(m=1)) <= 7978/10000"),
        ("log_partition <= lloyd_radius*radius", "log_partition <= 99999/100000*lloyd_radius*radius"),
        ("log(log_partition) < log(radius) - 2/10", "log(log_partition) < log(radius) - 23/100"),
        ("kl_divergence >= radius**2/2 - 798/1000*radius", "kl_divergence >= radius**2/2 - 797/1000*radius"),
    ],
)
def test_what_both_sides_tend_to_is_told_from_what_is_slightly_off(true: str, false: str) -> None:
    held, failed = (decide_claim(claim(each, radius=("1", "inf"))) for each in (true, false))
    assert held.outcome == "certified", held.reason
    assert failed.outcome == "refuted"
    assert failed.counterexample.level == Level.CERTIFIED
    assert failed.counterexample.box is None


@pytest.mark.parametrize("separation", first_every_day(1, [{}, {"separation": ("0", "1")}]))
def test_two_means_are_followed_to_infinity(separation: dict[str, tuple[str, str]], replayed: Replayed) -> None:
    values = {} if separation else {"separation": "0"}
    for_all = {"theta": ("0", "inf"), **separation}
    statement = "em_map <= separation + 798/1000"
    asked = Claim("tail", statement, k=(), family="two-means", values=values, for_all=for_all)
    verdict, failed = decide_claim(asked), decide_claim(replace(asked, statement=statement.replace("798", "797")))
    assert verdict.outcome == replayed(asked, verdict) == "certified"
    assert any(finding.box is not None and finding.box.tail for finding in verdict.findings)
    assert failed.outcome == "refuted"
    assert failed.level == Level.CERTIFIED


def test_what_has_no_value_or_is_out_of_reach_far_out_is_said() -> None:
    with pytest.raises(InputError, match="log of a number"):
        decide_claim(claim("log(5 - radius) <= log(6 + kl_divergence)"))
    off = replace(claim("kl_divergence > 0", 3), for_all={"amplitude_1": ("1", "inf")})
    assert "in reach are boxes with ends" in decide_claim(off).reason
