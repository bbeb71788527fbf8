from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.errors import InputError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/2", Fraction(1, 2)),
        ("0.3", Fraction(3, 10)),
        (" -.5 ", Fraction(-1, 2)),
        ("+7.", Fraction(7)),
        ("1e-6", Fraction(1, 10**6)),
        ("2.5E3", Fraction(2500)),
        ("1e1000", Fraction(10**1000)),
        ("6/4", Fraction(3, 2)),
    ],
)
def test_exact_values(text: str, value: Fraction) -> None:
    assert parse_rational(text) == value


@given(st.fractions())
def test_ratios_are_read_back(value: Fraction) -> None:
    assert parse_rational(str(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_decimals_are_read_exactly(value: object) -> None:
    numerator, denominator = value.as_integer_ratio() if -900 < value.adjusted() < 900 else (0, 1)  # type: ignore[attr-defined]
    text = str(value) if numerator else "0"
    assert parse_rational(text) == Fraction(numerator, denominator)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not an exact number"),
        ("nan", "not an exact number"),
        ("inf", "not an exact number"),
        ("1/2/3", "not an exact number"),
        ("0x10", "not an exact number"),
        ("1_000", "not an exact number"),
        ("²", "not an exact number"),
        ("٣", "not an exact number"),
        ("1/0.5", "not an exact number"),
        ("__import__('os')", "not an exact number"),
        ("3/0", "divides by zero"),
        ("1e1001", "exponent beyond"),
        ("1e-999999", "exponent beyond"),
        ("1" * 1001, "has 1001 characters; at most 1000"),
    ],
)
def test_bad_text_is_refused_with_its_name(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        parse_rational(text, "radius")
    assert str(caught.value).startswith("radius ")
    assert len(str(caught.value)) < 200
