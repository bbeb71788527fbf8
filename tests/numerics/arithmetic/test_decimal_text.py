import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rational import parse_rational

VALUES = st.one_of(
    st.fractions(),
    st.builds(lambda m, e: Fraction(m) * Fraction(10) ** e, st.integers(-(10**30), 10**30), st.integers(-300, 300)),
    st.builds(lambda m, e: Fraction(m) * Fraction(2) ** e, st.integers(-(2**60), 2**60), st.integers(-900, 900)),
)


@given(VALUES, st.integers(1, 60))
@example(Fraction(999999), 3)
@example(Fraction(-999999), 3)
@example(Fraction(1, 3) / 10**6, 1)
@example(Fraction(10**41) - 1, 20)
def test_rounding_is_outward_and_has_the_digits(value: Fraction, digits: int) -> None:
    down, nearest, up = (Fraction(decimal_text(value, digits, rounding)) for rounding in ("down", "nearest", "up"))
    unit = abs(value) / Fraction(10) ** (digits - 1)
    assert down <= value <= up
    assert up - down <= unit
    assert down <= nearest <= up
    assert abs(nearest - value) <= unit / 2
    assert (up == down) == (down == value)


@given(VALUES, st.integers(1, 60))
def test_no_more_digits_than_asked_for(value: Fraction, digits: int) -> None:
    mantissa = decimal_text(value, digits, "up").partition("e")[0]
    assert len(mantissa.replace("-", "").replace(".", "").strip("0")) <= digits


@given(st.integers(-(10**20), 10**20), st.integers(-25, 25))
def test_terminating_values_are_exact_and_read_back(mantissa: int, exponent: int) -> None:
    value = Fraction(mantissa) * Fraction(10) ** exponent
    text = decimal_text(value, 21)
    assert parse_rational(text) == value
    assert Fraction(Decimal(text)) == value


@pytest.mark.parametrize(
    ("value", "digits", "rounding", "text"),
    [
        (Fraction(1, 3), 5, "down", "0.33333"),
        (Fraction(1, 3), 5, "up", "0.33334"),
        (Fraction(-1, 3), 5, "down", "-0.33334"),
        (Fraction(2, 3), 3, "nearest", "0.667"),
        (Fraction(7, 100), 30, "nearest", "0.07"),
        (Fraction(0), 30, "up", "0"),
        (Fraction(1200), 30, "nearest", "1200"),
        (Fraction(99999, 10), 4, "up", "10000"),
        (Fraction(1, 10**9), 5, "nearest", "1e-09"),
        (Fraction(123, 10**12), 5, "nearest", "1.23e-10"),
        (Fraction(10**45), 5, "nearest", "1e+45"),
        (math.inf, 5, "nearest", "inf"),
        (-math.inf, 5, "nearest", "-inf"),
    ],
)
def test_layout(value: Fraction | float, digits: int, rounding: str, text: str) -> None:
    assert decimal_text(value, digits, rounding) == text
