"""Boxes of amplitudes that reach 0 in all of them, where sides touch."""

from fractions import Fraction

import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import BoxForms, make_problem
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.edges.amplitude_edge import AmplitudeEdgeForms
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import brute_force
from tests.reports.decide.conftest import Replayed
from tests.tiers import first_every_day

WEIGHTS = ("1/2", "1/4", "1/8", "1/8")
"""|π̂_1|² = 5/32 and |π̂_2|² = 1/16."""


def claim(statement: str, *assume: str, upper: str = "1/10") -> Claim:
    ranges = {f"amplitude_{m}": ("0", upper) for m in (1, 2)}
    return Claim("edge", statement, k=(4,), weights=WEIGHTS, for_all=ranges, assume=assume)


@pytest.mark.parametrize("reach", [Fraction(1, 40), Fraction(1, 10)])
def test_near_amplitudes_zero_values_are_between_the_bounds(reach: Fraction) -> None:
    sides = {f"amplitude_{m}": (Fraction(0), reach) for m in (1, 2)}
    names = ("posterior_power(m=1)", "posterior_power(m=2)", "kl_divergence", "log_partition")
    for place in ((reach, reach / 3), (reach / 5, reach)):
        found = brute_force(make_case(4, ",".join(WEIGHTS), amplitudes=place))
        values = (*found.posterior_power[1:3], found.kl, found.log_partition)
        for name, value in zip(names, values, strict=True):
            asked = read_claim(claim(f"{name} >= 0"))
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


@pytest.mark.parametrize(
    ("statement", "true", "false"),
    first_every_day(
        2,
        [
            # ∂β_1/∂v_2 = t_12/2 = 31/512 at 0, and less than the other.
            ("posterior_power(m=1) >= 5/32 + C*(amplitude_1**2 + amplitude_2**2)", "1/18", "1/16"),
            # The sharp constant is |π̂_2|²/2 = 1/32.
            ("kl_divergence >= C*(amplitude_1**2 + amplitude_2**2)", "1/36", "1/31"),
            ("log_partition <= C*amplitude_1**2 + amplitude_2**2/2", "1/2", "1/3"),
            ("posterior_power(m=2)/(1 + amplitude_1**2) >= 1/16 - C*amplitude_1**2", "1/100", "1/1000"),
            # ∂√β_1/∂v_2 = (31/512)/(2√(5/32)) = 0.077.
            ("sqrt(posterior_power(m=1)) >= sqrt(5/32) + C*amplitude_2**2", "1/20", "1/12"),
        ],
    ),
)
def test_what_touches_at_amplitudes_zero(statement: str, true: str, false: str) -> None:
    for constant, expected in ((true, "certified"), (false, "refuted")):
        assert decide_claim(claim(statement.replace("C", constant))).outcome == expected


def test_where_one_amplitude_is_not_zero_sides_may_be_divided() -> None:
    assert decide_claim(claim("pl_ratio >= 1/17", "amplitude_1 > 0")).outcome == "certified"
    assert decide_claim(claim("pl_ratio >= 1/15", "amplitude_1 > 0")).outcome == "refuted"


def test_a_certificate_that_reaches_amplitudes_zero_is_replayed(replayed: Replayed) -> None:
    asked = claim("kl_divergence >= 1/36*(amplitude_1**2 + amplitude_2**2)")
    assert replayed(asked, decide_claim(asked)) == "certified"
