"""Claims whose weights are written in several variables, and domains that are open or unbounded."""

from typing import Any

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.decide.conftest import Replayed

TRIANGLE = {"U": ("0", "1"), "V": ("0", "1")}
INSIDE = ("U > 0", "V > 0", "U + V < 1")
SMALL = {"U": ("1/10", "1/5"), "V": ("1/10", "1/5")}
QUARTERS = ("U", "V", "(1 - U - V)/2", "(1 - U - V)/2")


def two(statement: str, **more: Any) -> Claim:
    given = {"k": (2,), "weights": ("W", "1 - W"), "for_all": {"W": ("1/10", "9/10")}}
    return Claim("test", statement, **{**given, **more})


def three(statement: str, **more: Any) -> Claim:
    given = {"k": (3,), "weights": ("U", "V", "1-U-V"), "for_all": TRIANGLE, "assume": INSIDE}
    return Claim("test", statement, **{**given, **more})


def seven(statement: str, **more: Any) -> Claim:
    given = {"k": (7,), "weights": ("W", *("(1 - W)/6",) * 6), "for_all": {"W": ("1/10", "9/10")}}
    return Claim("test", statement, **{**given, **more})


TRUE = [
    two("spectral_gap == (2*W - 1)**2"),
    two("contraction_factor < 1", for_all={"W": ("0", "1")}, assume=("0 < W < 1", "W != 1/2")),
    two("radius*W <= (radius**2 + W**2)/2", for_all={"W": ("1/10", "9/10"), "radius": ("0", "inf")}),
    three("spectral_gap == 1 - 3*(U*V + (U + V)*(1 - U - V))"),
    three("spectral_gap > 0", assume=(*INSIDE, "U != V")),
    three("spectral_gap < 1"),
    three("spectral_gap <= dft_modulus(m=2)**2", k=(4,), weights=QUARTERS),
    # The cosines of 2π/7 and 2π/11 are not square roots.
    seven("spectral_gap == ((7*W - 1)/6)**2"),
    seven("dft_modulus(m=1) >= dft_modulus(m=3)", weights="geometric:W", for_all={"W": ("1/10", "1")}),
    seven("radius*spectral_gap <= radius", weights="linear", for_all={"radius": ("0", "3")}),
    seven("spectral_gap < 1", weights=("U", "V", *("(1 - U - V)/5",) * 5), for_all=SMALL),
    # No posterior probability is 0, whatever the weights tend to.
    three("posterior_power(m=1) < 1", for_all={"U": ("0", "1"), "V": ("0", "1"), "radius": ("0", "inf")}),
    two("1 - hessian_min_eigenvalue > 0", for_all={"W": ("0", "1"), "radius": ("0", "3")}, assume=("0 < W < 1",)),
    Claim("test", "radius/(1 + radius) < 1", for_all={"radius": ("0", "inf")}),
    Claim("test", "spectral_gap < 1", weights="geometric:Q", for_all={"Q": ("1/3", "inf")}),
]

FALSE = [
    seven("dft_modulus(m=1)**2 != 1/2"),
    seven("dft_modulus(m=1) > dft_modulus(m=3)", weights="geometric:W", for_all={"W": ("1/10", "1")}),
    two("contraction_factor < 1"),
    two("posterior_power(m=1) > 0", for_all={"W": ("1/2", "1/2"), "radius": ("0", "3")}),
    three("spectral_gap > 0"),
    three("spectral_gap == 1 - 3*(U*V + (U + V)*(1 - U - V)) + U/10**12"),
    Claim("test", "radius/(1 + radius) < 99/100", for_all={"radius": ("0", "inf")}),
]


@pytest.mark.parametrize("true", TRUE, ids=lambda c: c.statement)
def test_truths_are_proved(true: Claim) -> None:
    verdict = decide_claim(true)
    assert verdict.outcome == "proved", verdict.reason


@pytest.mark.parametrize("false", FALSE, ids=lambda c: c.statement)
def test_falsehoods_are_refuted(false: Claim) -> None:
    verdict = decide_claim(false)
    assert verdict.outcome == "refuted", verdict.reason
    assert verdict.as_json()["witness"]["rigorous"] is True


@pytest.mark.parametrize("claim", [TRUE[1], TRUE[4], TRUE[7], FALSE[0], FALSE[3]], ids=lambda c: c.statement)
def test_certificates_are_replayed(replayed: Replayed, claim: Claim) -> None:
    verdict = decide_claim(claim)
    assert replayed(claim, verdict) == verdict.outcome


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (two("spectral_gap >= 0", for_all={"W": ("0", "1")}), r"weight W of component 0 is not positive at W = 0"),
        (three("spectral_gap >= 0", assume=()), "is not positive at U = "),
        (three("spectral_gap >= 0", assume=("U > 0", "V > 0", "U + V <= 1")), "weight 1-U-V of component 2 is not"),
        (two("W > 0", for_all={"V": ("1/10", "1/2")}), "unknown name 'W'"),
        (two("spectral_gap >= 0", for_all={"W": ("1/10", "9/10"), "Z": ("0", "1")}), "not over 'Z'"),
        (two("spectral_gap >= 0", for_all={"W": ("inf", "inf")}), "for_all W 'inf' is not an exact number"),
        (two("spectral_gap >= 0", weights=("pi", "1 - pi"), for_all={"pi": ("1/10", "1/2")}), "another meaning"),
    ],
    ids=lambda value: getattr(value, "statement", value),
)
def test_what_is_wrong_is_named(claim: Claim, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decide_claim(claim)


def test_a_quantity_at_a_point_is_looked_at_in_the_domain_only() -> None:
    box = {"W": ("1/10", "9/10"), "radius": ("0", "inf")}
    assert decide_claim(two("kl_divergence <= radius**2/2", for_all=box), 15).ok
    assert not decide_claim(two("kl_divergence <= 1/2", for_all=box), 15).ok
