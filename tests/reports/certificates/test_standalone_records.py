"""What a certificate records may be false on purpose: the standalone verifier takes none of it on trust."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from emtheory.reports.certificates.certificate import Json, certify
from emtheory.reports.certificates.verify.command import outcome_of
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.certificates.forgeries import sealed

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


def level_of_another_link(document: Json) -> Json:
    """A refutation is as strong as the link that fails, not as one beside it."""
    document["cases"][0]["cells"][0]["comparisons"][0]["level"] = "proved"
    return document | {"level": "proved"}


def failing_link_holds(document: Json) -> Json:
    document["cases"][0]["cells"][0]["comparisons"][0]["holds"] = True
    return document


def refuted_by_nothing(document: Json) -> Json:
    document["cases"][0]["cells"][0]["comparisons"][0]["holds"] = None
    return document | {"verdict": "refuted", "as_expected": False}


def two_points(document: Json) -> Json:
    document["claim"]["amplitudes"] = document["cases"][0]["amplitudes"] = ["1"]
    return document


def margin_above_its_links(document: Json) -> Json:
    return document | {"margin": "0.9"}


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
        ("fails", level_of_another_link),
        ("fails", failing_link_holds),
        ("point", refuted_by_nothing),
        ("point", two_points),
        ("point", margin_above_its_links),
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
