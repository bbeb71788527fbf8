"""Figures as SVG text: the same data give the same bytes, and colours follow the page they stand in."""

import io
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import rc_params_from_file
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator
from numpy.typing import ArrayLike

from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.simplex import FloatArray
from emtheory.reports.render.panels import Curve, Heat, Panel

Part = Callable[[Axes], None]
"""What draws on axes."""

_INK = "#010203"
"""Stands for the colour of text and axes until the SVG is written, where it becomes the page's own."""

COLOURS = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"
"""From Okabe and Ito's palette, told apart by colour-blind readers."""

_STYLE = Path(__file__).with_name("figures.mplstyle")

_MARKERS = "osD^v"
"""One for each colour of the palette, to tell curves apart in black and white."""

LINE_STYLES = "-", "--", "-.", ":"
"""They tell curves apart in black and white."""

_FEW = 12
"""Whole numbers, such as steps or components, up to which each has its tick. A choice: they stand apart."""

_MOST_TICKS = 6
"""Integers on a logarithmic axis that are ticks themselves, as far as there is room."""

_SHADES = 40
"""Of a heat map: from 50 on matplotlib draws the colour bar as a bitmap, and fewer show steps."""

_HEIGHT = 3.6
"""Of a panel, in inches."""

_DOTS_PER_INCH = 200
"""Of bitmaps: sharp on a screen with many dots, and in print."""


def panel_figure(panels: Sequence[Panel], salt: str) -> str:
    """Draw panels one below the other as SVG; `salt` keeps the ids of different figures apart."""
    with mpl.rc_context(style(salt)):
        return svg(_stacked_panels(panels))


def panel_file(panels: Sequence[Panel], ending: str) -> bytes:
    """Draw panels one below the other as the file of a figure: ``.svg``, ``.pdf`` or ``.png``."""
    with mpl.rc_context(style("chart")):
        return _figure_file(_stacked_panels(panels), ending)


def stacked(parts: Sequence[Part], height: float) -> Figure:
    """Return a figure of parts one below the other, each so many inches high."""
    figure = Figure(figsize=(7.5, height * len(parts)), layout="constrained")
    for axes, part in zip(figure.subplots(len(parts), 1, squeeze=False)[:, 0], parts, strict=True):
        part(axes)
    return figure


def on_axes(panels: Sequence[Panel], axes: Any = None) -> Any:
    """Draw panels on axes, by default on those of a new pyplot figure, and return these: a tuple if they are several.

    InputError if there are not as many axes as panels.
    """
    if axes is None:
        from matplotlib import pyplot  # noqa: PLC0415 (it chooses how windows are shown)

        size = (7.5, _HEIGHT * len(panels))
        _, axes = pyplot.subplots(len(panels), 1, squeeze=False, figsize=size, layout="constrained")
    given = tuple(np.ravel(axes).tolist())
    if len(given) != len(panels) or not all(isinstance(each, Axes) for each in given):
        raise InputError(f"axes: {len(panels)} axes of Matplotlib are wanted")
    for each, panel in zip(given, panels, strict=True):
        _draw(panel, each)
    return given if len(given) > 1 else given[0]


def _stacked_panels(panels: Sequence[Panel]) -> Figure:
    return stacked([partial(_draw, panel) for panel in panels], _HEIGHT)


