"""Statements whose sides touch at the radius 0, or where weights are uniform: true ones, and false ones as close."""

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.tiers import first_every_day

HALF = ("1/2", "11/20")


def outcome(statement: str, weights: tuple[str, str] = HALF, upper: str = "1/4", *assume: str, k: int = 2) -> str:
    ranges = {"W": weights, "radius": ("0", upper)}
    claim = Claim(id="edge", statement=statement, k=(k,), weights="one-heavy:W", for_all=ranges, assume=assume)
    return decide_claim(claim, timeout=600).outcome


def test_sides_that_touch() -> None:
    for statement, weights, expected in (
        # Equal at the radius 0 for all weights; E tanh²(rX + a) grows there as long as tanh² a < 1/3, W below 0.79.
        ("posterior_power(m=1) >= (2*W-1)**2", ("11/20", "3/5"), "certified"),
        ("posterior_power(m=1) >= (2*W-1)**2", ("3/4", "17/20"), "refuted"),
        ("posterior_power(m=1) > (2*W-1)**2", ("11/20", "3/5"), "refuted"),
        # Both sides vanish at uniform weights and the radius 0.
        ("posterior_power(m=1) >= (2*W-1)**2/2", HALF, "certified"),
        ("posterior_power(m=1) >= 1001/1000*(2*W-1)**2", HALF, "refuted"),
        ("hessian_min_eigenvalue >= spectral_gap", ("7/10", "9/10"), "refuted"),
        ("kl_divergence <= radius**2/4", ("1/2", "4/5"), "certified"),
        ("kl_divergence >= radius**2*(2*W-1)**2/2", ("3/4", "9/10"), "refuted"),
        # Equal on part of the box.
        ("max(log(posterior_power(m=1)), -1/2) >= -1/2", ("3/4", "17/20"), "certified"),
        ("max(log(posterior_power(m=1)), -1/2) > -1/2", ("3/4", "17/20"), "refuted"),
    ):
        assert outcome(statement, weights) == expected, statement
    assert outcome("posterior_power(m=1) >= 4/5*spectral_gap", ("1/4", "2/5"), k=3) == "certified"
    assert outcome("log_partition >= radius**2/3", ("11/20", "9/10"), k=3) == "refuted"


DIVIDED = [
    # β = |π̂|² + r²(1 − t²)(1 − 3t²) + …, t = 2W − 1: both sides grow like 1/r², or have a limit.
    ("posterior_power(m=1)/radius**2 >= spectral_gap/radius**2 + 3/4", "+ 1"),
    ("pl_ratio >= (2*W-1)**2/5", "+ 11/10*(2*W-1)**2 + radius/100"),  # 0/0 at W = 1/2
    ("kl_divergence/radius**4 > spectral_gap/4/radius**2", "+ 1/4"),
]


@pytest.mark.parametrize(("true", "more"), first_every_day(2, DIVIDED))
def test_divided_by_what_vanishes_at_both_edges_at_once(true: str, more: str) -> None:
    """At the radius 0 and uniform weights."""
    assert outcome(true, HALF, "1/4", "radius > 0") == "certified"
    assert outcome(f"{true} {more}", HALF, "1/4", "radius > 0") == "refuted"
    with pytest.raises(InputError):
        outcome(true)


def test_without_an_edge_a_strict_statement_holds() -> None:
    assert outcome("posterior_power(m=1) > (2*W-1)**2", ("11/20", "3/5"), "1/4", "radius > 0") == "certified"
    assert outcome("posterior_power(m=1) > (2*W-1)**2/2", HALF, "1/4", "W != 1/2") == "certified"
    assert outcome("posterior_power(m=1) > (2*W-1)**2*2", HALF, "1/4", "W > 1/2") == "refuted"


SQUARE, HEAVY = "posterior_power(m=1) >= (2*W-1)**2 + radius**2", ("17/20", "9/10")
AGREEING = [
    # With t = 2W − 1: β = t² + r²(1 − 4t² + 3t⁴) + r⁴(−2 + 17t² − …) + 17r⁶/3 − …, and λ_min = d(rβ)/dr.
    (f"{SQUARE}*(1-2*radius**2) - C*(2*W-1)**2*radius**2", "4", "39/10", HALF, "1/8"),
    # KL = t²r²/2 + r⁴(1 − 4t² + 3t⁴)/4 − …: near 0 the best C is 2 − √3 = 0.2679…, at t² = 1/√3.
    ("kl_divergence >= (2*W-1)**2*radius**2/2 * exp(-C*radius**2)", "1/3", "1/4", HEAVY, "1"),
    # Of what is left, 3t⁴ − (C − 17)t²r² + 17r⁴/3 + …, no term but the second is negative.
    (f"{SQUARE}*(1-2*radius**2 - 4*(2*W-1)**2) + C*(2*W-1)**2*radius**4", "22", "27", HALF, "1/16"),
    ("kl_divergence >= (2*W-1)**2*radius**2/2 * (1 - log(1 + C*radius**2))", "1/3", "1/4", HEAVY, "1"),
]


@pytest.mark.parametrize(("statement", "true", "false", "weights", "upper"), first_every_day(3, AGREEING))
def test_sides_that_agree_to_second_order(
    statement: str, true: str, false: str, weights: tuple[str, str], upper: str
) -> None:
    assert outcome(statement.replace("C", true), weights, upper) == "certified"
    assert outcome(statement.replace("C", false), weights, upper) == "refuted"


def test_sides_that_agree_far_at_fixed_weights() -> None:
    """Uniform weights: β = r² − 2r⁴ + 17r⁶/3 − …, so KL = r⁴/4 − r⁶/3 + 17r⁸/24 − …."""
    for constant, expected in (("4/3", "certified"), ("13/10", "refuted")):
        statement = f"kl_divergence >= radius**4/(4*(1 + {constant}*radius**2))"
        claim = Claim("edge", statement, k=(2,), weights="uniform", for_all={"radius": ("0", "1/8")})
        assert decide_claim(claim, timeout=600).outcome == expected
