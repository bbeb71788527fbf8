import math
from dataclasses import replace
from fractions import Fraction

import pytest

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.evaluate import evaluate, prove
from emtheory.numerics.level import Level
from emtheory.numerics.simplex_point.moments import frequency_groups
from tests.tiers import first_every_day

HEAVY = make_case(64, "one-heavy:9/10")
CROSSINGS = [
    (HEAVY, "pl_radius", "constant", Fraction(1, 2)),
    (HEAVY, "contraction_radius", "factor", Fraction(1, 2)),
    (make_case(8, "1/2,3/14,1/14,1/14,1/28,1/28,1/28,1/28"), "contraction_radius", "factor", Fraction(97, 100)),
]


def _at(name: str, case: Case, radius: Fraction) -> Fraction:
    """The function whose crossing is sought, by the mp route: the PL ratio, or the largest factor."""
    there = case.at_radius(radius)
    if name == "pl_radius":
        return Fraction(evaluate("pl_ratio", there, {}, 14, "mp").midpoint)
    frequencies = (Fraction(group[0]) for group in frequency_groups(case))
    powers = (evaluate("posterior_power", there, {"m": m}, 14, "mp").midpoint for m in frequencies)
    return -max(1 - Fraction(power) for power in powers)


@pytest.mark.parametrize(("case", "name", "argument", "bound"), first_every_day(1, CROSSINGS[:2]))
def test_a_crossing_is_where_an_independent_route_sees_it(
    case: Case, name: str, argument: str, bound: Fraction
) -> None:
    found = evaluate(name, case, {argument: bound}, 12, "ball")
    level = bound if name == "pl_radius" else -bound
    if found.lower == math.inf:
        assert all(_at(name, case, Fraction(i, 2)) > level for i in range(1, 12))
        return
    assert found.level == Level.CERTIFIED
    assert found.has_digits(12)
    assert _at(name, case, Fraction(found.lower)) > level > _at(name, case, Fraction(found.upper))
    assert all(_at(name, case, Fraction(found.lower) * i / 6) > level for i in (1, 3, 5))


@pytest.mark.parametrize(("factor", "radius"), [("83/100", 0), ("21/25", math.inf), ("9/10", math.inf)])
def test_the_factor_at_the_origin_is_kept_or_lost_at_once(factor: str, radius: float) -> None:
    # One heavy of three: the factor at the origin is 21/25 exactly, and β increases from there.
    found = evaluate("contraction_radius", make_case(3, "one-heavy:3/5"), {"factor": Fraction(factor)}, 10, "ball")
    assert found.lower == found.upper == radius


def test_the_tail_bound_holds() -> None:
    # 1 − β ≤ R_0/(r w_m), here with one group of frequencies, so that w = 1.
    lloyd = Fraction(evaluate("lloyd_radius", HEAVY, {}, 10, "ball").upper)
    for radius in (Fraction(3), Fraction(5), Fraction(9)):
        power = evaluate("posterior_power", HEAVY.at_radius(radius), {"m": Fraction(1)}, 10, "mp")
        assert 1 - Fraction(power.midpoint) < lloyd / radius


@pytest.mark.long
@pytest.mark.parametrize(("case", "name", "argument", "bound"), CROSSINGS[:2])
def test_a_wrong_enclosure_is_not_proved(case: Case, name: str, argument: str, bound: Fraction) -> None:
    found = evaluate(name, case, {argument: bound}, 6, "ball")
    assert prove(name, case, {argument: bound}, found)
    wrong = [
        replace(found, lower=Fraction(0), upper=Fraction(0)),
        replace(found, lower=math.inf, upper=math.inf),
        Enclosure(Fraction(1), Fraction(11, 10), Level.CERTIFIED, "ball"),
    ]
    if found.lower != math.inf:
        width = Fraction(found.upper) - Fraction(found.lower)
        wrong += [
            replace(found, lower=found.lower + width, upper=found.upper + width),
            replace(found, lower=found.lower - width, upper=found.upper - width),
        ]
    for enclosure in wrong:
        if enclosure != found:
            assert not prove(name, case, {argument: bound}, enclosure)
