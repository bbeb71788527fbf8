"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from emtheory.numerics.level import ROUTES
from emtheory.reports.program import completion

Command = TypeVar("Command", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
route_option = click.option(
    "--route", type=click.Choice(["auto", *ROUTES]), default="auto", show_default=True, help="How to compute it."
)
source_option = click.option(
    "--source",
    metavar="NAME",
    shell_complete=completion.source,
    help="Only statements of this source, which `emtheory claims` lists.",
)
scheduler_option = click.option(
    "--scheduler", metavar="ADDRESS", help="Compute on the Dask cluster of this scheduler instead."
)
timeout_option = click.option(
    "--timeout", type=click.FloatRange(0, min_open=True), help="Seconds after which a claim is given up."
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Processes in which claims are decided side by side. If left out, claims come one by one, and a box is cut up "
    "for all processors.",
)
file_path = click.Path(path_type=Path)
models_option = click.option(
    "--models",
    multiple=True,
    type=file_path,
    metavar="FILE",
    help="A TOML file with models, besides those of claims files. Repeatable.",
)
plot_option = click.option(
    "--plot", type=file_path, metavar="FILE", help="Draw it as .svg, .pdf or .png, with the data beside it as .csv."
)


def select_option(name: str, what: str) -> Callable[[Command], Command]:
    """Return an option that chooses claims by their ids; `what` begins its help."""
    return click.option(
        name,
        multiple=True,
        metavar="ID",
        shell_complete=completion.claim,
        help=f"{what} with this id, or like ab*, repeatable.",
    )


def case_options(command: Command, *, required: bool = True) -> Command:
    """Add the options that describe a case to a command, where k and weights may be required."""
    for option in (
        click.option("--amplitudes", metavar="A,…", help="The point: amplitudes of the frequencies 1..⌊k/2⌋."),
        click.option("--radius", metavar="R", help="The point: a regular simplex of this radius."),
        click.option("--d", type=int, help="Dimension, at least k−1 (the default)."),
        click.option(
            "--weights", required=required, metavar="W", help="Exact weights 1/2,3/10,1/5 or a family such as linear."
        ),
        click.option("--k", required=required, type=int, help="Number of components."),
    ):
        command = option(command)
    return command


class FamilyCommand(click.Command):
    """A command with an option for each variable of each family; they are looked up when it runs."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options, those of families before the others."""
        from emtheory.numerics.families import FAMILIES

        variables = {each.name: each for family in FAMILIES.values() for each in family.variables}
        added: list[click.Parameter] = [
            click.Option([f"--{name.replace('_', '-')}", name], metavar="X", help=f"With --family: {each.meaning}.")
            for name, each in variables.items()
        ]
        return [*added, *super().get_params(ctx)]


def derive_options(command: Command) -> Command:
    """Add the options of a derivation."""
    for option in (
        click.option("--jobs", type=int, help="Processes for --mutants; all processors if left out."),
        click.option(
            "--sample", type=click.IntRange(min=1), metavar="N", help="At most N changes in a formula, 5 N in a module."
        ),
        click.option(
            "--mutants", is_flag=True, help="Change the derivation, or all, a little everywhere; say what is noticed."
        ),
        click.option(
            "--format", "form", type=click.Choice(("text", "latex", "json")), default="text", show_default=True
        ),
        click.option("--standalone", is_flag=True, help="With --format latex: a whole document, not a fragment."),
        click.option("--general", is_flag=True, help="For every k at once, or not at all."),
        click.option("--k", type=int, help="Number of components; if left out every k at once, where there is that."),
    ):
        command = option(command)
    return command
