"""Statements whose sides touch at radius 0, or where weights are uniform or one is 1: true ones, and false as close."""

from collections.abc import Callable
from fractions import Fraction
from math import comb, factorial

import mpmath
import numpy as np
import pytest

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.intervals.operations import PI, as_interval
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import BoxForms, make_problem
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.edges.amplitude_edge import AmplitudeEdgeForms
from emtheory.reports.decide.edges.heavy_edge import HeavyEdgeForms, edge_width
from emtheory.reports.decide.edges.limits import groups_of, origin_terms
from emtheory.reports.decide.point import combine
from emtheory.reports.language.expression import Expression, Number
from emtheory.reports.language.parser import parse_expression
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import brute_force
from tests.reports.decide.conftest import Replayed
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
def test_sides_that_agree_further(statement: str, true: str, false: str, weights: tuple[str, str], upper: str) -> None:
    assert outcome(statement.replace("C", true), weights, upper) == "certified"
    assert outcome(statement.replace("C", false), weights, upper) == "refuted"


def test_sides_that_agree_far_at_fixed_weights() -> None:
    """Uniform weights: β = r² − 2r⁴ + 17r⁶/3 − …, so KL = r⁴/4 − r⁶/3 + 17r⁸/24 − …."""
    for constant, expected in (("4/3", "certified"), ("13/10", "refuted")):
        statement = f"kl_divergence >= radius**4/(4*(1 + {constant}*radius**2))"
        claim = Claim("edge", statement, k=(2,), weights="uniform", for_all={"radius": ("0", "1/8")})
        assert decide_claim(claim, timeout=600).outcome == expected


NEAR = {"W": ("199/200", "1"), "radius": ("1/4", "3/8")}


def claim(statement: str, k: int = 3, ranges: dict[str, tuple[str, str]] = NEAR) -> Claim:
    return Claim("edge", statement, k=(k,), weights="one-heavy:W", for_all=ranges, assume=("W < 1",))


def lack_of_two(weight: float, radius: float) -> float:
    """(1 − β)/(1 − W) = E sech²(rX + a)/(1 − W), by the trapezoidal rule."""
    x = np.arange(-12, 12, 0.002)
    odds = (1 - weight) / weight * np.exp(-2 * radius * x)
    return float(0.002 / np.sqrt(2 * np.pi) * np.exp(-(x**2) / 2) @ (4 * odds / (1 + odds) ** 2) / (1 - weight))


@pytest.mark.parametrize("radius", [Fraction(0), Fraction(1)])
def test_the_rate_is_between_its_bounds(radius: Fraction) -> None:
    assert edge_width(2, Fraction(1)) < Fraction(1, 2**18) < edge_width(2, Fraction(0)) == Fraction(1, 2**10)
    assert edge_width(2, Fraction(3)) is None
    width = Fraction(1, 2**16)
    question = read_claim(claim("posterior_power(m=1) < 1", 2, {"W": ("1/2", "1"), "radius": ("0", "1")}))
    problem = make_problem(question, question.cases[0])
    sides = {"W": (1 - width, Fraction(1)), "radius": (radius, radius)}
    with arb_precision(100):
        forms = HeavyEdgeForms(BoxForms(BoxCell(sides, 4, sides), problem, {}))
        found = forms._rate(forms._spread).range
    for weight in (1 - float(width) * (1 - 1e-9), 1 - float(width) / 2, 1 - 1e-9):
        assert float(found.lower) - 1e-6 <= lack_of_two(weight, float(radius)) <= float(found.upper) + 1e-6
    assert float(found.upper - found.lower) < (0.9 if radius == 1 else 0.05)


AT_ONE = [
    # The sharp constant of the first three is C = 2k/(k − 1) = 3.
    ("1 - posterior_power(m=1) <= 33/10*exp(3/2*radius**2)*(1-W)", "certified"),
    ("1 - posterior_power(m=1) <= 29/10*exp(3/2*radius**2)*(1-W)", "refuted"),
    ("1 - posterior_power(m=1) >= 27/10*exp(3/2*radius**2)*(1-W)", "certified"),
    ("posterior_power(m=1) < W", "certified"),
]


