"""The standalone verifier takes no assumption and no record on trust: what they say, exclude, and whether they hold."""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.certificates.certificate import Json, certify
from emtheory.reports.certificates.verify.command import outcome_of
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.certificates.forgeries import sealed

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


def test_a_certificate_on_no_case_or_on_what_is_no_weight_is_not_accepted(tmp_path: Path) -> None:
    for name, assume in (
        ("without a closed form", ["exp(W)*radius > 5"]),
        ("without a closed form", ["W + radius > 29/10", "W + radius < 28/10"]),
        ("an equation", ["U == V", "U + V > 9/10"]),
        ("a thin part", ["U - V > 3/100", "U - V < 1/50"]),
        ("weights on a simplex", ["U + V < 11/10", *POSITIVE]),
        ("weights on a simplex", ["U + V <= 1", *POSITIVE]),
        ("four of them", ["U + V + W < 1", "U + W > 0", *POSITIVE]),
        ("a range of all values", []),
        ("bounds written in other ways", ["1/10 < W <= 1/8 + 1/4", "W**2 > 1/64"]),
        ("a number", ["radius == sqrt(4)", "radius < 2"]),
        ("a number", ["radius == sqrt(5)"]),
        ("two means", ["theta < separation"]),
        ("one k is excluded", ["k > 1"]),
        ("one k is excluded", ["k > 4"]),
    ):
        changed = document(name) | {"claim": document(name)["claim"] | {"assume": assume}}
        (tmp_path / "forged.json").write_text(sealed(changed))
        assert outcome_of(tmp_path / "forged.json")[0] != "accepted", (name, assume)


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


def restated(document: Json, statement: str) -> Json:
    """Another statement with records that say nothing against it."""
    document["claim"]["statement"] = statement
    (case,) = document["cases"]
    anything = {"lower": "-inf", "upper": "inf"}
    for cell in case["cells"]:
        (link,) = cell["comparisons"]
        cell["comparisons"] = [link | {"comparison": statement, "margin": None, "left": anything, "right": anything}]
    return document | {"margin": None}


def searched(lower: str, upper: str, statement: str) -> Callable[[Json], Json]:
    """Record other ends of what a search has found, and state what follows from them."""

    def change(document: Json) -> Json:
        for cell in document["cases"][0]["cells"]:
            for quantity in cell["quantities"]:
                quantity |= {"lower": lower, "upper": upper}
        return restated(document, statement)

    return change


def linked(**of_link: object) -> Callable[[Json], Json]:
    """Record other things of the first link: a refutation is as strong as the link that fails."""

    def change(document: Json) -> Json:
        document["cases"][0]["cells"][0]["comparisons"][0] |= of_link
        return document | ({"level": "proved"} if "level" in of_link else {})

    return change


def refuted_by_nothing(document: Json) -> Json:
    return linked(holds=None)(document) | {"verdict": "refuted", "as_expected": False}


def two_points(document: Json) -> Json:
    document["claim"]["amplitudes"] = document["cases"][0]["amplitudes"] = ["1"]
    return document


def unbounded(document: Json) -> Json:
    """A product of numbers that can be read is larger than the one that stands for infinity."""
    document["claim"]["for_all"], document["cases"][0]["for_all"] = {"radius": ["1", "inf"]}, {"radius": "[1, inf)"}
    return restated(document, "radius <= 10**5000 * 10**5000 * 10**5000 * 10**5000")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("radius", searched("-3", "-3", "strong_convexity_radius(fraction=1/2) < 0")),
        ("radius", searched("1/2", "-2", "strong_convexity_radius(fraction=1/2) < 1/4")),
        ("radius", searched("0", "1", "strong_convexity_radius(fraction=1/2) < 2")),
        ("fails", linked(level="proved")),
        ("fails", linked(holds=True)),
        ("point", refuted_by_nothing),
        ("point", two_points),
        ("point", lambda document: document | {"margin": "0.9"}),
        ("whole", unbounded),
    ],
)
def test_false_records_are_not_believed(
    name: str, change: Callable[[Json], Json], tmp_path: Path, documents: dict[str, Json]
) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(sealed(documents[name]))
    assert outcome_of(path)[0] == "accepted"
    path.write_text(sealed(change(deepcopy(documents[name]))))
    assert outcome_of(path)[0] in ("rejected", "not covered", "not decided")
