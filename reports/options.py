"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from emtheory.numerics.level import ROUTES

Command = TypeVar("Command", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
route_option = click.option(
    "--route", type=click.Choice(["auto", *ROUTES]), default="auto", show_default=True, help="How to compute it."
)
source_option = click.option(
    "--source", metavar="NAME", help="Only statements of this source, a folder of theory/claims."
)
file_path = click.Path(path_type=Path)


def case_options(command: Command) -> Command:
    """Add the options that describe a case."""
    for option in (
        click.option("--amplitudes", metavar="A,…", help="The point: amplitudes of the frequencies 1..⌊k/2⌋."),
        click.option("--radius", metavar="R", help="The point: a regular simplex of this radius."),
        click.option("--d", type=int, help="Dimension, at least k−1 (the default)."),
        click.option(
            "--weights", required=True, metavar="W", help="Exact weights 1/2,3/10,1/5 or a family such as linear."
        ),
        click.option("--k", required=True, type=int, help="Number of components."),
    ):
        command = option(command)
    return command
