"""Cells of one case go to one worker; when that is lost, each of them is tried by itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from emtheory.numerics.fingerprint import code_fingerprint, package_fingerprint
from emtheory.numerics.side_by_side import LostProcessError
from emtheory.numerics.sweep import run
from emtheory.numerics.sweep.cell import Cell, cell_key, compute
from emtheory.numerics.sweep.run import sweep
from emtheory.numerics.sweep.store import open_store

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
