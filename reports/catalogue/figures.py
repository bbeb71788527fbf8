"""The figures of the report, each with the data it shows."""

import math

from emtheory.reports.catalogue.numbers import SETTINGS, decays, profile
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.render.plots import decay_figure, profile_figure
from emtheory.reports.tables.sweep_table import csv_text


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
