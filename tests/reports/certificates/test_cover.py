from typing import Any

import pytest

from emtheory.reports.certificates.file import CellRecord, RejectedError
from emtheory.reports.certificates.replay import is_cover, is_inside, is_sample
from emtheory.reports.decide.domain import Question, read_claim
from emtheory.reports.language.span import points
from emtheory.theory.claim import Claim


def cell(method: str, *ends: str) -> CellRecord:
    where: dict[str, Any] = {"point": None, "stretch": {"radius": list(ends)} if ends else None}
    if method == "point":
        where = {"point": dict(zip(["radius"], ends, strict=False)), "stretch": None}
    evidence: dict[str, Any] = {"digits": 15, "quantities": [], "comparisons": [], "assumptions": [], "window": None}
    return CellRecord(method=method, **where, **evidence)  # type: ignore[arg-type]


def question(lower: str, upper: str, *assume: str) -> Question:
    return read_claim(Claim("a", "kl_divergence > 0", for_all={"radius": (lower, upper)}, assume=assume))


ZERO, NEAR, FAR = cell("point", "0"), cell("box", "0", "1"), cell("box", "1", "2")
HALF_OPEN = question("0", "2", "radius > 0")


def test_covers() -> None:
    assert is_cover([NEAR, FAR], question("0", "2"))
    assert is_cover([FAR, NEAR], question("0", "2"))
    assert is_cover([NEAR, FAR], HALF_OPEN)
    assert is_cover([FAR], question("1", "2"))
    assert is_cover([cell("box", "1/4", "1"), FAR], question("1/4", "2"))
    assert is_cover([cell("point", "1")], question("1", "1"))


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [ZERO],
        [NEAR],
        [FAR],
        [NEAR, FAR, NEAR],
        [ZERO, FAR],
        [ZERO, NEAR, FAR],
        [NEAR, cell("box", "5/4", "2")],
        [NEAR, cell("box", "1", "1")],
        [cell("box", "1/1000000", "1"), FAR],
        [NEAR, cell("box", "1", "1999999/1000000")],
    ],
)
def test_gaps_are_no_covers(cells: list[CellRecord]) -> None:
    assert not is_cover(cells, question("0", "2"))


def test_points_of_an_interval_are_a_sample_if_they_are_all_there() -> None:
    asked = question("0", "2")
    sample = [cell("point", str(point["radius"])) for point in points(asked.spans)]
    assert is_sample(sample, asked, asked.cases[0])
    assert not is_sample(sample[1:], asked, asked.cases[0])
    assert not is_sample([*sample, sample[0]], asked, asked.cases[0])
    assert not is_cover(sample, asked)


@pytest.mark.parametrize(
    ("witness", "inside"),
    [
        (cell("point", "1"), True),
        (cell("point", "2"), True),
        (cell("point", "0"), False),
        (cell("point", "3"), False),
        (cell("box", "1", "2"), True),
        (cell("box", "0", "1"), True),
        (cell("box", "1", "3"), False),
    ],
)
def test_a_witness_lies_inside(witness: CellRecord, inside: bool) -> None:
    assert is_inside(witness, HALF_OPEN.spans) is inside


def test_a_cell_that_does_not_say_where_it_is_is_rejected() -> None:
    with pytest.raises(RejectedError, match="does not say which box"):
        is_cover([cell("box")], question("0", "2"))
