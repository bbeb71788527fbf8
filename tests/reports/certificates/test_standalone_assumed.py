"""The standalone verifier takes no assumption and no record on trust: what they say, exclude, and whether they hold."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.certificates.certificate import Json, certify
from emtheory.reports.certificates.verify.command import outcome_of
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.certificates.forgeries import changed, sealed

THREE, FOUR = ("U", "V", "1 - U - V"), ("U", "V", "W", "1 - U - V - W")
UNIT, NEAR, RADII = ("0", "1"), ("1/10", "2/5"), ("1/10", "3")
CONVEX = "hessian_min_eigenvalue > 0"
POSITIVE = ("U > 0", "V > 0", "radius > 0")


def claim(statement: str, weights: Any, *assume: str, k: tuple[int, ...] = (), **for_all: tuple[str, str]) -> Claim:
    return Claim("assumed", statement, k=k or (len(weights),), weights=weights, assume=assume, for_all=for_all)


HELD = {
    "weights on a simplex": claim(CONVEX, THREE, "U + V < 1", *POSITIVE, U=UNIT, V=UNIT, radius=("0", "inf")),
    "four of them": claim(
        CONVEX, FOUR, "2 > 2*U + 2*V + 2*W", "W > 0", *POSITIVE, U=UNIT, V=UNIT, W=UNIT, radius=("0", "inf")
    ),
    "an equation": claim(CONVEX, THREE, "U == V", U=NEAR, V=NEAR, radius=RADII),
    "a thin part": claim("posterior_power(m=1) <= 1", THREE, "1/50 < U - V < 3/100", U=NEAR, V=NEAR, radius=RADII),
    "without a closed form": claim(
        CONVEX, "one-heavy:W", "exp(W)*radius > 49/10", k=(4,), W=("1/100", "1/2"), radius=("1", "3")
    ),
    "a root at an edge": claim(
        "posterior_power(m=1) <= 1", ("W", "1 - W"), "sqrt(radius) >= W", W=("1/2", "9/10"), radius=("0", "2")
    ),
    "a range of all values": claim("pl_ratio <= 1", THREE, "radius > 0", U=NEAR, V=NEAR, radius=UNIT),
    "bounds written in other ways": claim(
        "posterior_power(m=1) <= 1",
        ("W", "1 - W"),
        "1/10 < W <= 1/8 + 1/4",
        "radius != 0",
        "W**2 > 1/64",
        W=("1/10", "9/10"),
        radius=("0", "1"),
    ),
    "a number": claim(
        "radius + 0*posterior_power(m=1) <= 2", "4/5,1/5", "radius == sqrt(4)", k=(2,), radius=("1", "3")
    ),
    "two means": Claim(
        "means",
        "em_map >= theta/2",
        k=(),
        family="two-means",
        values={"truth_weight": "1/2", "fit_weight": "1/2"},
        for_all={"theta": ("0", "1"), "separation": ("1/2", "2")},
        assume=("exp(theta)*separation > 3/2", "theta < separation", "-1 <= theta - 1/100"),
    ),
    "one k is excluded": claim("spectral_gap > 0", "linear", "k > 2", k=(2, 3, 4)),
}


@cache
def document(name: str) -> dict[str, Any]:
    """The certificate of a claim of `HELD`, not to be changed."""
    return certify(HELD[name], decide_claim(HELD[name]))


@pytest.mark.parametrize("name", HELD)
def test_what_holds_where_assumptions_do_is_accepted(name: str) -> None:
    assert document(name)["verdict"] in ("proved", "certified")
    assert outcome_of(document(name))[0] == "accepted"


ASSUMED = {
    "without a closed form": (["exp(W)*radius > 5"], ["W + radius > 29/10", "W + radius < 28/10"]),
    "an equation": (["U == V", "U + V > 9/10"],),
    "a thin part": (["U - V > 3/100", "U - V < 1/50"],),
    "weights on a simplex": (["U + V < 11/10", *POSITIVE], ["U + V <= 1", *POSITIVE]),
    "four of them": (["U + V + W < 1", "U + W > 0", *POSITIVE],),
    "a range of all values": ([],),
    "bounds written in other ways": (["1/10 < W <= 1/8 + 1/4", "W**2 > 1/64"],),
    "a number": (["radius == sqrt(4)", "radius < 2"], ["radius == sqrt(5)"]),
    "two means": (["theta < separation"],),
    "one k is excluded": (["k > 1"], ["k > 4"]),
}
"""Other assumptions, with which a claim of `HELD` is about no case, or about what is no weight."""


@pytest.mark.parametrize("name", ASSUMED)
def test_on_no_case_or_on_what_is_no_weight_it_is_not_accepted(name: str, tmp_path: Path) -> None:
    for assume in ASSUMED[name]:
        changed = document(name) | {"claim": document(name)["claim"] | {"assume": assume}}
        (tmp_path / "forged.json").write_text(sealed(changed))
        assert outcome_of(tmp_path / "forged.json")[0] != "accepted", assume


def test_a_witness_is_inside_by_its_own_value_alone() -> None:
    """The logarithm of 2 is above the second bound by 5·10⁻³⁹, and what is assumed may not be what shows it."""
    given = claim("radius + 0*posterior_power(m=1) < 2", "4/5,1/5", "log(radius) < 0.7", k=(2,), radius=("1", "2"))
    made = certify(given, decide_claim(given))
    assert made["cases"][0]["cells"][0]["point"] == {"radius": "2"}
    for bound, said in (("0.7", "accepted"), ("0.69314718055994530941723212145817656807", "rejected")):
        changed = made | {"claim": made["claim"] | {"assume": [f"log(radius) < {bound}"]}}
        assert outcome_of(changed)[0] == said


TWO = ("4/5", "1/5")
RADIUS = Claim("radius", "strong_convexity_radius(fraction=1/2) > 1/2", k=(2,), weights=TWO)
POINT = Claim("point", "posterior_power(m=1) > 0", k=(2,), weights=TWO, radius="1")
FAILS = Claim("fails", "posterior_power(m=1) < 0 < spectral_gap", k=(2,), weights=TWO, radius="1")
WHOLE = Claim("whole", "radius**2 > 1/2", k=(2,), for_all={"radius": ("1", "2")})


@pytest.fixture(scope="module")
def documents() -> dict[str, Json]:
    return {claim.id: certify(claim, decide_claim(claim)) for claim in (RADIUS, POINT, FAILS, WHOLE)}


ANYTHING = {"margin": None, "left": {"lower": "-inf", "upper": "inf"}, "right": {"lower": "-inf", "upper": "inf"}}
CELL = "cases.0.cells.0"
LINK = f"{CELL}.comparisons.0"


def restated(statement: str) -> Json:
    """Another statement with records that say nothing against it."""
    return {"claim.statement": statement, LINK: ANYTHING | {"comparison": statement}, "margin": None}


def searched(lower: str, upper: str, bound: str) -> Json:
    """Other ends of what a search has found, and what follows from them."""
    found = {f"{CELL}.quantities.0": {"lower": lower, "upper": upper}}
    return restated(f"strong_convexity_radius(fraction=1/2) < {bound}") | found


FALSE_RECORDS = [
    *(("radius", searched(*ends)) for ends in (("-3", "-3", "0"), ("1/2", "-2", "1/4"), ("0", "1", "2"))),
    # A refutation is as strong as the link that fails.
    ("fails", {LINK: {"level": "proved"}, "level": "proved"}),
    ("fails", {LINK: {"holds": True}}),
    ("point", {LINK: {"holds": None}, "verdict": "refuted", "as_expected": False}),
    ("point", {"claim.amplitudes": ["1"], "cases.0.amplitudes": ["1"]}),
    ("point", {"margin": "0.9"}),
    # A product of numbers that can be read is larger than the one that stands for infinity.
    (
        "whole",
        restated("radius <= 10**5000 * 10**5000 * 10**5000 * 10**5000")
        | {"claim.for_all.radius": ["1", "inf"], "cases.0.for_all.radius": "[1, inf)"},
    ),
]


@pytest.mark.parametrize(("name", "parts"), FALSE_RECORDS)
def test_false_records(name: str, parts: Json, tmp_path: Path, documents: dict[str, Json]) -> None:
    path = tmp_path / "certificate.json"
    assert [len(cell["comparisons"]) for cell in documents[name]["cases"][0]["cells"]] == [2 if name == "fails" else 1]
    path.write_text(sealed(documents[name]))
    assert outcome_of(path)[0] == "accepted"
    path.write_text(sealed(changed(documents[name], parts)))
    assert outcome_of(path)[0] in ("rejected", "not covered", "not decided")