def _draw(panel: Panel, axes: Axes) -> None:
    axes.set_title(_plain(panel.title), loc="left" if panel.heat else "center")
    axes.set(xlabel=panel.x, ylabel=panel.y)
    if panel.heat is not None:
        _draw_on_map(panel.heat, panel.curves, axes)
        return
    for curve in panel.curves:
        colour = COLOURS[curve.colour % len(COLOURS)]
        for note, x, y in zip(curve.notes, curve.x, curve.y, strict=curve.notes != ()):
            axes.annotate(_plain(note), (x, y), (6, 6), textcoords="offset points", fontsize="small")
        if curve.predicted:
            # At a single place it is a level, which is seen beside the point that it is compared with.
            draw = partial(axes.axhline, *curve.y) if len(curve.x) == 1 else partial(axes.plot, curve.x, curve.y)
            draw(linestyle="--", color=colour, linewidth=1.3, label=_plain(curve.label))
            continue
        label = _plain(curve.label)
        marker = _MARKERS[curve.colour % len(_MARKERS)] if len(curve.x) <= 30 else None
        told_apart = marker or any(each.predicted for each in panel.curves)
        line = LINE_STYLES[(curve.colour // len(COLOURS) if told_apart else curve.colour) % len(LINE_STYLES)]
        axes.plot(curve.x, curve.y, line, color=colour, marker=marker, markersize=4, alpha=0.75, label=label)
        if curve.low is not None and curve.high is not None:
            axes.vlines(curve.x, curve.low, curve.high, color=colour, linewidth=1.2)
    places = np.unique(np.concatenate([curve.x for curve in panel.curves]))
    if panel.scales[0] == "log2":
        axes.set_xscale("log", base=2)
        shown = _some(places.tolist())
        axes.set_xticks(shown, [f"{x:.0f}" for x in shown])
        axes.set_xticks([], minor=True)
    else:
        axes.set_xscale(panel.scales[0])
    axes.set_yscale(panel.scales[1])
    if panel.scales[1] == "linear" and axes.get_ylim()[0] < 0 < axes.get_ylim()[1]:
        axes.axhline(0, color=_INK, linewidth=0.8)
    whole = bool(np.all(places == np.round(places)))
    if not panel.x:
        places = places[:0]
    if whole and panel.scales[0] == "linear":
        few = FixedLocator(places.tolist()) if len(places) <= _FEW else MaxNLocator(integer=True)
        axes.xaxis.set_major_locator(few)
    elif whole and len(places) <= _MOST_TICKS and panel.scales[0] == "log":
        axes.set_xticks(places, [f"{x:,.0f}" for x in places])
        axes.set_xticks([], minor=True)
    finish(axes)


def _draw_on_map(heat: Heat, curves: Sequence[Curve], axes: Axes) -> None:
    heat_map(axes, heat.x, heat.y, heat.values, heat.meaning)
    if heat.ticks:
        shown = _some(range(len(heat.ticks)))
        axes.set_xticks(shown, [heat.ticks[index] for index in shown])
    for curve in curves:
        label = _plain(curve.label)
        if len(curve.x) == 1:
            axes.plot(curve.x, curve.y, "*", color=COLOURS[1], markersize=14, label=label)
            continue
        axes.plot(curve.x, curve.y, color="white", linewidth=4)
        # White between the dashes, too, so that the legend is read on a dark page.
        axes.plot(curve.x, curve.y, color="black", gapcolor="white", linestyle="--", label=label)
    if curves:  # Above, where nothing is covered.
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0)


def _some(ticks: Sequence[Any]) -> Sequence[Any]:
    """Return as many ticks as there is room for, the first and the last among them."""
    if len(ticks) <= _FEW:
        return ticks
    return [ticks[round(i * (len(ticks) - 1) / (_FEW - 1))] for i in range(_FEW)]


def _plain(text: str) -> str:
    """Keep text that may be a user's from being read as mathematics."""
    return text.replace("$", r"\$")


def heat_map(axes: Axes, x: ArrayLike, y: ArrayLike, values: FloatArray, meaning: str) -> None:
    """Draw values (a row for each y) as cells, with a colour bar; all of it vectors."""
    shades = mpl.colormaps["cividis"].resampled(_SHADES)
    mesh = axes.pcolormesh(
        x, y, values, cmap=shades, shading="nearest", edgecolors="face", linewidth=0.6, clip_on=False
    )
    figure: Any = axes.get_figure()
    bar = figure.colorbar(mesh, ax=axes, label=meaning)
    for shade in bar.ax.collections:
        shade.set(edgecolor="face", linewidth=0.6)  # else thin gaps show between the shades


def style(salt: str) -> dict[Any, Any]:
    """Return matplotlib settings for text that stays text and colours that follow the page."""
    return {**rc_params_from_file(_STYLE, use_default_template=False), "svg.hashsalt": salt}


def finish(axes: Axes) -> None:
    """Add grid and legend."""
    axes.grid(visible=True)
    axes.legend(loc="best")


def _figure_file(figure: Figure, ending: str) -> bytes:
    """Return a figure as the file of a format, ``.svg``, ``.pdf`` or ``.png``; on white, in black, but for SVG."""
    if ending == ".svg":
        return svg(figure).encode()
    undated = {"CreationDate": None, "Creator": None, "Producer": None} if ending == ".pdf" else {"Software": None}
    buffer = io.BytesIO()
    figure.savefig(buffer, format=ending[1:], facecolor="white", dpi=_DOTS_PER_INCH, metadata=undated)
    return buffer.getvalue()


def svg(figure: Figure) -> str:
    """Return a figure as SVG text."""
    FigureCanvasSVG(figure)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue().replace(_INK, "currentColor")
