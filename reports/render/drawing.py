"""Files of figures and of their data: whether they can be written, known without the library that draws."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from emtheory.numerics.errors import InputError, require_packages
from emtheory.reports.text_file import check_writable

ENDINGS = (".svg", ".pdf", ".png")


@dataclass(frozen=True)
class Drawing:
    """A figure as SVG, its data as CSV, and what it shows, in the notation of prose."""

    svg: str
    csv: str
    caption: str


_NEEDS = {"plot": "matplotlib", "parquet": "pyarrow"}
"""File → what writes it, an extra."""


def check_files(files: Mapping[str, Path | None]) -> None:
    """Find out, before anything is computed, whether files can be written, which the options that ask for them name.

    InputError if one has no folder that can be written to, or is the file of another, or is to be a figure and its name
    has no ending that is known.
    """
    taken: dict[Path, str] = {}
    for name, path in files.items():
        if path is None:
            continue
        kind = name.removeprefix("--")
        if kind == "plot" and path.suffix not in ENDINGS:
            ending = f"the ending {path.suffix!r}" if path.suffix else "a name without an ending"
            known = "write FILE.svg, FILE.pdf or FILE.png"
            raise InputError(f"{name} {path}: {ending} is of no format of a figure: {known}")
        if kind in _NEEDS:
            require_packages(name, _NEEDS[kind])
        if not path.parent.is_dir():
            raise InputError(
                f"{name} {path}: there is no folder {path.parent}, and a file in an existing folder is wanted"
            )
        if path.is_dir():
            raise InputError(f"{name} {path}: it cannot be written to (it is a folder)")
        check_writable(path.parent, f"{name} {path}")
        if (other := taken.setdefault(path.resolve(), name)) != name:
            raise InputError(f"{name} {path}: is the file of {other} too")


def check_plot(path: Path | None) -> None:
    """Find out whether a figure and its data can be written; InputError as for `check_files`."""
    check_files({"--plot": path, "the data of --plot": path and data_file(path)})


def draw(chart: Callable[[], Any], path: Path | None) -> None:
    """Make a chart (`emtheory.reports.render.chart`), and write it and its data, if there is a file for it.

    What there is to tell goes to standard error. InputError if there is nothing to draw, or more than can be read;
    OSError if a file cannot be written.
    """
    if path is not None:
        for line in chart().write(path):
            click.echo(line, err=True)


def data_file(path: Path) -> Path:
    """Return the file of the data beside that of a figure."""
    return path.with_suffix(".csv")


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
