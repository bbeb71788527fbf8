"""Statements at one case, with as many digits as their quantities have."""

from fractions import Fraction

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.level import Level
from emtheory.reports.decide.point import DIGITS_MAX, FIRST_DIGITS, decide_at
from emtheory.reports.language.parser import parse_statement
from tests.tiers import first_every_day

FIVE = make_case(5, "linear")
STATEMENTS = [
    ("worst_direction_contraction_factor(radius=1/4) < 99/100", True),
    ("worst_direction_min_eigenvalue(radius=1/4) > 1/100", True),
    ("worst_direction_min_eigenvalue(radius=1/4) > 9/100", False),
]


@pytest.mark.parametrize(("statement", "holds"), first_every_day(1, STATEMENTS))
def test_fewer_digits_than_usual_decide_if_there_are_no_more(statement: str, holds: bool) -> None:
    comparison = parse_statement(statement)
    finding = decide_at(comparison, FIVE)
    assert finding.holds is holds
    assert finding.level == Level.CERTIFIED
    assert finding.digits < FIRST_DIGITS


def test_what_no_digits_decide_stays_open() -> None:
    finding = decide_at(parse_statement("worst_pl_radius(constant=1/10000) > 1"), make_case(13, "linear"))
    assert finding.holds is None
    assert "up to k = 12" in finding.reason
    assert finding.digits == DIGITS_MAX


def test_digits_that_suffice_are_not_lowered() -> None:
    finding = decide_at(parse_statement("kl_divergence > 0"), make_case(5, "linear", radius=Fraction(1)))
    assert (finding.holds, finding.digits) == (True, FIRST_DIGITS)
