"""`emtheory simulate --experiment NAME`: run an experiment, print its tables and verdicts."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import require_packages
from emtheory.numerics.samples.estimate import Estimate
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.experiments import find_experiment
from emtheory.reports.simulate.experiment import Cell, Comparison, Experiment, Findings, Table
from emtheory.reports.text_file import make_folder, write_atomically

_DIGITS = 8
"""Of predictions in the document, their ends rounded outwards. A choice: observations, whose intervals come from
samples, have fewer."""
_SHOWN_DIGITS = 6
"""Of predictions in the text, beside observations with as many."""


def run_experiment(name: str, out: Path | None, *, as_json: bool) -> int:
    """Run and print an experiment; the status is 0 if every comparison came out as expected, else 1."""
    experiment = find_experiment(name)
    if out is not None:
        require_packages("the figure", "matplotlib")
        make_folder(out)
    findings = experiment.run()
    document = _document(name, experiment, findings)
    if out is not None:
        _write(out, name, findings, document)
    click.echo(json.dumps(document, indent=2, allow_nan=False) if as_json else _text(name, experiment, findings))
    return ExitCode.OK if document["ok"] else ExitCode.REFUTED


def _document(name: str, experiment: Experiment, findings: Findings) -> dict[str, object]:
    return {
        "schema": 1,
        "experiment": name,
        "title": experiment.title,
        "source": experiment.source,
        "comparisons": [_comparison(comparison) for comparison in findings.comparisons],
        "tables": [
            {
                "title": table.title,
                "header": list(table.header),
                "rows": [list(map(_as_json, row)) for row in table.rows],
            }
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
        "predicted_low": decimal_text(predicted.lower, _DIGITS, "down"),
        "predicted_high": decimal_text(predicted.upper, _DIGITS, "up"),
        "predicted_level": str(predicted.level),
        "observed": {name: getattr(observed, name) for name in ("value", "low", "high")},
        **{name: getattr(observed, name) for name in ("confidence", "trials", "seeds")},
    }


def _as_json(cell: Cell) -> object:
    return asdict(cell) if isinstance(cell, Estimate) else cell


def _write(out: Path, name: str, findings: Findings, document: dict[str, object]) -> None:
    """Write document, tables and figure into a folder."""
    write_atomically(out / f"{name}.json", json.dumps(document, indent=2, allow_nan=False) + "\n")
    for number, table in enumerate(findings.tables, start=1):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(_csv_rows(table))
        write_atomically(out / f"{name}-{number}.csv", text.getvalue())
    if findings.panels:
        from emtheory.reports.render.plots import panel_figure  # noqa: PLC0415 (what draws is an extra)

        write_atomically(out / f"{name}.svg", panel_figure(findings.panels, name))


def _csv_rows(table: Table) -> Iterator[list[str | float]]:
    """Yield header and rows, with three columns where there are estimates."""
    wide = [any(isinstance(cell, Estimate) for cell in column) for column in zip(*table.rows, strict=True)]
    yield [name for title, three in zip(table.header, wide, strict=True) for name in _csv_names(title, three=three)]
    for row in table.rows:
        yield [value for cell, three in zip(row, wide, strict=True) for value in _csv_cells(cell, three=three)]


def _csv_names(title: str, *, three: bool) -> list[str]:
    return [title, f"{title} low", f"{title} high"] if three else [title]


def _csv_cells(cell: Cell, *, three: bool) -> list[str | float]:
    if isinstance(cell, Estimate):
        return [cell.value, cell.low, cell.high]
    return [cell, "", ""] if three else [cell]


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
            f"       predicted {_prediction(comparison.predicted)} ({comparison.predicted.level})",
            f"       observed {observed.value:.6g} in {interval}, {observed.trials} trials, seeds {observed.seeds}",
        ]
    lines += [f"note {remark}" for remark in findings.remarks]
    good = sum(comparison.ok for comparison in findings.comparisons)
    lines.append(f"{good} of {len(findings.comparisons)} comparisons as expected")
    return "\n".join(lines)


def _prediction(predicted: Enclosure) -> str:
    """Return its digits, or the interval if it is none of rounding."""
    if predicted.has_digits(_SHOWN_DIGITS):
        return decimal_text(predicted.midpoint, _SHOWN_DIGITS)
    return f"[{decimal_text(predicted.lower, _SHOWN_DIGITS)}, {decimal_text(predicted.upper, _SHOWN_DIGITS)}]"


def _table(table: Table) -> list[str]:
    rows = [table.header, *(tuple(map(_cell, row)) for row in table.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.header))]
    estimates = (cell for row in table.rows for cell in row if isinstance(cell, Estimate))
    intervals = {f"{cell.confidence:.2%}, {cell.trials} trials, seeds {cell.seeds}": None for cell in estimates}
    lines = ["  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    if intervals:
        lines.append(f"  intervals: {'; '.join(intervals)}")
    return [table.title, *lines]


def _cell(cell: Cell) -> str:
    if isinstance(cell, Estimate):
        return f"{cell.value:.5g} [{cell.low:.5g}, {cell.high:.5g}]"
    return cell if isinstance(cell, str) else f"{cell:.5g}"
