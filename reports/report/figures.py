"""The figures of the report, each with the data it shows."""

import math

from emtheory.reports.experiments.finite_sample_bound import quantile_panels, quantile_points
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.render.panels import panel_figure
from emtheory.reports.render.plots import decay_figure, profile_figure
from emtheory.reports.report.numbers import SETTINGS, decays, profile
from emtheory.reports.tables.sweep_table import csv_text

_SIZES, _DIMENSIONS = (5000, 10_000, 20_000), (2, 4, 8)
"""n and d at which the finite-sample bound is held against samples."""
_SEEDS = range(5000, 5300)
"""Of these samples: as few as give an interval of the 95 % quantile."""


def decay_drawing() -> Drawing:
    """KL against iterations beside the predictions."""
    drawn = decays(4, "1/2,1/4,1/8,1/8", 300)
    rows = (
        {"weights": decay.label, "iteration": t, "kl": kl, "predicted": "" if math.isnan(predicted) else predicted}
        for decay in drawn
        for t, (kl, predicted) in enumerate(zip(decay.kl.tolist(), decay.predicted.tolist(), strict=True))
    )
    return Drawing(decay_figure(drawn), csv_text(rows))


def profile_drawing() -> Drawing:
    """β, λ_min and the contraction factor along the simplex ray."""
    drawn = [profile(setting, 4.0) for setting in (SETTINGS[1], SETTINGS[-1])]
    rows = (
        {"case": one.label, "radius": radius, "quantity": name, "value": value}
        for one in drawn
        for name, values in one.values.items()
        for radius, value in zip(one.radii.tolist(), values.tolist(), strict=True)
    )
    return Drawing(profile_figure(drawn), csv_text(rows))


def samples_drawing() -> Drawing:
    """The proved bound on where EM on samples ends, and where it does."""
    points = quantile_points(_SIZES, _DIMENSIONS, _SIZES[-1], _SEEDS)
    rows = (
        {
            "n": point.n,
            "d": point.d,
            "bound": point.bound,
            "tail": point.tail,
            "observed": point.observed.value,
            "low": point.observed.low,
            "high": point.observed.high,
            "ratio": point.bound / point.observed.value,
        }
        for point in points
    )
    return Drawing(panel_figure(quantile_panels(points), "samples"), csv_text(rows))
