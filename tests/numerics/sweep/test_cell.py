from dataclasses import replace
from fractions import Fraction

from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.fingerprint import package_fingerprint
from emtheory.numerics.sweep.cell import Cell, cell_key, compute

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
