"""Statements whose sides touch at the radius 0, or where weights are uniform: true ones, and false ones as close."""

from dataclasses import replace

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.tiers import first_every_day


def outcome(statement: str, k: int, weights: tuple[str, str], radii: tuple[str, str], *assume: str) -> str:
    ranges = {"W": weights, "radius": radii}
    claim = Claim(id="edge", statement=statement, k=(k,), weights="one-heavy:W", for_all=ranges, assume=assume)
    return decide_claim(claim, timeout=600).outcome


@pytest.mark.parametrize(
    ("statement", "k", "weights", "radii"),
    first_every_day(
        3,
        [
            # Equal at the radius 0 for all weights; E tanh²(rX + a) grows there as long as tanh² a < 1/3.
            ("posterior_power(m=1) >= (2*W-1)**2", 2, ("11/20", "3/5"), ("0", "1/2")),
            # Both sides vanish at uniform weights and the radius 0.
            ("posterior_power(m=1) >= (2*W-1)**2/2", 2, ("1/2", "3/5"), ("0", "1/2")),
            ("posterior_power(m=1) >= 4/5*spectral_gap", 3, ("1/5", "1/2"), ("0", "1/2")),
            ("hessian_min_eigenvalue >= spectral_gap/2", 2, ("1/2", "3/5"), ("0", "1/2")),
            ("kl_divergence <= radius**2/4", 2, ("1/2", "4/5"), ("0", "1/2")),
        ],
    ),
)
def test_what_touches_is_certified(statement: str, k: int, weights: tuple[str, str], radii: tuple[str, str]) -> None:
    assert outcome(statement, k, weights, radii) == "certified"


@pytest.mark.parametrize(
    ("statement", "k", "weights", "radii"),
    [
        # From tanh² a = 1/3 on, which is W about 0.79, the power falls with the radius.
        ("posterior_power(m=1) >= (2*W-1)**2", 2, ("3/4", "17/20"), ("0", "1/2")),
        ("posterior_power(m=1) >= 1001/1000*(2*W-1)**2", 2, ("1/2", "3/5"), ("0", "1/2")),
        ("posterior_power(m=1) > (2*W-1)**2", 2, ("11/20", "3/5"), ("0", "1/2")),
        ("hessian_min_eigenvalue >= spectral_gap", 2, ("7/10", "9/10"), ("0", "1/2")),
        ("kl_divergence >= radius**2*(2*W-1)**2/2", 2, ("3/4", "9/10"), ("0", "1/2")),
    ],
)
def test_what_fails_beside_an_edge_is_refuted(
    statement: str, k: int, weights: tuple[str, str], radii: tuple[str, str]
) -> None:
    assert outcome(statement, k, weights, radii) == "refuted"


@pytest.mark.parametrize(
    ("true", "false"),
    first_every_day(
        2,
        [
            # β = |π̂|² + r²(1 − t²)(1 − 3t²) + …, t = 2W − 1: both sides grow like 1/r², or have a limit.
            ("posterior_power(m=1)/radius**2 >= spectral_gap/radius**2 + 3/4", "+ 1"),
            ("(posterior_power(m=1) - spectral_gap)/radius**2 >= 3/4", "+ 1/4"),
            ("kl_divergence/radius**4 > spectral_gap/4/radius**2", "+ 1/4"),
        ],
    ),
)
def test_divided_by_the_radius_at_both_edges_at_once(true: str, false: str) -> None:
    """At the radius 0 and uniform weights."""
    where = (("1/2", "11/20"), ("0", "1/4"))
    assert outcome(true, 2, *where, "radius > 0") == "certified"
    assert outcome(f"{true} {false}", 2, *where, "radius > 0") == "refuted"
    with pytest.raises(InputError):
        outcome(true, 2, *where)


def test_without_the_radius_0_a_strict_statement_holds() -> None:
    where = (("11/20", "3/5"), ("0", "1/2"))
    assert outcome("posterior_power(m=1) > (2*W-1)**2", 2, *where, "radius > 0") == "certified"
    for without in ("W != 1/2", "W > 1/2"):
        assert outcome("posterior_power(m=1) > (2*W-1)**2/2", 2, ("1/2", "3/5"), ("0", "1/2"), without) == "certified"
    assert outcome("posterior_power(m=1) > (2*W-1)**2*2", 2, ("1/2", "3/5"), ("0", "1/2"), "W > 1/2") == "refuted"


