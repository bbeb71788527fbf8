"""Numbers that are formulas: those that are fractions become fractions, the others are told from fractions."""

import pickle
from fractions import Fraction

import flint
import pytest

from emtheory.numerics.arithmetic.constant import Constant, real_number
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import InputError
from emtheory.numerics.models.parameters import numbers_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3/10", Fraction(3, 10)),
        ("cos(2*pi/3)", Fraction(-1, 2)),
        ("sqrt(2)**2/4", Fraction(1, 2)),
        ("1e-3", Fraction(1, 1000)),
    ],
)
def test_what_is_a_fraction_becomes_one(text: str, value: Fraction) -> None:
    assert real_number(text, "theta") == value


def test_what_is_none_is_kept_as_its_formula() -> None:
    root = real_number(" sqrt(2) /\n2", "theta")
    assert root == Constant("sqrt(2) / 2") == pickle.loads(pickle.dumps(root))  # noqa: S301
    assert Fraction(7071067811, 10**10) < root < Fraction(7071067812, 10**10)
    assert not root <= Fraction(7071067811, 10**10)
    close = Fraction("0.70710678118654752440084436210484903928483593768847")
    assert close < root < close + Fraction(1, 10**50)


def test_a_hidden_fraction_is_not_taken_for_another_number() -> None:
    hidden = Constant("sqrt(3 + 2*sqrt(2)) - sqrt(2)")
    with pytest.raises(InputError, match="cannot be told from 1"):
        _ = hidden < Fraction(1)


@pytest.mark.parametrize("text", ["", "x", "sqrt(-1)", "1/0", "log(0)", "nan", "inf", "1" * 2000, "9**9**9", "em_rate"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="theta"):
        real_number(text, "theta")


def test_balls_contain_the_numbers() -> None:
    with arb_precision(100):
        values = numbers_of({"a": Fraction(1, 3), "b": Constant("exp(-1/2)*cos(pi/7)"), "c": Constant("abs(log(1/2))")})
        assert values["a"].overlaps(flint.arb(1) / 3)
        assert values["b"].overlaps((-flint.arb("0.5")).exp() * (flint.arb.pi() / 7).cos())
        assert values["c"].overlaps(flint.arb(2).log())
        assert all(each.rel_accuracy_bits() > 90 for each in values.values())