@pytest.mark.parametrize(("statement", "outcome"), first_every_day(2, AT_ONE))
def test_both_sides_of_what_holds_where_a_weight_tends_to_one(statement: str, outcome: str, replayed: Replayed) -> None:
    asked = claim(statement)
    verdict = decide_claim(asked)
    assert verdict.outcome == outcome
    if "exp" not in statement:
        assert replayed(asked, verdict) == outcome


WEIGHTS = ("1/2", "1/4", "1/8", "1/8")
"""|π̂_1|² = 5/32 and |π̂_2|² = 1/16."""


def at_amplitudes(statement: str, *assume: str, upper: str = "1/10") -> Claim:
    ranges = {f"amplitude_{m}": ("0", upper) for m in (1, 2)}
    return Claim("edge", statement, k=(4,), weights=WEIGHTS, for_all=ranges, assume=assume)


def test_near_amplitudes_zero_values_are_between_the_bounds() -> None:
    reach = Fraction(1, 40)
    sides = {f"amplitude_{m}": (Fraction(0), reach) for m in (1, 2)}
    names = ("posterior_power(m=1)", "posterior_power(m=2)", "kl_divergence", "log_partition")
    for place in ((reach, reach / 3), (reach / 5, reach)):
        found = brute_force(make_case(4, ",".join(WEIGHTS), amplitudes=place))
        values = (*found.posterior_power[1:3], found.kl, found.log_partition)
        for name, value in zip(names, values, strict=True):
            asked = read_claim(at_amplitudes(f"{name} >= 0"))
            with arb_precision(100):
                problem = make_problem(asked, asked.cases[0])
                forms = AmplitudeEdgeForms(BoxForms(BoxCell(sides, 6, sides), problem, {}))
                side = forms._split(asked.comparison.operands[0])
                limit, slopes = forms.forms.form(side.limits[0]).range, [slope.range for slope in side.rests]
            squares = [float(rho) ** 2 for rho in place]
            lower = float(limit.lower) + sum(v * float(slope.lower) for v, slope in zip(squares, slopes, strict=True))
            upper = float(limit.upper) + sum(v * float(slope.upper) for v, slope in zip(squares, slopes, strict=True))
            assert lower - 1e-12 <= value <= upper + 1e-12
            assert upper - lower < 80 * sum(squares) * float(reach) ** 2
            # The first terms are most of it: the limit alone is not enough.
            assert not float(limit.lower) <= value <= float(limit.upper)


TOUCHING = [
    # The sharp constant is |π̂_2|²/2 = 1/32.
    ("kl_divergence >= C*(amplitude_1**2 + amplitude_2**2)", "1/36", "1/31"),
    # ∂β_1/∂v_2 = t_12/2 = 31/512 at 0, and less than the other.
    ("posterior_power(m=1) >= 5/32 + C*(amplitude_1**2 + amplitude_2**2)", "1/18", "1/16"),
    # ∂√β_1/∂v_2 = (31/512)/(2√(5/32)) = 0.077.
    ("sqrt(posterior_power(m=1)) >= sqrt(5/32) + C*amplitude_2**2", "1/20", "1/12"),
]


@pytest.mark.parametrize(("statement", "true", "false"), first_every_day(1, TOUCHING))
def test_what_touches_at_amplitudes_zero(statement: str, true: str, false: str, replayed: Replayed) -> None:
    for constant, expected in ((true, "certified"), (false, "refuted")):
        asked = at_amplitudes(statement.replace("C", constant))
        verdict = decide_claim(asked)
        assert verdict.outcome == replayed(asked, verdict) == expected


def test_where_one_amplitude_is_not_zero_sides_may_be_divided() -> None:
    for bound, expected in (("1/17", "certified"), ("1/15", "refuted")):
        assert decide_claim(at_amplitudes(f"pl_ratio >= {bound}", "amplitude_1 > 0", upper="1/20")).outcome == expected


PLACES = {
    2: (("W", "1-W"), {"W": Fraction(7, 10)}),
    3: (("U", "V", "1-U-V"), {"U": Fraction(1, 2), "V": Fraction(3, 10)}),
}


