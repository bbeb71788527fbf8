from typing import Any

import pytest

from emtheory.reports.certificates.file import CellRecord, RejectedError
from emtheory.reports.certificates.replay import is_cover
from emtheory.reports.decide.domain import Question, read_claim
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


def test_a_cell_that_does_not_say_where_it_is_is_rejected() -> None:
    with pytest.raises(RejectedError, match="does not say which box"):
        is_cover([cell("box")], question("0", "2"))
