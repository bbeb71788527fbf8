"""Figures as data: panels of curves, drawn as SVG text in the style of `emtheory.reports.render.plots`."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from emtheory.numerics.samples.estimate import Estimate
from emtheory.numerics.samples.simplex import FloatArray
from emtheory.reports.render.plots import COLOURS, figure_file, finish, style, svg

_MARKERS = "osD^v"
"""One for each colour of the palette, to tell curves apart in black and white."""
_FEW = 12
"""Whole numbers, such as steps or components, up to which each has its tick. A choice: they stand apart."""
_MOST_TICKS = 6
"""Integers on a logarithmic axis that are ticks themselves, as far as there is room."""


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve of a panel.

    Attributes
    ----------
    label, x, y
        Its name in the legend, and its points.
    low, high
        Ends of the error bars, or None.
    predicted
        Whether it is a prediction: drawn as a dashed line, an observation with markers.
    colour
        Index into the palette: a prediction shares the colour of what it predicts.
    notes
        What is written beside each point, if anything.
    """

    label: str
    x: FloatArray
    y: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None
    predicted: bool = False
    colour: int = 0
    notes: tuple[str, ...] = ()


def estimate_curve(label: str, x: FloatArray, estimates: Sequence[Estimate], colour: int = 0) -> Curve:
    """Return estimates with their intervals as error bars.

    Parameters
    ----------
    label
        In the legend.
    x
        Abscissas, one for each estimate.
    estimates
        Their values are the curve, their intervals the bars.
    colour
        Index into the palette.
    """
    value, low, high = (
        np.array([getattr(estimate, end) for estimate in estimates]) for end in ("value", "low", "high")
    )
    return Curve(label, x, value, low, high, colour=colour)


@dataclass(frozen=True, eq=False)
class Panel:
    """Axes with their curves; `scales` are matplotlib's names for x and y, such as ("linear", "log")."""

    title: str
    x: str
    y: str
    curves: tuple[Curve, ...]
    scales: tuple[str, str] = ("linear", "linear")


def panel_figure(panels: Sequence[Panel], salt: str) -> str:
    """Draw panels one below the other as SVG; `salt` keeps the ids of different figures apart."""
    with mpl.rc_context(style(salt)):
        return svg(_figure(panels))


def panel_file(panels: Sequence[Panel], ending: str) -> bytes:
    """Draw panels one below the other as the file of a figure: ``.svg``, ``.pdf`` or ``.png``."""
    with mpl.rc_context(style("chart")):
        return figure_file(_figure(panels), ending)


def _figure(panels: Sequence[Panel]) -> Figure:
    figure = Figure(figsize=(7.5, 3.6 * len(panels)), layout="constrained")
    for axes, panel in zip(figure.subplots(len(panels), 1, squeeze=False)[:, 0], panels, strict=True):
        for curve in panel.curves:
            colour = COLOURS[curve.colour % len(COLOURS)]
            for note, x, y in zip(curve.notes, curve.x, curve.y, strict=curve.notes != ()):
                axes.annotate(_plain(note), (x, y), (6, 6), textcoords="offset points", fontsize="small")
            if curve.predicted:
                axes.plot(curve.x, curve.y, "--", color=colour, linewidth=1.3, label=_plain(curve.label))
                continue
            label = _plain(curve.label)
            marker = _MARKERS[curve.colour % len(_MARKERS)] if len(curve.x) <= 30 else None
            axes.plot(curve.x, curve.y, color=colour, marker=marker, markersize=4, alpha=0.75, label=label)
            if curve.low is not None and curve.high is not None:
                axes.vlines(curve.x, curve.low, curve.high, color=colour, linewidth=1.2)
        axes.set_xscale(panel.scales[0])
        axes.set_yscale(panel.scales[1])
        places = np.unique(np.concatenate([curve.x for curve in panel.curves]))
        whole = bool(np.all(places == np.round(places)))
        if whole and panel.scales[0] == "linear":
            few = FixedLocator(places.tolist()) if len(places) <= _FEW else MaxNLocator(integer=True)
            axes.xaxis.set_major_locator(few)
        elif whole and len(places) <= _MOST_TICKS:
            axes.set_xticks(places, [f"{x:,.0f}" for x in places])
            axes.set_xticks([], minor=True)
        axes.set_title(_plain(panel.title))
        axes.set_xlabel(panel.x)
        axes.set_ylabel(panel.y)
        finish(axes)
    return figure


def _plain(text: str) -> str:
    """Keep text that may be a user's from being read as mathematics."""
    return text.replace("$", r"\$")
