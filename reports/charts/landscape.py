"""The landscape of a best constant: with which one a claim holds at each place of a domain in one or two variables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from emtheory.numerics.errors import InputError
from emtheory.reports.render.drawing import Drawing, data_file
from emtheory.reports.render.plots import COLOURS, Part, figure_file, heat_map, stacked, style, svg
from emtheory.reports.sharpening.critical import Landscape
from emtheory.reports.sharpening.sharpen import Sharpened, landscape_of
from emtheory.reports.tables.sweep_table import csv_text
from emtheory.reports.text_file import write_atomically

HEIGHT = 4.0
"""Of a panel, in inches."""

STEPS = 16
"""Between the ends of a variable. A choice: the square of one more are evaluated."""

_ENDLESS = 8
"""Length of an interval without an upper end, as far as it is drawn."""
_MOST_VARIABLES = 2
"""What a sheet of paper has room for."""


@dataclass(frozen=True)
class DrawnLandscape:
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


def landscape_drawing(found: Sharpened, caption: str) -> Drawing:
    """Return the landscape of one claim in one or two variables; InputError if it has more, none, or several k."""
    drawn = draw_landscape(found, STEPS)
    if drawn is None:
        raise InputError(f"{found.claim.id}: a landscape has one k and one or two variables")
    with mpl.rc_context(style("landscape")):
        return Drawing(svg(stacked(landscape_parts([drawn]), HEIGHT)), landscape_data([drawn]), caption)


def landscape_parts(drawn: Sequence[DrawnLandscape]) -> list[Part]:
    """Return what draws each of them."""
    return [partial(_draw, each) for each in drawn]


def landscape_data(drawn: Sequence[DrawnLandscape]) -> str:
    """Return the data of panels as CSV, place by place."""
    names = list(dict.fromkeys(name for each in drawn for row in each.rows for name in row))
    return csv_text([{name: row.get(name, "") for name in names} for each in drawn for row in each.rows])


def draw_landscape(found: Sharpened, steps: int) -> DrawnLandscape | None:
    """Return the constants on a grid of so many steps; None if there are several k, no variable, or more than two."""
    landscape = landscape_of(found.claim)
    spans = landscape.question.spans
    names = [name for name, span in spans.items() if not span.is_single]
    if len(landscape.question.cases) > 1 or not 0 < len(names) <= _MOST_VARIABLES:
        return None
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
    return DrawnLandscape(found, landscape, columns, values)


def _draw(drawn: DrawnLandscape, axes: Axes) -> None:
    names, columns = list(drawn.axes), [np.array(column, dtype=float) for column in drawn.axes.values()]
    side, constant = drawn.landscape.side, drawn.landscape.constant
    meaning = f"{side} {constant} that holds there"
    if len(names) == 1:
        axes.plot(columns[0], drawn.values, color=COLOURS[0])
        axes.set_ylabel(meaning)
    else:
        heat_map(axes, columns[0], columns[1], drawn.values.T, meaning)
        axes.set_ylabel(names[1])
    axes.set_xlabel(names[0])
    bounds = drawn.found.bounds_text().replace("<=", "≤")
    axes.set_title(f"{drawn.found.claim.id}: {bounds}" if bounds else drawn.found.claim.id, loc="left")
    place = drawn.found.minimiser
    if place is not None:
        marked = [float(place[name]) for name in names]
        if len(names) == 1:
            marked.append(drawn.landscape.at_point(drawn.landscape.question.cases[0], place) or 0.0)
        axes.plot(
            *[[value] for value in marked[:2]], "*", color=COLOURS[1], markersize=14, label="it fails just beyond"
        )
        # Above, where nothing is covered.
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0)


def drawn_landscapes(results: Sequence[Sharpened], steps: int = STEPS) -> tuple[list[DrawnLandscape], list[str]]:
    """Return the landscapes that can be drawn, and of the others why not; InputError if there is nothing to draw."""
    made = {found.claim.id: draw_landscape(found, steps) for found in results}
    drawn = [each for each in made.values() if each is not None]
    why = "not drawn: a landscape has one k and one or two variables"
    remarks = [f"{name}: {why}" for name, each in made.items() if each is None]
    if not drawn:
        raise InputError(f"there is nothing to draw: {'; '.join(remarks)}")
    return drawn, remarks


def write_landscapes(results: Sequence[Sharpened], path: Path, steps: int = STEPS) -> list[str]:
    """Write a panel for each claim in one or two variables, and the data; return what there is to tell, in lines.

    InputError if there is nothing to draw; OSError if a file cannot be written.
    """
    drawn, remarks = drawn_landscapes(results, steps)
    with mpl.rc_context(style("landscape")):
        write_atomically(path, figure_file(stacked(landscape_parts(drawn), HEIGHT), path.suffix))
    write_atomically(data_file(path), landscape_data(drawn))
    return [*remarks, f"wrote {path} and its data, {data_file(path)}"]
