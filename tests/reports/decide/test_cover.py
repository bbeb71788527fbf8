"""Domains of several variables, and assumptions that restrict them.

Statements about a whole ray for weights that vary, against values at single weights by another route."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.decide.along_ray import along_the_ray
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span
from emtheory.theory.claim import Claim


def claim(statement: str, **more: Any) -> Claim:
    return Claim("test", statement, **{"k": (3,), "weights": "linear", **more})


ONE_TO_TWO = {"radius": ("1", "2")}


def test_an_assumption_excludes_cases() -> None:
    false = claim("spectral_gap > 1/100", k=(3, 4, 20))
    assert decide_claim(false).outcome == "refuted"
    verdict = decide_claim(claim("spectral_gap > 1/100", k=(3, 4, 20), assume=("k < 10",)))
    assert verdict.outcome == "proved"
    assert "k = 20: excluded by an assumption" in str(verdict.domain["covered"])
    assert verdict.domain["assume"] == ["k < 10"]
    assert (
        decide_claim(claim("spectral_gap > 1/100", k=(3, 4, 20), assume=("spectral_gap > 1/50",))).outcome == "proved"
    )


@pytest.mark.parametrize(
    "vacuous",
    [
        claim("spectral_gap > 0", assume=("k > 3",)),
        claim("spectral_gap > 0", assume=("spectral_gap > 1",)),
        claim("kl_divergence > 0", for_all=ONE_TO_TWO, assume=("radius > 2",)),
        claim("kl_divergence > 0", for_all=ONE_TO_TWO, assume=("radius < 3/2", "radius > 3/2")),
        claim("kl_divergence > 0", for_all=ONE_TO_TWO, assume=("1 < radius < 1",)),
        claim("kl_divergence > 0", for_all=ONE_TO_TWO, assume=("kl_divergence > 100",)),
    ],
    ids=lambda c: str(c.assume),
)
def test_a_claim_about_nothing_is_an_error(vacuous: Claim) -> None:
    with pytest.raises(InputError, match=r"no case|no radius|none of the points"):
        decide_claim(vacuous)


def test_an_undecided_assumption_leaves_the_claim_open() -> None:
    verdict = decide_claim(claim("spectral_gap > 0", assume=("log(4) <= 2*log(2)",)))
    assert verdict.outcome == "inconclusive"
    assert "not known whether the assumption holds" in verdict.reason


def test_an_open_end_does_not_belong_to_the_interval() -> None:
    from_zero = {"radius": ("0", "1")}
    assert decide_claim(claim("kl_divergence > 0", for_all=from_zero)).outcome == "refuted"
    positive = decide_claim(claim("kl_divergence > 0", for_all=from_zero, assume=("radius > 0",)))
    assert positive.outcome == "certified"
    # It fails at 3/2 only, which is excluded.
    assert decide_claim(claim("radius < 3/2", for_all=ONE_TO_TWO, assume=("radius < 3/2",))).outcome == "proved"
    # Where a statement with a quantity touches at an open end it is not decided.
    touching = claim("radius + kl_divergence*(3/2 - radius) < 3/2", for_all=ONE_TO_TWO, assume=("radius < 3/2",))
    assert decide_claim(touching, digits_max=15).outcome == "inconclusive"


def test_an_assumption_on_a_quantity_cuts_the_domain() -> None:
    assert decide_claim(claim("radius > 6/5", for_all=ONE_TO_TWO)).outcome == "refuted"
    verdict = decide_claim(claim("radius > 6/5", for_all=ONE_TO_TWO, assume=("kl_divergence > 1/5",)))
    assert verdict.outcome == "certified"


RADIUS = "strong_convexity_radius(fraction=9/10)"


@pytest.mark.parametrize(
    ("name", "argument", "operator", "k", "low"),
    [
        ("strong_convexity_radius", {"fraction": Fraction(9, 10)}, ">=", 3, "4/5"),
        ("contraction_radius", {"factor": Fraction(3, 10)}, ">=", 3, "9/10"),
        pytest.param("pl_constant", {"radius": Fraction(1)}, ">=", 3, "9/10", marks=pytest.mark.long),
        pytest.param("worst_contraction_factor", {"radius": Fraction(1)}, "<=", 3, "9/10", marks=pytest.mark.long),
    ],
)
def test_a_bound_along_the_ray_for_all_weights(
    name: str, argument: dict[str, Fraction], operator: str, k: int, low: str
) -> None:
    places = [Fraction(low) + (Fraction(19, 20) - Fraction(low)) * i / 6 for i in range(7)]
    cases = [make_case(k, f"one-heavy:{place}") for place in places]
    values = [float(evaluate(name, case, argument, 6, "float").midpoint) for case in cases]
    sharp = Fraction(min(values) if operator == ">=" else max(values)).limit_denominator(10**5)
    (word, number), sign = next(iter(argument.items())), 1 if operator == ">=" else -1
    for off, outcome in ((-sign, "certified"), (sign, "refuted")):
        statement = f"{name}({word}={number}) {operator} {sharp * (1 + Fraction(off, 50))}"
        claim = Claim(id="ray", statement=statement, k=(k,), weights="one-heavy:W", for_all={"W": (low, "19/20")})
        assert decide_claim(claim).outcome == outcome, statement


@pytest.mark.parametrize(
    ("bounded", "sign"),
    [
        pytest.param("pl_constant(radius=1) >= {}*spectral_gap", 1, marks=pytest.mark.long),
        ("1 - {}*spectral_gap >= worst_contraction_factor(radius=1)", -1),
    ],
)
def test_a_bound_along_the_ray_that_depends_on_the_weights(bounded: str, sign: int) -> None:
    name = "pl_constant" if sign > 0 else "worst_contraction_factor"
    ratios = []
    for place in (Fraction(9, 10) + Fraction(i, 120) for i in range(7)):
        case = make_case(3, f"one-heavy:{place}")
        value, gap = (
            float(evaluate(which, case, given, 6, "float").midpoint)
            for which, given in ((name, {"radius": Fraction(1)}), ("spectral_gap", {}))
        )
        ratios.append((value if sign > 0 else 1 - value) / gap)
    sharp = Fraction(min(ratios)).limit_denominator(10**5)
    for off, outcome in ((Fraction(49, 50), "certified"), (Fraction(51, 50), "refuted")):
        statement = bounded.format(sharp * off)
        held = Claim(id="ray", statement=statement, k=(3,), weights="one-heavy:W", for_all={"W": ("9/10", "19/20")})
        assert decide_claim(held).outcome == outcome, statement


@pytest.mark.parametrize(
    "statement", [f"{RADIUS} <= 1/2", f"{RADIUS} > 1/2", f"{RADIUS} > spectral_gap", f"{RADIUS} >= 0"]
)
def test_what_is_no_bound_along_the_ray_stays_as_it_is(statement: str) -> None:
    ends = {"W": Span(Fraction(4, 5), Fraction(9, 10))}
    assert along_the_ray(parse_statement(statement, ["W"]), ends, 3) is None


BOX = Claim(
    "excluded",
    "posterior_power(m=1) <= 1",
    k=(2,),
    weights="one-heavy:W",
    for_all={"W": ("3/4", "1"), "radius": ("0", "2")},
    assume=("W != 1",),
)


def domain(claim: Claim) -> tuple[list[str], int]:
    question = read_claim(claim)
    return [str(span) for span in question.spans.values()], len(question.assumptions)


@pytest.mark.parametrize(
    ("assume", "weight"),
    [
        (("W != 1",), "[3/4, 1)"),
        (("1 != W",), "[3/4, 1)"),
        (("W != 1", "W != 3/4"), "(3/4, 1)"),
        (("W != 7/8", "W <= 7/8"), "[3/4, 7/8)"),
        (("0 < W != 1",), "[3/4, 1)"),
        (("W < 1", "W != 2"), "[3/4, 1)"),
    ],
)
def test_an_excluded_end_is_an_open_end(assume: tuple[str, ...], weight: str) -> None:
    assert domain(replace(BOX, assume=assume)) == ([weight, "[0, 2]"], 0)
