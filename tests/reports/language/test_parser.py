import re
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


@pytest.mark.parametrize(
    ("statement", "column", "message"),
    [
        ("spectral_gapp > 0", 1, "did you mean spectral_gap?"),
        ("1 < sqr(2)", 5, "did you mean sqrt?"),
        ("0 < dft_moduls(m=1)", 5, "did you mean dft_modulus?"),
        ("dft_modulus(1) > 0", 1, "given by name: dft_modulus(m=…)"),
        ("dft_modulus(n=1) > 0", 13, "no argument 'n'; it takes m"),
        ("spectral_gap(m=1) > 0", 14, "takes no arguments"),
        ("dft_modulus(m=1, m=2) > 0", 18, "given twice"),
        ("dft_modulus(m=spectral_gap) > 0", 13, "exact constant"),
        ("dft_modulus(**k) > 0", 13, "no argument"),
        ("x > 0", 1, "unknown name 'x'"),
        ("k > 0 and d > 0", 1, "a statement compares"),
        ("spectral_gap", 1, "a statement compares"),
        ("not k > 0", 1, "a statement compares"),
        ("k is d", 1, "only the comparisons"),
        ("k in d", 1, "only the comparisons"),
        ("lambda: 0", 7, "':'"),
        ("(lambda k: k)(1) < 2", 10, "':'"),
        ("(k := 3) < 4", 4, "':'"),
        ("k.real < 1", 1, "'k.real' is not part"),
        ("f'{k}' < 1", 2, '"\'"'),
        ("'a' < 'b'", 1, '"\'"'),
        ('"a" < 1', 1, "'\"'"),
        ("[1] < 2", 1, "'['"),
        ("{1} < 2", 1, "'{'"),
        ("k[0] < 2", 2, "'['"),
        ("k % 2 < 1", 3, "'%'"),
        ("k // 2 < 1", 1, "'k // 2' is not part"),
        ("k @ d < 1", 3, "'@'"),
        ("~k < 1", 1, "'~'"),
        ("k << 2 < 1", 1, "is not part"),
        ("True < 2", 1, "'True' is not an exact number"),
        ("None < 2", 1, "'None' is not an exact number"),
        ("... < 2", 1, "'...' is not an exact number"),
        ("1j < 2", 1, "'1j' is not an exact number"),
        ("0x10 < 2", 1, "'0x10' is not an exact number"),
        ("1_000 < 2", 1, "'1_000' is not an exact number"),
        ("1e5000 < 2", 1, "exponent beyond"),
        ("nan < 2", 1, "unknown name 'nan'"),
        ("radius < inf", 10, "unknown name 'inf'"),
        ("__import__ < 2", 1, "unknown name '__import__'"),
        ("__import__('os').system('true') < 1", 12, "is not part"),
        ("eval(k) < 1", 1, "unknown name 'eval'"),
        ("sqrt() < 1", 1, "sqrt takes one value"),
        ("sqrt(1, 2) < 1", 1, "sqrt takes one value"),
        ("sqrt(x=1) < 1", 1, "sqrt takes one value"),
        ("min(1) < 1", 1, "min takes two or more values"),
        ("(k if d else k) < 1", 2, "is not part"),
        ("(k, d) < 1", 1, "is not part"),
        ("(k for k in d) < 1", 1, "is not part"),
        ("(k < d) < 1", 2, "'k < d' is not part"),
        ("sqrt(2)(3) < 1", 1, "is not part"),
        ("k ≤ 3", 3, "write <="),
        ("k^2 < 3", 2, "write **"),
        ("π < 4", 1, "write pi"),
        ("k < 3 # comment", 7, "'#'"),
        ("k < 3\\", 6, "is not part"),
        ("k < 3; d < 4", 6, "';'"),
        ("k < 3) < (d", 6, "never opened"),
        ("((k < 3", 7, "2 parentheses are not closed"),
        ("k <", 3, "not a comparison"),
        ("k = 3", 1, "not a comparison"),
        ("yield < 3", 1, "not a comparison"),
        ("import os", 1, "not a comparison"),
    ],
)
def test_what_is_not_a_statement_is_refused_with_its_column(statement: str, column: int, message: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_statement(statement)
    text = str(refusal.value)
    assert message in text
    assert re.match(rf"column {column}: |column \d+: this is not a comparison", text), text


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
