"""`emtheory certify-data`: EM on given data, proved to converge."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from emtheory.reports.api.certify_data import certified
from emtheory.reports.exit_code import ExitCode


def run(path: Path, options: Mapping[str, Any], out: Path | None, *, as_json: bool) -> ExitCode:
    """Certify and print, and return the exit status."""
    result = certified(path, **options, folder=out, tell=lambda line: click.echo(line, err=True))
    click.echo(json.dumps(result.as_json(), indent=2) if as_json else repr(result))
    return ExitCode.OK if result.ok else ExitCode.INCONCLUSIVE
