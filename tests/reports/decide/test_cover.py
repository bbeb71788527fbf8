"""Domains of several variables, and assumptions that restrict them."""

from fractions import Fraction
from typing import Any

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim


def claim(statement: str, **more: Any) -> Claim:
    return Claim("test", statement, **{"k": (3,), "weights": "linear", **more})


ONE_TO_TWO = {"radius": ("1", "2")}


def test_an_assumption_excludes_cases() -> None:
    false = claim("spectral_gap > 1/100", k=(3, 4, 20))
    assert decide_claim(false).outcome == "refuted"
    verdict = decide_claim(claim("spectral_gap > 1/100", k=(3, 4, 20), assume=("k < 10",)))
    assert verdict.outcome == "proved"
    assert "k = 20: excluded by an assumption" in str(verdict.domain["covered"])
    assert verdict.domain["assume"] == ["k < 10"]
    assert (
        decide_claim(claim("spectral_gap > 1/100", k=(3, 4, 20), assume=("spectral_gap > 1/50",))).outcome == "proved"
    )


@pytest.mark.parametrize(
    "vacuous",
    [
        claim("spectral_gap > 0", assume=("k > 3",)),
        claim("spectral_gap > 0", assume=("spectral_gap > 1",)),
        claim("kl_divergence > 0", for_all=ONE_TO_TWO, assume=("radius > 2",)),
        claim("kl_divergence > 0", for_all=ONE_TO_TWO, assume=("radius < 3/2", "radius > 3/2")),
        claim("kl_divergence > 0", for_all=ONE_TO_TWO, assume=("1 < radius < 1",)),
        claim("kl_divergence > 0", for_all=ONE_TO_TWO, assume=("kl_divergence > 100",)),
    ],
    ids=lambda c: str(c.assume),
)
def test_a_claim_about_nothing_is_an_error(vacuous: Claim) -> None:
    with pytest.raises(InputError, match=r"no case|no radius|none of the points"):
        decide_claim(vacuous)


def test_an_undecided_assumption_leaves_the_claim_open() -> None:
    verdict = decide_claim(claim("spectral_gap > 0", assume=("log(4) <= 2*log(2)",)))
    assert verdict.outcome == "inconclusive"
    assert "not known whether the assumption holds" in verdict.reason


def test_bounds_narrow_an_interval() -> None:
    assert decide_claim(claim("radius < 3/2", for_all=ONE_TO_TWO, assume=("radius <= 4/3",))).outcome == "proved"
    assert decide_claim(claim("radius < 3/2", for_all=ONE_TO_TWO, assume=("radius <= 3/2",))).outcome == "refuted"
    assert decide_claim(claim("radius < 3/2", for_all=ONE_TO_TWO)).outcome == "refuted"


def test_an_open_end_does_not_belong_to_the_interval() -> None:
    from_zero = {"radius": ("0", "1")}
    assert decide_claim(claim("kl_divergence > 0", for_all=from_zero)).outcome == "refuted"
    positive = decide_claim(claim("kl_divergence > 0", for_all=from_zero, assume=("radius > 0",)))
    assert positive.outcome == "certified"
    # It fails at 3/2 only, which is excluded.
    assert decide_claim(claim("radius < 3/2", for_all=ONE_TO_TWO, assume=("radius < 3/2",))).outcome == "proved"
    # Where a statement with a quantity touches at an open end it is not decided.
    touching = claim("radius + kl_divergence*(3/2 - radius) < 3/2", for_all=ONE_TO_TWO, assume=("radius < 3/2",))
    assert decide_claim(touching, digits_max=15).outcome == "inconclusive"


def test_an_assumption_on_a_quantity_cuts_the_domain() -> None:
    assert decide_claim(claim("radius > 6/5", for_all=ONE_TO_TWO)).outcome == "refuted"
    verdict = decide_claim(claim("radius > 6/5", for_all=ONE_TO_TWO, assume=("kl_divergence > 1/5",)))
    assert verdict.outcome == "certified"


def test_a_box_of_weight_and_radius() -> None:
    box = {"W": ("1/2", "9/10"), "radius": ("0", "1")}
    verdict = decide_claim(claim("kl_divergence <= radius**2/2", weights="one-heavy:W", for_all=box))
    assert verdict.outcome == "certified"
    false = decide_claim(claim("radius < W", weights="one-heavy:W", for_all=box))
    assert false.outcome == "refuted"
    witness = false.as_json()["witness"]
    assert Fraction(witness["radius"]) >= Fraction(witness["W"])


def test_a_box_of_amplitudes() -> None:
    box = {"amplitude_1": ("0", "1"), "amplitude_2": ("1/2", "1")}
    assert decide_claim(claim("amplitude_1 + amplitude_2 >= 1/2", k=(4,), for_all=box)).outcome == "proved"
    refuted = decide_claim(claim("amplitude_1 < amplitude_2", k=(5,), for_all=box))
    assert refuted.outcome == "refuted"
    assert refuted.as_json()["witness"]["amplitudes"] is not None
    assert decide_claim(claim("amplitude_1 < amplitude_2", k=(5,), for_all=box, assume=("amplitude_1 < 1/2",))).ok


def test_every_k_of_a_range() -> None:
    powers = claim("spectral_gap == ((k*3/4 - 1)/(k - 1))**2", k=tuple(range(2, 31)), weights="one-heavy:3/4")
    assert decide_claim(powers).outcome == "proved"
