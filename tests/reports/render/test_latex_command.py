"""Values for papers: what is printed is the value, rounded correctly, whatever its size."""

from fractions import Fraction
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level
from emtheory.reports.render.latex import check_command_name, latex_command
from tests.reports.conftest import Run
from tests.tiers import examples


def shown(lower: Any, upper: Any, digits: int, level: Level = Level.CERTIFIED) -> str:
    text = latex_command("x", Enclosure(lower, upper, level, "ball"), digits, "it")
    assert text.startswith(r"\newcommand{\x}{\ensuremath{")
    assert text.endswith("}}% it")
    return text.removeprefix(r"\newcommand{\x}{\ensuremath{").removesuffix("}}% it")


def test_numbers_of_any_size() -> None:
    for value, digits, text in (
        (Fraction(15, 16), 8, "0.9375"),
        (Fraction(51001, 100000), 3, "0.510"),
        (Fraction(-51001, 100000), 3, "-0.510"),
        (Fraction(20001, 10000), 3, "2.00"),
        (Fraction(123456, 1), 3, "123000"),
        (Fraction(1, 3 * 10**9), 3, r"3.33 \cdot 10^{-10}"),
        (Fraction(0), 3, "0"),
        (inf, 3, r"\infty"),
        (-inf, 3, r"-\infty"),
    ):
        assert shown(value, value, digits) == text


@examples(100)
@given(st.fractions(min_value=-1000, max_value=1000), st.integers(1, 12))
def test_a_rounded_number_is_within_half_a_unit_of_its_last_digit(value: Fraction, digits: int) -> None:
    text = shown(value, value, digits)
    mantissa, _, exponent = text.partition(r" \cdot 10^{")
    scale = Fraction(10) ** int(exponent.rstrip("}") or 0)
    error = abs(Fraction(mantissa) * scale - value)
    assert error <= abs(value) * Fraction(1, 2) * Fraction(10) ** (1 - digits)


def test_an_interval_that_rounds_either_way_has_more_digits_or_none() -> None:
    half = Fraction(25, 100)
    narrow = Fraction(1, 10**9)
    assert shown(half - narrow, half - narrow / 2, 1) == "0.2"
    assert shown(half - narrow, half + narrow, 1) == "0.25"
    with pytest.raises(CannotAnswerError, match="does not round to 1 digits for sure"):
        shown(half - Fraction(1, 10), half + Fraction(1, 10), 1)


def test_the_command(run: Run) -> None:
    case = ("evaluate", "kl_divergence", "--k", "3", "--weights", "1/2,3/10,1/5", "--radius", "1", "--digits", "5")
    result = run(*case, "--latex", r"\klAtOne")
    assert result.out == (
        r"\newcommand{\klAtOne}{\ensuremath{0.10484}}"
        "% kl_divergence, k = 3, weights = 1/2,3/10,1/5, radius = 1: certified\n"
    )
    run(*case, "--latex", "x", "--json").assert_one_line_error(2, "choose one")
    for name in ("", "k2", "a b", r"\\x", "x}", "é", "x" * 61):
        with pytest.raises(InputError, match="letters only"):
            check_command_name(name)
