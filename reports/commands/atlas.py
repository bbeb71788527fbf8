"""`emtheory atlas`: phase diagrams of EM for two means."""

from pathlib import Path

import click

from emtheory.reports.charts.atlas import CHARTS
from emtheory.reports.charts.chart import write_chart
from emtheory.reports.exit_code import ExitCode


def run(out: Path, points: int) -> ExitCode:
    """Compute and draw each diagram, with its data beside it; CannotAnswerError if a point is not certified."""
    out.mkdir(parents=True, exist_ok=True)
    for name, chart in CHARTS.items():
        for line in write_chart(chart(points), out / f"{name}.svg"):
            click.echo(line)
    return ExitCode.OK
