import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics import evaluate as quantities
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.reports.decide import point
from emtheory.reports.decide.along_ray import along_the_ray
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.inhabited import has_a_point
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span
from emtheory.theory.claim import Claim
from tests.reports.decide.conftest import claim as on_a_domain
from tests.tiers import examples, first_every_day

THREE = make_case(3, "1/2,3/10,1/5")


def value(text: str, case: Case = THREE, digits: int = 30) -> Enclosure:
    return point.evaluate_expression(parse_statement(f"{text} < 1").operands[0], case, digits)


def test_rational_values_and_those_in_closed_form_are_exact() -> None:
    for text, exact in (
        ("spectral_gap", Fraction(7, 100)),
        ("0**0", Fraction(1)),
        ("0**(1/3)", Fraction(0)),
        ("4**0.5", Fraction(2)),
        ("(4/9)**-1.5", Fraction(27, 8)),
        ("min(1/2, 1/3, 3/4) + max(0, -1)", Fraction(1, 3)),
        ("exp(0) + log(1)", Fraction(1)),
    ):
        answer = value(text)
        assert (answer.level, answer.lower, answer.upper) == (Level.EXACT, exact, exact)
    for text, number in (
        ("cos(pi*2/5 - pi/7)", math.cos(math.pi * (2 / 5 - 1 / 7))),
        ("cos(100*pi/7)", math.cos(100 * math.pi / 7)),
        ("dft_modulus(m=1)", math.sqrt(0.07)),
        ("abs(3 - pi)**3/pi", (math.pi - 3) ** 3 / math.pi),
        ("lloyd_radius", math.sqrt(27 / 8 / math.pi)),
        ("cos(pi**2/pi/4)", math.sqrt(0.5)),
    ):
        answer = value(text)
        assert (answer.level, answer.has_digits(30)) == (Level.EXACT, True)
        assert answer.exact is not None
        assert float(answer.lower) == pytest.approx(number, rel=1e-13)


def test_what_cannot_be_told_is_not_an_error_and_large_numbers_cost_nothing() -> None:
    for text in ("1/(log(2) - log(2))", "log(exp(1) - exp(1))", "sqrt(log(2) - log(2))"):
        with pytest.raises(CannotAnswerError, match=r"^column 1: "):
            value(text)
    for text in ("(2**9999)**9999", "9**9999 * 9**9999", "exp(exp(exp(9)))", "sqrt(" * 40 + "2" + ")**2" * 40):
        assert value(text).upper > 1


def test_statements_are_checked_before_anything_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emtheory.numerics.evaluate.evaluate", lambda *_: pytest.fail("a quantity was computed"))
    for statement, message in (
        ("spectral_gap * log(-1) < 1", "log of a number"),
        ("dft_modulus(m=7) > 0", "unknown frequency"),
        ("pl_constant(radius=1/0) > 0", "division by zero"),
        ("lloyd_radius > radius", "gives none"),
    ):
        with pytest.raises(InputError, match=message):
            point.check_comparison(parse_statement(statement), THREE)


