"""A mixing distribution on data: points, atoms, and the gradient function between its certified bounds, as SVG."""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.npmle.gradient import Envelope, envelope
from emtheory.numerics.npmle.problem import Mixing, Problem
from emtheory.reports.render.plots import COLOURS, finish, heat_map, style, svg

_BOXES = {1: 2000, 2: 4000}
"""On which the gradient function is bounded for the figure, by dimension. A choice: finer than is seen."""
_MOST_POINTS = 2000
"""That are drawn one by one."""
_CLOSE = 1e-6
"""Up to which the axis of the close-up is linear."""
_LOWEST = -1.0
"""The smallest value that the gradient function may have."""


def mixing_figure(problem: Problem, mixing: Mixing) -> str:
    """Draw data in one dimension or two, the atoms of a mixing distribution, and its gradient function D."""
    found = envelope(problem, mixing, _BOXES[problem.m])
    with mpl.rc_context(style("mixing")):
        return svg(_line(problem, mixing, found) if problem.m == 1 else _plane(problem, mixing, found))


def _line(problem: Problem, mixing: Mixing, found: Envelope | None) -> Figure:
    figure = Figure(figsize=(7.5, 3 * (1 if found is None else 3)), layout="constrained")
    panels = figure.subplots(1 if found is None else 3, 1, squeeze=False, sharex=True)[:, 0]
    _data_panel(panels[0], problem, mixing)
    if found is None:
        return figure
    order = np.argsort(found.centres[:, 0])
    # A gap between cells is one in the band, too.
    x = np.stack([found.centres[order, 0] - found.half_width, found.centres[order, 0] + found.half_width], 1).ravel()
    low, high = np.repeat(found.lower[order], 2), np.repeat(found.upper[order], 2)
    for axes, title in zip(panels[1:], ("The gradient function", "The same, near 0"), strict=True):
        axes.axhline(0, color=COLOURS[1], linewidth=0.8)
        axes.fill_between(x, low, high, color=COLOURS[0], linewidth=0.6, label="D(t), between certified bounds")
        axes.plot(mixing.atoms[:, 0], np.zeros(mixing.k), "o", color=COLOURS[1], markersize=4, label="atoms")
        axes.set_title(title)
        axes.set_ylabel("D(t)")
        finish(axes)
    panels[2].set_yscale("symlog", linthresh=_CLOSE)
    panels[2].set_ylim(_LOWEST, max(10 * _CLOSE, 10 * float(found.upper.max())))
    panels[2].set_xlabel("t")
    return figure


def _data_panel(axes: Axes, problem: Problem, mixing: Mixing) -> None:
    x, t = problem.points[:, 0], mixing.atoms[:, 0]
    weights = mixing.weights / mixing.total
    sigma = 1 / problem.scale
    grid = np.linspace(x.min() - 3 * sigma, x.max() + 3 * sigma, 1200)
    density = _density(grid, t, weights, problem.scale)
    bins = min(60, max(5, int((x.max() - x.min()) / sigma * 2) + 1))
    axes.hist(x, bins=bins, weights=problem.counts, density=True, color=COLOURS[0], alpha=0.3, label="data")
    axes.plot(grid, density, color=COLOURS[0], linewidth=1.3, label="fitted density")
    heights = weights / weights.max() * density.max()
    axes.vlines(t, 0, heights, color=COLOURS[1], linewidth=2, label="atoms, with heights as their weights")
    axes.set_title(f"{problem.n} points and {mixing.k} {'atom' if mixing.k == 1 else 'atoms'}")
    axes.set_ylabel("density")
    finish(axes)


def _density(grid: FloatArray, t: FloatArray, weights: FloatArray, scale: float) -> FloatArray:
    kernels = np.exp(-np.square((grid[:, None] - t) * scale) / 2) * (scale / np.sqrt(2 * np.pi))
    result: FloatArray = kernels @ weights
    return result


def _plane(problem: Problem, mixing: Mixing, found: Envelope | None) -> Figure:
    figure = Figure(figsize=(7.5, 6), layout="constrained")
    axes = figure.subplots()
    if found is not None:
        xs, ys = (np.unique(np.round(found.centres[:, a] / found.half_width)) for a in range(2))
        places = [np.round(found.centres[:, a] / found.half_width) for a in range(2)]
        values = np.full((len(ys), len(xs)), np.nan)
        values[np.searchsorted(ys, places[1]), np.searchsorted(xs, places[0])] = np.maximum(found.upper, _LOWEST)
        meaning = "D(t): its upper bound on each cell"
        heat_map(axes, xs * found.half_width, ys * found.half_width, values, meaning)
    step = -(-len(problem.points) // _MOST_POINTS)
    shown = problem.points[::step]
    label = "data" if step == 1 else f"data, one in {step} of {problem.n}"
    axes.plot(shown[:, 0], shown[:, 1], ".", color="black", markersize=2, label=label)
    sizes = 20 + 180 * mixing.weights / mixing.weights.max()
    axes.scatter(mixing.atoms[:, 0], mixing.atoms[:, 1], s=sizes, color=COLOURS[1], edgecolor="white", label="atoms")
    axes.set_title(f"{problem.n} points, {mixing.k} atoms and the gradient function")
    axes.set_xlabel("t, first coordinate")
    axes.set_ylabel("t, second coordinate")
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.1), ncols=2)
    return figure
