"""The standalone verifier on assumptions: what they say of weights, what they exclude, and that they hold somewhere."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.certificates.certificate import certify
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
    "one k is excluded over radii": claim("posterior_power(m=1) > 0", "linear", "k > 2", k=(2, 3), radius=UNIT),
}


@cache
def document(name: str) -> dict[str, Any]:
    """The certificate of a claim of `HELD`, not to be changed."""
    return certify(HELD[name], decide_claim(HELD[name]))


@pytest.mark.parametrize("name", HELD)
def test_what_holds_where_assumptions_do_is_accepted(name: str) -> None:
    assert document(name)["verdict"] in ("proved", "certified")
    assert outcome_of(document(name))[0] == "accepted"


@pytest.mark.parametrize(
    ("name", "assume"),
    [
        ("without a closed form", ["exp(W)*radius > 5"]),
        ("without a closed form", ["W + radius > 29/10", "W + radius < 28/10"]),
        ("an equation", ["U == V", "U + V > 9/10"]),
        ("a thin part", ["U - V > 3/100", "U - V < 1/50"]),
        ("weights on a simplex", ["U + V < 11/10", *POSITIVE]),
        ("weights on a simplex", ["U + V <= 1", *POSITIVE]),
        ("weights on a simplex", ["U + V < 1", "U >= 0", "V > 0", "radius > 0"]),
        ("four of them", ["U + V + W < 1", "U + W > 0", *POSITIVE]),
        ("a range of all values", []),
        ("bounds written in other ways", ["1/10 < W <= 1/8 + 1/4", "W**2 > 1/64"]),
        ("a number", ["radius == sqrt(4)", "radius < 2"]),
        ("a number", ["radius == sqrt(5)"]),
        ("two means", ["theta < separation"]),
        ("two means", ["exp(theta)*separation > 3/2", "theta - separation > 1/2"]),
        ("one k is excluded", ["k > 1"]),
        ("one k is excluded", ["k > 4"]),
        ("one k is excluded over radii", ["k > 3"]),
    ],
)
def test_a_certificate_on_no_case_or_on_what_is_no_weight_is_not_accepted(
    name: str, assume: list[str], tmp_path: Path
) -> None:
    changed = document(name) | {"claim": document(name)["claim"] | {"assume": assume}}
    (tmp_path / "forged.json").write_text(sealed(changed))
    assert outcome_of(tmp_path / "forged.json")[0] != "accepted"


@pytest.mark.parametrize(
    ("bound", "said"), [("0.7", "accepted"), ("0.69314718055994530941723212145817656807", "rejected")]
)
def test_a_witness_is_inside_by_its_own_value_alone(bound: str, said: str) -> None:
    """The logarithm of 2 is above the second bound by 5·10⁻³⁹, and what is assumed may not be what shows it."""
    given = claim("radius + 0*posterior_power(m=1) < 2", "4/5,1/5", "log(radius) < 0.7", k=(2,), radius=("1", "2"))
    made = certify(given, decide_claim(given))
    assert made["cases"][0]["cells"][0]["point"] == {"radius": "2"}
    changed = made | {"claim": made["claim"] | {"assume": [f"log(radius) < {bound}"]}}
    assert outcome_of(changed)[0] == said
