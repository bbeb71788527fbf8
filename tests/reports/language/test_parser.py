from fractions import Fraction

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.language.expression import (
    Call,
    Expression,
    Number,
    Operation,
    Symbol,
    depends_on_point,
    is_constant,
    subexpressions,
)
from emtheory.reports.language.parser import parse_statement
from emtheory.theory.syntax import MAX_LENGTH, MAX_PARENTHESES


def side(text: str) -> Expression:
    return parse_statement(f"{text} < 1").operands[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Fraction(1, 10)),
        ("1e-6", Fraction(1, 10**6)),
        (".5", Fraction(1, 2)),
        ("2.", Fraction(2)),
        ("2.64", Fraction(264, 100)),
        ("0.1000000000000000055511151231257827", Fraction(1000000000000000055511151231257827, 10**34)),
        ("12345678901234567890123", Fraction(12345678901234567890123)),
        ("1E2", Fraction(100)),
    ],
)
def test_numbers_are_the_text_not_a_float(text: str, value: Fraction) -> None:
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


def test_a_quantity_may_be_written_with_or_without_parentheses() -> None:
    assert side("spectral_gap()") == side("spectral_gap") == Call("spectral_gap")


def test_blanks_and_line_ends_do_not_matter() -> None:
    assert parse_statement("\n  spectral_gap\t>\n 0.1 ") == parse_statement("spectral_gap>0.1")


def test_equal_trees_may_stand_in_different_columns() -> None:
    assert side("k") == side("   k")
    assert side("   k").column == 4


def test_subexpressions_reach_into_arguments() -> None:
    expression = side("abs(posterior_power(m=k-1)) + pi")
    assert Symbol("k") in list(subexpressions(expression))
    assert not is_constant(expression)
    assert is_constant(side("cos(pi/k) + d"))


@pytest.mark.parametrize(
    ("text", "depends"),
    [
        ("radius", True),
        ("kl_divergence", True),
        ("spectral_gap", False),
        ("k*d*pi", False),
        ("pl_constant(radius=1)", False),
        ("pl_constant(radius=radius)", True),
    ],
)
def test_dependence_on_the_point(text: str, depends: bool) -> None:
    assert depends_on_point(side(text)) is depends


@pytest.mark.parametrize("statement", ["", " ", "\n\t"])
def test_an_empty_statement(statement: str) -> None:
    with pytest.raises(InputError, match="is empty"):
        parse_statement(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "(" * 10**6 + "1" + ")" * 10**6 + " < 2",
        "1" * 10_000 + " < 2",
        "0." + "1" * 1500 + " < 2",
        "-" * 1900 + "1 < 2",
        "1" + "+1" * 900 + " < 2",
        "2" + "**2" * 600 + " > 1",
        "not " * 400 + "1 < 2",
        "(" * (MAX_PARENTHESES + 1) + "1" + ")" * (MAX_PARENTHESES + 1) + " < 2",
        "1 < 2" + " " * MAX_LENGTH,
        "sqrt(" * 399 + "1" + ")" * 399 + " < 2",
    ],
)
def test_size_is_limited(statement: str) -> None:
    with pytest.raises(InputError):
        parse_statement(statement)


def test_just_inside_the_limits() -> None:
    nested = "(" * MAX_PARENTHESES + "1" + ")" * MAX_PARENTHESES
    assert side(nested) == Number(Fraction(1))
    assert len(parse_statement("<".join(["1"] * 1000)).operators) == 999
