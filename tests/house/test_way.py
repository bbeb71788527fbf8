"""The way of a claim from `decide_claim` to its verdict: through few files, each for a reason, and seldom back to one.

A *stay* is a run of calls of functions in one file of the room of decisions; what methods of a record read from it is
no stay. Over a domain a claim goes round in loops: there each *passage* from one file to another is counted once.
"""

import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import FrameType

from emtheory.reports.decide import domain
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim

ROOM = Path(domain.__file__).resolve().parent

AT_ONE_CASE = Claim("exact", "contraction_factor <= 17/20", k=(3,), weights=("1/2", "3/10", "1/5"))
ON_A_BOX = Claim(
    "box",
    "posterior_power(m=1) > 1/20",
    k=(2,),
    weights="one-heavy:W",
    for_all={"W": ("3/5", "4/5"), "radius": ("0", "2")},
)


def way(claim: Claim) -> list[str]:
    """The files of the room in the order in which functions in them are called."""
    stays: list[str] = []
    # By the text of its path, told once: to resolve a path at each call takes far longer than the claim.
    in_room = cache(lambda file: Path(file).resolve().is_relative_to(ROOM))

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or "." in code.co_qualname or not in_room(code.co_filename):
            return
        stem = Path(code.co_filename).stem
        if not stays or stays[-1] != stem:
            stays.append(stem)

    decide_claim(claim)  # What is imported late is loaded.
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        decide_claim(claim)
    finally:
        sys.setprofile(before)
    return stays


def test_a_claim_goes_through_few_files_and_is_read_once() -> None:
    stays = way(AT_ONE_CASE)
    assert stays[0] == "claim"
    assert {"domain", "cover", "point"} <= set(stays)
    assert len(stays) <= 25, stays
    assert len(stays) - len(set(stays)) <= 10, stays
    assert "domain" not in stays[stays.index("cover") :]
    passages = set(pairwise(way(ON_A_BOX)))
    assert 0 < len(passages) <= 45, sorted(passages)
