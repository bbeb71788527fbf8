"""The figures of the laws, each with the data it shows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from emtheory.reports.laws.figures import bound_figure, drift_figure, factor_figure, radii_figure, simplex_drifts
from emtheory.reports.laws.table import law_rows
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.tables.sweep_table import Line, csv_text, flat

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
    drawn = {
        "radii": (radii_figure(rows, RADII_FAMILIES), data),
        "bound": (bound_figure(rows, RADII_FAMILIES), data),
        "contraction-factor": (factor_figure(_answered(factors)), csv_text(_cells(factors))),
        "simplex-drift": (drift_figure(drifts), csv_text(drifts)),
    }
    return {name: Drawing(svg, csv, _CAPTIONS[name]) for name, (svg, csv) in drawn.items()}


def _answered(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line["value"] is not None]


def _cells(lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
    return ({name: value for name, value in flat(line).items() if name not in _RUN_DATA} for line in lines)