Drawn = tuple[str, Callable[[Any], Any]]
NUMBERS: tuple[Drawn, ...] = (
    ("2", lambda c: c.mpf(2)),
    ("7/5", lambda c: c.mpf(7) / 5),
    ("pi", lambda c: +c.pi),
    ("sqrt(2)", lambda c: c.sqrt(2)),
    ("spectral_gap", lambda c: c.mpf(7) / 100),
    ("cos(2*pi/7)", lambda c: c.cos(2 * c.pi / 7)),
)
OPERATIONS: tuple[tuple[str, Callable[[Any, Any, Any], Any]], ...] = (
    ("({} + {})", lambda c, x, y: x + y),
    ("({} - {})", lambda c, x, y: x - y),
    ("({} * {})", lambda c, x, y: x * y),
    ("({} / (1 + abs({})))", lambda c, x, y: x / (1 + abs(y))),
    ("max({}, {})", lambda c, x, y: max(x, y)),
    ("min({}, {})", lambda c, x, y: min(x, y)),
    ("sqrt(1 + abs({}))", lambda c, x, y: c.sqrt(1 + abs(x))),
    ("log(1 + abs({}))", lambda c, x, y: c.log(1 + abs(x))),
    ("exp(-abs({}))", lambda c, x, y: c.exp(-abs(x))),
    ("sin({})", lambda c, x, y: c.sin(x)),
    ("cos({})", lambda c, x, y: c.cos(x)),
)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> Drawn:
    """A random expression as text, and the same as a function of an mpmath context."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(NUMBERS))
    (left, f), (right, g) = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    text, function = draw(st.sampled_from(OPERATIONS))
    return text.format(left, right), lambda c: function(c, f(c), g(c))


@given(expressions())
@examples(200)
def test_random_expressions_agree_with_mpmath(drawn: Drawn) -> None:
    text, function = drawn
    context = mpmath.MPContext()
    context.dps = 60
    expected = function(context)
    answer = value(text)
    lower, upper = (context.mpf(end.numerator) / end.denominator for end in (answer.lower, answer.upper))
    slack = context.mpf(10) ** -50 * (1 + abs(expected))
    assert lower - slack <= expected <= upper + slack
    assert upper - lower <= context.mpf(10) ** -28 * (1 + abs(expected))


def test_a_positive_power_of_zero_is_zero_where_it_is_known_to_be_positive() -> None:
    for text in ("0**(pi - 3)", "(sqrt(2)**2 - 2)**exp(-100)", "(0**pi)**log(2)"):
        answer = value(text)
        assert answer.lower == answer.upper == 0
    with pytest.raises(CannotAnswerError, match="not shown to be positive"):
        value("0**(log(4) - 2*log(2))")


def test_what_has_no_value_is_seen_before_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(quantities, "evaluate", lambda name, *rest: asked.append(name) or evaluate(name, *rest))
    for text in (
        "5 < strong_convexity_radius(fraction=1/2) / sqrt(spectral_gap/10) < 5.2",
        "strong_convexity_radius < log(spectral_gap)",
        "sample_likelihood_gain(n=4000, seed=5) / kl_divergence < 1",
    ):
        with pytest.raises(InputError, match=r"column \d+: (division by zero|log of a number)"):
            point.evaluate_quantities(parse_statement(text), make_case(3, "uniform", radius=Fraction(0)), 15)
    assert asked == ["spectral_gap", "spectral_gap", "kl_divergence"]


def test_what_has_a_value_is_evaluated_whatever_stands_beside_it() -> None:
    statement = parse_statement("lloyd_radius / spectral_gap < 1 / (lloyd_radius - spectral_gap) + contraction_factor")
    values = point.evaluate_quantities(statement, THREE, 15)
    assert [call.quantity for call in values] == ["lloyd_radius", "spectral_gap", "contraction_factor"]


def test_fewer_digits_than_usual_decide_if_there_are_no_more_and_what_none_decide_stays_open() -> None:
    comparison = parse_statement("worst_direction_contraction_factor(radius=1/4) < 99/100")
    finding = point.decide_at(comparison, make_case(5, "linear"))
    assert (finding.holds, finding.level) == (True, Level.CERTIFIED)
    assert finding.digits < point.FIRST_DIGITS
    finding = point.decide_at(parse_statement("worst_pl_radius(constant=1/10000) > 1"), make_case(13, "linear"))
    assert finding.holds is None
    assert "up to k = 12" in finding.reason
    assert finding.digits == point.DIGITS_MAX


@pytest.mark.parametrize(
    ("statement", "times"), [("abs({}) < {} / 9", 1), ("abs({} + contraction_factor - 16/25) < {} / 9", 2)]
)
def test_no_sample_is_drawn_anew_for_more_digits(statement: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides have the same spread, whose ends do not decide; other quantities may have more digits."""
    asked: list[int] = []
    monkeypatch.setattr(quantities, "evaluate", lambda *given: asked.append(given[-1]) or evaluate(*given))
    sample = "(sample_contraction_factor(n=50, seed=1) - sample_contraction_factor(n=50, seed=1))"
    finding = point.decide_at(parse_statement(statement.format(sample, sample)), make_case(2, "4/5,1/5", radius=1), 30)
    assert finding.holds is None
    assert asked.count(point.FIRST_DIGITS) == times
    assert (30 in asked) is (times == 2)


def claim(statement: str, **more: Any) -> Claim:
    return Claim("test", statement, **{"k": (3,), "weights": "linear", **more})


ONE_TO_TWO = {"radius": ("1", "2")}


def test_an_assumption_excludes_cases() -> None:
    false = claim("spectral_gap > 1/100", k=(3, 4, 20))
    assert decide_claim(false).outcome == "refuted"
    verdict = decide_claim(claim("spectral_gap > 1/100", k=(3, 4, 20), assume=("k < 10",)))
    assert (verdict.outcome, verdict.domain["assume"]) == ("proved", ["k < 10"])
    assert "k = 20: excluded by an assumption" in str(verdict.domain["covered"])
    cut = claim("spectral_gap > 1/100", k=(3, 4, 20), assume=("spectral_gap > 1/50",))
    assert decide_claim(cut).outcome == "proved"


def test_a_claim_about_nothing_is_an_error() -> None:
    for vacuous in (
        claim("spectral_gap > 0", assume=("spectral_gap > 1",)),
        claim("kl_divergence > 0", for_all=ONE_TO_TWO, assume=("radius < 3/2", "radius > 3/2")),
        claim("kl_divergence > 0", for_all=ONE_TO_TWO, assume=("1 < radius < 1",)),
        claim("kl_divergence > 0", for_all={"radius": ("1", "5/4")}, assume=("kl_divergence > 1/2",)),
    ):
        with pytest.raises(InputError, match=r"no case|no radius|none of the points"):
            decide_claim(vacuous)


def test_an_undecided_assumption_leaves_the_claim_open() -> None:
    verdict = decide_claim(claim("spectral_gap > 0", assume=("log(4) <= 2*log(2)",)))
    assert verdict.outcome == "inconclusive"
    assert "not known whether the assumption holds" in verdict.reason


