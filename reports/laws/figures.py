"""The figures of the laws, each with the data it shows: radii and factors against k, and maps of factor and drift."""

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from emtheory.numerics.samples.simplex import distance_from_simplex
from emtheory.reports.laws.plan import lloyd_ball
from emtheory.reports.laws.table import Row, complement, law_rows, number
from emtheory.reports.render.chart import Chart
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.render.panels import Curve, Panel, curves_of, heat_of
from emtheory.reports.tables.sweep_table import Line, flat
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
    rows, cells = law_rows(lines["laws"]), _cells(lines["laws"])
    drifts = simplex_drifts(_answered(lines["simplex-drift"]))
    factors = lines["contraction-factor"]
    radii = [_panel(family, "radius ‖θ‖", _radii(rows, family)) for family in RADII_FAMILIES]
    charts = {
        "radii": Chart(radii, cells),
        "bound": Chart([_panel("", "1 − factor on Lloyd's ball", _factors(rows), "log")], cells),
        "contraction-factor": Chart([factor_panel(_answered(factors))], _cells(factors)),
        "simplex-drift": Chart([drift_panel(drifts)], drifts),
    }
    return {name: chart.drawing(name, _CAPTIONS[name]) for name, chart in charts.items()}


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


def factor_panel(lines: Sequence[Line]) -> Panel:
    """Return the contraction factor 1 − β over k and radius, with Lloyd's radius as a curve."""
    factors = {(Fraction(line["k"]), Fraction(line["radius"])): 1 - float(line["value"]) for line in lines}
    heat = heat_of(factors, "contraction factor 1 − β", named=True)
    lloyd = Curve("Lloyd's radius R₀", heat.x, np.array([float(lloyd_ball(int(k))) for k in heat.ticks]))
    return Panel("", "components k", "radius ‖θ‖ of the simplex", (lloyd,), heat=heat)


def drift_panel(drifts: Sequence[Mapping[str, Any]]) -> Panel:
    """Return how far from a simplex one EM step leads, over the ratio of successive weights and the radius."""
    values = {(Fraction(row["ratio"]), Fraction(row["radius"])): row["drift"] for row in drifts}
    heat = heat_of(values, "distance from the simplex after a step / ‖M(θ)‖")
    return Panel("", "ratio q of successive weights, k = 4", "radius ‖θ‖ of the simplex", (), heat=heat)


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


def _cells(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [{name: value for name, value in flat(line).items() if name not in _RUN_DATA} for line in lines]
