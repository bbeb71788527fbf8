"""Statements over an interval of a weight parameter; the truth is worked out by hand from |π̂_m| = |kW − 1|/(k − 1)."""

from typing import Any

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim

HALF_TO_NINE_TENTHS = {"W": ("1/2", "9/10")}


def claim(statement: str, weights: str = "one-heavy:W", k: tuple[int, ...] = (3,), **more: Any) -> Claim:
    return Claim("test", statement, k=k, weights=weights, **{"for_all": HALF_TO_NINE_TENTHS, **more})


@pytest.mark.parametrize(
    "true",
    [
        claim("contraction_factor <= 15/16"),  # touches at W = 1/2
        claim("spectral_gap == ((k*W - 1)/(k - 1))**2", k=(2, 3, 5, 100)),
        claim("spectral_gap == ((1 - W)/(1 + W))**2", "geometric:W", (2, 4, 6)),
        claim("dft_modulus(m=1) >= dft_modulus(m=2) + 1/1000", "geometric:W", (7,)),
        claim("dft_modulus(m=1)**2 == (1 - W)**2/(1 - W*(sqrt(5) - 1)/2 + W**2)", "geometric:W", (5,)),
    ],
    ids=lambda c: c.statement,
)
def test_truths_are_proved_on_the_whole_interval(true: Claim) -> None:
    verdict = decide_claim(true)
    assert verdict.outcome == "proved", verdict.reason
    assert "exactly" in str(verdict.domain["covered"])


@pytest.mark.parametrize(
    "false",
    [
        claim("spectral_gap == ((k*W - 1)/(k - 1))**2 + (W - 1/2)/10**9"),
        claim("spectral_gap > 0", for_all={"W": ("1/100", "9/10")}),  # vanishes at W = 1/3
        claim("spectral_gap != 1/4"),  # equal at W = 2/3
    ],
    ids=lambda c: c.statement,
)
def test_falsehoods_are_refuted_at_a_value_where_they_fail(false: Claim) -> None:
    verdict = decide_claim(false)
    assert verdict.outcome == "refuted", verdict.reason
    witness = verdict.as_json()["witness"]
    assert witness["rigorous"] is True
    at_witness = f"{false.weights.removesuffix('W')}{witness['W']}"
    fixed = claim(false.statement.replace("W", f"({witness['W']})"), at_witness, (witness["k"],), for_all={})
    assert decide_claim(fixed).outcome == "refuted"


def test_a_failure_at_an_irrational_value_only_has_a_root_as_its_witness() -> None:
    verdict = decide_claim(claim("spectral_gap != 1/2", k=(2,)))  # (2W − 1)² = 1/2 at W = (2 + √2)/4
    witness = verdict.as_json()["witness"]
    assert witness["W"] == "the root of 8*W**2 - 8*W + 1 between 0.853553390593 and 0.853553390594"
    assert witness["weights"] is None
    assert witness["rigorous"] is True
    assert witness["W"] in verdict.reason


def test_a_transcendental_statement_that_touches_is_inconclusive_with_the_rest() -> None:
    assert "left over" in decide_claim(claim("sin(spectral_gap) >= sin(1/16)")).reason


def test_a_pole_in_the_interval_is_an_error() -> None:
    with pytest.raises(InputError, match="division by zero at W = 7001/10000"):
        decide_claim(claim("1/(W - 7001/10000) != 0"))
    with pytest.raises(InputError, match=r"square root of a negative number at W = "):
        decide_claim(claim("sqrt(abs(W - 3/5) - 1/20) >= 0"))
