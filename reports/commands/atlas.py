"""`emtheory atlas`: phase diagrams of EM for two means."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from emtheory.numerics.errors import require_packages
from emtheory.reports.api.atlas import atlas, chosen
from emtheory.reports.charts.chart import write_chart
from emtheory.reports.exit_code import ExitCode


def run(out: Path, select: Sequence[str], points: int, *, as_json: bool) -> ExitCode:
    """Compute and draw each diagram, with its data beside it; CannotAnswerError if a point is not certified."""
    require_packages("atlas", "matplotlib", "scipy")
    names = chosen(select)
    out.mkdir(parents=True, exist_ok=True)
    documents = []
    for name in names:
        chart = atlas(name, points=points)[name]
        path = out / f"{name}.svg"
        for line in write_chart(chart, path):
            click.echo(line, err=as_json)
        documents.append({"name": name, "figure": str(path), "points": list(chart.rows)})
    if as_json:
        click.echo(json.dumps({"schema": 1, "diagrams": documents}, indent=2))
    return ExitCode.OK
