"""Cells and what came of them as a table."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from emtheory.numerics.sweep.cell import Cell, Row

Line = Mapping[str, Any]
"""A cell and its row, as JSON values."""


def line_of(cell: Cell, row: Row) -> Line:
    """Return a cell and its row as one flat mapping, but for the arguments."""
    return cell.as_json() | asdict(row)


def flat(line: Line) -> dict[str, Any]:
    """Return a line with its arguments as one text, and a column for each parameter of a model."""
    arguments = ", ".join(f"{name}={value}" for name, value in line["arguments"].items())
    columns: dict[str, Any] = {}
    for name, value in line.items():
        if name == "at":
            columns |= {column_of(each, line): number for each, number in value.items()}
        else:
            columns[name] = value
    return columns | {"arguments": arguments}


def column_of(parameter: str, line: Line) -> str:
    """Return the name of a parameter's column, which is not that of another one."""
    return f"{parameter}_" if parameter in line else parameter
