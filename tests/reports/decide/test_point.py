"""Statements at one case, with as many digits as their quantities have."""

import pytest

from emtheory.numerics import evaluate as quantities
from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
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


@pytest.mark.parametrize(
    ("statement", "times"), [("abs({}) < {} / 9", 1), ("abs({} + contraction_factor - 16/25) < {} / 9", 2)]
)
def test_no_sample_is_drawn_anew_for_more_digits(statement: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides have the same spread, whose ends do not decide; other quantities may have more digits."""
    asked: list[int] = []
    monkeypatch.setattr(quantities, "evaluate", lambda *given: asked.append(given[-1]) or evaluate(*given))
    sample = "(sample_contraction_factor(n=50, seed=1) - sample_contraction_factor(n=50, seed=1))"
    finding = decide_at(parse_statement(statement.format(sample, sample)), make_case(2, "4/5,1/5", radius=1), 30)
    assert finding.holds is None
    assert asked.count(FIRST_DIGITS) == times
    assert (30 in asked) is (times == 2)
