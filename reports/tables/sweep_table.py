"""Cells and what came of them as a table."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from emtheory.numerics.sweep.cell import Cell, Row

Line = Mapping[str, Any]
"""A cell and its row, as JSON values."""


def line_of(cell: Cell, row: Row) -> Line:
    """Return a cell and its row as one flat mapping, but for the arguments."""
    return cell.as_json() | {
        "value": row.value,
        "lower": row.lower,
        "upper": row.upper,
        "level": row.level,
        "route": row.route,
        "seconds": row.seconds,
        "error": row.error,
    }


def flat(line: Line) -> dict[str, Any]:
    """Return a line with its arguments as one text."""
    arguments = ", ".join(f"{name}={value}" for name, value in line["arguments"].items())
    return {**line, "arguments": arguments}


def csv_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows with equal keys as CSV with a header; nothing at all if there are none."""
    text = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    return text.getvalue()
