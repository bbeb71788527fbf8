"""Statements about a whole ray for weights that vary, against values at single weights by another route."""

from fractions import Fraction

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.decide.along_ray import along_the_ray
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span
from emtheory.theory.claim import Claim

RADIUS = "strong_convexity_radius(fraction=9/10)"


@pytest.mark.parametrize(
    ("name", "argument", "operator", "k", "low"),
    [
        ("strong_convexity_radius", {"fraction": Fraction(9, 10)}, ">=", 3, "4/5"),
        pytest.param("strong_convexity_radius", {"fraction": Fraction(9, 10)}, ">=", 4, "4/5", marks=pytest.mark.long),
        ("contraction_radius", {"factor": Fraction(3, 10)}, ">=", 3, "9/10"),
        ("pl_radius", {"constant": Fraction(7, 10)}, ">=", 3, "9/10"),
        ("pl_constant", {"radius": Fraction(1)}, ">=", 3, "9/10"),
        ("worst_contraction_factor", {"radius": Fraction(1)}, "<=", 3, "9/10"),
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
    "statement", [f"{RADIUS} <= 1/2", f"{RADIUS} > 1/2", f"{RADIUS} >= spectral_gap", f"{RADIUS} >= 0"]
)
def test_what_is_no_bound_along_the_ray_stays_as_it_is(statement: str) -> None:
    ends = {"W": Span(Fraction(4, 5), Fraction(9, 10))}
    assert along_the_ray(parse_statement(statement, ["W"]), ends, 3) is None
