from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.reports.language.span import Span, points

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
    if not span.holds_inside(bound):
        assert (value in span.restricted("!=", bound)) == (value in span and value != bound)


@given(spans, numbers)
def test_an_empty_span_has_no_number(span: Span, value: Fraction) -> None:
    if span.is_empty:
        assert value not in span


@given(st.lists(spans.filter(lambda span: not span.is_empty), min_size=1, max_size=7))
def test_points_lie_in_the_box_and_are_different(box: list[Span]) -> None:
    named = {str(index): span for index, span in enumerate(box)}
    places = [tuple(point.values()) for point in points(named)]
    assert len(set(places)) == len(places)
    assert all(value in span for place in places for value, span in zip(place, box, strict=True))


@pytest.mark.parametrize("variables", [1, 2, 3, 40])
def test_a_box_is_tried_at_its_corners_and_inside(variables: int) -> None:
    places = {tuple(p.values()) for p in points({str(i): Span(Fraction(0), Fraction(1)) for i in range(variables)})}
    assert {(0,) * variables, (1,) * variables} <= places
    assert sum(all(0 < value < 1 for value in place) for place in places) >= 16
    assert len(places) <= 60
