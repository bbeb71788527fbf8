"""`emtheory sweep`: quantities over a grid of cases, as a table, files, a figure and a store that resumes."""

import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from emtheory.numerics.errors import InputError
from emtheory.numerics.sweep.cell import Cell, Row
from emtheory.numerics.sweep.run import sweep
from emtheory.numerics.sweep.store import Store, open_store
from emtheory.reports.atomic import write_atomically
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.progress import progress
from emtheory.reports.tables.sweep_plan import plan_sweep
from emtheory.reports.tables.sweep_table import Line, csv_text, flat, line_of

_MAX_JOBS = 1024
_SHOWN = ("k", "weights", "d", "radius", "quantity", "value", "level")


def run(
    *,
    files: Mapping[str, Path | None],
    store: Path | None,
    jobs: int | None,
    timeout: float | None,
    retry: bool,
    scheduler: str | None,
    as_json: bool,
    **grid: Any,
) -> int:
    """Plan, compute, write and print; InputError before anything is computed if the request is malformed."""
    _check_options({**files, "store": store}, jobs, timeout, scheduler)
    cells = plan_sweep(**grid)
    with open_store(store) as opened:
        with progress(len(cells), "cells") as advance:
            sweep(
                cells,
                opened,
                jobs=jobs or os.cpu_count() or 1,
                timeout=timeout,
                retry=retry,
                scheduler=scheduler,
                told=lambda row: advance(),
            )
        try:
            for name, path in files.items():
                if path is not None:
                    write_atomically(path, _WRITERS[name](_lines(cells, opened)))
        finally:  # what was computed is shown even if a file cannot be written
            failures = _print(_lines(cells, opened), as_json=as_json)
    return ExitCode.INCONCLUSIVE if failures else ExitCode.OK


def _check_options(
    files: Mapping[str, Path | None], jobs: int | None, timeout: float | None, scheduler: str | None
) -> None:
    if jobs is not None and not 1 <= jobs <= _MAX_JOBS:
        raise InputError(f"--jobs {jobs}: at least 1 and at most {_MAX_JOBS}; a cluster has more (--scheduler)")
    if timeout is not None and not timeout > 0:
        raise InputError(f"--timeout {timeout:g}: a positive number of seconds")
    if scheduler is not None and timeout is not None:
        raise InputError("--timeout kills processes of this machine; it does not go with --scheduler")
    taken: dict[Path, str] = {}
    for name, path in files.items():
        if path is None:
            continue
        if path.is_dir() or not path.parent.is_dir():
            raise InputError(f"--{name} {path}: a file in an existing folder is wanted")
        if not os.access(path.parent, os.W_OK):
            raise InputError(f"--{name} {path}: the folder cannot be written to")
        if (other := taken.setdefault(path.resolve(), name)) != name:
            raise InputError(f"--{name} {path}: is the file of --{other} too")


def _lines(cells: Mapping[str, Cell], store: Store) -> Iterator[Line]:
    for key, cell in cells.items():
        yield line_of(cell, store.get(key) or Row(error="not computed"))


def _csv(lines: Iterator[Line]) -> str:
    return csv_text(map(flat, lines))


def _parquet(lines: Iterator[Line]) -> bytes:
    arrow: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    buffer = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist([flat(line) for line in lines]), buffer)
    return buffer.getvalue()


def _figure(lines: Iterator[Line]) -> str:
    draw: Callable[[Sequence[Line]], str] = import_module("emtheory.reports.tables.sweep_figure").sweep_figure
    return draw([line for line in lines if line["error"] is None])


_WRITERS: Mapping[str, Callable[[Iterator[Line]], str | bytes]] = {"csv": _csv, "parquet": _parquet, "plot": _figure}


def _print(lines: Iterator[Line], *, as_json: bool) -> int:
    """Print the table or the document and return the number of cells without an answer."""
    shown = list(lines)
    failed = sum(line["error"] is not None for line in shown)
    if as_json:
        click.echo(json.dumps({"schema": 1, "cells": shown, "failed": failed}, indent=2))
        return failed
    rows = [_SHOWN, *(_table_row(line) for line in shown)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
    click.echo(f"{len(shown)} cells, {failed} without an answer")
    return failed


def _table_row(line: Line) -> tuple[str, ...]:
    shown = flat(line)
    if line["arguments"]:
        shown["quantity"] += f"({shown['arguments']})"
    if line["error"] is not None:
        shown |= {"value": f"no answer: {line['error']}", "level": ""}
    return tuple("" if shown[name] is None else str(shown[name]) for name in _SHOWN)
