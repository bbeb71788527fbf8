"""The files that a sweep is written to: CSV, Parquet and a figure."""

import io
import os
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from emtheory.numerics.errors import InputError, require_packages
from emtheory.reports.render.drawing import check_ending
from emtheory.reports.tables.sweep_table import Line, csv_text, flat
from emtheory.reports.text_file import write_atomically

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
    "csv": lambda lines, _: csv_text(map(flat, lines)),
    "parquet": _parquet,
    "plot": _figure,
}
