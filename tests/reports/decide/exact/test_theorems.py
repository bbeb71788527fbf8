"""What follows from theorems of the catalogue is proved and says so; what says a little more is not."""

import pytest

from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.errors import InputError
from tests.reports.decide.conftest import Replayed

FOUR = ("U", "V", "W", "1 - U - V - W")
RAY = {"radius": ("0", "inf")}
BOX = {"U": ("1/100", "9/10"), "V": ("1/100", "9/10"), "radius": ("0", "3")}
SUM = "U + V <= 99/100"


def claim(statement: str, k: int, weights: str | tuple[str, ...], *assume: str, **for_all: tuple[str, str]) -> Claim:
    return Claim("theorem", statement, k=(k,), weights=weights, for_all=for_all or RAY, assume=assume)


@pytest.mark.parametrize(
    ("held", "derivation"),
    [
        (claim("posterior_power(m=3) >= dft_modulus(m=2)**2*exp(-radius**2)", 5, "one-heavy:1/2"), "contraction-bound"),
        (
            claim(
                "posterior_power(m=1) >= spectral_gap*exp(-radius**2)",
                2,
                ("W", "1 - W"),
                "W < 1",
                W=("1/2", "1"),
                **RAY,
            ),
            "contraction-bound",
        ),
        (claim("hessian_min_eigenvalue > 0", 2, "one-heavy:2/3"), "convexity-two"),
        (claim("hessian_min_eigenvalue >= 0", 3, ("U", "V", "1 - U - V"), SUM, **BOX), "convexity-three"),
        (
            claim("hessian_min_eigenvalue > 0", 4, FOUR, "U + V + W < 1", "radius > 0", W=("0.01", "1"), **BOX),
            "convexity-four",
        ),
    ],
    ids=lambda each: getattr(each, "statement", each),
)
def test_an_instance_is_proved_and_says_by_what(held: Claim, derivation: str, replayed: Replayed) -> None:
    verdict = decide_claim(held)
    assert verdict.outcome == "proved"
    assert verdict.reason == f"by exact algebra, with what follows from derivation {derivation}"
    assert replayed(held, verdict) == "proved"


@pytest.mark.parametrize(
    "held",
    [
        claim("log_partition + kl_divergence == radius**2/2", 3, ("1/2", "3/10", "1/5")),
        claim("log_partition + kl_divergence == radius**2/2", 3, "one-heavy:W", W=("2/5", "9/10"), radius=("0", "3")),
        claim("0 <= pl_ratio <= 1", 3, ("U", "V", "1 - U - V"), SUM, "radius > 0", **BOX),
        claim("asymptotic_rate == 1 - ((4*W - 1)/3)**2", 4, "one-heavy:W", "radius > 0", W=("3/10", "9/10"), **RAY),
    ],
    ids=lambda each: each.statement,
)
def test_what_follows_from_definitions_is_proved(held: Claim, replayed: Replayed) -> None:
    verdict = decide_claim(held)
    assert verdict.outcome == "proved"
    assert replayed(held, verdict) == "proved"


@pytest.mark.parametrize(
    "failed",
    [
        claim("log_partition + kl_divergence == 501/1000*radius**2", 3, ("1/2", "3/10", "1/5"), radius=("0", "3")),
        # The bound holds in the middle of the weights, of which the statement does not speak.
        claim("posterior_power(m=1) >= 1/25*exp(-radius**2)", 2, "one-heavy:W", W=("1/2", "9/10"), radius=("0", "3")),
        # Four components may have a singular A at the radius 0, where uniform weights are not the only ones.
        claim("hessian_min_eigenvalue > 0", 4, ("2/5", "1/10", "2/5", "1/10"), radius=("0", "1")),
        # Nothing speaks of the radius, which varies all the same.
        claim("kl_divergence <= 1/2", 2, ("1/10", "9/10"), radius=("0", "8")),
        claim("asymptotic_rate < 99/100", 4, "one-heavy:W", W=("3/10", "9/10"), radius=("1/2", "2")),
        claim("posterior_power(m=2) >= 1001/1000*spectral_gap*exp(-radius**2)", 3, "one-heavy:1/2"),
        # The bound is about β_m with the modulus of the same frequency.
        claim("posterior_power(m=2) >= dft_modulus(m=1)**2*exp(-radius**2)", 4, "linear"),
        # At one point of the box.
        claim("hessian_min_eigenvalue > 0", 3, ("U", "V", "1 - U - V"), SUM, **BOX),
        # Convexity fails for many components.
        claim("hessian_min_eigenvalue > 0", 1000, "one-heavy:0.99", radius=("2", "3")),
    ],
    ids=lambda each: each.statement,
)
def test_what_says_a_little_more_is_refuted(failed: Claim) -> None:
    assert decide_claim(failed).outcome == "refuted"


@pytest.mark.parametrize(
    ("k", "weights", "m", "equal"),
    [
        (4, "one-heavy:3/5", 2, True),
        (4, "linear", 2, False),
        # Two classes, of which no differences of members are met equally often.
        (5, "3/10,3/10,2/15,2/15,2/15", 2, False),
    ],
)
def test_which_powers_are_equal(k: int, weights: str, m: int, *, equal: bool) -> None:
    parts = tuple(weights.split(",")) if "," in weights else weights
    at = Claim("equal", f"posterior_power(m=1) == posterior_power(m={m})", k=(k,), weights=parts, radius="1")
    assert decide_claim(at).outcome == ("proved" if equal else "refuted")


def test_off_the_simplex_equal_weights_do_not_make_powers_equal() -> None:
    at = Claim(
        "off", "posterior_power(m=1) == posterior_power(m=2)", k=(4,), weights="one-heavy:3/5", amplitudes=("1", "2")
    )
    assert decide_claim(at, 3).outcome == "refuted"


def test_an_instance_of_a_theorem_on_no_case_is_not_proved() -> None:
    """log(3/2)*3 + sqrt(1/2) is below 2."""
    none = "log(1 + W)*radius + sqrt(W) > 2"
    empty = claim("hessian_min_eigenvalue > 0", 4, "one-heavy:W", none, W=("1/100", "1/2"), radius=("1", "3"))
    with pytest.raises(InputError, match="may be empty"):
        decide_claim(empty)
