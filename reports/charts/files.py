"""The files of ``--plot FILE``: whether they can be written, known without the library that draws; and how they are."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emtheory.numerics.errors import InputError, require_packages
from emtheory.reports.render.drawing import check_ending, data_file

if TYPE_CHECKING:
    from emtheory.reports.charts.chart import Chart


def check_plot(path: Path | None) -> None:
    """Find out, before anything is computed, whether a figure and its data can be written.

    InputError if the name has no ending that is known, or the folder is none that can be written to.
    """
    if path is None:
        return
    check_ending(path)
    require_packages("--plot", "matplotlib")
    if not path.parent.is_dir():
        raise InputError(f"--plot {path}: there is no folder {path.parent}")
    for file in (path, data_file(path)):
        if file.is_dir() or not os.access(path.parent, os.W_OK):
            raise InputError(f"--plot {path}: {file} cannot be written")


def draw(chart: Callable[[], "Chart"], path: Path | None) -> None:
    """Make a chart and write it, if there is a file for it; what there is to tell goes to standard error.

    InputError if there is nothing to draw; OSError if a file cannot be written.
    """
    if path is None:
        return
    from emtheory.reports.charts.chart import write_chart  # noqa: PLC0415 (what draws takes a while to load)

    for line in write_chart(chart(), path):
        click.echo(line, err=True)
