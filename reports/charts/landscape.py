"""The landscape of a best constant: with which one a claim holds at each place of a domain of one or two variables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from emtheory.numerics.errors import InputError
from emtheory.reports.atomic import write_atomically
from emtheory.reports.charts.files import data_file
from emtheory.reports.render.plots import COLOURS, figure_file, heat_map, style
from emtheory.reports.sharpening.critical import Landscape
from emtheory.reports.sharpening.sharpen import Sharpened, landscape_of
from emtheory.reports.tables.sweep_table import csv_text

STEPS = 16
"""Between the ends of a variable. A choice: the square of one more are evaluated."""

_ENDLESS = 8
"""Length of an interval without an upper end, as far as it is drawn."""
_MOST_VARIABLES = 2
"""What a sheet of paper has room for."""


@dataclass(frozen=True)
class _Drawn:
    """A landscape, and the constants on its grid: nan where there is none."""

    found: Sharpened
    landscape: Landscape
    axes: Mapping[str, Sequence[Fraction]]
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]

    @property
    def rows(self) -> Iterator[dict[str, object]]:
        """Yield the data, place by place."""
        for index, value in np.ndenumerate(self.values):
            place = {name: str(column[i]) for (name, column), i in zip(self.axes.items(), index, strict=True)}
            yield {"claim": self.found.claim.id, **place, self.landscape.constant: "" if np.isnan(value) else value}


def write_landscapes(results: Sequence[Sharpened], path: Path, steps: int = STEPS) -> list[str]:
    """Write a panel for each claim in one or two variables, and the data; return what there is to tell, in lines.

    Parameters
    ----------
    results
        What was found out.
    path
        The figure, of a format of `emtheory.reports.charts.files`.
    steps
        Between the ends of a variable.

    Raises
    ------
    InputError
        If there is nothing to draw.
    OSError
        If a file cannot be written.
    """
    drawn, remarks = [], []
    for found in results:
        landscape = landscape_of(found.claim)
        names = [name for name, span in landscape.question.spans.items() if not span.is_single]
        if len(landscape.question.cases) > 1 or not 0 < len(names) <= _MOST_VARIABLES:
            remarks.append(f"{found.claim.id}: not drawn: a landscape has one k and one or two variables")
            continue
        drawn.append(_drawn(found, landscape, names, steps))
    if not drawn:
        raise InputError(f"--plot {path}: there is nothing to draw: {'; '.join(remarks)}")
    with mpl.rc_context(style("landscape")):
        figure = Figure(figsize=(7.5, 4 * len(drawn)), layout="constrained")
        for each, axes in zip(drawn, figure.subplots(len(drawn), 1, squeeze=False)[:, 0], strict=True):
            _draw(figure, axes, each)
        write_atomically(path, figure_file(figure, path.suffix))
    names = list(dict.fromkeys(name for each in drawn for row in each.rows for name in row))
    rows = [{name: row.get(name, "") for name in names} for each in drawn for row in each.rows]
    write_atomically(data_file(path), csv_text(rows))
    return [*remarks, f"wrote {path} and its data, {data_file(path)}"]


def _drawn(found: Sharpened, landscape: Landscape, names: Sequence[str], steps: int) -> _Drawn:
    spans = landscape.question.spans
    fixed = {name: span.lower for name, span in spans.items() if name not in names}
    columns = {}
    for name in names:
        lower, upper = spans[name].lower, spans[name].upper
        length = Fraction(_ENDLESS) if upper is None else upper - lower
        columns[name] = [lower + length * Fraction(i, steps) for i in range(steps + 1)]
    values = np.full([steps + 1] * len(names), np.nan)
    case = landscape.question.cases[0]
    for index in np.ndindex(values.shape):
        point = fixed | {name: columns[name][i] for name, i in zip(names, index, strict=True)}
        constant = landscape.at_point(case, point)
        values[index] = np.nan if constant is None else constant
    return _Drawn(found, landscape, columns, values)


def _draw(figure: Figure, axes: Axes, drawn: _Drawn) -> None:
    names, columns = list(drawn.axes), [np.array(column, dtype=float) for column in drawn.axes.values()]
    side, constant = drawn.landscape.side, drawn.landscape.constant
    meaning = f"{side} {constant} that holds there"
    if len(names) == 1:
        axes.plot(columns[0], drawn.values, color=COLOURS[0])
        axes.set_ylabel(meaning)
    else:
        heat_map(figure, axes, columns[0], columns[1], drawn.values.T, meaning)
        axes.set_ylabel(names[1])
    axes.set_xlabel(names[0])
    bounds = drawn.found.bounds_text()
    axes.set_title(f"{drawn.found.claim.id}: {bounds}" if bounds else drawn.found.claim.id)
    place = drawn.found.minimiser
    if place is not None:
        marked = [float(place[name]) for name in names]
        if len(names) == 1:
            marked.append(drawn.landscape.at_point(drawn.landscape.question.cases[0], place) or 0.0)
        axes.plot(
            *[[value] for value in marked[:2]], "*", color=COLOURS[1], markersize=14, label="it fails just beyond"
        )
        axes.legend(loc="best")
