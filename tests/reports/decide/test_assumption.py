from dataclasses import replace

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.theory.claim import Claim

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


def test_an_excluded_inner_number_stays_an_assumption() -> None:
    assert domain(replace(BOX, assume=("W != 1", "W != 7/8"))) == (["[3/4, 1)", "[0, 2]"], 1)


def test_nothing_may_be_left() -> None:
    with pytest.raises(InputError, match="a claim about no case is an error"):
        read_claim(replace(BOX, assume=("W != 1", "W >= 1")))


def test_the_end_that_is_excluded_decides() -> None:
    strict = replace(BOX, statement="0 < (1 - W) * (1 + radius)")
    assert decide_claim(BOX).outcome == "proved"
    assert decide_claim(strict).outcome == "proved"
    light = replace(
        strict,
        weights=("W", "1-W"),
        statement="0 < W * (1 + radius)",
        for_all={"W": ("0", "1/4"), "radius": ("0", "2")},
    )
    assert decide_claim(replace(light, assume=("W != 0",))).outcome == "proved"
    assert decide_claim(replace(strict, statement="(1 - W) * (1 + radius) > 1/100")).outcome == "refuted"
