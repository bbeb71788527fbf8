import math
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import flint
import numpy as np
import pytest

from emtheory.numerics.algebra.exp_sum import exp_sum, pieces, places_around
from emtheory.numerics.algebra.rational_function import number, quotient
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


def ray(statement: str, upper: str = "inf", lower: str = "0", *assume: str) -> Claim:
    return Claim("test", statement, k=(2,), for_all={"radius": (lower, upper)}, assume=assume)


def powers(statement: str) -> Claim:
    return claim(statement, 3, ("W", "V", "1 - W - V"), W=("1/5", "2/5"), V=("1/5", "2/5"), radius=("1", "2"))


SINH, COSH = "(exp(radius) - exp(-radius))/2", "(exp(radius) + exp(-radius))/2"
ABOVE = ("inf", "0", "radius > 0")

# Each with a false twin.
PAIRS = [
    (ray("exp(-radius) <= 1/(1 + radius)"), ray("exp(-radius) < 1/(1 + radius)")),
    (ray("exp(-radius) < 1/(1 + radius)", *ABOVE), ray("exp(-radius) < 1/(1 + 1001/1000*radius)", *ABOVE)),
    (ray("radius**2*exp(-radius) <= 5414/10000"), ray("radius**2*exp(-radius) <= 5413/10000")),  # 4/e² = 0.54134 at 2
    # 1/r − 1/(2r²) + 1/(3r³) − … against 1/r − 1/(2r²) + 1/(4r³) − …: both tend to 0, so slopes alone do not tell.
    (ray("log(1 + 1/radius) > 1/(1/2 + radius)", *ABOVE), ray("log(1 + 1/radius) > 1/(49/100 + radius)", *ABOVE)),
    (ray("log(1 + radius) <= sqrt(radius)"), ray("log(1 + radius) <= 4/5*sqrt(radius)")),  # 0.8047 at 3.92
    (ray(f"{COSH} >= 1 + radius**2/2 + radius**4/24"), ray(f"{COSH} <= 1 + radius**2/2 + radius**4/20")),
    (ray(f"{SINH}/({COSH}) <= radius"), ray(f"{SINH}/({COSH}) >= radius - radius**3/4")),
    (ray("1/2 <= 1/(1 + exp(-radius)) < 1"), ray("1/2 < 1/(1 + exp(-radius)) < 1")),
    (ray("exp(radius) > radius**20/10**18"), ray("exp(radius) > radius**20/10**17")),
    (ray("exp(2*radius) - 2*radius*exp(radius) > 1", *ABOVE), ray("exp(2*radius) - 2*radius*exp(radius) > 1")),
    # Of numbers: 4 · 3 = 12.
    (Claim("test", "log(4) + log(3) >= log(12)", k=(2,)), Claim("test", "log(4) + log(3) < log(12)", k=(2,))),
    (Claim("test", "log(k**2) <= 2*log(k) < 3", k=(2, 3)), Claim("test", "log(k**2) != 2*log(k)", k=(2, 3))),
    # Whatever the posterior is, and whatever the weights are.
    (
        powers("posterior_power(m=2) - posterior_power(m=1) >= 0"),
        powers("posterior_power(m=2) - posterior_power(m=1) < 0"),
    ),
    # Neither exponentials nor logarithms: near 0 by expansions, far out by bounds.
    (ray("sin(radius) <= radius"), ray("sin(radius) <= 999/1000*radius")),
    (ray("exp(-radius)*sin(radius) <= 33/100"), ray("exp(-radius)*sin(radius) <= 32/100")),  # e^{−π/4}/√2 = 0.3224
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0].statement)
def test_what_is_true_is_shown_and_its_false_twin_refuted(pair: tuple[Claim, Claim], replayed: Replayed) -> None:
    true, false = pair
    for claim, outcomes in ((true, ("proved", "certified")), (false, ("refuted",))):
        verdict = decide_claim(claim, timeout=20)
        assert verdict.outcome in outcomes, verdict.reason
        assert replayed(claim, verdict) == verdict.outcome


def test_what_fails_everywhere_is_shown_with_what_both_sides_are() -> None:
    """At r = ½, KL(N(0, 1) ‖ ½N(−½, 1) + ½N(½, 1)) = ⅛ − E log cosh(X/2) = 0.0130."""
    found = decide_claim(replace(ray("kl_divergence < 0", "1"), weights="uniform")).as_json()
    x, weights = np.polynomial.hermite_e.hermegauss(60)
    divergence = 1 / 8 - float(weights @ np.log(np.cosh(x / 2))) / math.sqrt(2 * math.pi)
    assert found["witness"]["radius"] == "1/2"
    assert float(found["margin"]) == pytest.approx(divergence, rel=1e-5)
    assert float(found["witness"]["left"]["lower"]) <= divergence <= float(found["witness"]["left"]["upper"]) + 1e-12


def test_what_fails_at_a_number_that_is_no_root_of_a_polynomial_is_refuted_beside_it(replayed: Replayed) -> None:
    claim = ray("exp(radius/4) != 7/10*exp(radius)")
    verdict = decide_claim(claim)
    assert verdict.outcome == "refuted"
    place = verdict.as_json()["witness"]["radius"]
    low, high = map(float, place.removeprefix("the root of left - right between ").split(" and "))
    assert low <= math.log(10 / 7) * 4 / 3 <= high < low + 1e-11
    assert replayed(claim, verdict) == "refuted"


def test_what_is_beyond_floats_far_out_is_looked_at_in_points() -> None:
    """Numbers that are not rational beside exponentials: no algebra, and sides near 10^400."""
    for side, outcome in (("radius", "supported"), ("2*radius + 1", "refuted")):
        assert decide_claim(ray(f"sqrt(2)*exp(radius) - exp(-radius) >= {side}")).outcome == outcome


def test_zeros_of_sums_of_exponentials_are_where_they_are() -> None:
    """e^{2x} − 3e^x + 2 − x/10: its values by floats change their sign where they are told to."""
    x = quotient(flint.fmpq_poly([0, 1]), flint.fmpq_poly([1]))
    one, zero = number(Fraction(1)), number(Fraction(0))
    constant = number(Fraction(2)) - x * number(Fraction(1, 10))
    total = exp_sum([(one, x + x), (number(Fraction(-3)), x), (constant, zero)])
    found = pieces(total, Fraction(-5), Fraction(5))

    def value(at: float) -> float:
        return math.exp(2 * at) - 3 * math.exp(at) + 2 - at / 10

    changes = [(after.lower, after.sign) for before, after in pairwise(found) if before.sign != after.sign]
    assert (found[0].sign, [sign for _, sign in changes]) == (1, [-1, 1])
    for piece in found:
        assert value(float(piece.inside)) * piece.sign > 0
    for place, sign in changes:
        low, high = map(float, places_around(place.within(Fraction(1, 10**6))))
        assert value(low) * sign < 0 < value(high) * sign
        assert high - low <= 1e-6
