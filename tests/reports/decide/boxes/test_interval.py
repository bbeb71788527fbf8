"""Statements over whole intervals of radii: what the language demands, and truth found independently."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.whole_box import decide_on_box
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.verdict import Coverage
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span
from tests.numerics.brute_force import BruteForce, brute_force
from tests.tiers import examples, first_every_day

THREE = make_case(3, "1/2,3/10,1/5")
UNIFORM = make_case(3, "uniform")
SIX = make_case(6, "linear")


def decided(
    statement: str, case: Case, lower: str, upper: str, digits: int = 40, open_lower: bool = False, **more: float
) -> Coverage:
    """What is found of a statement for every radius of an interval."""
    span = Span(Fraction(lower), Fraction(upper), open_lower)
    question = Question(parse_statement(statement, ("radius",)), (case.at_radius(span.lower),), {"radius": span})
    coverage = decide_on_box(question, question.cases[0], digits, more.get("deadline"))
    assert coverage is not None
    return coverage


def holds(coverage: Coverage) -> bool | None:
    """What a verdict would say: refuted by one failing finding, certified by a complete cover."""
    answers = {finding.holds for finding in coverage.findings}
    if False in answers:
        return False
    return True if coverage.complete and answers == {True} else None


def assert_covers(coverage: Coverage, lower: Fraction, upper: Fraction) -> None:
    """The boxes leave out nothing between the ends."""
    boxes = sorted(finding.box.sides["radius"] for finding in coverage.findings if finding.box is not None)
    assert len(boxes) == len(coverage.findings)
    assert boxes[0][0] == lower
    assert max(end for _, end in boxes) == upper
    assert all(before[1] == after[0] for before, after in pairwise(boxes))


TRUE = [
    ("0**kl_divergence < 1/10", THREE, "1/1000", "1"),
    ("(radius - radius)**(radius + 1/3) == 0", THREE, "0", "1"),
    ("0**(radius - radius) == 1", THREE, "0", "1"),
    ("0 <= log_partition <= radius**2/2", THREE, "0", "3"),
    ("posterior_power(m=1) >= dft_modulus(m=1)**2", THREE, "0", "3"),
    ("hessian_min_eigenvalue >= 0", UNIFORM, "0", "2"),
    ("kl_divergence/radius**2 < 1/20", THREE, "1e-130", "1/8"),
    ("kl_divergence <= radius**2/2*(spectral_gap + radius**2)", THREE, "0", "2"),
    ("radius*log(radius) + 1/2 >= 0", THREE, "1/1000", "2"),
    ("sqrt(radius - 1/1000) + 1/(radius - 1/2000) > 0", THREE, "1/1000", "1/2"),
    ("max(posterior_power(m=1), 1/2) >= min(1/2, kl_divergence)", THREE, "0", "2"),
    ("cos(radius)*kl_divergence <= kl_divergence - sin(radius)*0", THREE, "0", "2"),
    ("posterior_power(m=1) > posterior_power(m=2)", SIX, "0", "3"),
]
FALSE = [
    ("hessian_min_eigenvalue > 0", UNIFORM, "0", "2"),
    ("0 <= log_partition < radius**2/2 - 1e-9", THREE, "0", "3"),
    ("kl_divergence < radius**4/(4*(k-1)) - radius**6/4", UNIFORM, "0", "1"),
    ("posterior_power(m=1) > posterior_power(m=2)", make_case(6, "1/2,1/10,1/10,1/10,1/10,1/10"), "0", "3"),
    ("radius < 2", THREE, "0", "2"),
]


@pytest.mark.parametrize(("statement", "case", "lower", "upper"), first_every_day(11, TRUE), ids=str)
def test_truths_are_certified_on_the_whole_interval(statement: str, case: Case, lower: str, upper: str) -> None:
    coverage = decided(statement, case, lower, upper)
    assert holds(coverage) is True, coverage.covered
    assert_covers(coverage, Fraction(lower), Fraction(upper))
    assert all(finding.level >= Level.CERTIFIED for finding in coverage.findings)


@pytest.mark.parametrize(("statement", "case", "lower", "upper"), FALSE, ids=str)
def test_falsehoods_are_refuted_by_a_rigorous_point(statement: str, case: Case, lower: str, upper: str) -> None:
    coverage = decided(statement, case, lower, upper)
    assert holds(coverage) is False, coverage.covered
    (finding,) = coverage.findings
    assert finding.box is None
    assert Fraction(lower) <= finding.case.radius <= Fraction(upper)
    assert finding.level >= Level.CERTIFIED


def test_what_fails_on_a_tiny_scale_is_refuted_there() -> None:
    """β ≈ 4·10^−80 + r² for these weights: below 5·10^−80 for r < 10^−40 only."""
    half = Fraction(1, 2)
    case = make_case(2, [str(half + Fraction(1, 10**40)), str(half - Fraction(1, 10**40))])
    assert holds(decided("posterior_power(m=1) > 4e-80", case, "0", "2", 20, open_lower=True)) is True
    assert holds(decided("posterior_power(m=1) >= 5e-80", case, "0", "2", 20, open_lower=True)) is False


def test_sides_without_a_bound_near_the_open_origin() -> None:
    for statement, wrong in (
        ("kl_divergence < 6/radius", "kl_divergence < 3/10/radius"),
        ("log(radius) < 7/10", "log(radius) < 69/100"),
        ("posterior_power(m=1)*(1/radius) > 1/20", "posterior_power(m=1)*(1/radius) > 1"),
        ("radius**sqrt(2) < 3", "radius**sqrt(2) < 2"),
    ):
        assert holds(decided(statement, THREE, "0", "2", digits=20, open_lower=True)) is True
        assert holds(decided(wrong, THREE, "0", "2", digits=20, open_lower=True)) is False


def test_what_is_left_over_is_named() -> None:
    """The statement is true, and tight at radius 1 only, where no enclosure can show it."""
    coverage = decided("(radius - 1)*(kl_divergence - kl_divergence*radius) <= 0", THREE, "0", "2", 12)
    assert not coverage.complete
    undecided = [finding.box.sides["radius"] for finding in coverage.findings if finding.holds is None and finding.box]
    assert undecided
    assert all(abs(lower - 1) < Fraction(1, 100) for lower, _ in undecided)
    assert "left over" in coverage.covered
    assert_covers(coverage, Fraction(0), Fraction(2))
    late = decided("posterior_power(m=1) > 1/20", THREE, "0", "3", deadline=0.0)
    assert (late.complete, holds(late)) == (False, None)
    assert any("time is up" in finding.reason for finding in late.findings)


def test_an_open_end_need_not_satisfy_the_statement() -> None:
    """0**0 is 1, as in every ring: that point alone makes the difference."""
    for statement in ("0**radius == 0", "kl_divergence > 0"):
        assert holds(decided(statement, THREE, "0", "1", open_lower=True)) is True
        assert decided(statement, THREE, "0", "1").findings[0].case.radius == 0
    assert holds(decided("0**radius > 0", THREE, "0", "1", open_lower=True)) is False
    for power, lower in (("-radius", "1/2"), ("radius - 1/2", "0")):
        with pytest.raises(InputError, match="a negative power of zero"):
            decided(f"0**({power}) == 0", THREE, lower, "1")


Value = Callable[[BruteForce, float], float]

AWAY_FROM_THE_ORIGIN: dict[str, Value] = {
    "pl_ratio": lambda b, _: b.gradient_square / 2 / b.kl,
    "radius*log(radius) + sqrt(kl_divergence)": lambda b, r: r * np.log(r) + np.sqrt(b.kl),
    "max(posterior_power(m=1), kl_divergence) - radius**(1/3)": lambda b, r: (
        max(b.posterior_power[1], b.kl) - r ** (1 / 3)
    ),
}
ANYWHERE: dict[str, Value] = {
    "-posterior_power(m=1)": lambda b, _: -b.posterior_power[1],
    "-kl_divergence": lambda b, _: -b.kl,
    "log_partition*exp(-radius)": lambda b, r: b.log_partition * np.exp(-r),
    "-hessian_min_eigenvalue + radius/10": lambda b, r: -b.hessian_eigenvalues[0] + r / 10,
    "posterior_power(m=1)*cos(radius) - kl_divergence": lambda b, r: b.posterior_power[1] * np.cos(r) - b.kl,
}


def minimum(case: Case, value: Value, lower: Fraction, upper: Fraction) -> float:
    """The smallest value on the interval, by a scan and refinement in double precision."""

    def at(radius: float) -> float:
        return float(value(brute_force(case.at_radius(Fraction(radius))), radius))

    radii = np.linspace(float(lower), float(upper), 13)
    values = [at(radius) for radius in radii]
    best = int(np.argmin(values))
    around = radii[max(best - 1, 0)], radii[min(best + 1, 12)]
    refined = minimize_scalar(at, bounds=around, method="bounded", options={"xatol": 1e-7})
    return min(values[best], refined.fun)


@examples(20)
@given(
    parts=st.lists(st.integers(1, 20), min_size=2, max_size=3),
    lower=st.one_of(st.just(Fraction(0)), st.fractions(Fraction(1, 20), 1, max_denominator=20)),
    width=st.fractions(Fraction(1, 10), 1, max_denominator=10),
    digits=st.integers(2, 8),
    data=st.data(),
)
def test_verdicts_follow_a_tensor_rule_that_shares_nothing_with_them(
    parts: list[int], lower: Fraction, width: Fraction, digits: int, data: st.DataObject
) -> None:
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    known = ANYWHERE if lower == 0 else ANYWHERE | AWAY_FROM_THE_ORIGIN
    expression = data.draw(st.sampled_from(sorted(known)))
    least, gap = Fraction(minimum(case, known[expression], lower, lower + width)), Fraction(1, 10**digits)
    for bound, truth in ((least - gap, True), (least + gap, False)):
        coverage = decided(f"{expression} > {bound}", case, str(lower), str(lower + width))
        answers = {finding.holds for finding in coverage.findings}
        assert answers == {truth}, coverage.covered
        assert coverage.complete is truth
        assert min(finding.level for finding in coverage.findings) >= Level.CERTIFIED
