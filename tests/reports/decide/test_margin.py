"""A margin is a lower bound of the distance of two sides on the whole domain: no point of it has them nearer."""

from fractions import Fraction
from itertools import islice
from typing import Any

import pytest

from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.point import decide_at
from emtheory.theory.claim import Claim

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
        (claim("radius**2 + 1 > radius"), True),
        (claim("0 <= kl_divergence <= radius**2"), True),
        (claim("radius < 3", assume=("radius < 3",)), True),
        (claim("spectral_gap > 0", k=(3, 4, 5), for_all={}), True),
        (claim("log_partition <= 0.8*radius", "uniform", k=(2,), for_all=FAR), True),
        (claim("posterior_power(m=1) < 1", for_all=FAR), False),
        (claim("kl_divergence != -1"), False),
        (claim("iterations_to_kl(eps=1/10) < 50", for_all={"radius": ("1", "2")}), True),
        (claim("iterations_to_kl(eps=1/10) < 50", "linear", k=(4,), for_all={"radius": ("1/10", "1/5")}), False),
        pytest.param(claim("posterior_power(m=1) >= 4/5*(2*W - 1)**2", **TWO), True, marks=pytest.mark.long),
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