@pytest.mark.parametrize(
    ("statement", "k"), [("max(log(posterior_power(m=1)), -1/2) >= -1/2", 2), ("log_partition >= radius**2/20", 3)]
)
def test_sides_that_are_equal_on_part_of_a_box_or_at_its_edge(statement: str, k: int) -> None:
    ranges = {"W": ("11/20", "9/10"), "radius": ("0", "3/4")}
    claim = Claim("edge", statement, k=(k,), weights="one-heavy:W", for_all=ranges)
    assert decide_claim(claim).outcome == "certified"
    false = statement.replace("-1/2) >= -1/2", "-1/2) > -1/2").replace("radius**2/20", "radius**2/3")
    assert decide_claim(replace(claim, statement=false)).outcome == "refuted"


@pytest.mark.parametrize(
    ("statement", "true", "false"),
    first_every_day(
        2,
        [
            # With t = 2W − 1: β = t² + r²(1 − 4t² + 3t⁴) + r⁴(−2 + 17t² − …) + 17r⁶/3 − …, and λ_min = d(rβ)/dr.
            ("posterior_power(m=1) >= (2*W-1)**2 + radius**2*(1-2*radius**2) - C*(2*W-1)**2*radius**2", "4", "39/10"),
            # Of what is left, 3t⁴ − (C − 17)t²r² + 17r⁴/3 + …, no term but the second is negative.
            (
                "posterior_power(m=1) >= (2*W-1)**2 + radius**2*(1-2*radius**2 - 4*(2*W-1)**2)"
                " + C*(2*W-1)**2*radius**4",
                "22",
                "27",
            ),
            ("hessian_min_eigenvalue >= (2*W-1)**2 + 3*radius**2*(1 - C*(2*W-1)**2) - 10*radius**4", "4", "39/10"),
            ("kl_divergence >= radius**4/(4*(1 + C*radius**2))", "4/3", "13/10"),
        ],
    ),
)
def test_sides_that_agree_to_second_order(statement: str, true: str, false: str) -> None:
    for constant, expected in ((true, "certified"), (false, "refuted")):
        assert outcome(statement.replace("C", constant), 2, ("1/2", "11/20"), ("0", "1/8")) == expected


@pytest.mark.parametrize(
    "factor", first_every_day(1, ["exp(-C*radius**2)", "1/sqrt(1 + 2*C*radius**2)", "(1 - log(1 + C*radius**2))"])
)
def test_functions_of_what_vanishes_at_the_edge(factor: str) -> None:
    """KL = t²r²/2 + r⁴(1 − 4t² + 3t⁴)/4 − …: near 0 the best C is 2 − √3 = 0.2679…, at t² = 1/√3."""
    for constant, expected in (("1/3", "certified"), ("1/4", "refuted")):
        statement = f"kl_divergence >= (2*W-1)**2*radius**2/2 * {factor.replace('C', constant)}"
        assert outcome(statement, 2, ("3/5", "9/10"), ("0", "1")) == expected


def test_a_quotient_of_what_vanishes_at_the_edge() -> None:
    """At the radius 0 the PL ratio is (2W − 1)², but 0/0 at W = 1/2."""
    where = (("1/2", "3/5"), ("0", "1/2"), "radius > 0")
    assert outcome("pl_ratio >= (2*W-1)**2/5", 2, *where) == "certified"
    assert outcome("pl_ratio >= 11/10*(2*W-1)**2 + radius/100", 2, *where) == "refuted"


def test_sides_that_agree_far_at_fixed_weights() -> None:
    """Uniform weights: β = r² − 2r⁴ + 17r⁶/3 − …, so KL = r⁴/4 − r⁶/3 + 17r⁸/24 − …."""
    for constant, expected in (("4/3", "certified"), ("13/10", "refuted")):
        statement = f"kl_divergence >= radius**4/(4*(1 + {constant}*radius**2))"
        claim = Claim("edge", statement, k=(2,), weights="uniform", for_all={"radius": ("0", "1")})
        assert decide_claim(claim, timeout=600).outcome == expected
