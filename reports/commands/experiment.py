"""`emtheory simulate --experiment NAME`: run an experiment, print its tables and verdicts."""

import csv
import io
import json
from pathlib import Path

import click

from numerics.decimal_text import decimal_text
from reports.atomic import write_atomically
from reports.exit_code import ExitCode
from reports.experiment import Comparison, Experiment, Findings, Table
from reports.experiments import find_experiment
from reports.panels import panel_figure

_DIGITS = 8


def run_experiment(name: str, out: Path | None, *, as_json: bool) -> int:
    """Run and print an experiment; the status is 0 if every comparison came out as expected, else 1."""
    experiment = find_experiment(name)
    findings = experiment.run()
    document = _document(name, experiment, findings)
    if out is not None:
        _write(out, name, findings, document)
    click.echo(json.dumps(document, indent=2) if as_json else _text(name, experiment, findings))
    return ExitCode.OK if document["ok"] else ExitCode.REFUTED


def _document(name: str, experiment: Experiment, findings: Findings) -> dict[str, object]:
    return {
        "schema": 1,
        "experiment": name,
        "title": experiment.title,
        "source": experiment.source,
        "comparisons": [_comparison(comparison) for comparison in findings.comparisons],
        "tables": [
            {"title": table.title, "header": list(table.header), "rows": [list(row) for row in table.rows]}
            for table in findings.tables
        ],
        "remarks": list(findings.remarks),
        "ok": all(comparison.ok for comparison in findings.comparisons),
    }


def _comparison(comparison: Comparison) -> dict[str, object]:
    predicted, observed = comparison.predicted, comparison.observed
    return {
        "statement": comparison.statement,
        "verdict": comparison.outcome,
        "expected": comparison.expected,
        "ok": comparison.ok,
        "predicted": decimal_text(predicted.midpoint, _DIGITS),
        "predicted_level": str(predicted.level),
        "observed": {"value": observed.value, "low": observed.low, "high": observed.high},
        "confidence": observed.confidence,
        "trials": observed.trials,
        "seeds": observed.seeds,
    }


def _write(out: Path, name: str, findings: Findings, document: dict[str, object]) -> None:
    """Write document, tables and figure into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / f"{name}.json", json.dumps(document, indent=2) + "\n")
    for number, table in enumerate(findings.tables, start=1):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([table.header, *table.rows])
        write_atomically(out / f"{name}-{number}.csv", text.getvalue())
    if findings.panels:
        write_atomically(out / f"{name}.svg", panel_figure(findings.panels, name))


def _text(name: str, experiment: Experiment, findings: Findings) -> str:
    lines = [f"{name}: {experiment.title}", f"  source: {experiment.source}"]
    for table in findings.tables:
        lines += ["", *_table(table)]
    lines.append("")
    for comparison in findings.comparisons:
        observed = comparison.observed
        interval = f"[{observed.low:.6g}, {observed.high:.6g}] ({observed.confidence:.2%})"
        control = " (control, must be refuted)" if comparison.expected != "holds" else ""
        lines += [
            f"{'ok  ' if comparison.ok else 'FAIL'} {comparison.outcome}: {comparison.statement}{control}",
            f"       predicted {decimal_text(comparison.predicted.midpoint, 6)} ({comparison.predicted.level})",
            f"       observed {observed.value:.6g} in {interval}, {observed.trials} trials, seeds {observed.seeds}",
        ]
    lines += [f"note {remark}" for remark in findings.remarks]
    good = sum(comparison.ok for comparison in findings.comparisons)
    lines.append(f"{good} of {len(findings.comparisons)} comparisons as expected")
    return "\n".join(lines)


def _table(table: Table) -> list[str]:
    rows = [table.header, *(tuple(_cell(value) for value in row) for row in table.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.header))]
    return [
        table.title,
        *("  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows),
    ]


def _cell(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.5g}"
