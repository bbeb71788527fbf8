"""Figures as SVG text: the same data give the same bytes, and colours follow the page they stand in."""

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from emtheory.numerics.samples.simplex import FloatArray
from emtheory.reports.render.drawing import Decay, Profile

_INK = "#010203"
"""Stands for the colour of text and axes until the SVG is written, where it becomes the page's own."""

COLOURS = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"
"""From Okabe and Ito's palette, told apart by colour-blind readers."""

LINE_STYLES = "-", "--", "-.", ":"
"""They tell curves apart in black and white."""

_SHADES = 40
"""Of a heat map: from 50 on matplotlib draws the colour bar as a bitmap, and fewer show steps."""

_DOTS_PER_INCH = 200
"""Of bitmaps: sharp on a screen with many dots, and in print."""


def decay_figure(decays: Sequence[Decay]) -> str:
    """Draw log KL against the iteration beside the predictions."""
    with mpl.rc_context(style("decay")):
        figure = Figure(figsize=(7.5, 4), layout="constrained")
        axes = figure.subplots()
        for decay, colour in zip(decays, COLOURS, strict=False):
            axes.semilogy(decay.kl, color=colour, linewidth=3, alpha=0.55, label=f"{decay.label}: population EM")
            axes.semilogy(
                decay.predicted, color=colour, linewidth=1.3, linestyle="--", label=f"{decay.label}: predicted"
            )
        axes.set_xlabel("iteration t")
        axes.set_ylabel("KL divergence in nats")
        axes.set_ylim(min(decay.kl.min() for decay in decays) / 3, 3 * max(decay.kl.max() for decay in decays))
        finish(axes)
        return svg(figure)


def profile_figure(profiles: Sequence[Profile]) -> str:
    """Draw β, λ_min and the contraction factor along the simplex ray, one panel for each case."""
    with mpl.rc_context(style("profile")):
        figure = Figure(figsize=(7.5, 3.4 * len(profiles)), layout="constrained")
        panels = figure.subplots(len(profiles), 1, squeeze=False)[:, 0]
        for axes, profile in zip(panels, profiles, strict=True):
            axes.axhline(0, color=_INK, linewidth=0.8)
            curves = zip(profile.values.items(), COLOURS, LINE_STYLES, strict=False)
            for (name, values), colour, dashes in curves:
                axes.plot(profile.radii, values, color=colour, linestyle=dashes, label=name)
            axes.set_title(profile.label)
            axes.set_xlabel("radius ‖θ‖ of the simplex")
            finish(axes)
        return svg(figure)


def heat_map(figure: Figure, axes: Axes, x: ArrayLike, y: ArrayLike, values: FloatArray, meaning: str) -> None:
    """Draw values (a row for each y) as cells, with a colour bar; all of it vectors.

    Parameters
    ----------
    figure, axes
        What to draw on.
    x, y
        The middles of the cells, in order.
    values
        A row for each y and a column for each x; nan leaves a gap.
    meaning
        What they are, beside the colour bar.
    """
    shades = mpl.colormaps["cividis"].resampled(_SHADES)
    mesh = axes.pcolormesh(
        x, y, values, cmap=shades, shading="nearest", edgecolors="face", linewidth=0.6, clip_on=False
    )
    bar = figure.colorbar(mesh, ax=axes, label=meaning)
    for shade in bar.ax.collections:
        shade.set(edgecolor="face", linewidth=0.6)  # else thin gaps show between the shades


def style(salt: str) -> dict[Any, Any]:
    """Return matplotlib settings for text that stays text and colours that follow the page."""
    return {
        "svg.hashsalt": salt,
        "svg.fonttype": "none",
        "pdf.fonttype": 42,  # outlines that other programs can edit and search
        "font.family": "sans-serif",
        "font.size": 10,
        "axes.titlesize": 11,
        "axes.edgecolor": _INK,
        "axes.labelcolor": _INK,
        "axes.titlecolor": _INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "text.color": _INK,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "grid.color": _INK,
        "grid.alpha": 0.15,
        "lines.linewidth": 2,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "legend.frameon": False,
        "axes.unicode_minus": True,
    }


def finish(axes: Axes) -> None:
    """Add grid and legend."""
    axes.grid(visible=True)
    axes.legend(loc="best")


def figure_file(figure: Figure, ending: str) -> bytes:
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
