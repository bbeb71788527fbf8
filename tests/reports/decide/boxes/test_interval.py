"""Statements over whole intervals of radii: what the language demands, and truth found independently."""

from fractions import Fraction
from itertools import pairwise

import pytest

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.whole_box import decide_on_box
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.verdict import Coverage
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span
from tests.tiers import first_every_day

THREE = make_case(3, "1/2,3/10,1/5")
TWO = make_case(2, "4/5,1/5")
HEAVY = make_case(3, "one-heavy:3/5")
UNIFORM = make_case(3, "uniform")
SIX = make_case(6, "linear")


def asked(statement: str, case: Case, lower: str, upper: str, open_lower: bool = False) -> Question:
    """A statement for every radius of an interval."""
    span = Span(Fraction(lower), Fraction(upper), open_lower)
    return Question(parse_statement(statement, ("radius",)), (case.at_radius(span.lower),), {"radius": span})


def decided(
    statement: str,
    case: Case,
    lower: str,
    upper: str,
    digits: int = 40,
    open_lower: bool = False,
    deadline: float | None = None,
) -> Coverage:
    question = asked(statement, case, lower, upper, open_lower)
    coverage = decide_on_box(question, question.cases[0], digits, deadline)
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
    ("0**radius == 0", THREE, "1/1000000", "1"),
    ("0**kl_divergence < 1/10", THREE, "1/1000", "1"),
    ("(radius - radius)**(radius + 1/3) == 0", THREE, "0", "1"),
    ("0**(radius - radius) == 1", THREE, "0", "1"),
    ("posterior_power(m=1) > 1/10", HEAVY, "0", "5"),
    ("kl_divergence > 0", THREE, "1/1000000", "3"),
    ("0 <= log_partition <= radius**2/2", THREE, "0", "3"),
    ("posterior_power(m=1) >= dft_modulus(m=1)**2", THREE, "0", "3"),
    ("hessian_min_eigenvalue >= 0", UNIFORM, "0", "2"),
    ("kl_divergence/radius**2 < 1/20", THREE, "1e-130", "1/8"),
    ("kl_divergence <= radius**2/2*(spectral_gap + radius**2)", THREE, "0", "2"),
    ("1 - posterior_power(m=1) <= contraction_factor + 1e-20", THREE, "0", "10"),
    ("radius*log(radius) + 1/2 >= 0", THREE, "1/1000", "2"),
    ("sqrt(radius - 1/1000) + 1/(radius - 1/2000) > 0", THREE, "1/1000", "1/2"),
    ("max(posterior_power(m=1), 1/2) >= min(1/2, kl_divergence)", THREE, "0", "2"),
    ("abs(kl_divergence - radius**2/5) < log(2 + radius)*exp(-1/10)*cos(radius/4)", THREE, "0", "1"),
    ("1/7 <= radius <= 4/5", THREE, "1/7", "4/5"),
    ("kl_divergence*0 == 0*radius", THREE, "0", "2"),
]
TRUE_AND_SLOW = [
    ("kl_divergence <= radius**4/(4*(k-1))", UNIFORM, "0", "1"),
    ("cos(radius)*kl_divergence <= kl_divergence - sin(radius)*0", THREE, "0", "2"),
    ("hessian_min_eigenvalue < spectral_gap + radius", SIX, "1/100", "1/4"),
    ("posterior_power(m=1) > posterior_power(m=2)", SIX, "0", "3"),
    ("hessian_min_eigenvalue > 0.05", THREE, "0", "4"),
]
FALSE = [
    ("posterior_power(m=1) >= 9/25", TWO, "0", "8"),
    ("kl_divergence > 0", THREE, "0", "3"),
    ("hessian_min_eigenvalue > 0", UNIFORM, "0", "2"),
    ("hessian_min_eigenvalue > 0.08", THREE, "0", "4"),
    ("0 <= log_partition < radius**2/2 - 1e-9", THREE, "0", "3"),
    ("kl_divergence < radius**4/(4*(k-1)) - radius**6/4", UNIFORM, "0", "1"),
    ("posterior_power(m=1) < 17/20", THREE, "0", "8"),
    ("posterior_power(m=1) > posterior_power(m=2)", make_case(6, "1/2,1/10,1/10,1/10,1/10,1/10"), "0", "3"),
    ("radius < 2", THREE, "0", "2"),
]


