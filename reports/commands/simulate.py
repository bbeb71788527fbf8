"""`emtheory simulate`: floating-point EM on a sample, beside what the theory predicts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from emtheory.numerics.errors import InputError
from emtheory.reports.simulate.files import make_folder, write_files
from emtheory.reports.simulate.run import Request
from emtheory.reports.simulate.run import run as simulated


def run(options: Mapping[str, Any], out: Path | None, *, as_json: bool) -> int:
    """Simulate and print; InputError if the request or the data are malformed."""
    if options["k"] is None or options["weights"] is None:
        raise InputError("give --k and --weights, or --experiment NAME")
    source = click.get_current_context().get_parameter_source("radius")
    given = options["radius"] if source is click.core.ParameterSource.COMMANDLINE else None
    if out is not None:
        make_folder(out)
    simulation = simulated(Request(**{**options, "radius": given}), lambda line: click.echo(line, err=True))
    if out is not None:
        write_files(simulation, out)
    click.echo(json.dumps(simulation.as_json(), indent=2, allow_nan=False) if as_json else repr(simulation))
    return 0
