"""`emtheory npmle`: the mixing distribution of maximal likelihood, with a certified gap."""

import json
from pathlib import Path

import click

from emtheory.reports.api.npmle import npmle
from emtheory.reports.atomic import write_atomically
from emtheory.reports.exit_code import ExitCode


def run(
    path: Path,
    kernel: str,
    fit: Path | None,
    gap: str | None,
    out: Path | None,
    html: Path | None,
    *,
    locate: bool,
    as_json: bool,
) -> ExitCode:
    """Certify and print, and return the exit status."""
    found = npmle(path, kernel, fit=fit, gap=gap, locate=locate, out=out)
    if html is not None:
        write_atomically(html, found.page())
    click.echo(json.dumps(found.as_json(), indent=2) if as_json else repr(found))
    if found.refuted:
        return ExitCode.REFUTED
    return ExitCode.OK if found.ok else ExitCode.INCONCLUSIVE