@pytest.mark.parametrize(
    ("statement", "case", "lower", "upper"),
    [*TRUE, *first_every_day(0, TRUE_AND_SLOW)],
    ids=lambda value: str(value)[:40],
)
def test_truths_are_certified_on_the_whole_interval(statement: str, case: Case, lower: str, upper: str) -> None:
    coverage = decided(statement, case, lower, upper)
    assert holds(coverage) is True, coverage.covered
    assert_covers(coverage, Fraction(lower), Fraction(upper))
    assert all(finding.level >= Level.CERTIFIED for finding in coverage.findings)


@pytest.mark.parametrize(("statement", "case", "lower", "upper"), FALSE, ids=lambda value: str(value)[:40])
def test_falsehoods_are_refuted_by_a_rigorous_point(statement: str, case: Case, lower: str, upper: str) -> None:
    coverage = decided(statement, case, lower, upper)
    assert holds(coverage) is False, coverage.covered
    (finding,) = coverage.findings
    assert finding.box is None
    assert Fraction(lower) <= finding.case.radius <= Fraction(upper)
    assert finding.level >= Level.CERTIFIED


@pytest.mark.parametrize("open_lower", [False, True])
def test_an_open_end_need_not_satisfy_the_statement(open_lower: bool) -> None:
    coverage = decided("kl_divergence > 0", THREE, "0", "1", open_lower=open_lower)
    assert holds(coverage) is open_lower


def test_what_fails_on_a_tiny_scale_is_refuted_there() -> None:
    """β ≈ 4·10^−80 + r² for these weights: below 5·10^−80 for r < 10^−40 only."""
    half = Fraction(1, 2)
    case = make_case(2, [str(half + Fraction(1, 10**40)), str(half - Fraction(1, 10**40))])
    assert holds(decided("posterior_power(m=1) > 4e-80", case, "0", "2", 20, open_lower=True)) is True
    assert holds(decided("posterior_power(m=1) >= 5e-80", case, "0", "2", 20, open_lower=True)) is False


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("kl_divergence < 6/radius", "kl_divergence < 3/10/radius"),
        ("log(radius) < 7/10", "log(radius) < 69/100"),
        ("log(radius) < kl_divergence + 1/2", "log(radius) < kl_divergence"),
        ("posterior_power(m=1)*(1/radius) > 1/20", "posterior_power(m=1)*(1/radius) > 1"),
        ("radius**sqrt(2) < 3", "radius**sqrt(2) < 2"),
    ],
)
def test_sides_without_a_bound_near_the_open_origin(statement: str, wrong: str) -> None:
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


def test_a_deadline_that_has_passed_leaves_what_is_undecided() -> None:
    coverage = decided("posterior_power(m=1) > 1/20", THREE, "0", "3", deadline=0.0)
    assert not coverage.complete
    assert holds(coverage) is None
    assert any("time is up" in finding.reason for finding in coverage.findings)


@pytest.mark.parametrize("open_lower", [True, False])
def test_a_power_of_zero_is_zero_but_at_the_exponent_zero(open_lower: bool) -> None:
    """0**0 is 1, as in every ring: that point alone makes the difference."""
    whole = decided("0**radius == 0", THREE, "0", "1", open_lower=open_lower)
    assert holds(whole) is open_lower
    if not open_lower:
        assert whole.findings[0].case.radius == 0
    else:
        assert holds(decided("0**radius > 0", THREE, "0", "1", open_lower=True)) is False


def test_a_negative_power_of_zero_has_no_value() -> None:
    with pytest.raises(InputError, match="a negative power of zero"):
        decided("0**(-radius) == 0", THREE, "1/2", "1")
    with pytest.raises(InputError, match="power of zero"):
        decided("0**(radius - 1/2) == 0", THREE, "0", "1")