def test_an_open_end_does_not_belong_to_the_interval() -> None:
    from_zero = {"radius": ("0", "1")}
    assert decide_claim(claim("kl_divergence > 0", for_all=from_zero)).outcome == "refuted"
    assert decide_claim(claim("kl_divergence > 0", for_all=from_zero, assume=("radius > 0",))).outcome == "certified"
    # It fails at 3/2 only, which is excluded.
    assert decide_claim(claim("radius < 3/2", for_all=ONE_TO_TWO, assume=("radius < 3/2",))).outcome == "proved"
    # Where a statement with a quantity touches at an open end it is not decided.
    touching = claim("radius + kl_divergence*(3/2 - radius) < 3/2", for_all=ONE_TO_TWO, assume=("radius < 3/2",))
    assert decide_claim(touching, digits_max=8).outcome == "inconclusive"


def test_an_assumption_on_a_quantity_cuts_the_domain() -> None:
    assert decide_claim(claim("radius > 6/5", for_all=ONE_TO_TWO)).outcome == "refuted"
    cut = claim("radius > 6/5", for_all=ONE_TO_TWO, assume=("kl_divergence > 1/5",))
    assert decide_claim(cut).outcome == "certified"


RADIUS = "strong_convexity_radius(fraction=9/10)"
ALONG = [
    ("strong_convexity_radius", {"fraction": Fraction(9, 10)}, RADIUS + " >= {}"),
    ("contraction_radius", {"factor": Fraction(3, 10)}, "contraction_radius(factor=3/10) >= {}"),
    ("worst_contraction_factor", {"radius": Fraction(1)}, "1 - {}*spectral_gap >= worst_contraction_factor(radius=1)"),
    ("pl_constant", {"radius": Fraction(1)}, "pl_constant(radius=1) >= {}*spectral_gap"),
]


@pytest.mark.parametrize(("name", "argument", "bounded"), first_every_day(3, ALONG), ids=[each[0] for each in ALONG])
def test_a_bound_along_the_ray_for_all_weights(name: str, argument: dict[str, Fraction], bounded: str) -> None:
    ratios = []
    for place in (Fraction(23, 25) + Fraction(i, 200) for i in range(7)):
        case = make_case(3, f"one-heavy:{place}")
        value = float(evaluate(name, case, argument, 6, "float").midpoint)
        gap = ((3 * float(place) - 1) / 2) ** 2 if "gap" in bounded else 1
        ratios.append((1 - value if "1 -" in bounded else value) / gap)
    sharp = Fraction(min(ratios)).limit_denominator(10**5)
    for off, outcome in ((Fraction(49, 50), "certified"), (Fraction(51, 50), "refuted")):
        statement, ends = bounded.format(sharp * off), {"W": ("23/25", "19/20")}
        assert decide_claim(claim(statement, weights="one-heavy:W", for_all=ends)).outcome == outcome, statement


def test_what_is_no_bound_along_the_ray_stays_as_it_is() -> None:
    ends = {"W": Span(Fraction(4, 5), Fraction(9, 10))}
    for other in ("<= 1/2", "> 1/2", "> spectral_gap", ">= 0"):
        assert along_the_ray(parse_statement(f"{RADIUS} {other}", ["W"]), ends, 3) is None


def test_an_excluded_end_is_an_open_end() -> None:
    for assume, weight in (
        (("W != 1",), "[3/4, 1)"),
        (("W != 1", "W != 3/4"), "(3/4, 1)"),
        (("W != 7/8", "W <= 7/8"), "[3/4, 7/8)"),
        (("0 < W != 1",), "[3/4, 1)"),
    ):
        ends = {"W": ("3/4", "1"), "radius": ("0", "2")}
        question = read_claim(on_a_domain("posterior_power(m=1) <= 1", "one-heavy:W", *assume, k=2, **ends))
        assert ([str(span) for span in question.spans.values()], question.assumptions) == ([weight, "[0, 2]"], ())


def test_a_little_is_enough_and_nothing_an_error() -> None:
    def little(*assume: str) -> Claim:
        ends = {"W": ("3/5", "4/5"), "radius": ("1/10", "1")}
        return on_a_domain("posterior_power(m=1) >= W/1000", ("W", "1 - W"), *assume, **ends)

    for assume in (
        ("exp(W)*radius > 1.0001", "exp(W)*radius < 1.0002"),
        ("kl_divergence > 1/1000", "W - radius/10 > 0.788", "radius > 1/20"),
    ):
        assert decide_claim(little(*assume)).outcome == "certified"
    with pytest.raises(InputError, match=r"assumptions hold|hold nowhere"):
        decide_claim(little("exp(W)*radius > 1.002", "exp(W)*radius < 1.001"))


def test_a_number_of_points_is_whole() -> None:
    def sized(*assume: str) -> bool:
        bound = "sample_error_bound(n=N, delta=1/20, radius=1) > 0"
        question = read_claim(on_a_domain(bound, ("3/4", "1/4"), *assume, N=("1000", "2000")))
        return has_a_point(question, question.cases[0])

    assert sized("log(N) > 7.3", "log(N) < 7.301")  # 1,481
    assert not sized("log(N) > 7.3002", "log(N) < 7.3004")  # between 1,480 and 1,481
