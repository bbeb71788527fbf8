from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.fingerprint import package_fingerprint
from emtheory.numerics.sweep.cell import Cell, cell_key, compute
from emtheory.numerics.sweep.grid import parse_integers, parse_rationals


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("3", (3,)),
        ("5,2,3,2", (2, 3, 5)),
        ("2:5", (2, 3, 4, 5)),
        ("2:9:3", (2, 5, 8, 9)),
        ("4:32:log", (4, 6, 8, 11, 16, 23, 32)),
        (" 2 , 8:8 ", (2, 8)),
    ],
)
def test_integers(text: str, members: tuple[object, ...]) -> None:
    assert parse_integers(text, "--k") == members


@given(st.integers(1, 5000), st.integers(0, 5000))
def test_a_logarithmic_range_has_its_ends_and_steps_of_about_half_an_octave(first: int, width: int) -> None:
    members = parse_integers(f"{first}:{first + width}:log", "--k")
    assert members[0] == first
    assert members[-1] == first + width
    assert all(right <= max(1.5 * left, left + 1) + 1 for left, right in pairwise(members))


@pytest.mark.parametrize(
    "text",
    ["", "x", "1.5", "-3", "3:2", "2:9:0", "2:9:lin", "2:9:1:1", "0:4:log", "2:99999999", "9" * 20, "2,,3", "x∞"],
)
def test_bad_integers_are_named(text: str) -> None:
    with pytest.raises(InputError, match="--k"):
        parse_integers(text, "--k")


def test_rationals_are_exact() -> None:
    assert parse_rationals("0:1:1/3,0.3", "--radius") == (0, Fraction(3, 10), Fraction(1, 3), Fraction(2, 3), 1)


@pytest.mark.parametrize("text", ["", "a", "0:1", "0:1:0", "1:0:1/2", "0:1:1/9999999", "nan", "0:1:1:1"])
def test_bad_rationals_are_named(text: str) -> None:
    with pytest.raises(InputError, match="--radius"):
        parse_rationals(text, "--radius")


CELL = Cell(3, "one-heavy:3/5", 2, Fraction(1), "kl_divergence", (), 20, "auto")


def test_a_row_is_the_answer() -> None:
    row = compute(CELL, package_fingerprint())
    expected = evaluate("kl_divergence", CELL.case(), {}, 40, "mp")
    assert row.error is None
    assert (row.level, row.route) == ("certified", "ball")
    assert Fraction(row.lower) <= expected.midpoint <= Fraction(row.upper)
    assert abs(Fraction(row.value) - expected.midpoint) < Fraction(1, 10**20)


def test_errors_are_rows() -> None:
    refused = compute(replace(CELL, radius=None, quantity="sublinear_constant"), package_fingerprint())
    assert "uniform" in refused.error
    assert compute(replace(CELL, route="exact"), package_fingerprint()).value is None


def test_other_code_declines() -> None:
    assert "other code" in compute(CELL, "0" * 64).error


def test_equal_cases_have_equal_keys_and_nothing_else_does() -> None:
    def key(cell: Cell) -> str:
        return cell_key(cell, cell.case(), "code")

    assert key(CELL) == key(replace(CELL, weights="0.6,1/5,2/10"))
    others = [
        replace(CELL, k=4, d=3),
        replace(CELL, d=3),
        replace(CELL, weights="one-heavy:2/5"),
        replace(CELL, weights="1/5,3/5,1/5"),
        replace(CELL, radius=Fraction(2)),
        replace(CELL, quantity="log_partition"),
        replace(CELL, digits=21),
        replace(CELL, route="mp"),
    ]
    keys = {key(cell) for cell in others} | {key(CELL), cell_key(CELL, CELL.case(), "other code")}
    assert len(keys) == len(others) + 2
