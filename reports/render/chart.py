"""A chart as data, with curves of enclosures, and the two files that it is written to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import InputError
from emtheory.reports.notebook import dataframe
from emtheory.reports.render.drawing import Drawing, csv_text, data_file
from emtheory.reports.render.panels import Curve, Panel
from emtheory.reports.text_file import write_atomically

MAX_PANELS = 24
"""One below the other, each three inches high. A choice: a figure of more is metres long."""

_DIGITS = 12
"""Of the data, their ends rounded outwards. A choice: more than any figure shows."""


@dataclass(frozen=True, eq=False, repr=False)
class Chart:
    """Panels, the rows of data that they show, and what could not be drawn, a line each."""

    panels: Sequence[Panel]
    rows: Sequence[Mapping[str, object]]
    remarks: Sequence[str] = ()

    def __repr__(self) -> str:
        return f"<Chart: {'; '.join(panel.title for panel in self.panels)}; {len(self.rows)} points>"

    def plot(self, axes: Any = None) -> Any:
        """Draw the panels on axes of Matplotlib, by default new ones, and return these: a tuple if they are several.

        InputError if there is nothing to draw, or not as many axes as panels.
        """
        from emtheory.reports.render.plots import on_axes  # noqa: PLC0415 (an extra)

        self.require_readable()
        return on_axes(self.panels, axes)

    def file(self, ending: str) -> bytes:
        """Return the file of the figure: ``.svg``, ``.pdf`` or ``.png``; InputError as for `plot`."""
        from emtheory.reports.render.plots import panel_file  # noqa: PLC0415 (an extra)

        self.require_readable()
        return panel_file(self.panels, ending)

    def write(self, path: Path) -> list[str]:
        """Write figure and data; return what there is to tell people, in lines.

        InputError as for `plot`; OSError if a file cannot be written.
        """
        write_atomically(path, self.file(path.suffix))
        write_atomically(data_file(path), csv_text(self.rows))
        return [*self.remarks, f"wrote {path} and its data, {data_file(path)}"]

    def drawing(self, name: str, caption: str) -> Drawing:
        """Return the figure of a report, under a name that no other has, with its data."""
        from emtheory.reports.render.plots import panel_figure  # noqa: PLC0415 (an extra)

        return Drawing(panel_figure(self.panels, name), csv_text(self.rows), caption)

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with a row for each point, values and bounds as numbers; it needs pandas."""
        return dataframe(self.rows)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(panel.heat or any(curve.x.size for curve in panel.curves) for panel in self.panels)

    def require_readable(self) -> None:
        """Raise InputError if there is nothing to draw, or more than can be read."""
        if self.is_empty:
            reasons = f": {'; '.join(self.remarks)}" if self.remarks else ""
            raise InputError(f"plot: there is nothing to draw{reasons}")
        if len(self.panels) > MAX_PANELS:
            raise InputError(f"plot: {len(self.panels)} panels would not be readable; at most {MAX_PANELS}")


def row_of(value: Enclosure, **place: object) -> dict[str, object]:
    """Return a row of data: where, and the value there with its bounds, which mean nothing proved at weak levels."""
    return place | {
        "value": decimal_text(value.midpoint, _DIGITS),
        "lower": decimal_text(value.lower, _DIGITS, "down"),
        "upper": decimal_text(value.upper, _DIGITS, "up"),
        "level": str(value.level),
        "route": value.route,
    }


STEPS = 40
"""Between the ends of a curve. A choice: enough for curves as smooth as these, each point of which is an evaluation."""

_FEWEST_SHOWN = 1e-300
"""Smaller values are drawn as zero: double precision, which figures are drawn in, ends there."""

Placed = tuple[Fraction | int, Enclosure]
"""An abscissa, and the value there."""


def even(lower: Fraction, upper: Fraction) -> list[Fraction]:
    """Return numbers at equal distances, both ends among them."""
    return [lower + (upper - lower) * Fraction(i, STEPS) for i in range(STEPS + 1)]


def curve_of(label: str, points: Sequence[Placed], colour: int = 0, *, predicted: bool = False) -> Curve:
    """Return values as a curve, with their bounds as bars."""
    x = np.array([float(place) for place, _ in points])
    low, value, high = (
        np.array([_float(getattr(one, end)) for _, one in points]) for end in ("lower", "midpoint", "upper")
    )
    return Curve(label, x, value, low, high, predicted=predicted, colour=colour)


def weakest(values: Iterable[Enclosure]) -> str:
    """Return the weakest level among values; exact if there is none."""
    level = min((value.level for value in values), default=None)
    return "exact" if level is None else str(level)


def _float(number: Fraction) -> float:
    try:
        return 0.0 if abs(number) < _FEWEST_SHOWN else float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
