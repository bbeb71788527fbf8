"""A fit on its data: points, the mixture before and at the point certified, and EM's path to it, as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.fit_certificates.fit import Fit
from emtheory.reports.render.plots import COLOURS, LINE_STYLES, Part, finish, stacked, style, svg

_MOST_POINTS = 2000
"""That are drawn one by one."""
_TURN = np.linspace(0, 2 * np.pi, 121)
"""Around an ellipse."""
_GRID = 800
"""Places at which a density is drawn."""


@dataclass(frozen=True, eq=False)
class FitPath:
    """EM's path to a point that is certified.

    `distances`: from the point, step by step from the fit that was given, relative to the spread of components;
    `means`: of normal mixtures: the means step by step, steps × k × d; `rate`, `start`: EM's rate at the point, and how
    near starts are in the ball from which EM provably converges; None without one.
    """

    distances: FloatArray
    means: FloatArray | None
    rate: float
    start: float | None


def fit_figure(rows: FloatArray, given: Fit | None, certified: Fit | None, path: FitPath) -> str:
    """Draw the figure."""
    parts: list[Part] = []
    if given is not None and certified is not None:
        if rows.shape[1] == 1:
            parts.append(lambda axes: _line(axes, rows[:, 0], given, certified))
        else:
            parts.append(lambda axes: _plane(axes, rows[:, :2], given, certified, path))
    if len(path.distances) > 1:
        parts.append(lambda axes: _decay(axes, path))
    with mpl.rc_context(style("fit")):
        return svg(stacked(parts, 4.2)) if parts else ""


def _line(axes: Axes, x: FloatArray, given: Fit, certified: Fit) -> None:
    widest = 3 * np.sqrt(certified.covariances.max())
    grid = np.linspace(
        min(x.min(), certified.means.min() - widest), max(x.max(), certified.means.max() + widest), _GRID
    )
    axes.hist(x, bins=min(60, max(8, int(2 * len(x) ** 0.5))), density=True, color=COLOURS[4], alpha=0.35, label="data")
    axes.plot(grid, _density(grid, given).sum(0), LINE_STYLES[1], color=COLOURS[0], label="the fit given")
    whole = _density(grid, certified)
    axes.plot(grid, whole.sum(0), color=COLOURS[1], label="at the point certified")
    for component in whole:
        axes.plot(grid, component, LINE_STYLES[3], color=COLOURS[1], linewidth=0.9)
    axes.set_title(f"{len(x)} points and {len(certified.weights)} components")
    axes.set_xlabel("x")
    axes.set_ylabel("density")
    finish(axes)


def _density(grid: FloatArray, parts: Fit) -> FloatArray:
    """Weight times density of each component."""
    means, variances = parts.means[:, :1], parts.covariances[:, 0, :1]
    shape = np.exp(-np.square(grid - means) / (2 * variances)) / np.sqrt(2 * np.pi * variances)
    result: FloatArray = parts.weights[:, None] * shape
    return result


def _plane(axes: Axes, x: FloatArray, given: Fit, certified: Fit, path: FitPath) -> None:
    step = -(-len(x) // _MOST_POINTS)
    label = "data" if step == 1 else f"data, one in {step} of {len(x)}"
    axes.plot(x[::step, 0], x[::step, 1], ".", color=COLOURS[4], markersize=3, label=label)
    for parts, colour, line, name in (
        (given, COLOURS[0], LINE_STYLES[1], "the fit given"),
        (certified, COLOURS[1], LINE_STYLES[0], "at the point certified"),
    ):
        for j in range(len(parts.weights)):
            for size in (1, 2):
                curve = _ellipse(parts.means[j, :2], parts.covariances[j, :2, :2], size)
                axes.plot(*curve, line, color=colour, linewidth=1.2, label=name if (j, size) == (0, 1) else None)
    if path.means is not None:
        for j in range(path.means.shape[1]):
            way = path.means[:, j, :2]
            path_name = "EM's path of the means" if j == 0 else None
            axes.plot(way[:, 0], way[:, 1], "-o", color=COLOURS[2], markersize=2, linewidth=0.9, label=path_name)
    if path.start is not None:
        j = int(certified.weights.argmax())
        curve = _ellipse(certified.means[j, :2], certified.covariances[j, :2, :2], path.start)
        glass = axes.inset_axes((0.02, 0.68, 0.22, 0.3), xticks=[], yticks=[], xmargin=0.8, ymargin=0.8)
        glass.fill(*curve, color=COLOURS[3], alpha=0.5)
        glass.autoscale_view()
        glass.autoscale(False)
        name = "the certified ball of this mean, magnified"
        axes.plot(*certified.means[j, :2], "s", color=COLOURS[3], markersize=9, fillstyle="none", label=name)
        if path.means is not None:
            glass.plot(*path.means[:, j, :2].T, "-o", color=COLOURS[2], markersize=2, linewidth=0.9)
    axes.set_title(f"{len(x)} points, ellipses of one and two standard deviations")
    axes.set_xlabel("first coordinate")
    axes.set_ylabel("second coordinate")
    finish(axes)


def _ellipse(mean: FloatArray, covariance: FloatArray, size: float) -> Sequence[FloatArray]:
    around = mean[:, None] + size * np.linalg.cholesky(covariance) @ np.stack([np.cos(_TURN), np.sin(_TURN)])
    return around[0], around[1]


def _decay(axes: Axes, path: FitPath) -> None:
    steps = np.arange(len(path.distances))
    axes.plot(steps, path.distances, "-o", markersize=2.5, color=COLOURS[2], label="EM from the fit given")
    if 0 < path.rate < 1:
        line = path.distances[-1] * path.rate ** (steps - steps[-1])
        shown = line <= 10 * path.distances.max()
        label = f"the rate certified, {path.rate:.4g} a step"
        axes.plot(steps[shown], line[shown], LINE_STYLES[1], color=COLOURS[1], label=label)
    if path.start is not None:
        label = f"the ball certified: all starts within {path.start:.2g}"
        axes.axhspan(min(path.distances.min(), path.start) / 3, path.start, color=COLOURS[3], alpha=0.25, label=label)
    axes.set_yscale("log")
    axes.set_title("How far EM is from the point")
    axes.set_xlabel("steps")
    axes.set_ylabel("relative to the spread")
    finish(axes)
