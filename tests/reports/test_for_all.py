from fractions import Fraction
from itertools import pairwise

import pytest

from numerics.case import make_case
from numerics.enclosure import Level
from reports.expression import Comparison
from reports.for_all import decide_on_interval
from reports.parser import parse_statement

CASE = make_case(3, "uniform")


def radius_below(bound: Fraction) -> Comparison:
    return parse_statement(f"radius < {bound}")


def test_points_are_not_the_whole_interval() -> None:
    coverage = decide_on_interval(radius_below(Fraction(4)), CASE, (Fraction(1), Fraction(3)), 30)
    radii = [finding.case.radius for finding in coverage.findings]
    assert not coverage.complete
    assert len(set(radii)) == len(radii) >= 18
    assert {Fraction(1), Fraction(3)} < set(radii)
    assert all(1 <= radius <= 3 for radius in radii)
    ordered = sorted(radii)
    assert max(b - a for a, b in pairwise(ordered)) < Fraction(1, 2)
    assert "not all of it" in coverage.covered


def test_a_single_point_is_all_of_its_interval() -> None:
    coverage = decide_on_interval(radius_below(Fraction(4)), CASE, (Fraction(2), Fraction(2)), 30)
    assert coverage.complete
    assert [finding.case.radius for finding in coverage.findings] == [2]


@pytest.mark.parametrize("bound", [Fraction(0), Fraction(3), Fraction(2)])
def test_the_last_finding_is_the_violation(bound: Fraction) -> None:
    coverage = decide_on_interval(radius_below(bound), CASE, (Fraction(0), Fraction(3)), 30)
    last = coverage.findings[-1]
    assert last.holds is False
    assert last.level == Level.EXACT
    assert last.case.radius >= bound
