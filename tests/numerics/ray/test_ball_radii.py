import math
from dataclasses import replace
from fractions import Fraction

import pytest

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.evaluate import evaluate, prove
from emtheory.numerics.level import Level
from emtheory.numerics.ray.ball_values import proposed_and_proved
from emtheory.numerics.ray.heights import shares
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
        return Fraction(evaluate("pl_ratio", there, {}, 20, "mp").midpoint)
    frequencies = (Fraction(group[0]) for group in frequency_groups(case))
    powers = (evaluate("posterior_power", there, {"m": m}, 20, "mp").midpoint for m in frequencies)
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


@pytest.mark.parametrize(
    ("k", "weights", "groups"),
    [(6, "one-heavy:3/5", 1), (7, "difference-set:9/10", 1), (6, "uniform", 1), (4, "1/2,1/4,1/8,1/8", 2)],
)
def test_frequencies_with_one_power_share_the_whole_norm(k: int, weights: str, groups: int) -> None:
    case = make_case(k, weights, radius=Fraction(1))
    powers = {float(evaluate("posterior_power", case, {"m": Fraction(m)}, 12).midpoint) for m in case.frequencies}
    assert len({round(power, 10) for power in powers}) == groups == len(shares(case))
    assert sum(share for _, share in shares(case)) == 1


def test_an_even_number_of_components_does_not_put_the_tail_far_out() -> None:
    found = evaluate("contraction_radius", make_case(200, "one-heavy:99/100"), {"factor": Fraction(99, 100)}, 6, "ball")
    assert found.lower == math.inf
    assert float(found.note.split("radius ")[1].split(",")[0]) < 3


WIDTH = Fraction(1, 40)
"""Of a dip on [0, 1] that a search at twenty radii steps over."""


def _dip(radius: Fraction) -> Fraction:
    return 1 - max(Fraction(0), 1 - abs(radius - Fraction(21, 40)) / WIDTH)


def _lowest(count: int) -> Enclosure:
    value = min(_dip(Fraction(i, count)) for i in range(count + 1))
    return Enclosure(value, value, Level.CERTIFIED, "ball")


def _is_lowest(found: Enclosure) -> bool:
    return found.lower == 0


def test_a_dip_between_few_radii_is_found_at_many() -> None:
    assert not _is_lowest(_lowest(20))
    found, is_proved = proposed_and_proved(_lowest, _is_lowest)
    assert is_proved
    assert found.lower == 0
