from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.reports.decide.assumption import constant
from emtheory.reports.language.parser import parse_statement
from emtheory.reports.language.rational_function import rational_function, signs
from emtheory.reports.language.span import Span
from tests.tiers import examples

UNIT = Span(Fraction(0), Fraction(1))


def function_of(text: str, span: Span = UNIT) -> object:
    return rational_function(parse_statement(f"{text} > 0", ["W"]).operands[0], "W", span, constant)


@given(
    roots=st.lists(st.fractions(-1, 2, max_denominator=12), max_size=5),
    negated=st.booleans(),
    ends=st.tuples(st.fractions(-1, 2, max_denominator=9), st.fractions(-1, 2, max_denominator=9)).filter(
        lambda pair: pair[0] < pair[1]
    ),
    opened=st.tuples(st.booleans(), st.booleans()),
)
@examples(200)
def test_signs_of_products_of_known_roots(
    roots: list[Fraction], negated: bool, ends: tuple[Fraction, Fraction], opened: tuple[bool, bool]
) -> None:
    span = Span(*ends, *opened)
    text = "*".join([f"({'-' if negated else ''}1)", *(f"(W - ({root}))" for root in roots)])
    found = signs(function_of(text, span), span)

    def sign(place: Fraction) -> int:
        negatives = sum(place < root for root in roots) + negated
        return 0 if place in roots else (-1) ** negatives

    # Between neighbouring roots and ends one place tells the sign.
    marks = sorted({*ends, *(root for root in roots if ends[0] <= root <= ends[1])})
    places = [*marks, *((a + b) / 2 for a, b in pairwise(marks))]
    assert set(found) == {sign(place) for place in places if place in span}
    assert all(place in span and sign(place) == value for value, place in found.items())


def test_an_irrational_zero_has_no_place() -> None:
    assert signs(function_of("W**2 - 1/2"), UNIT)[0] is None
    assert set(signs(function_of("(W**2 - 1/2)**2"), UNIT)) == {0, 1}


@pytest.mark.parametrize("text", ["abs(W)", "abs(-1 - W)", "W/(1 + W)", "W**-2 * (1 - 1/3)", "-(2**3)*W + sqrt(4)"])
def test_rational_functions(text: str) -> None:
    assert function_of(text, Span(Fraction(1, 5), Fraction(1))) is not None


@pytest.mark.parametrize(
    "text",
    [
        "abs(W - 1/2)",
        "1/W",
        "1/(W - 1)",
        "W**(1/2)",
        "sqrt(W)",
        "W*pi",
        "W*sqrt(2)",
        "2**W",
        "W**61",
        "min(W, 1)",
        "W*k",
    ],
)
def test_what_is_not_one_or_not_seen_to_be(text: str) -> None:
    assert function_of(text) is None
