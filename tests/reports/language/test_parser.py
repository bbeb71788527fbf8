"""Statements, spans and kernels as text: what may be written, and that nothing of it is run."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.errors import InputError
from emtheory.reports.language.expression import Call, Expression, Number, Operation, Symbol, depends_on_point
from emtheory.reports.language.kernel import kernel_variance
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.span import Span, points
from emtheory.theory.syntax import MAX_PARENTHESES


def side(text: str) -> Expression:
    return parse_statement(f"{text} < 1").operands[0]


def test_numbers_are_the_text_not_a_float() -> None:
    for text, value in (
        ("0.1", Fraction(1, 10)),
        ("1e-6", Fraction(1, 10**6)),
        (".5", Fraction(1, 2)),
        ("2.", Fraction(2)),
        ("0.1000000000000000055511151231257827", Fraction(1000000000000000055511151231257827, 10**34)),
    ):
        assert side(text) == Number(value)


def test_a_chain_keeps_its_operators_and_texts() -> None:
    chain = parse_statement("0 < spectral_gap <= dft_modulus(m = 1)**2")
    assert chain.operators == ("<", "<=")
    assert chain.texts == ("0", "spectral_gap", "dft_modulus(m = 1)**2")
    assert chain.operands[1] == Call("spectral_gap")
    assert chain.operands[2] == Operation(
        "**", (Call("dft_modulus", (("m", Number(Fraction(1))),)), Number(Fraction(2)))
    )


def test_precedence_is_that_of_mathematics() -> None:
    two = Number(Fraction(2))
    assert side("-2**2") == Operation("neg", (Operation("**", (two, two)),))
    assert side("2**2**2") == Operation("**", (two, Operation("**", (two, two))))
    assert side("2-2-2") == Operation("-", (Operation("-", (two, two)), two))
    assert side("+2") == two
    assert side("1/2*k") == Operation("*", (Operation("/", (Number(Fraction(1)), two)), Symbol("k")))


def test_dependence_on_the_point() -> None:
    for text in ("radius", "kl_divergence", "pl_constant(radius=radius)"):
        assert depends_on_point(side(text))
    for text in ("k*d*pi*spectral_gap", "pl_constant(radius=1)"):
        assert not depends_on_point(side(text))


def test_what_is_empty_or_too_large_is_refused() -> None:
    deep = MAX_PARENTHESES + 1
    for text in (
        *(
            "\n\t",
            "(" * 10**6 + "1" + ")" * 10**6,
            "1" * 10_000,
            "0." + "1" * 1500,
            "1" + "+1" * 900,
            "2" + "**2" * 600,
        ),
        *("(" * deep + "1" + ")" * deep, "sqrt(" * 399 + "1" + ")" * 399),
    ):
        with pytest.raises(InputError):
            parse_statement(f"{text} < 2")


numbers = st.fractions(0, 3, max_denominator=6)
spans = st.builds(Span, numbers, numbers, st.booleans(), st.booleans())


@given(spans, st.sampled_from(["<", "<=", ">", ">=", "=="]), numbers, numbers)
def test_a_restriction_keeps_what_satisfies_it(span: Span, operator: str, bound: Fraction, value: Fraction) -> None:
    satisfies = {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "==": value == bound,
    }[operator]
    assert (value in span.restricted(operator, bound)) == (value in span and satisfies)


@given(spans, numbers, numbers)
def test_an_end_that_is_excluded_is_open_and_no_other_number_is_lost(
    span: Span, bound: Fraction, value: Fraction
) -> None:
    assert not span.is_empty or value not in span
    if not span.holds_inside(bound):
        assert (value in span.restricted("!=", bound)) == (value in span and value != bound)


@given(st.lists(spans.filter(lambda span: not span.is_empty), min_size=1, max_size=7))
def test_points_lie_in_the_box_and_are_different(box: list[Span]) -> None:
    named = {str(index): span for index, span in enumerate(box)}
    places = [tuple(point.values()) for point in points(named)]
    assert len(set(places)) == len(places)
    assert all(value in span for place in places for value, span in zip(place, box, strict=True))


def test_a_box_is_tried_at_its_corners_and_inside() -> None:
    for variables in (1, 2, 40):
        places = {tuple(p.values()) for p in points({str(i): Span(Fraction(0), Fraction(1)) for i in range(variables)})}
        assert {(0,) * variables, (1,) * variables} <= places
        assert sum(all(0 < value < 1 for value in place) for place in places) >= 16
        assert len(places) <= 60


def test_variances_of_kernels_are_exact_and_anything_else_is_no_kernel() -> None:
    texts = ("normal(t, 1)", " normal( mu , 0.3 )", "normal(t, 1e-6)")
    assert [kernel_variance(text) for text in texts] == [1, Fraction(3, 10), Fraction(1, 10**6)]
    for text, said in (
        ("", "the kernel is empty"),
        ("poisson(t)", "'poisson' is no kernel that is certified"),
        ("normal(t)", "2 arguments|1 are given"),
        ("normal(t, 0)", "is not positive"),
        ("normal(0, 1)", "the mean '0' is no name"),
        ("normal(t, s)", "'s' is not an exact number"),
        ("normal(t, variance=1)", "is no kernel"),
        ("normal(t, __import__('os').getpid())", "character"),
        ("(lambda: 1)()", "character"),
        ("normal(*t, 1)", "is no name"),
        ("normal(t, 9**9**9**9)", "is not an exact number"),
        ("normal(t, 1" + "0" * 3000, "characters"),
    ):
        with pytest.raises(InputError, match=said):
            kernel_variance(text)
