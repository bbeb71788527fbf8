"""The way of a claim from `decide_claim` to its verdict: through few files, each for a reason, and seldom back to one.

A *stay* is a run of calls of functions in one file of the room of decisions, and a *return* a stay in a file that was
left before; what methods of a record read from it is no stay. Over a domain a claim goes round in loops, over points,
cells or k: there each *passage* from one file to another is counted once.
"""

import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import FrameType

import pytest

from emtheory.reports.decide import domain
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim

ROOM = Path(domain.__file__).resolve().parent

AT_ONE_CASE = Claim("exact", "contraction_factor <= 17/20", k=(3,), weights=("1/2", "3/10", "1/5"))
OF_A_FAMILY = Claim(
    "family", "em_map_derivative < 99/100", k=(), family="two-means", values={"separation": "1", "theta": "1"}
)
EVERY_K = Claim("every-k", "lloyd_radius**2/(k - 1) < 3/5", k=(3, 4, 5, 6), weights="uniform")
EVERY_WEIGHT = Claim(
    "every-weight", "spectral_gap >= 1/25", k=(3,), weights="one-heavy:W", for_all={"W": ("3/5", "4/5")}
)
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


@pytest.mark.parametrize("claim", [AT_ONE_CASE, OF_A_FAMILY], ids=lambda claim: claim.id)
def test_a_claim_at_one_case_goes_through_few_files_and_is_read_once(claim: Claim) -> None:
    stays = way(claim)
    assert stays[0] == "claim"
    assert {"domain", "cover", "point"} <= set(stays)
    assert len(stays) <= 25, stays
    assert len(stays) - len(set(stays)) <= 10, stays
    assert stays.count("domain") <= 3, stays
    if claim is AT_ONE_CASE:
        assert "domain" not in stays[stays.index("cover") :]


@pytest.mark.parametrize(("claim", "most"), [(EVERY_K, 25), (EVERY_WEIGHT, 25), (ON_A_BOX, 45)])
def test_a_claim_on_a_domain_goes_by_few_passages(claim: Claim, most: int) -> None:
    passages = set(pairwise(way(claim)))
    assert 0 < len(passages) <= most, sorted(passages)
