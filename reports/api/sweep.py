"""`emtheory.sweep`: quantities over a grid of cases, with a store that resumes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emtheory.numerics.arithmetic.constant import real_number
from emtheory.numerics.arithmetic.rational import Exact, exact_integer, exact_number, exact_numbers
from emtheory.numerics.errors import InputError
from emtheory.numerics.names import called
from emtheory.numerics.sweep import run
from emtheory.numerics.sweep.cell import Cell, Row
from emtheory.numerics.sweep.store import open_store
from emtheory.reports.api import given
from emtheory.reports.api.given import ROUTE_NAMES, File
from emtheory.reports.notebook import Drawn, Listed
from emtheory.reports.render.drawing import check_files, csv_text
from emtheory.reports.tables.sweep_plan import plan_model_sweep, plan_sweep
from emtheory.reports.tables.sweep_table import Line, column_of, flat, line_of
from emtheory.reports.text_file import write_atomically
from emtheory.theory.inexact import is_binary_float, refusal, shown

if TYPE_CHECKING:
    from emtheory.reports.api.model import Model
    from emtheory.reports.render.chart import Chart

_SHOWN = ("k", "weights", "d", "radius", "quantity", "value", "level")

MAX_JOBS = 1024
"""Processes on one machine; a cluster has more."""


@dataclass(frozen=True, repr=False)
class SweepTable(Drawn, Listed[dict[str, Any]]):
    """The cells of a grid and what came of each; iterating gives a mapping for each cell, as a data frame wants it.

    Attributes
    ----------
    cells
        The requests, in the order k, weights, d, quantity, radius.
    rows
        What came of each: an answer as decimal text, or the reason why there is none.
    known
        How many of these the store had from earlier runs.
    """

    cells: tuple[Cell, ...]
    rows: tuple[Row, ...]
    known: int = field(default=0, compare=False)

    @cached_property
    def _members(self) -> Sequence[dict[str, Any]]:
        return list(map(flat, self.lines()))

    @property
    def failed(self) -> int:
        """The number of cells without an answer."""
        return sum(row.error is not None for row in self.rows)

    def lines(self) -> list[Line]:
        """Return the cells as JSON values."""
        return [line_of(cell, row) for cell, row in zip(self.cells, self.rows, strict=True)]

    def as_json(self) -> dict[str, object]:
        """Return the table as in ``sweep --json``."""
        return {"schema": 1, "cells": self.lines(), "failed": self.failed}

    def chart(self) -> "Chart":
        """Return the answers as curves or heat maps."""
        from emtheory.reports.charts.sweep import sweep_chart  # noqa: PLC0415 (what draws takes a while to load)

        return sweep_chart(self.lines())

    def write(self, files: Mapping[str, Path | None]) -> None:
        """Write the table to the files named csv, parquet and plot; OSError if one cannot be written."""
        for name, path in files.items():
            if path is not None:
                write_atomically(path, _WRITERS[name](self, path.suffix))

    def _records(self) -> Iterator[dict[str, Any]]:
        return iter(self)

    def _rows(self) -> Iterator[tuple[str, ...]]:
        return map(self._texts, self.lines())

    def _remarks(self) -> Iterator[str]:
        from_store = f", {self.known} known from the store" if self.known else ""
        count = len(self.cells)
        yield f"{count} {'cell' if count == 1 else 'cells'}, {self.failed} without an answer{from_store}"

    def _header(self) -> tuple[str, ...]:
        line = self.lines()[0] if self.cells else {}
        if "at" not in line:
            return _SHOWN
        return ("model", *(column_of(name, line) for name in line["at"]), "quantity", "value", "level")

    def _texts(self, line: Line) -> tuple[str, ...]:
        shown = flat(line)
        shown["quantity"] = called(shown["quantity"], shown["arguments"])
        if line["error"] is not None:
            shown |= {"value": f"no answer: {line['error']}", "level": ""}
        return tuple("" if shown[name] is None else str(shown[name]) for name in self._header())


def _parquet(table: SweepTable) -> bytes:
    arrow: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    buffer = BytesIO()
    parquet.write_table(arrow.Table.from_pylist(list(table)), buffer)
    return buffer.getvalue()


_WRITERS: Mapping[str, Callable[[SweepTable, str], str | bytes]] = {
    "csv": lambda table, _: csv_text(table),
    "parquet": lambda table, _: _parquet(table),
    "plot": lambda table, ending: table.chart().file(ending),
}


def sweep(
    k: int | str | Sequence[int] | None = None,
    weights: str | Sequence[str | Sequence[Exact]] | None = None,
    quantity: str | Sequence[str] = (),
    *,
    model: "Model | None" = None,
    at: Mapping[str, Exact | Sequence[Exact]] | None = None,
    radius: Exact | Sequence[Exact] | None = None,
    d: int | str | Sequence[int] | None = None,
    digits: int = 15,
    route: str = "auto",
    store: File | None = None,
    csv: File | None = None,
    parquet: File | None = None,
    plot: File | None = None,
    jobs: int = 1,
    timeout: float | None = None,
    retry: bool = False,
    scheduler: str | None = None,
) -> SweepTable:
    """Compute quantities over a grid of exact cases, as ``emtheory sweep`` does.

    Parameters
    ----------
    k
        Numbers of components: integers, or a text such as ``"2,3,5:64:log"``.
    weights
        Families such as ``"uniform,one-heavy:3/5"``, or a sequence whose members are families or lists of weights.
    quantity
        Names, with arguments in parentheses: ``"posterior_power(m=1)"``; an argument may use k.
    model, at
        In place of k and weights a model, and its parameters: exact numbers, formulas such as ``"sqrt(2)"``, sequences
        of them, or texts such as ``"0:5:1/2"``.
    radius
        Radii of the simplex for quantities that need a point: exact numbers, or a text such as ``"0:5:1/2"``.
    d
        Dimensions, as k; by default k − 1.
    digits, route
        As for `emtheory.evaluate`.
    store
        SQLite file that results are kept in, and resumed from.
    csv, parquet, plot
        Files that the table is written to, and drawn in as SVG.
    jobs
        Processes, 1 to 1024; with 1 and no timeout, this one. A script that asks for more guards its main part with
        ``if __name__ == "__main__"``, as always with processes.
    timeout
        Seconds after which a cell is given up.
    retry
        Whether cells that the store has as failed are computed again.
    scheduler
        Address of a Dask scheduler whose workers compute instead.

    Returns
    -------
    SweepTable
        Each cell with its answer, or with the reason why there is none.

    Raises
    ------
    InputError
        If anything is malformed or not exact, before anything is computed.
    OSError
        If a file cannot be written.

    Examples
    --------
    >>> import emtheory
    >>> table = emtheory.sweep([2, 3], "uniform,one-heavy:3/5", "spectral_gap")
    >>> [(cell["k"], cell["weights"], cell["value"]) for cell in table]
    [(2, 'uniform', '0'), (2, 'one-heavy:3/5', '0.04'), (3, 'uniform', '0'), (3, 'one-heavy:3/5', '0.16')]
    """
    files = {
        name: given.optional_file(path, name) for name, path in (("csv", csv), ("parquet", parquet), ("plot", plot))
    }
    kept, limit = given.optional_file(store, "store"), given.seconds(timeout, "timeout")
    workers = exact_integer(jobs, "jobs")
    address = None if scheduler is None else given.text(scheduler, "scheduler")
    check_request({**files, "store": kept}, workers, limit, address)
    quantities = given.texts(quantity, "quantity")
    common = exact_integer(digits, "digits"), given.choice(route, "route", ROUTE_NAMES)
    cells = planned(
        "" if model is None else _text_of(model),
        {name: _numbers(values, name) for name, values in (at or {}).items()},
        quantities,
        *common,
        k=None if k is None else _integers(k, "k"),
        weights=None if weights is None else _families(weights),
        radius=None if radius is None else _numbers(radius, "radius"),
        d=None if d is None else _integers(d, "d"),
    )
    here = workers == 1 and limit is None
    table = computed(
        cells,
        store=kept,
        jobs=None if here else workers,
        timeout=limit,
        retry=given.flag(retry, "retry"),
        scheduler=address,
    )
    table.write(files)
    return table


def planned(
    family: str,
    places: Mapping[str, str],
    quantities: Sequence[str],
    digits: int,
    route: str,
    *,
    k: str | None,
    weights: Sequence[str] | None,
    radius: str | None,
    d: str | None,
) -> dict[str, Cell]:
    """Return key → cell for a grid of a model's parameters, or (`family` empty) of k, weights, d and radii, as text.

    InputError if what is given does not go together or is malformed (`emtheory.reports.tables.sweep_plan`).
    """
    tied = {"k": k, "weights": weights or None, "radius": radius, "d": d}
    if family:
        stray = next((name for name, value in tied.items() if value is not None), None)
        if stray is not None:
            raise InputError(f"{stray} has no meaning for a model: leave it out")
        return plan_model_sweep(family, places, quantities, digits, route)
    if places:
        raise InputError(f"{next(iter(places))} is a parameter of a model: name the model")
    if k is None or weights is None:
        raise InputError("k and weights are needed, or a model and its parameters")
    return plan_sweep(k, weights, quantities, radius, d, digits, route)


def check_request(
    files: Mapping[str, Path | None], jobs: int | None, timeout: float | None, scheduler: str | None
) -> None:
    """Raise an InputError if an option of `sweep` is out of range, a file not writable, or they do not go together."""
    if jobs is not None and not 1 <= jobs <= MAX_JOBS:
        raise InputError(f"jobs = {jobs}: at least 1 and at most {MAX_JOBS}; a cluster has more (scheduler)")
    if scheduler is not None and timeout is not None:
        raise InputError("timeout kills processes of this machine; it does not go with a scheduler")
    check_files(files)


def computed(
    cells: Mapping[str, Cell],
    *,
    store: Path | None,
    jobs: int | None,
    timeout: float | None,
    retry: bool,
    scheduler: str | None,
    told: Callable[[Row], None] = lambda row: None,
) -> SweepTable:
    """Compute the cells that the store (None: memory) lacks; InputError if it, or the scheduler, cannot be used."""
    with open_store(store) as opened:
        kept = [row for key in cells if (row := opened.get(key)) is not None and not (retry and row.error is not None)]
        run.sweep(cells, opened, jobs=jobs, timeout=timeout, retry=retry, scheduler=scheduler, told=told)
        rows = tuple(opened.get(key) or Row(error="not computed") for key in cells)
    return SweepTable(tuple(cells.values()), rows, len(kept))


def _text_of(model: object) -> str:
    from emtheory.reports.api.model import Model  # noqa: PLC0415 (SymPy takes a third of a second to load)

    if not isinstance(model, Model):
        raise InputError(f"model = {shown(model)} is no emtheory.Model")
    return model.text


def _integers(value: object, what: str) -> str:
    """Return integers as the text of a grid."""
    if isinstance(value, str):
        return value
    parts = value if isinstance(value, Sequence) and not isinstance(value, bytes) else [value]
    return ",".join(str(exact_integer(part, what)) for part in parts)


def _numbers(value: object, what: str) -> str:
    """Return radii, or values of a parameter, as the text of a grid."""
    if isinstance(value, str):
        return value
    parts = value if isinstance(value, Sequence) and not isinstance(value, bytes) else [value]
    read = exact_number if what == "radius" else real_number
    return ",".join(str(read(part, what)) for part in parts)


def _families(weights: object) -> list[str]:
    """Return families, and lists of weights, as one text each."""
    if isinstance(weights, str):
        return [weights]
    if not isinstance(weights, Sequence):
        raise InputError(f"weights = {shown(weights)}: families such as 'linear', or lists of weights, are wanted")
    return [_family(part) for part in weights]


def _family(weights: object) -> str:
    if isinstance(weights, str):
        return weights
    if isinstance(weights, Sequence):
        return ",".join(map(str, exact_numbers(weights, "weight")))
    problem = refusal(weights, "weight") if is_binary_float(weights) else f"weights = [{shown(weights)}, …]"
    raise InputError(f"{problem}; a sweep takes several families or lists of weights: [['1/2', '1/2'], 'uniform']")
