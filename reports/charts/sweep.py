"""The chart of a sweep: curves, or heat maps where k and the radius both vary."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction

from emtheory.numerics.arithmetic.constant import real_number
from emtheory.numerics.names import called
from emtheory.reports.render.chart import Chart
from emtheory.reports.render.panels import Panel, curves_of, heat_of
from emtheory.reports.tables.sweep_table import Line, flat

Points = defaultdict[str, list[tuple[float, float]]]
"""Label of a curve → its points."""

_HEAT = 4
"""From this many different k and radii on, curves are no longer readable."""


def sweep_chart(lines: Sequence[Line]) -> Chart:
    """Return the chart of the answers of a sweep, a panel or a heat map a quantity."""
    answered = [line for line in lines if line["error"] is None]
    if not answered:
        return Chart((), (), ["no cell has an answer"])
    panels = _of_model(answered) if "at" in answered[0] else _of_grid(answered)
    return Chart(panels, [flat(line) for line in answered])


def _of_grid(lines: Sequence[Line]) -> list[Panel]:
    varied = [len({line[axis] for line in lines if line["radius"] is not None}) for axis in ("k", "radius")]
    panels: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    dimensions = _several(lines, _dimension)
    for line in lines:
        heat = line["radius"] is not None and min(varied) >= _HEAT
        family = f"{line['weights']}{_dimension(line) if dimensions else ''}" if heat else ""
        panels[_quantity(line, with_frequency=heat), family].append(line)
    return [_heat_map(name, of) if name[1] else _curves(name[0], of) for name, of in panels.items()]


def _of_model(lines: Sequence[Line]) -> list[Panel]:
    """A panel for each quantity against the parameter with the most values, a curve for each choice of the others."""
    numbers = {name: {line["at"][name] for line in lines} for name in lines[0]["at"]}
    across = max(numbers, key=lambda name: len(numbers[name]))
    panels: defaultdict[str, Points] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        others = [f"{name} = {line['at'][name]}" for name in numbers if name != across and len(numbers[name]) > 1]
        label = ", ".join(others) or line["model"]
        point = float(real_number(line["at"][across], across)), float(line["value"])
        panels[_quantity(line, with_frequency=True)][label].append(point)
    return [_panel(quantity, across, "linear", points) for quantity, points in panels.items()]


def _panel(title: str, across: str, scale: str, points: Points) -> Panel:
    return Panel(title, across, "", curves_of(points), (scale, "linear"))


def _quantity(line: Line, *, with_frequency: bool) -> str:
    shown = (item for item in line["arguments"].items() if with_frequency or item[0] != "m")
    arguments = ", ".join(f"{name}={value}" for name, value in shown)
    return called(line["quantity"], arguments)


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


def _heat_map(name: tuple[str, str], lines: Sequence[Line]) -> Panel:
    values = {(Fraction(line["k"]), Fraction(line["radius"])): float(line["value"]) for line in lines}
    heat = heat_of(values, _quantity(lines[0], with_frequency=True), named=True)
    return Panel(", ".join(name), "components k", "radius ‖θ‖", (), heat=heat)
