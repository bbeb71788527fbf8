import math
from fractions import Fraction
from itertools import islice, product
from typing import Any

import pytest

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.level import Level
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.point import decide_at
from emtheory.reports.decide.verdict import Finding, Link, Verdict, decide
from emtheory.reports.language.expression import OPERATORS
from emtheory.theory.claim import Claim

CASE = make_case(3, "uniform")
HOLDS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def certified(lower: Bound, upper: Bound) -> Enclosure:
    return Enclosure(lower, upper, Level.CERTIFIED, "test")


def exact(value: Fraction | int) -> Enclosure:
    return exact_enclosure(rational(value), 20)


def test_positions_of_two_intervals() -> None:
    for left, right, answers in (
        # Answers to < <= > >= == !=, from the position of the two intervals.
        ((1, 2), (3, 4), (True, True, False, False, False, True)),
        ((1, 2), (2, 3), (None, True, False, None, None, None)),
        ((2, 2), (2, 2), (False, True, False, True, True, False)),
        ((5, math.inf), (1, 4), (False, False, True, True, False, True)),
        ((5, math.inf), (4, 6), (None, None, None, None, None, None)),
        ((-math.inf, math.inf), (0, 0), (None, None, None, None, None, None)),
    ):
        for operator, answer in zip(OPERATORS, answers, strict=True):
            link = decide(operator, certified(*left), certified(*right))
            assert (link.holds, link.level) == (answer, Level.CERTIFIED), operator


def test_exact_numbers_are_always_decided_exactly() -> None:
    for operator, (left, right) in product(OPERATORS, ((1, 2), (2, 2), (3, Fraction(5, 2)))):
        link = decide(operator, exact(left), exact(right))
        assert (link.holds, link.level) == (HOLDS[operator](left, right), Level.EXACT)
        assert link.distance == abs(left - right)


def test_algebraic_numbers_whose_enclosures_coincide_are_decided() -> None:
    root = exact_enclosure(rational(2).sqrt(), 10)
    near = exact_enclosure(rational(2).sqrt() + rational(Fraction(1, 10**60)), 10)
    assert root.lower <= near.upper
    assert near.lower <= root.upper
    link = decide("<", root, near)
    assert link.holds is True
    assert link.level == Level.EXACT
    assert 0 < link.distance <= Fraction(1, 10**60)
    assert decide("==", root, exact_enclosure(rational(8).sqrt() / rational(2), 10)).holds is True


def test_enclosures_decide_at_the_weaker_level_and_never_above_certified() -> None:
    for left, right in product(Level, Level):
        link = decide("<", Enclosure(0, 1, left, "test"), Enclosure(2, 3, right, "test"))
        assert link.level == min(left, right, Level.CERTIFIED)


def test_the_distance_is_a_lower_bound() -> None:
    assert decide("<", certified(0, 1), certified(3, 9)).distance == 2
    assert decide("<=", certified(0, 1), certified(1, 2)).distance == 0
    assert decide("<", certified(0, 2), certified(1, 3)).distance is None
    assert decide(">", certified(math.inf, math.inf), certified(10**400, 10**400)).distance == math.inf
    assert decide("<", certified(math.inf, math.inf), certified(math.inf, math.inf)).holds is False


def finding(*links: Link) -> Finding:
    return Finding(CASE, tuple("abcd"[: len(links) + 1]), links)


YES = decide("<", certified(0, 1), certified(3, 4))
NO = decide("<", certified(3, 4), certified(0, 1))
WEAK_YES = decide("<", Enclosure(0, 1, Level.SUPPORTED, "test"), exact(2))
WEAK_NO = decide("<", Enclosure(3, 4, Level.OBSERVED, "test"), exact(2))
OPEN = decide("<", certified(0, 2), certified(1, 3))


def test_a_chain() -> None:
    assert finding(YES, WEAK_YES).holds is True
    assert finding(YES, WEAK_YES).level == Level.SUPPORTED
    assert finding(YES, WEAK_YES).distance == 1
    assert finding(YES, OPEN).holds is None
    assert finding(OPEN, NO).holds is False
    assert finding(WEAK_NO, YES, NO).level == Level.CERTIFIED
    assert finding(WEAK_NO, YES, NO).failing == NO
    assert finding().holds is None


def verdict(outcome: str, *findings: Finding) -> Verdict:
    return Verdict("x", "holds", outcome, Level.CERTIFIED, {}, "", findings)


def test_the_margin_is_the_smallest_over_cases_and_the_strongest_counterexample_the_witness() -> None:
    assert verdict("certified", finding(YES), finding(YES, WEAK_YES)).margin == "1"
    assert verdict("refuted", finding(YES, WEAK_YES), finding(NO)).margin == "2"
    assert verdict("inconclusive", finding(OPEN)).margin is None
    assert verdict("refuted", finding(WEAK_NO), finding(NO)).counterexample == finding(NO)
    with pytest.raises(TypeError, match="no truth value"):
        bool(verdict("proved"))


RADII = {"radius": ("0", "3")}
FAR = {"radius": ("1", "inf")}
TWO: dict[str, Any] = {"k": (2,), "weights": ("W", "1-W"), "for_all": {"W": ("11/20", "19/20"), "radius": ("0", "2")}}
_POINTS = 12


def claim(statement: str, weights: str = "linear", **more: Any) -> Claim:
    return Claim("x", statement, **({"weights": weights, "for_all": RADII} | more))


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        (claim("posterior_power(m=1) >= spectral_gap"), True),
        (claim("0 <= kl_divergence <= radius**2"), True),
        (claim("radius < 3", assume=("radius < 3",)), True),
        (claim("spectral_gap > 0", k=(3, 4, 5), for_all={}), True),
        (claim("log_partition <= 0.8*radius", "uniform", k=(2,), for_all=FAR), True),
        (claim("posterior_power(m=1) < 1", for_all=FAR), False),
        (claim("iterations_to_kl(eps=1/10) < 50", for_all={"radius": ("1", "2")}), True),
        (claim("iterations_to_kl(eps=1/10) < 50", "linear", k=(4,), for_all={"radius": ("1/10", "1/5")}), False),
        pytest.param(
            claim("posterior_power(m=1) <= 99/100", assume=("radius*W <= 1",), **TWO), True, marks=pytest.mark.long
        ),
    ],
    ids=lambda value: value.statement if isinstance(value, Claim) else "",
)
def test_no_point_of_the_domain_is_nearer_than_the_margin(asked: Claim, *, known: bool) -> None:
    margin = decide_claim(asked).margin
    assert (margin is not None) is known
    question = read_claim(asked)
    for case in question.cases:
        for place in islice(question.places(case), _POINTS):
            if margin is not None and all(decide_at(each, place).holds for each in question.local_assumptions):
                for link in decide_at(question.comparison, place).links:
                    assert Fraction(margin) <= abs(link.left.midpoint - link.right.midpoint) + Fraction(1, 10**12)
