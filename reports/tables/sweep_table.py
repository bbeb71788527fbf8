"""Cells and what came of them as a table, and the files that it is written to: CSV, Parquet and a figure."""

import csv
import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from emtheory.numerics.errors import InputError, require_packages
from emtheory.numerics.sweep.cell import Cell, Row
from emtheory.reports.atomic import write_atomically
from emtheory.reports.render.drawing import check_ending

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


_NEEDS = {"plot": "matplotlib", "parquet": "pyarrow"}
"""File → what writes it, an extra."""


def check_files(files: Mapping[str, Path | None]) -> None:
    """Raise an InputError if one of named files has no folder that can be written to, or is the file of another."""
    taken: dict[Path, str] = {}
    for name, path in files.items():
        if path is None:
            continue
        if name == "plot":
            check_ending(path)
        if name in _NEEDS:
            require_packages(f"{name} {path}", _NEEDS[name])
        if path.is_dir() or not path.parent.is_dir():
            raise InputError(f"{name} {path}: a file in an existing folder is wanted")
        if not os.access(path.parent, os.W_OK):
            raise InputError(f"{name} {path}: the folder cannot be written to")
        if (other := taken.setdefault(path.resolve(), name)) != name:
            raise InputError(f"{name} {path}: is the file of {other} too")


def write_files(files: Mapping[str, Path | None], lines: Sequence[Line]) -> None:
    """Write a table to the files named csv, parquet and plot; OSError if one cannot be written."""
    for name, path in files.items():
        if path is not None:
            write_atomically(path, _WRITERS[name](lines, path.suffix))


def _csv(lines: Sequence[Line], _: str) -> str:
    return csv_text(map(flat, lines))


def _parquet(lines: Sequence[Line], _: str) -> bytes:
    arrow: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    buffer = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist([flat(line) for line in lines]), buffer)
    return buffer.getvalue()


def _figure(lines: Sequence[Line], ending: str) -> bytes:
    draw: Callable[[Sequence[Line], str], bytes] = import_module("emtheory.reports.tables.sweep_figure").sweep_file
    return draw([line for line in lines if line["error"] is None], ending)


_WRITERS: Mapping[str, Callable[[Sequence[Line], str], str | bytes]] = {
    "csv": _csv,
    "parquet": _parquet,
    "plot": _figure,
}
