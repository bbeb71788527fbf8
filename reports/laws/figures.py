"""The figures of the laws, each with the data it shows: radii and factors against k, and maps of factor and drift."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from emtheory.numerics.samples.simplex import FloatArray, distance_from_simplex
from emtheory.reports.laws.plan import lloyd_ball
from emtheory.reports.laws.table import Row, complement, law_rows, number
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.render.panels import Panel, curves_of
from emtheory.reports.render.plots import heat_map, panel_figure, style, svg
from emtheory.reports.tables.sweep_table import Line, csv_text, flat
from emtheory.theory.prose.unicode_text import plain

_RADII = {
    "lloyd_radius": "Lloyd's radius R₀",
    "strong_convexity_radius(1/2)": plain("$λ_{min}$ at least gap/2"),
    "pl_radius": "PL ratio at least gap/2",
    "strong_convexity_radius": plain("$λ_{min} ≥ 0$"),
}
_FACTORS = {"worst_contraction_factor": "truth", "contraction_bound": "explicit bound"}

RADII_FAMILIES = "one-heavy:3/5", "one-heavy:99/100"
_CAPTIONS = {
    "radii": "Radii against $k$. A curve has points where the radius was computed and is finite.",
    "bound": "One minus the worst factor on the ball of Lloyd's radius, and one minus its explicit bound: for large "
    "$k$ both decay about like powers of $k$.",
    "contraction-factor": "Contraction factor at a regular simplex, weights one-heavy:99/100 (all frequencies contract "
    "alike). Each cell is a certified value.",
    "simplex-drift": "How far one EM step from a regular simplex leads from all regular simplices, $k = 4$, weights "
    "proportional to 1, $q$, $q²$, $q³$. Uniform weights ($q = 1$) keep the simplex.",
}

_RUN_DATA = {"seconds", "error"}


def law_drawings(lines: Mapping[str, Sequence[Line]]) -> dict[str, Drawing]:
    """Return the figures of the laws, from the sweeps of `emtheory.reports.laws.plan.plan_laws`."""
    rows, data = law_rows(lines["laws"]), csv_text(_cells(lines["laws"]))
    drifts = simplex_drifts(_answered(lines["simplex-drift"]))
    factors = lines["contraction-factor"]
    radii = [_panel(family, "radius ‖θ‖", _radii(rows, family)) for family in RADII_FAMILIES]
    drawn = {
        "radii": (panel_figure(radii, "radii"), data),
        "bound": (panel_figure([_panel("", "1 − factor on Lloyd's ball", _factors(rows), "log")], "bound"), data),
        "contraction-factor": (factor_figure(_answered(factors)), csv_text(_cells(factors))),
        "simplex-drift": (drift_figure(drifts), csv_text(drifts)),
    }
    return {name: Drawing(svg, csv, _CAPTIONS[name]) for name, (svg, csv) in drawn.items()}


def _panel(title: str, y: str, points: Mapping[str, Sequence[tuple[float, float]]], scale: str = "linear") -> Panel:
    return Panel(title, "components k", y, curves_of(points), ("log2", scale))


def _radii(rows: Sequence[Row], family: str) -> dict[str, list[tuple[int, float]]]:
    """The radii against k; infinite ones leave a gap."""
    members = [row for row in rows if row["weights"] == family]
    return {
        label: [(row["k"], radius) for row in members if math.isfinite(radius := number(row, name))]
        for name, label in _RADII.items()
    }


def _factors(rows: Sequence[Row]) -> dict[str, list[tuple[int, float]]]:
    """1 minus the worst factor on Lloyd's ball, and 1 minus its proved bound, against k."""
    return {
        f"{family}, {label}": [
            (row["k"], complement(row, name)) for row in rows if row["weights"] == family and row[name]
        ]
        for family in RADII_FAMILIES
        for name, label in _FACTORS.items()
    }


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
    """Return rows of β_1, β_2 and how far a step leads from the simplex, whose amplitudes are in the ratio √2 : 1."""
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


def _answered(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line["value"] is not None]


def _cells(lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
    return ({name: value for name, value in flat(line).items() if name not in _RUN_DATA} for line in lines)


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
