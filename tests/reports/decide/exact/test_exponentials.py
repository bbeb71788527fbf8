"""Statements with exponentials, logarithms and square roots on domains with and without an upper end."""

import math
from fractions import Fraction
from itertools import pairwise

import flint
import pytest

from emtheory.numerics.algebra.exp_sum import exp_sum, pieces, places_around
from emtheory.numerics.algebra.rational_function import number, quotient
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.decide.conftest import Replayed


def ray(statement: str, upper: str = "inf", lower: str = "0", *assume: str) -> Claim:
    return Claim("test", statement, k=(2,), for_all={"radius": (lower, upper)}, assume=assume)


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
