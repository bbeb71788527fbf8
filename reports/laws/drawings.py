"""The figures of the laws, each with the data it shows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from emtheory.reports.laws.figures import bound_figure, drift_figure, factor_figure, radii_figure, simplex_drifts
from emtheory.reports.laws.table import law_rows
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.tables.sweep_table import Line, csv_text, flat

RADII_FAMILIES = "one-heavy:3/5", "one-heavy:99/100"
_RUN_DATA = {"seconds", "error"}


def law_drawings(lines: Mapping[str, Sequence[Line]]) -> dict[str, Drawing]:
    """Return the figures of the laws, from the sweeps of `emtheory.reports.laws.plan.plan_laws`."""
    rows, data = law_rows(lines["laws"]), csv_text(_cells(lines["laws"]))
    drifts = simplex_drifts(_answered(lines["simplex-drift"]))
    return {
        "radii": Drawing(radii_figure(rows, RADII_FAMILIES), data),
        "bound": Drawing(bound_figure(rows, RADII_FAMILIES), data),
        "contraction-factor": Drawing(
            factor_figure(_answered(lines["contraction-factor"])), csv_text(_cells(lines["contraction-factor"]))
        ),
        "simplex-drift": Drawing(drift_figure(drifts), csv_text(drifts)),
    }


def _answered(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line["value"] is not None]


def _cells(lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
    return ({name: value for name, value in flat(line).items() if name not in _RUN_DATA} for line in lines)
