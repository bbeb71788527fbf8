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
from emtheory.numerics.level import Level
from emtheory.reports.decide.point import (
    DIGITS_MAX,
    FIRST_DIGITS,
    check_comparison,
    decide_at,
    evaluate_expression,
    evaluate_quantities,
)
from emtheory.reports.language.parser import parse_statement
from tests.tiers import examples

THREE = make_case(3, "1/2,3/10,1/5")


def value(text: str, case: Case = THREE, digits: int = 30) -> Enclosure:
    return evaluate_expression(parse_statement(f"{text} < 1").operands[0], case, digits)


def check(text: str, case: Case = THREE) -> None:
    check_comparison(parse_statement(text), case)


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
        assert answer.level == Level.EXACT
        assert answer.lower == answer.upper == exact
    for text, number in (
        ("cos(pi*2/5 - pi/7)", math.cos(math.pi * (2 / 5 - 1 / 7))),
        ("cos(100*pi/7)", math.cos(100 * math.pi / 7)),
        ("dft_modulus(m=1)", math.sqrt(0.07)),
        ("abs(3 - pi)**3/pi", (math.pi - 3) ** 3 / math.pi),
        ("lloyd_radius", math.sqrt(27 / 8 / math.pi)),
        ("cos(pi**2/pi/4)", math.sqrt(0.5)),
    ):
        answer = value(text)
        assert answer.level == Level.EXACT
        assert answer.exact is not None
        assert float(answer.lower) == pytest.approx(number, rel=1e-13)
        assert answer.has_digits(30)


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
            check(statement)


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


@pytest.mark.parametrize(
    ("text", "computed"),
    [
        ("5 < strong_convexity_radius(fraction=1/2) / sqrt(spectral_gap/10) < 5.2", ["spectral_gap"]),
        ("strong_convexity_radius < log(spectral_gap)", ["spectral_gap"]),
        ("sample_likelihood_gain(n=4000, seed=5) / kl_divergence < 1", ["kl_divergence"]),
    ],
)
def test_what_has_no_value_is_seen_before_anything_is_searched_for(
    text: str, computed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, evaluate = [], quantities.evaluate
    monkeypatch.setattr(quantities, "evaluate", lambda name, *rest: asked.append(name) or evaluate(name, *rest))
    with pytest.raises(InputError, match=r"column \d+: (division by zero|log of a number)"):
        evaluate_quantities(parse_statement(text), make_case(3, "uniform", radius=Fraction(0)), 15)
    assert asked == computed


def test_what_has_a_value_is_evaluated_whatever_stands_beside_it() -> None:
    statement = parse_statement("lloyd_radius / spectral_gap < 1 / (lloyd_radius - spectral_gap) + contraction_factor")
    values = evaluate_quantities(statement, THREE, 15)
    assert [call.quantity for call in values] == ["lloyd_radius", "spectral_gap", "contraction_factor"]


def test_fewer_digits_than_usual_decide_if_there_are_no_more_and_what_none_decide_stays_open() -> None:
    comparison = parse_statement("worst_direction_contraction_factor(radius=1/4) < 99/100")
    finding = decide_at(comparison, make_case(5, "linear"))
    assert (finding.holds, finding.level) == (True, Level.CERTIFIED)
    assert finding.digits < FIRST_DIGITS
    finding = decide_at(parse_statement("worst_pl_radius(constant=1/10000) > 1"), make_case(13, "linear"))
    assert finding.holds is None
    assert "up to k = 12" in finding.reason
    assert finding.digits == DIGITS_MAX


@pytest.mark.parametrize(
    ("statement", "times"), [("abs({}) < {} / 9", 1), ("abs({} + contraction_factor - 16/25) < {} / 9", 2)]
)
def test_no_sample_is_drawn_anew_for_more_digits(statement: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides have the same spread, whose ends do not decide; other quantities may have more digits."""
    asked: list[int] = []
    evaluate = quantities.evaluate
    monkeypatch.setattr(quantities, "evaluate", lambda *given: asked.append(given[-1]) or evaluate(*given))
    sample = "(sample_contraction_factor(n=50, seed=1) - sample_contraction_factor(n=50, seed=1))"
    finding = decide_at(parse_statement(statement.format(sample, sample)), make_case(2, "4/5,1/5", radius=1), 30)
    assert finding.holds is None
    assert asked.count(FIRST_DIGITS) == times
    assert (30 in asked) is (times == 2)
