"""`emtheory report`: the main job."""

import sys
from pathlib import Path

import click

from emtheory.reports.catalogue.report import write_report
from emtheory.reports.exit_code import ExitCode
from emtheory.theory.claims import catalogue


def run(out: Path, *, quick: bool) -> ExitCode:
    """Check the catalogue, write the report, and return the exit status."""
    code = write_report(out, _tell if sys.stderr.isatty() else _ignore, catalogue(), quick=quick)
    if code == ExitCode.NOTHING_SELECTED:
        click.echo("emtheory: error: the catalogue is empty", err=True)
    else:
        click.echo(f"{out / 'index.html'}: {_MEANING[code]}")
    return code


_MEANING = {
    ExitCode.OK: "everything came out as expected",
    ExitCode.REFUTED: "something is decided against expectation",
    ExitCode.INCONCLUSIVE: "something is inconclusive",
}


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _ignore(_: str) -> None:
    """Progress is for people at a terminal only."""
