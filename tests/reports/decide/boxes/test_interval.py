"""Statements over whole intervals of radii, quantities that are monotone in a variable, and all radii."""

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import make_problem
from emtheory.reports.decide.boxes.tail_forms import SimplexTailForms
from emtheory.reports.decide.boxes.whole_box import decide_on_box
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import Question, read_claim
from emtheory.reports.decide.verdict import Coverage
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span
from emtheory.theory.claim import Claim
from tests.numerics.brute_force import BruteForce, brute_force
from tests.reports.decide.conftest import QUANTITIES, Replayed, claim
from tests.reports.decide.conftest import claim as any_claim
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
    return decide_on_box(question, question.cases[0], digits, more.get("deadline"))


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
def test_verdicts_follow_a_tensor_rule(
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


WEIGHTS = ("1/2", "3/10", "1/5")
HEAVY = ("4/5", "1/10", "1/10")


def verdict_of(statement: str, for_all: dict[str, tuple[str, str]], weights: tuple[str, ...] = WEIGHTS) -> str:
    return decide_claim(claim(statement, weights, **for_all)).outcome


def steps_by_quadrature(radius: float, eps: float) -> int:
    """EM's steps until KL is at most eps, by its definition in the plane on a lattice."""
    line = np.arange(-8, 8.01, 0.1)
    x = np.array(np.meshgrid(line, line)).reshape(2, -1)
    rule = np.exp(-(x**2).sum(axis=0) / 2)
    rule /= rule.sum()
    turns = [np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in 2 * np.pi * np.arange(3) / 3]
    weights = np.array([0.5, 0.3, 0.2])[:, None]
    theta, steps = np.array([radius, 0.0]), 0
    while True:
        terms = weights * np.exp(np.stack([(turn @ theta) @ x for turn in turns]))
        total = terms.sum(axis=0)
        if theta @ theta / 2 - rule @ np.log(total) <= eps:
            return steps
        images = np.stack([turn.T @ x for turn in turns])
        theta = (rule * terms / total * images.transpose(1, 0, 2)).sum(axis=(1, 2))
        steps += 1


def test_steps_over_an_interval_are_those_from_its_far_end() -> None:
    most = steps_by_quadrature(0.5, 0.01)
    assert most > 0
    ends = {"radius": ("0", "1/2")}
    assert verdict_of(f"iterations_to_kl(eps=1/100) <= {most}", ends) == "certified"
    assert verdict_of(f"iterations_to_kl(eps=1/100) < {most}", ends) == "refuted"


@pytest.mark.long
def test_steps_over_an_interval_of_radii_and_targets() -> None:
    box = {"radius": ("1/10", "1"), "E": ("1/1000", "1/100")}
    assert verdict_of("iterations_to_kl(eps=E) <= 8*log(1/E)", box) == "certified"
    assert verdict_of("iterations_to_kl(eps=E) <= 1.8*log(1/E)", box) == "refuted"


def test_bounds_of_samples_over_sizes_probabilities_and_targets() -> None:
    """Between integers there is nothing to decide."""
    error, kl = "sample_error_bound(n=N, delta=1/20, radius=1/20)", "sample_kl_bound(n=20000, delta=D, radius=1/20)"
    for statement, ends, outcome in (
        (f"{error} <= 41/10/sqrt(N)", {"N": ("20000", "40001")}, "certified"),
        (f"{error} <= 4/sqrt(N)", {"N": ("20000", "40001")}, "refuted"),
        (f"{kl} <= 1/4600", {"D": ("1/20", "1/5")}, "certified"),
        (f"{kl} <= 1/4700", {"D": ("1/20", "1/5")}, "refuted"),
        ("samples_needed(eps=E, delta=1/20, radius=1/20) <= 20/E", {"E": ("1/1500", "1/1000")}, "certified"),
        (f"{error}*(N - 20001) >= 0", {"N": ("20000", "20003")}, "refuted"),
        (f"{error}*(N - 20001) >= -1", {"N": ("20000", "20003")}, "certified"),
    ):
        assert verdict_of(statement, ends, HEAVY) == outcome, statement
    with pytest.raises(InputError, match="or arguments of quantities, not over 'D'"):
        verdict_of("spectral_gap > 0", {"D": ("0", "1")})


@settings(max_examples=5)
@given(st.integers(20_000, 10**7), st.integers(1, 10**7), st.fractions("1/100", "1/2"), st.fractions("0", "1/3"))
def test_bounds_fall_as_points_or_failures_are_more(n: int, more: int, delta: Fraction, later: Fraction) -> None:
    case = make_case(3, HEAVY)
    for name in ("sample_error_bound", "sample_kl_bound"):
        few, many, often = (
            evaluate(name, case, {"n": Fraction(size), "delta": share, "radius": Fraction(1, 20)}, 10)
            for size, share in ((n, delta), (n + more, delta), (n, delta + later))
        )
        assert max(many.lower, often.lower) <= few.upper


def at_radii(statement: str, k: int = 2, weights: str = "one-heavy:7/10", *assume: str, **ranges: Any) -> Claim:
    return any_claim(statement, weights, *assume, k=k, **{"radius": ("0", "inf"), **ranges})


VALUES = {
    **{name: lambda found, _, value=value: value(found) for name, value in QUANTITIES.items() if "kl" not in name},
    "kl_divergence/radius**2": lambda found, square: found.kl / square,
    "log_partition/radius**2": lambda found, square: found.log_partition / square,
    "1/radius - 2*radius/(radius**2 + 1)": lambda found, square: square**-0.5 - 2 * square**0.5 / (square + 1),
    "min(radius, 2)": lambda found, square: 2.0,
    "exp(-radius)": lambda found, square: math.exp(-math.sqrt(square)),
}


@pytest.mark.parametrize("k", [2, 3])
def test_values_far_out_are_in_their_enclosures(k: int) -> None:
    start = Fraction(6)
    expressions = parse_statement(" < ".join(VALUES), ("radius",)).operands
    for weight, radius in ((Fraction(7, 10), start), (Fraction(99, 100), start), (Fraction(1, 2), Fraction(9))):
        question = read_claim(at_radii("posterior_power(m=1) > 0", k, f"one-heavy:{weight}"))
        cell = BoxCell({"radius": (start, start)}, 4, {"radius": (start, start)}, tail="radius")
        forms = SimplexTailForms(cell, make_problem(question, question.cases[0]), {})
        with arb_precision(128):
            hulls = [forms.series(expression).values.range for expression in expressions]
        found = brute_force(make_case(k, f"one-heavy:{weight}", radius=radius))
        for value, enclosure in zip(VALUES.values(), hulls, strict=True):
            at = float(value(found, float(radius) ** 2))
            assert float(enclosure.lower) - 1e-9 <= at <= float(enclosure.upper) + 1e-9
        assert float(hulls[0].lower) > 0.6  # They say something.


HELD = [
    at_radii("hessian_min_eigenvalue > spectral_gap/2", 2, "one-heavy:3/5"),
    at_radii("pl_ratio >= 1/10", 2, "one-heavy:7/10", "radius > 0"),
    at_radii("log_partition < 3*radius", radius=("3", "inf")),  # All of it is far out: this was an internal error.
    at_radii("posterior_power(m=1) > spectral_gap/2", 3, "one-heavy:W", "radius*W > 1", W=("1/2", "3/4")),
]
FAILED = [
    at_radii("posterior_power(m=1) < 1 - (2*W-1)**2/8", 2, "one-heavy:W", W=("3/5", "4/5")),  # It tends to 1.
    at_radii("posterior_power(m=1) >= 1/2"),  # It fails near 0.
]


def test_what_holds_for_every_radius_is_certified_and_replayed(replayed: Replayed) -> None:
    for held in HELD:
        verdict = decide_claim(held)
        assert verdict.outcome == replayed(held, verdict) == "certified"
        assert "inf)" in verdict.domain["covered"]
    for failed in FAILED:
        verdict = decide_claim(failed)
        assert (verdict.outcome, verdict.counterexample.box) == ("refuted", None)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        # At radii beyond the reach of quadrature: β = 1 − R_0/r + …, with R_0 = 0.797884… for two components.
        ("posterior_power(m=1) <= 1 - 79/100/(1 + radius)", "posterior_power(m=1) < 1 - 1/1000"),
        ("radius*(1 - posterior_power(m=1)) <= lloyd_radius", "radius*(1 - posterior_power(m=1)) <= 7978/10000"),
        ("log_partition <= lloyd_radius*radius", "log_partition <= 99999/100000*lloyd_radius*radius"),
        ("log(log_partition) < log(radius) - 2/10", "log(log_partition) < log(radius) - 23/100"),
        ("kl_divergence >= radius**2/2 - 798/1000*radius", "kl_divergence >= radius**2/2 - 797/1000*radius"),
    ],
)
def test_what_both_sides_tend_to_is_told_from_what_is_slightly_off(true: str, false: str) -> None:
    held, failed = (decide_claim(at_radii(each, radius=("1", "inf"))) for each in (true, false))
    assert (held.outcome, failed.outcome) == ("certified", "refuted"), held.reason
    assert (failed.counterexample.level, failed.counterexample.box) == (Level.CERTIFIED, None)


@pytest.mark.parametrize("separation", first_every_day(1, [{}, {"separation": ("0", "1")}]))
def test_two_means_are_followed_to_infinity(separation: dict[str, tuple[str, str]], replayed: Replayed) -> None:
    values = {} if separation else {"separation": "0"}
    for_all = {"theta": ("0", "inf"), **separation}
    statement = "em_map <= separation + 798/1000"
    asked = Claim("tail", statement, k=(), family="two-means", values=values, for_all=for_all)
    verdict, failed = decide_claim(asked), decide_claim(replace(asked, statement=statement.replace("798", "797")))
    assert verdict.outcome == replayed(asked, verdict) == "certified"
    assert any(finding.box is not None and finding.box.tail for finding in verdict.findings)
    assert (failed.outcome, failed.level) == ("refuted", Level.CERTIFIED)


def test_what_has_no_value_or_is_out_of_reach_far_out_is_said() -> None:
    with pytest.raises(InputError, match="log of a number"):
        decide_claim(at_radii("log(5 - radius) <= log(6 + kl_divergence)"))
    off = replace(at_radii("kl_divergence > 0", 3), for_all={"amplitude_1": ("1", "inf")})
    assert "in reach are boxes with ends" in decide_claim(off).reason
