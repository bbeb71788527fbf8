"""What follows from theorems of the catalogue is proved and says so; what says a little more is not."""

import pytest

from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.errors import InputError
from tests.reports.decide.conftest import Replayed
from tests.reports.decide.conftest import claim as any_claim

FOUR = ("U", "V", "W", "1 - U - V - W")
RAY = {"radius": ("0", "inf")}
BOX = {"U": ("1/100", "9/10"), "V": ("1/100", "9/10"), "radius": ("0", "3")}
HALF, WEIGHTS, MORE = {"W": ("1/2", "1")} | RAY, {"W": ("3/10", "9/10")} | RAY, {"W": ("1/100", "1")} | BOX
RATE = "posterior_power(m=1) >= spectral_gap*exp(-radius**2)"
SUM = "U + V <= 99/100"


def claim(statement: str, k: int, weights: str | tuple[str, ...], *assume: str, **for_all: tuple[str, str]) -> Claim:
    return any_claim(statement, weights, *assume, k=k, **for_all or RAY)


HELD = [
    (claim("posterior_power(m=3) >= dft_modulus(m=2)**2*exp(-radius**2)", 5, "one-heavy:1/2"), "contraction-bound"),
    (claim(RATE, 2, ("W", "1 - W"), "W < 1", **HALF), "contraction-bound"),
    (claim("hessian_min_eigenvalue > 0", 2, "one-heavy:2/3"), "convexity-two"),
    (claim("hessian_min_eigenvalue >= 0", 3, ("U", "V", "1 - U - V"), SUM, **BOX), "convexity-three"),
    (claim("hessian_min_eigenvalue > 0", 4, FOUR, "U + V + W < 1", "radius > 0", **MORE), "convexity-four"),
    # By definitions.
    (claim("log_partition + kl_divergence == radius**2/2", 3, ("1/2", "3/10", "1/5")), ""),
    (claim("log_partition + kl_divergence == radius**2/2", 3, "one-heavy:W", W=("2/5", "9/10"), radius=("0", "3")), ""),
    (claim("0 <= pl_ratio <= 1", 3, ("U", "V", "1 - U - V"), SUM, "radius > 0", **BOX), ""),
    (claim("asymptotic_rate == 1 - ((4*W - 1)/3)**2", 4, "one-heavy:W", "radius > 0", **WEIGHTS), ""),
]


@pytest.mark.parametrize(("held", "derivation"), HELD, ids=lambda each: getattr(each, "statement", each))
def test_an_instance_is_proved_and_says_by_what(held: Claim, derivation: str, replayed: Replayed) -> None:
    verdict = decide_claim(held)
    assert verdict.outcome == replayed(held, verdict) == "proved"
    assert not derivation or verdict.reason == f"by exact algebra, with what follows from derivation {derivation}"


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


def test_which_powers_are_equal() -> None:
    """Off the simplex equal weights do not make them so; of the two classes no differences are met equally often."""
    equal, classes = "posterior_power(m=1) == posterior_power(m=2)", ("3/10", "3/10", "2/15", "2/15", "2/15")
    for weights, k, outcome in (("one-heavy:3/5", 4, "proved"), ("linear", 4, "refuted"), (classes, 5, "refuted")):
        assert decide_claim(Claim("equal", equal, k=(k,), weights=weights, radius="1")).outcome == outcome
    off = Claim("off", equal, k=(4,), weights="one-heavy:3/5", amplitudes=("1", "2"))
    assert decide_claim(off, 3).outcome == "refuted"


def test_an_instance_of_a_theorem_on_no_case_is_not_proved() -> None:
    """log(3/2)*3 + sqrt(1/2) is below 2."""
    none = "log(1 + W)*radius + sqrt(W) > 2"
    empty = claim("hessian_min_eigenvalue > 0", 4, "one-heavy:W", none, W=("1/100", "1/2"), radius=("1", "3"))
    with pytest.raises(InputError, match="may be empty"):
        decide_claim(empty)
