"""What commands do with ``--plot FILE``."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from emtheory.reports.charts.chart import Chart


def draw(chart: Callable[[], "Chart"], path: Path | None) -> None:
    """Make a chart and write it, if there is a file for it; what there is to tell goes to standard error.

    InputError if there is nothing to draw; OSError if a file cannot be written.
    """
    if path is None:
        return
    from emtheory.reports.charts.chart import write_chart  # noqa: PLC0415 (what draws takes a while to load)

    for line in write_chart(chart(), path):
        click.echo(line, err=True)
