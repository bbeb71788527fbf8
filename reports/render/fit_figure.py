"""Figures on data, as SVG: of a fit, with the point certified and EM's path to it, and of a mixing distribution.

Gradient functions are drawn between their certified bounds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.fit_certificates.fit import Fit
from emtheory.numerics.fit_certificates.model import ModelFamily
from emtheory.numerics.fit_certificates.polish import Candidate
from emtheory.numerics.fit_certificates.statistics import BITS
from emtheory.numerics.npmle.evidence import KernelOfFit
from emtheory.numerics.npmle.gradient import Envelope, envelope, gradient_cover
from emtheory.numerics.npmle.problem import Mixing, Problem, ratios
from emtheory.reports.render.plots import COLOURS, LINE_STYLES, Part, finish, heat_map, stacked, style, svg
from emtheory.theory.mixtures.model import BINOMIAL, NORMAL, POISSON

_MOST_POINTS = 2000
"""That are drawn one by one."""
_TURN = np.linspace(0, 2 * np.pi, 121)
"""Around an ellipse."""
_GRID = 800
"""Places at which a density is drawn on a line, at most."""
_SIDE = 90
"""Of the grid of which contours are made."""
_SHARES = 10, 30, 50, 70, 90
"""Of the points in percent that are outside of contours."""


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


def fit_figure(
    rows: FloatArray, given: Candidate, certified: Candidate, path: FitPath, kernels: Sequence[KernelOfFit]
) -> str:
    """Draw the figure."""
    parts: list[Part] = []
    if rows.shape[1] == 1:
        parts.append(lambda axes: _line(axes, rows, given, certified))
    else:
        parts.append(lambda axes: _plane(axes, rows, given, certified, path))
    if len(path.distances) > 1:
        parts.append(lambda axes: _decay(axes, path))
    if kernels and rows.shape[1] <= len(("x", "y")):
        parts.append(lambda axes: _gradients(axes, rows, kernels))
    with mpl.rc_context(style("fit")):
        return svg(stacked(parts, 4.2))


def _line(axes: Axes, rows: FloatArray, given: Candidate, certified: Candidate) -> None:
    low, high = float(rows.min()), float(rows.max())
    more = 0.1 * (high - low) or 1.0
    kinds = _kinds(certified)
    if is_discrete := kinds <= {POISSON, BINOMIAL}:
        grid, bins = np.unique(np.rint(np.linspace(0, high + 1, _GRID))), np.arange(-0.5, high + 1, 1 + high // 60)
    else:
        grid = np.linspace(low - more if kinds == {NORMAL} else 0.0, high + more, _GRID)
        bins = np.linspace(low, high, 1 + min(60, max(8, int(2 * len(rows) ** 0.5))))
    axes.hist(rows[:, 0], bins=list(bins), density=True, color=COLOURS[4], alpha=0.35, label="data")
    axes.plot(grid, _densities(grid[:, None], given).sum(0), LINE_STYLES[1], color=COLOURS[0], label="the fit given")
    whole = _densities(grid[:, None], certified)
    axes.plot(grid, whole.sum(0), color=COLOURS[1], label="at the point certified")
    for component in whole:
        axes.plot(grid, component, LINE_STYLES[3], color=COLOURS[1], linewidth=0.9)
    title = f"{len(rows)} points and {len(whole)} components"
    axes.set(title=title, xlabel="x", ylabel="probability" if is_discrete else "density")
    finish(axes)


def _kinds(mixture: Candidate) -> set[str]:
    """Of the laws of coordinates."""
    return {law.kind for law in mixture.model.fit[0].laws} if isinstance(mixture, ModelFamily) else {NORMAL}


def _densities(places: FloatArray, mixture: Candidate) -> FloatArray:
    """Weight times density of each component."""
    family = mixture.family()
    with arb_precision(BITS):
        own = np.array([float(x.mid()) for x in family.coefficients(family.centre)]).reshape(family.shape)
        base = [float(family.base(place[None]).mid()) for place in places]
    result: FloatArray = np.exp(np.einsum("kq,kqn->kn", own, family.features(places).mid) + base)
    return result


def _contours(axes: Axes, x: FloatArray, mixture: Candidate) -> None:
    """Lines of equal density, outside of which are shares of the points."""
    if isinstance(mixture, Fit):
        mixture = replace(mixture, means=mixture.means[:, :2], covariances=mixture.covariances[:, :2, :2])
    more = np.ptp(x, axis=0) / 8
    more[more == 0] = 1
    across, up = np.linspace(x.min(axis=0) - more, x.max(axis=0) + more, _SIDE).T
    places = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    levels = np.unique(np.percentile(_densities(x, mixture).sum(0), _SHARES))
    heights = _densities(places, mixture).sum(0).reshape(_SIDE, _SIDE)
    axes.contour(across, up, heights, levels=levels, colors=COLOURS[1], linewidths=0.7, alpha=0.6)
    label = "density with 10, 30, … 90 % of the points outside"
    axes.plot([], [], color=COLOURS[1], linewidth=0.7, alpha=0.6, label=label)


def _plane(axes: Axes, rows: FloatArray, given: Candidate, certified: Candidate, path: FitPath) -> None:
    x, step = rows[:, :2], -(-len(rows) // _MOST_POINTS)
    label = "data" if step == 1 else f"data, one in {step} of {len(x)}"
    axes.plot(x[::step, 0], x[::step, 1], ".", color=COLOURS[4], markersize=3, label=label)
    axes.set(title=f"{len(x)} points", xlabel="first coordinate", ylabel="second coordinate")
    if isinstance(certified, Fit) or (rows.shape[1] == x.shape[1] and _kinds(certified) == {NORMAL}):
        _contours(axes, x[::step], certified)
    if not (isinstance(certified, Fit) and isinstance(given, Fit)):
        finish(axes)
        return
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
    axes.grid(visible=True)
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2, fontsize="small")


def _gradients(axes: Axes, rows: FloatArray, kernels: Sequence[KernelOfFit]) -> None:
    """The gradient function of each kernel on a line; in the plane that of the one with which most is to be gained."""
    found = [(kernel, envelope) for kernel in kernels if (envelope := kernel.envelope())]
    axes.set_title("What mixing another normal law in would gain, at first: D at its mean")
    for index, (kernel, envelope) in enumerate(found if rows.shape[1] == 1 else []):
        label = f"D of the covariance of component {kernel.component}, between certified bounds"
        draw_band(axes, envelope, kernel.places, COLOURS[index % len(COLOURS)], label)
    if rows.shape[1] == 1:
        axes.axhline(0, color="black", linewidth=0.6)
        axes.set(xlabel="mean", ylabel="D")
        finish(axes)
    elif found:
        kernel, envelope = max(found, key=lambda each: float(each[1].upper.max()))
        draw_map(axes, envelope, kernel.places, f"D of the covariance of component {kernel.component}: upper bound")
        shown = rows[:: -(-len(rows) // _MOST_POINTS)]
        axes.plot(shown[:, 0], shown[:, 1], ".", color="black", markersize=1.5)
        axes.set(xlabel="mean, first coordinate", ylabel="mean, second coordinate")


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
        label = f"the ball certified: all starts within {decimal_text(Fraction(path.start), 2, 'down')}"
        axes.axhspan(min(path.distances.min(), path.start) / 3, path.start, color=COLOURS[3], alpha=0.25, label=label)
    axes.set(yscale="log", title="How far EM is from the point", xlabel="steps", ylabel="relative to the spread")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    finish(axes)


_CLOSE = 1e-6
"""Up to which the axis of the close-up is linear."""
_LOWEST = -1.0
"""The smallest value that the gradient function may have."""
Placed = Callable[[FloatArray], FloatArray]
"""Takes places, n × m, to where they are drawn."""


def mixing_figure(problem: Problem, mixing: Mixing) -> str:
    """Draw data in one dimension or two, the atoms of a mixing distribution, and its gradient function D."""
    found = envelope(gradient_cover(problem, ratios(problem, mixing)))
    with mpl.rc_context(style("mixing")):
        return svg(_mixing_line(problem, mixing, found) if problem.m == 1 else _mixing_plane(problem, mixing, found))


def _mixing_line(problem: Problem, mixing: Mixing, found: Envelope | None) -> Figure:
    figure = Figure(figsize=(7.5, 3 * (1 if found is None else 3)), layout="constrained")
    panels = figure.subplots(1 if found is None else 3, 1, squeeze=False, sharex=True)[:, 0]
    _data_panel(panels[0], problem, mixing)
    if found is None:
        return figure
    for axes, title in zip(panels[1:], ("The gradient function", "The same, near 0"), strict=True):
        axes.axhline(0, color=COLOURS[1], linewidth=0.8)
        draw_band(axes, found, lambda t: t, COLOURS[0], "D(t), between certified bounds")
        axes.plot(mixing.atoms[:, 0], np.zeros(mixing.k), "o", color=COLOURS[1], markersize=4, label="atoms")
        axes.set(title=title, ylabel="D(t)")
        finish(axes)
    panels[2].set_yscale("symlog", linthresh=_CLOSE)
    panels[2].set(ylim=(_LOWEST, max(10 * _CLOSE, 10 * float(found.upper.max()))), xlabel="t")
    return figure


def draw_band(axes: Axes, found: Envelope, placed: Placed, colour: str, label: str) -> None:
    """Draw bounds of a gradient function on a line; a gap between cells is one in the band, too."""
    order = np.argsort(found.centres[:, 0])
    ends = np.stack([found.centres[order] - found.half_width, found.centres[order] + found.half_width], 1)
    low, high = (np.repeat(side[order], 2) for side in (found.lower, found.upper))
    axes.fill_between(placed(ends.reshape(-1, 1))[:, 0], low, high, color=colour, linewidth=0.7, label=label)


def draw_map(axes: Axes, found: Envelope, placed: Placed, meaning: str) -> None:
    """Draw upper bounds of a gradient function in the plane."""
    xs, ys = (np.round(found.centres[:, a] / found.half_width) for a in range(2))
    across, up = np.unique(xs), np.unique(ys)
    values = np.full((len(up), len(across)), np.nan)
    values[np.searchsorted(up, ys), np.searchsorted(across, xs)] = np.maximum(found.upper, _LOWEST)
    grid = placed(np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2) * found.half_width)
    heat_map(axes, grid[:, 0].reshape(values.shape), grid[:, 1].reshape(values.shape), values, meaning)


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
    axes.set(title=f"{problem.n} points and {mixing.k} {'atom' if mixing.k == 1 else 'atoms'}", ylabel="density")
    finish(axes)


def _density(grid: FloatArray, t: FloatArray, weights: FloatArray, scale: float) -> FloatArray:
    kernels = np.exp(-np.square((grid[:, None] - t) * scale) / 2) * (scale / np.sqrt(2 * np.pi))
    result: FloatArray = kernels @ weights
    return result


def _mixing_plane(problem: Problem, mixing: Mixing, found: Envelope | None) -> Figure:
    figure = Figure(figsize=(7.5, 6), layout="constrained")
    axes = figure.subplots()
    if found is not None:
        draw_map(axes, found, lambda t: t, "D(t): its upper bound on each cell")
    step = -(-len(problem.points) // _MOST_POINTS)
    shown = problem.points[::step]
    label = "data" if step == 1 else f"data, one in {step} of {problem.n}"
    axes.plot(shown[:, 0], shown[:, 1], ".", color="black", markersize=2, label=label)
    sizes = 20 + 180 * mixing.weights / mixing.weights.max()
    axes.scatter(mixing.atoms[:, 0], mixing.atoms[:, 1], s=sizes, color=COLOURS[1], edgecolor="white", label="atoms")
    title = f"{problem.n} points, {mixing.k} atoms and the gradient function"
    axes.set(title=title, xlabel="t, first coordinate", ylabel="t, second coordinate")
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.1), ncols=2)
    return figure
