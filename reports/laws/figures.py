"""The figures of the laws: radii and factors against k, and maps of the contraction factor and of the drift."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from emtheory.numerics.samples.simplex import FloatArray, distance_from_simplex
from emtheory.reports.laws.plan import lloyd_ball
from emtheory.reports.laws.table import Row, complement, number
from emtheory.reports.render.plots import COLOURS, LINE_STYLES, finish, heat_map, style, svg
from emtheory.reports.tables.sweep_table import Line
from emtheory.theory.prose.unicode_text import plain

_MARKERS = "o", "s", "^", "D"
_RADII = {
    "lloyd_radius": "Lloyd's radius R₀",
    "strong_convexity_radius(1/2)": plain("$λ_{min}$ at least gap/2"),
    "pl_radius": "PL ratio at least gap/2",
    "strong_convexity_radius": plain("$λ_{min} ≥ 0$"),
}
_FACTORS = {"worst_contraction_factor": "truth", "contraction_bound": "explicit bound"}


def radii_figure(rows: Sequence[Row], families: Sequence[str]) -> str:
    """Draw the radii against k, a panel for each family; infinite ones leave a gap."""
    with mpl.rc_context(style("radii")):
        figure = Figure(figsize=(7.5, 3.2 * len(families)), layout="constrained")
        for axes, family in zip(np.ravel(figure.subplots(len(families), 1)), families, strict=True):
            members = [row for row in rows if row["weights"] == family]
            axes.set_title(family)
            _curves(axes, {label: _finite(members, name) for name, label in _RADII.items()})
            axes.set_ylabel("radius ‖θ‖")
        return svg(figure)


def bound_figure(rows: Sequence[Row], families: Sequence[str]) -> str:
    """Draw 1 minus the worst factor on Lloyd's ball, and 1 minus its proved bound, against k."""
    curves = {
        f"{family}, {label}": [
            (row["k"], complement(row, name)) for row in rows if row["weights"] == family and row[name]
        ]
        for family in families
        for name, label in _FACTORS.items()
    }
    with mpl.rc_context(style("bound")):
        figure = Figure(figsize=(7.5, 4), layout="constrained")
        axes = figure.subplots()
        _curves(axes, curves)
        axes.set_yscale("log")
        axes.set_ylabel("1 − factor on Lloyd's ball")
        return svg(figure)


def factor_figure(lines: Sequence[Line]) -> str:
    """Draw the contraction factor 1 − β over k and radius, with Lloyd's radius as a curve."""
    ks, radii, powers = _table(lines, lambda line: line["k"], lambda line: float(line["value"]))
    with mpl.rc_context(style("factor")):
        figure = Figure(figsize=(7.5, 4), layout="constrained")
        axes = figure.subplots()
        heat_map(axes, np.log2(ks), radii, 1 - powers, "contraction factor 1 − β")
        lloyd = [float(lloyd_ball(int(k))) for k in ks]
        axes.plot(np.log2(ks), lloyd, color="white", linewidth=4)
        # White between the dashes, too, so that the legend is read on a dark page.
        axes.plot(np.log2(ks), lloyd, color="black", gapcolor="white", linestyle="--", label="Lloyd's radius R₀")
        axes.set_xticks(np.log2(ks), [str(int(k)) for k in ks])
        axes.set_xlabel("components k")
        axes.set_ylabel("radius ‖θ‖ of the simplex")
        figure.legend(loc="outside upper right")
        return svg(figure)


def drift_figure(drifts: Sequence[Mapping[str, Any]]) -> str:
    """Draw how far from a simplex one EM step leads, over the ratio of successive weights and the radius."""
    ratios, radii, values = _table(drifts, lambda row: float(Fraction(row["ratio"])), lambda row: row["drift"])
    with mpl.rc_context(style("drift")):
        figure = Figure(figsize=(7.5, 4), layout="constrained")
        axes = figure.subplots()
        heat_map(axes, ratios, radii, values, "distance from the simplex after a step / ‖M(θ)‖")
        axes.set_xlabel("ratio q of successive weights, k = 4")
        axes.set_ylabel("radius ‖θ‖ of the simplex")
        return svg(figure)


def simplex_drifts(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return one row for each ratio and radius: β_1, β_2, and how far one step leads from the simplex, relatively.

    The amplitudes of the simplex are in the ratio √2 : 1; a step multiplies them by 1 − β_1 and 1 − β_2.
    """
    powers: dict[tuple[str, str], dict[str, str]] = {}
    for line in lines:
        ratio = line["weights"].removeprefix("geometric:")
        powers.setdefault((ratio, line["radius"]), {})[line["arguments"]["m"]] = line["value"]
    rows = []
    for (ratio, radius), beta in ((place, beta) for place, beta in powers.items() if len(beta) == 2):
        after = np.array([math.sqrt(2), 1.0]) * (1 - np.array([float(beta["1"]), float(beta["2"])]))
        drift = float(distance_from_simplex(after, 4) / np.linalg.norm(after))
        rows.append({"ratio": ratio, "radius": radius, "beta_1": beta["1"], "beta_2": beta["2"], "drift": drift})
    return rows


def _finite(rows: Sequence[Row], name: str) -> list[tuple[int, float]]:
    points = [(row["k"], number(row, name)) for row in rows]
    return [(k, value) for k, value in points if math.isfinite(value)]


def _curves(axes: Axes, curves: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    for index, (label, points) in enumerate(curves.items()):
        x, y = zip(*points, strict=True) if points else ((), ())
        at = index % len(_MARKERS)
        axes.plot(x, y, label=label, color=COLOURS[at], linestyle=LINE_STYLES[at], marker=_MARKERS[at], markersize=4)
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.set_xlabel("components k")
    finish(axes)


def _table(
    rows: Sequence[Mapping[str, Any]],
    across: Callable[[Mapping[str, Any]], float],
    value: Callable[[Mapping[str, Any]], float],
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the distinct abscissas, the radii, and the values as an array with a row for each radius."""
    columns = sorted({across(row) for row in rows})
    radii = sorted({Fraction(row["radius"]) for row in rows})
    values = np.full((len(radii), len(columns)), np.nan)
    for row in rows:
        values[radii.index(Fraction(row["radius"])), columns.index(across(row))] = value(row)
    return np.array(columns, dtype=float), np.array([float(radius) for radius in radii]), values
