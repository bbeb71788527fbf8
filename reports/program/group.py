"""The program, which the modules beside this one add their commands to."""

import os
import sys
from itertools import groupby
from typing import Any

import click

from emtheory.reports.exit_code import ExitCode

_SECTIONS = {
    "Claims of your own": ("init", "check", "sharpen", "model", "report"),
    "Numbers": ("evaluate", "quantities", "trajectory", "sweep", "atlas"),
    "EM on data": ("simulate", "certify-data", "npmle"),
    "Statements of papers": ("claims", "show", "derive"),
    "Certificates": ("replay", "verify", "export"),
}
"""The commands, by what people want; one that is in none of them is listed last."""


class _Program(click.Group):
    """The commands in groups; it ends quietly when the reader of its output has gone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        named = [name for names in _SECTIONS.values() for name in names if name in self.commands]
        return [*named, *sorted(set(self.commands) - set(named))]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        placed = {name: title for title, names in _SECTIONS.items() for name in names}
        commands = [(name, self.commands[name]) for name in self.list_commands(ctx)]
        for title, members in groupby(commands, lambda pair: placed.get(pair[0], "Others")):
            with formatter.section(title):
                formatter.write_dl([(name, command.get_short_help_str(70)) for name, command in members])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # What is still buffered has no reader; the interpreter would complain about it on exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(ExitCode.BROKEN_PIPE) from None


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="emtheory", message="%(prog)s %(version)s")
def program() -> None:
    """Check the theory of EM on overspecified Gaussian mixtures, from exact algebra to a verdict."""
