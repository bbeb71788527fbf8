"""A chart as data, and the two files that it is written to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import InputError
from emtheory.reports.atomic import write_atomically
from emtheory.reports.charts.files import data_file
from emtheory.reports.render.panels import Panel, panel_file
from emtheory.reports.tables.sweep_table import csv_text

MAX_PANELS = 24
"""One below the other, each three inches high. A choice: a figure of more is metres long."""

_DIGITS = 12
"""Of the data, their ends rounded outwards. A choice: more than any figure shows."""


@dataclass(frozen=True, eq=False)
class Chart:
    """Panels, the rows of data that they show, and what could not be drawn, a line each."""

    panels: Sequence[Panel]
    rows: Sequence[Mapping[str, object]]
    remarks: Sequence[str] = ()


def write_chart(chart: Chart, path: Path) -> list[str]:
    """Write figure and data; return what there is to tell people, in lines.

    InputError if there is nothing to draw, or more than can be read; OSError if a file cannot be written.
    """
    if not any(curve.x.size for panel in chart.panels for curve in panel.curves):
        reasons = f": {'; '.join(chart.remarks)}" if chart.remarks else ""
        raise InputError(f"--plot {path}: there is nothing to draw{reasons}")
    if len(chart.panels) > MAX_PANELS:
        raise InputError(f"--plot {path}: {len(chart.panels)} panels would not be readable; at most {MAX_PANELS}")
    write_atomically(path, panel_file(chart.panels, path.suffix))
    write_atomically(data_file(path), csv_text(chart.rows))
    return [*chart.remarks, f"wrote {path} and its data, {data_file(path)}"]


def row_of(value: Enclosure, **place: object) -> dict[str, object]:
    """Return a row of data: where, and the value there with its bounds, which mean nothing proved at weak levels."""
    return place | {
        "value": decimal_text(value.midpoint, _DIGITS),
        "lower": decimal_text(value.lower, _DIGITS, "down"),
        "upper": decimal_text(value.upper, _DIGITS, "up"),
        "level": str(value.level),
        "route": value.route,
    }
