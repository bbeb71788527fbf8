from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.fingerprint import code_fingerprint, package_fingerprint
from emtheory.numerics.side_by_side import LostProcessError
from emtheory.numerics.sweep import run
from emtheory.numerics.sweep.cell import Cell, cell_key, compute
from emtheory.numerics.sweep.grid import parse_integers, parse_rationals
from emtheory.numerics.sweep.run import sweep
from emtheory.numerics.sweep.store import open_store


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
    "text", ["", "1.5", "-3", "3:2", "2:9:0", "2:9:lin", "2:9:1:1", "0:4:log", "2:99999999", "9" * 20, "2,,3", "x∞"]
)
def test_bad_integers_are_named(text: str) -> None:
    with pytest.raises(InputError, match="--k"):
        parse_integers(text, "--k")


def test_rationals() -> None:
    assert parse_rationals("0:1:1/3,0.3", "--radius") == (0, Fraction(3, 10), Fraction(1, 3), Fraction(2, 3), 1)
    for text in ("", "a", "0:1", "0:1:0", "1:0:1/2", "0:1:1/9999999", "nan", "0:1:1:1"):
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
    assert "other code" in compute(CELL, "0" * 64).error


def test_equal_cases_have_equal_keys_and_nothing_else_does() -> None:
    def key(cell: Cell) -> str:
        return cell_key(cell, cell.case(), "code")

    assert key(CELL) == key(replace(CELL, weights="0.6,1/5,2/10"))
    weights = [replace(CELL, weights=weights) for weights in ("one-heavy:2/5", "1/5,3/5,1/5")]
    places = [replace(CELL, k=4, d=3), replace(CELL, d=3), replace(CELL, radius=Fraction(2))]
    asked = [replace(CELL, quantity="log_partition"), replace(CELL, digits=21), replace(CELL, route="mp")]
    others = [*weights, *places, *asked]
    keys = {key(cell) for cell in others} | {key(CELL), cell_key(CELL, CELL.case(), "other code")}
    assert len(keys) == len(others) + 2


KL = Cell(3, "one-heavy:3/5", 2, Fraction(1), "kl_divergence", (), 8, "auto")
POINTS = [KL, replace(KL, radius=Fraction(2))]
CELLS = [
    replace(cell, quantity=name, arguments=arguments)
    for name, arguments in (("kl_divergence", ()), ("posterior_power", (("m", Fraction(1)),)), ("pl_ratio", ()))
    for cell in POINTS
] + [replace(KL, radius=None, quantity="spectral_gap")]
KEYED = {cell_key(cell, cell.case(), code_fingerprint()): cell for cell in CELLS}


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[Cell]]:
    """What was submitted; done here at once, but a task with the KL at radius 2 costs its worker's life."""
    seen: list[Sequence[Cell]] = []

    def submit(function: Any, cells: Sequence[Cell], *rest: Any, timeout: float | None) -> "Future[Any]":
        seen.append(cells)
        future: Future[Any] = Future()
        if POINTS[1] in cells:
            future.set_exception(LostProcessError(-9))
        else:
            future.set_result(function(cells, *rest))
        return future

    @contextmanager
    def here(count: int) -> Iterator[Callable[..., Any]]:
        yield submit

    monkeypatch.setattr(run, "processes", here)
    return seen


def rows_of(cells: Mapping[str, Cell], **how: Any) -> list[tuple[str | None, str | None]]:
    with open_store(None) as store:
        sweep(cells, store, **how)
        rows = [store.get(key) for key in cells]
    return [(row.value, row.error) for row in rows if row]


def test_a_lost_worker_costs_one_cell(tasks: list[Sequence[Cell]]) -> None:
    rows = rows_of(KEYED, jobs=1)
    assert sorted(map(len, tasks)) == [1, 1, 1, 1, 3, 3]
    alone = [compute(cell, package_fingerprint()) for cell in CELLS]
    lost = list(KEYED.values()).index(POINTS[1])
    assert "exit status -9" in (rows[lost][1] or "")
    assert [row for i, row in enumerate(rows) if i != lost] == [
        (row.value, None) for i, row in enumerate(alone) if i != lost
    ]


def test_with_a_limit_of_time_each_cell_goes_by_itself(tasks: list[Sequence[Cell]]) -> None:
    rows_of(KEYED, jobs=1, timeout=60.0)
    assert [len(cells) for cells in tasks] == [1] * len(CELLS)


def test_here_they_give_what_they_give_alone() -> None:
    assert rows_of(KEYED, jobs=None) == [(compute(cell, package_fingerprint()).value, None) for cell in CELLS]
