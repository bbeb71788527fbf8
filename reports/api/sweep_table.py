"""A grid of answers, as Python has it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from emtheory.numerics.sweep.cell import Cell, Row
from emtheory.reports.notebook import Listed
from emtheory.reports.tables.sweep_table import Line, column_of, flat, line_of

_SHOWN = ("k", "weights", "d", "radius", "quantity", "value", "level")


@dataclass(frozen=True, repr=False)
class SweepTable(Listed[dict[str, Any]]):
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

    def plot(self, axes: Any = None) -> Any:
        """Draw the answers on axes of Matplotlib, by default new ones, and return these: a tuple if they are several.

        InputError if there is nothing to draw, or not as many axes as panels.
        """
        from emtheory.reports.render.plots import on_axes  # noqa: PLC0415 (an extra)
        from emtheory.reports.tables.sweep_figure import HEIGHT, sweep_parts  # noqa: PLC0415

        return on_axes(sweep_parts([line for line in self.lines() if line["error"] is None]), axes, HEIGHT)

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
        if line["arguments"]:
            shown["quantity"] = f"{shown['quantity'].removesuffix(')')}{_separator(line)}{shown['arguments']})"
        if line["error"] is not None:
            shown |= {"value": f"no answer: {line['error']}", "level": ""}
        return tuple("" if shown[name] is None else str(shown[name]) for name in self._header())


def _separator(line: Line) -> str:
    """What stands between a quantity, which may have parameters in parentheses, and its arguments."""
    return ", " if line["quantity"].endswith(")") else "("
