"""The figures of a user's claims: both sides of each statement over its domain."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from emtheory.reports.catalogue.entry import EntryVerdict
from emtheory.reports.checking.tasks import Start, Task, result_of
from emtheory.reports.render.drawing import Drawing
from emtheory.theory.claim import Claim


def claim_drawings(verdicts: Sequence[EntryVerdict], start: Start) -> dict[str, Drawing]:
    """Draw the sides of each statement over its domain, where it has one, by the id of its entry."""
    futures = {
        verdict.entry.id: start(
            Task(f"figure: {found.id}", draw_claim, (verdict.entry.claims[0], found.outcome, found.document["witness"]))
        )
        for verdict in verdicts
        for found in verdict.claims
    }
    drawn = {name: result_of(future).value for name, future in futures.items()}
    return {name: Drawing(**value) for name, value in drawn.items() if value}


def draw_claim(claim: Claim, verdict: str, witness: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the figure of a claim as JSON values; nothing if there is none to draw, or too much."""
    # What draws takes a while to load, and not every report has figures.
    from emtheory.reports.charts.chart import MAX_PANELS  # noqa: PLC0415
    from emtheory.reports.charts.claims import Decided, claims_chart  # noqa: PLC0415
    from emtheory.reports.render.plots import panel_figure  # noqa: PLC0415
    from emtheory.reports.tables.sweep_table import csv_text  # noqa: PLC0415

    chart = claims_chart([Decided(claim, verdict, witness)])
    if not any(curve.x.size for panel in chart.panels for curve in panel.curves) or len(chart.panels) > MAX_PANELS:
        return {}
    caption = f"Both sides of {claim.statement} over its domain, to six digits."
    return asdict(Drawing(panel_figure(chart.panels, claim.id), csv_text(chart.rows), caption))
