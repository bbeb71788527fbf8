"""Domains of several variables, and assumptions that restrict them.

Statements about a whole ray for weights that vary, against values at single weights by another route."""

from fractions import Fraction
from typing import Any

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.decide.along_ray import along_the_ray
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.inhabited import has_a_point
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span
from emtheory.theory.claim import Claim
from tests.reports.decide.conftest import claim as on_a_domain
from tests.tiers import first_every_day


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
    cut = claim("spectral_gap > 1/100", k=(3, 4, 20), assume=("spectral_gap > 1/50",))
    assert decide_claim(cut).outcome == "proved"


def test_a_claim_about_nothing_is_an_error() -> None:
    for vacuous in (
        claim("spectral_gap > 0", assume=("spectral_gap > 1",)),
        claim("kl_divergence > 0", for_all=ONE_TO_TWO, assume=("radius < 3/2", "radius > 3/2")),
        claim("kl_divergence > 0", for_all=ONE_TO_TWO, assume=("1 < radius < 1",)),
        claim("kl_divergence > 0", for_all={"radius": ("1", "5/4")}, assume=("kl_divergence > 1/2",)),
    ):
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
    assert decide_claim(touching, digits_max=8).outcome == "inconclusive"


def test_an_assumption_on_a_quantity_cuts_the_domain() -> None:
    assert decide_claim(claim("radius > 6/5", for_all=ONE_TO_TWO)).outcome == "refuted"
    verdict = decide_claim(claim("radius > 6/5", for_all=ONE_TO_TWO, assume=("kl_divergence > 1/5",)))
    assert verdict.outcome == "certified"


RADIUS = "strong_convexity_radius(fraction=9/10)"
ALONG = [
    ("strong_convexity_radius", {"fraction": Fraction(9, 10)}, RADIUS + " >= {}"),
    ("contraction_radius", {"factor": Fraction(3, 10)}, "contraction_radius(factor=3/10) >= {}"),
    ("worst_contraction_factor", {"radius": Fraction(1)}, "1 - {}*spectral_gap >= worst_contraction_factor(radius=1)"),
    ("pl_constant", {"radius": Fraction(1)}, "pl_constant(radius=1) >= {}*spectral_gap"),
]


@pytest.mark.parametrize(("name", "argument", "bounded"), first_every_day(3, ALONG), ids=[each[0] for each in ALONG])
def test_a_bound_along_the_ray_for_all_weights(name: str, argument: dict[str, Fraction], bounded: str) -> None:
    ratios = []
    for place in (Fraction(23, 25) + Fraction(i, 200) for i in range(7)):
        case = make_case(3, f"one-heavy:{place}")
        value = float(evaluate(name, case, argument, 6, "float").midpoint)
        gap = ((3 * float(place) - 1) / 2) ** 2 if "gap" in bounded else 1
        ratios.append((1 - value if "1 -" in bounded else value) / gap)
    sharp = Fraction(min(ratios)).limit_denominator(10**5)
    for off, outcome in ((Fraction(49, 50), "certified"), (Fraction(51, 50), "refuted")):
        statement, ends = bounded.format(sharp * off), {"W": ("23/25", "19/20")}
        assert decide_claim(claim(statement, weights="one-heavy:W", for_all=ends)).outcome == outcome, statement


def test_what_is_no_bound_along_the_ray_stays_as_it_is() -> None:
    ends = {"W": Span(Fraction(4, 5), Fraction(9, 10))}
    for other in ("<= 1/2", "> 1/2", "> spectral_gap", ">= 0"):
        assert along_the_ray(parse_statement(f"{RADIUS} {other}", ["W"]), ends, 3) is None


def test_an_excluded_end_is_an_open_end() -> None:
    for assume, weight in (
        (("W != 1",), "[3/4, 1)"),
        (("W != 1", "W != 3/4"), "(3/4, 1)"),
        (("W != 7/8", "W <= 7/8"), "[3/4, 7/8)"),
        (("0 < W != 1",), "[3/4, 1)"),
    ):
        ends = {"W": ("3/4", "1"), "radius": ("0", "2")}
        question = read_claim(on_a_domain("posterior_power(m=1) <= 1", "one-heavy:W", *assume, k=2, **ends))
        assert ([str(span) for span in question.spans.values()], question.assumptions) == ([weight, "[0, 2]"], ())


def test_a_little_is_enough_and_nothing_an_error() -> None:
    def little(*assume: str) -> Claim:
        ends = {"W": ("3/5", "4/5"), "radius": ("1/10", "1")}
        return on_a_domain("posterior_power(m=1) >= W/1000", ("W", "1 - W"), *assume, **ends)

    for assume in (
        ("exp(W)*radius > 1.0001", "exp(W)*radius < 1.0002"),
        ("kl_divergence > 1/1000", "W - radius/10 > 0.788", "radius > 1/20"),
    ):
        assert decide_claim(little(*assume)).outcome == "certified"
    with pytest.raises(InputError, match=r"assumptions hold|hold nowhere"):
        decide_claim(little("exp(W)*radius > 1.002", "exp(W)*radius < 1.001"))


def test_a_number_of_points_is_whole() -> None:
    def sized(*assume: str) -> bool:
        bound = "sample_error_bound(n=N, delta=1/20, radius=1) > 0"
        question = read_claim(on_a_domain(bound, ("3/4", "1/4"), *assume, N=("1000", "2000")))
        return has_a_point(question, question.cases[0])

    assert sized("log(N) > 7.3", "log(N) < 7.301")  # 1,481
    assert not sized("log(N) > 7.3002", "log(N) < 7.3004")  # between 1,480 and 1,481
