"""Claims whose weights vary, in one variable or several; domains that are open or unbounded."""

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


def half(statement: str, weights: str = "one-heavy:W", k: tuple[int, ...] = (3,), low: str = "1/2") -> Claim:
    """Its truth is worked out by hand from |π̂_m| = |kW − 1|/(k − 1)."""
    return Claim("test", statement, k=k, weights=weights, for_all={"W": (low, "9/10")})


TRUE = [
    half("contraction_factor <= 15/16"),  # touches at W = 1/2
    half("spectral_gap == ((k*W - 1)/(k - 1))**2", k=(2, 3, 5, 100)),
    half("spectral_gap == ((1 - W)/(1 + W))**2", "geometric:W", (2, 4, 6)),
    half("dft_modulus(m=1) >= dft_modulus(m=2) + 1/1000", "geometric:W", (7,)),
    half("dft_modulus(m=1)**2 == (1 - W)**2/(1 - W*(sqrt(5) - 1)/2 + W**2)", "geometric:W", (5,)),
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
    half("spectral_gap == ((k*W - 1)/(k - 1))**2 + (W - 1/2)/10**9"),
    half("spectral_gap > 0", low="1/100"),  # vanishes at W = 1/3
    half("spectral_gap != 1/4"),  # equal at W = 2/3
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


@pytest.mark.parametrize("claim", [TRUE[6], TRUE[9], TRUE[12], FALSE[3], FALSE[6]], ids=lambda c: c.statement)
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
        (half("1/(W - 7001/10000) != 0"), "division by zero at W = 7001/10000"),
        (half("sqrt(abs(W - 3/5) - 1/20) >= 0"), "square root of a negative number at W = "),
        (two("spectral_gap >= 0", weights=("pi", "1 - pi"), for_all={"pi": ("1/10", "1/2")}), "another meaning"),
    ],
    ids=lambda value: getattr(value, "statement", value),
)
def test_what_is_wrong_is_named(claim: Claim, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decide_claim(claim)


def test_a_failure_at_an_irrational_value_only_has_a_root_as_its_witness() -> None:
    verdict = decide_claim(half("spectral_gap != 1/2", k=(2,)))  # (2W − 1)² = 1/2 at W = (2 + √2)/4
    witness = verdict.as_json()["witness"]
    assert witness["W"] == "the root of 8*W**2 - 8*W + 1 between 0.853553390593 and 0.853553390594"
    assert (witness["weights"], witness["rigorous"]) == (None, True)
    assert witness["W"] in verdict.reason


def test_a_transcendental_statement_that_touches_is_inconclusive_with_the_rest() -> None:
    assert "left over" in decide_claim(half("sin(spectral_gap) >= sin(1/16)")).reason


def test_a_quantity_at_a_point_is_looked_at_in_the_domain_only() -> None:
    box = {"W": ("1/10", "9/10"), "radius": ("0", "inf")}
    assert decide_claim(two("kl_divergence <= radius**2/2", for_all=box), 15).ok
    assert not decide_claim(two("kl_divergence <= 1/2", for_all=box), 15).ok
