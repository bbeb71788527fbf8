"""The figure of a sweep: curves, or heat maps where k and the radius both vary."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from emtheory.numerics.arithmetic.constant import real_number
from emtheory.numerics.errors import InputError
from emtheory.reports.render.panels import Panel, curves_of
from emtheory.reports.render.plots import Part, figure_file, heat_map, parts_of, some, stacked, style
from emtheory.reports.tables.sweep_table import Line

Points = defaultdict[str, list[tuple[float, float]]]
"""Label of a curve → its points."""

_HEAT = 4
"""From this many different k and radii on, curves are no longer readable."""

HEIGHT = 3.4
"""Of a panel, in inches."""

_MAX_PANELS = 24
"""One below the other, each three inches high. A choice: a figure of more is metres long."""


def sweep_file(lines: Sequence[Line], ending: str) -> bytes:
    """Draw the answers of a sweep, a panel or a heat map a quantity; InputError if there is none, or over 24 panels."""
    with mpl.rc_context(style("sweep")):
        return figure_file(stacked(sweep_parts(lines), HEIGHT), ending)


def sweep_parts(lines: Sequence[Line]) -> list[Part]:
    """Return what draws the panels of a sweep; InputError if there is no answer, or too many panels."""
    if not lines:
        raise InputError("plot: no cell has an answer, so there is nothing to draw")
    if "at" in lines[0]:
        return _of_model(lines)
    varied = [len({line[axis] for line in lines if line["radius"] is not None}) for axis in ("k", "radius")]
    panels: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    dimensions = _several(lines, _dimension)
    for line in lines:
        heat = line["radius"] is not None and min(varied) >= _HEAT
        family = f"{line['weights']}{_dimension(line) if dimensions else ''}" if heat else ""
        panels[_quantity(line, with_frequency=heat), family].append(line)
    if len(panels) > _MAX_PANELS:
        raise InputError(f"plot: {len(panels)} panels would not be readable; at most {_MAX_PANELS}")
    return [
        partial(_heat_map, name, members) if name[1] else parts_of([_curves(name[0], members)])[0]
        for name, members in panels.items()
    ]


def _of_model(lines: Sequence[Line]) -> list[Part]:
    """A panel for each quantity against the parameter with the most values, a curve for each choice of the others."""
    numbers = {name: {line["at"][name] for line in lines} for name in lines[0]["at"]}
    across = max(numbers, key=lambda name: len(numbers[name]))
    panels: defaultdict[str, Points] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        others = [f"{name} = {line['at'][name]}" for name in numbers if name != across and len(numbers[name]) > 1]
        label = ", ".join(others) or line["model"]
        point = float(real_number(line["at"][across], across)), float(line["value"])
        panels[_quantity(line, with_frequency=True)][label].append(point)
    if len(panels) > _MAX_PANELS:
        raise InputError(f"plot: {len(panels)} panels would not be readable; at most {_MAX_PANELS}")
    return parts_of([_panel(quantity, across, "linear", points) for quantity, points in panels.items()])


def _panel(title: str, across: str, scale: str, points: Points) -> Panel:
    return Panel(title, across, "", curves_of(points), (scale, "linear"))


def _quantity(line: Line, *, with_frequency: bool) -> str:
    shown = (item for item in line["arguments"].items() if with_frequency or item[0] != "m")
    arguments = ", ".join(f"{name}={value}" for name, value in shown)
    name = str(line["quantity"])
    return f"{name.removesuffix(')')}{', ' if name.endswith(')') else '('}{arguments})" if arguments else name


def _frequency(line: Line) -> str:
    return f", m = {line['arguments']['m']}" if "m" in line["arguments"] else ""


def _dimension(line: Line) -> str:
    return f", d = {line['d']}"


def _several(lines: Sequence[Line], named: Callable[[Line], str]) -> bool:
    """Whether cells that are otherwise drawn at the same place of the same curve differ in what is named."""
    found: defaultdict[tuple[object, ...], set[str]] = defaultdict(set)
    for line in lines:
        found[line["weights"], line["k"], line["radius"]].add(named(line))
    return any(len(names) > 1 for names in found.values())


def _curves(title: str, lines: Sequence[Line]) -> Panel:
    counts = {axis: len({line[axis] for line in lines}) for axis in ("k", "radius")}
    across = "radius" if counts["radius"] > counts["k"] else "k"
    along = "k" if across == "radius" else "radius"
    points: Points = defaultdict(list)
    # Across k a frequency may be k − 1, and the dimension, too: a curve each only where one place has several.
    frequencies, dimensions = (_several(lines, named) for named in (_frequency, _dimension))
    for line in lines:
        other = f", {along} = {line[along]}" if counts[along] > 1 else ""
        frequency = _frequency(line) if across == "radius" or frequencies else ""
        label = f"{line['weights']}{other}{frequency}{_dimension(line) if dimensions else ''}"
        points[label].append((float(Fraction(line[across])), float(line["value"])))
    scale = "log2" if across == "k" and counts["k"] > 1 else "linear"
    return _panel(title, "components k" if across == "k" else "radius ‖θ‖ of the simplex", scale, points)


def _heat_map(name: tuple[str, str], lines: Sequence[Line], axes: Axes) -> None:
    axes.set_title(", ".join(name))
    ks = sorted({line["k"] for line in lines})
    radii = sorted({Fraction(line["radius"]) for line in lines})
    values = np.full((len(radii), len(ks)), np.nan)
    for line in lines:
        values[radii.index(Fraction(line["radius"])), ks.index(line["k"])] = float(line["value"])
    heat_map(axes, range(len(ks)), list(map(float, radii)), values, _quantity(lines[0], with_frequency=True))
    shown = some(range(len(ks)))
    axes.set_xticks(shown, [str(ks[index]) for index in shown])
    axes.set_xlabel("components k")
    axes.set_ylabel("radius ‖θ‖")
