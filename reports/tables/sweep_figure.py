"""The figure of a sweep: curves, or heat maps where k and the radius both vary."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from emtheory.numerics.arithmetic.constant import real_number
from emtheory.numerics.errors import InputError
from emtheory.reports.render.plots import COLOURS, LINE_STYLES, Part, figure_file, finish, heat_map, stacked, style
from emtheory.reports.tables.sweep_table import Line

_HEAT = 4
"""From this many different k and radii on, curves are no longer readable."""

HEIGHT = 3.4
"""Of a panel, in inches."""

_MAX_PANELS = 24
"""One below the other, each three inches high. A choice: a figure of more is metres long."""

_MOST_TICKS = 12
"""On the axis of k. A choice: numbers of five digits still stand apart."""


def sweep_file(lines: Sequence[Line], ending: str) -> bytes:
    """Draw the answers of a sweep, a panel for each quantity, or for each quantity, family and dimension in a heat map.

    InputError if there is no answer, or there would be more than 24 panels.
    """
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
    return [partial(_heat_map if name[1] else _curves, name, members) for name, members in panels.items()]


def _of_model(lines: Sequence[Line]) -> list[Part]:
    """A panel for each quantity against the parameter with the most values, a curve for each choice of the others."""
    numbers = {name: {line["at"][name] for line in lines} for name in lines[0]["at"]}
    across = max(numbers, key=lambda name: len(numbers[name]))
    panels: defaultdict[str, defaultdict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        others = [f"{name} = {line['at'][name]}" for name in numbers if name != across and len(numbers[name]) > 1]
        label = ", ".join(others) or line["model"]
        point = float(real_number(line["at"][across], across)), float(line["value"])
        panels[_quantity(line, with_frequency=True)][label].append(point)
    if len(panels) > _MAX_PANELS:
        raise InputError(f"plot: {len(panels)} panels would not be readable; at most {_MAX_PANELS}")
    return [partial(_curves_of_model, quantity, across, curves) for quantity, curves in panels.items()]


def _curves_of_model(
    quantity: str, across: str, curves: Mapping[str, Sequence[tuple[float, float]]], axes: Axes
) -> None:
    axes.set_title(quantity)
    _draw_curves(axes, curves)
    axes.set_xlabel(across)
    finish(axes)


def _some(ticks: Sequence[int]) -> Sequence[int]:
    """Return as many ticks as there is room for, the first and the last among them."""
    if len(ticks) <= _MOST_TICKS:
        return ticks
    return [ticks[round(i * (len(ticks) - 1) / (_MOST_TICKS - 1))] for i in range(_MOST_TICKS)]


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


def _curves(name: tuple[str, str], lines: Sequence[Line], axes: Axes) -> None:
    axes.set_title(name[0])
    counts = {axis: len({line[axis] for line in lines}) for axis in ("k", "radius")}
    across = "radius" if counts["radius"] > counts["k"] else "k"
    along = "k" if across == "radius" else "radius"
    curves: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    # Across k a frequency may be k − 1, and the dimension, too: a curve each only where one place has several.
    frequencies, dimensions = (_several(lines, named) for named in (_frequency, _dimension))
    for line in lines:
        other = f", {along} = {line[along]}" if counts[along] > 1 else ""
        frequency = _frequency(line) if across == "radius" or frequencies else ""
        label = f"{line['weights']}{other}{frequency}{_dimension(line) if dimensions else ''}"
        curves[label].append((float(Fraction(line[across])), float(line["value"])))
    _draw_curves(axes, curves)
    if across == "k":
        ks = sorted({line["k"] for line in lines})
        if len(ks) > 1:
            axes.set_xscale("log", base=2)
        shown = _some(ks)
        axes.set_xticks(shown, list(map(str, shown)))
        axes.set_xticks([], minor=True)
    axes.set_xlabel("components k" if across == "k" else "radius ‖θ‖ of the simplex")
    finish(axes)


def _draw_curves(axes: Axes, curves: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    for number, (label, points) in enumerate(curves.items()):
        x, y = zip(*sorted(points), strict=True)
        colour, dashes = COLOURS[number % len(COLOURS)], LINE_STYLES[number % len(LINE_STYLES)]
        axes.plot(x, y, label=label, color=colour, linestyle=dashes, marker="o", markersize=3)


def _heat_map(name: tuple[str, str], lines: Sequence[Line], axes: Axes) -> None:
    axes.set_title(", ".join(name))
    ks = sorted({line["k"] for line in lines})
    radii = sorted({Fraction(line["radius"]) for line in lines})
    values = np.full((len(radii), len(ks)), np.nan)
    for line in lines:
        values[radii.index(Fraction(line["radius"])), ks.index(line["k"])] = float(line["value"])
    heat_map(axes, range(len(ks)), list(map(float, radii)), values, _quantity(lines[0], with_frequency=True))
    shown = _some(range(len(ks)))
    axes.set_xticks(shown, [str(ks[index]) for index in shown])
    axes.set_xlabel("components k")
    axes.set_ylabel("radius ‖θ‖")
