"""Options that several commands share."""

from collections.abc import Callable
from copy import copy
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from emtheory.numerics.level import ROUTES
from emtheory.reports.program import completion

if TYPE_CHECKING:
    from emtheory.numerics.family import Variable

Command = TypeVar("Command", bound=Callable[..., Any])


def _seconds(context: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    """The number of seconds that was given, as for callers of Python."""
    from emtheory.reports.api.given import seconds

    return seconds(value, "--timeout")


seconds_option = partial(click.option, "--timeout", type=float, metavar="SECONDS", callback=_seconds)

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
timeout_option = seconds_option(
    help="Seconds after which a claim is given up; what is decided in half a second more counts."
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Processes in which claims are decided side by side. If left out, claims are decided one by one, and each box "
    "is divided among all processors.",
)
file_path = click.Path(path_type=Path)
models_option = click.option(
    "--models", multiple=True, type=file_path, metavar="FILE", help="A TOML file with models. Repeatable."
)
plot_option = click.option(
    "--plot", type=file_path, metavar="FILE", help="Draw it as .svg, .pdf or .png, with the data beside it as .csv."
)


model_option = click.option(
    "--model",
    default="",
    metavar="NAME",
    shell_complete=completion.model,
    help="A model of --models, instead of tied mixtures.",
)
family_option = click.option(
    "--family",
    default="",
    metavar="NAME",
    shell_complete=completion.family,
    help="A family, such as two-means, instead of tied mixtures.",
)
at_option = partial(click.option, "--at", "places", multiple=True, shell_complete=completion.parameter)
k_option = partial(click.option, "--k", type=int, help="Number of components.")
weights_option = partial(
    click.option,
    "--weights",
    metavar="W",
    shell_complete=completion.weights,
    help="Exact weights 1/2,3/10,1/5 or a family such as linear.",
)


def select_option(name: str, what: str) -> Callable[[Command], Command]:
    """Return an option that chooses claims by their ids; `what` begins its help."""
    return click.option(
        name,
        multiple=True,
        metavar="ID",
        shell_complete=completion.claim,
        help=f"{what} with this id, or with ids like ab*. Repeatable.",
    )


def case_options(command: Command, *, required: bool = True) -> Command:
    """Add the options that describe a case to a command, where k and weights may be required."""
    for option in (
        click.option("--amplitudes", metavar="A,…", help="The point: amplitudes of the frequencies 1..⌊k/2⌋."),
        click.option("--radius", metavar="R", help="The point: a regular simplex of this radius."),
        click.option("--d", type=int, help="Dimension, at least k−1 (the default)."),
        weights_option(required=required),
        k_option(required=required),
    ):
        command = option(command)
    return command


class FamilyCommand(click.Command):
    """A command with an option for each variable of the family that is named, in place of those of a case."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Find out which family is named, wherever it stands, before the options are read."""
        from emtheory.numerics.families import FAMILIES

        words = [part for word in args for part in word.split("=", 1)]
        named = [value for name, value in pairwise(words) if name in ("--family", "--model") and value in FAMILIES]
        ctx.meta[_FAMILY] = named[-1] if named else ""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            having = [
                label
                for label, family in FAMILIES.items()
                if error.option_name in map(_flag, family.variables) and label not in named
            ]
            if having:
                raise click.UsageError(
                    f"{error.option_name} is an option of {' and '.join(f'--family {label}' for label in having)}"
                ) from None
            raise

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options, those of the family after its name; others that have no meaning for it are not shown."""
        from emtheory.numerics.families import find_family

        known = super().get_params(ctx)
        if not ctx.meta.get(_FAMILY):
            return known
        family = find_family(ctx.meta[_FAMILY])
        added = [
            click.Option([_flag(each), each.name], metavar="X", help=f"{each.meaning[:1].upper()}{each.meaning[1:]}.")
            for each in family.variables
        ]
        place = next(i for i, each in enumerate(known) if each.name == "family") + 1
        return [*map(_not_shown, known[:place]), *added, *known[place:]]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Tell where the options of families are."""
        from emtheory.numerics.families import FAMILIES

        if not ctx.meta.get(_FAMILY):
            text = " and ".join(f"{ctx.command_path} --family {label} --help" for label in sorted(FAMILIES))
            formatter.write_paragraph()
            formatter.write_text(f"Options for the variables of a family: {text}")


_FAMILY = f"{__name__}.family"
_OF_A_CASE = ("k", "weights", "d", "radius", "amplitudes")


def _flag(variable: "Variable") -> str:
    return f"--{variable.name.replace('_', '-')}"


def _not_shown(option: click.Parameter) -> click.Parameter:
    """Return an option of a case as it is with a family: not in the help, as giving it is an error."""
    if option.name not in _OF_A_CASE or not isinstance(option, click.Option):
        return option
    hidden = copy(option)
    hidden.hidden = True
    return hidden