def transform(weights: list[mpmath.mpf], m: int, *x: mpmath.mpf) -> mpmath.mpc:
    """γ̂_m at x in the span of the simplex of radius 1, k = 2 or 3."""
    k = len(weights)
    angles = [mpmath.mpf(2 * j) / k for j in range(k)]
    vertices = [(mpmath.cospi(angle), mpmath.sinpi(angle))[: k - 1] for angle in angles]
    terms = [w * mpmath.exp(mpmath.fdot(v, x)) for w, v in zip(weights, vertices, strict=True)]
    turns = [mpmath.expjpi(mpmath.mpf(2 * j * m) / k) for j in range(k)]
    return mpmath.fdot(terms, turns) / mpmath.fsum(terms)


def heat_coefficient(function: Callable[..., mpmath.mpf], dimension: int, i: int) -> mpmath.mpf:
    """Δⁱf(0)/(2ⁱ i!): the coefficient of vⁱ of E f(√v X)."""
    if dimension == 1:
        return mpmath.diff(function, 0, 2 * i) / (2**i * factorial(i))
    parts = [comb(i, j) * mpmath.diff(function, (0, 0), (2 * j, 2 * i - 2 * j)) for j in range(i + 1)]
    return mpmath.fsum(parts) / (2**i * factorial(i))


def value_at(expression: Expression, place: dict[str, Fraction]) -> mpmath.mpf:
    with arb_precision(200):
        value = as_interval(combine(expression, lambda leaf: rational(place[leaf.name]) if leaf.name in place else PI))
        return mpmath.mpf(value.lower.mid().str(40, radius=False))


@pytest.mark.parametrize("k", [2, 3])
def test_terms_are_derivatives_of_the_definition(k: int) -> None:
    texts, place = PLACES[k]
    weights = [parse_expression(text, tuple(place)) for text in texts]
    terms, means, couplings = (origin_terms(weights, each, 3) for each in ((1,), (), (1, 1)))
    with mpmath.workdps(60):
        numbers = [value_at(weight, place) for weight in weights]

        def square(*x: mpmath.mpf) -> mpmath.mpf:
            return abs(transform(numbers, 1, *x)) ** 2

        for i in range(3):
            expected = heat_coefficient(square, k - 1, i)
            assert abs(value_at(terms[i], place) - expected) < 1e-15 * (1 + abs(expected))
            # 2KL/r² is the mean of β over [0, r²], and t_11 = 2∂β/∂(ρ²) along the one frequency.
            assert abs(value_at(means[i], place) - expected / (i + 1)) < 1e-15 * (1 + abs(expected))
            if i:
                assert abs(value_at(couplings[i - 1], place) - 2 * i * expected) < 1e-14 * (1 + abs(expected))
    # At other weights they are others.
    elsewhere = {name: value / 2 for name, value in place.items()}
    assert all(abs(value_at(term, elsewhere) - value_at(term, place)) > 1e-3 for term in terms)


def test_where_cosines_are_irrational_terms_hold_them_and_weights_that_are_alike_are_one_group() -> None:
    weights = [Number(Fraction(part, 15)) for part in (1, 2, 3, 4, 5)]
    limit, slope = origin_terms(weights, (2,), 2)
    pi = [mpmath.mpf(part) / 15 for part in (1, 2, 3, 4, 5)]
    turns = [mpmath.expjpi(mpmath.mpf(4 * j) / 5) for j in range(5)]
    first, second = (mpmath.fdot([w**a for w in pi], turns) for a in (1, 2))
    collision = mpmath.fsum(w**2 for w in pi)
    assert float(value_at(limit, {})) == pytest.approx(float(abs(first) ** 2), abs=1e-14)
    # ½Δ|γ̂|² by hand, as in the test of expansions, in r² = s²(k − 1)/k.
    by_hand = collision * (1 + 3 * abs(first) ** 2) - 4 * mpmath.re(second * mpmath.conj(first))
    assert float(value_at(slope, {})) == pytest.approx(float(by_hand * 5 / 4), abs=1e-13)
    weights = [parse_expression(text, ("W",)) for text in ("W", "(1-W)/2", "(1-W)/2")]
    assert list(groups_of(weights).values()) == [[0], [1, 2]]
    # At uniform weights β begins with r²(…), and vanishes.
    limit, slope, _ = origin_terms(weights, (1,), 3)
    uniform = {"W": Fraction(1, 3)}
    assert value_at(limit, uniform) == 0
    assert value_at(slope, uniform) > 0
