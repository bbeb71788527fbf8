"""The program, which the modules beside this one add their commands to."""

import os
import sys
from typing import Any

import click

from emtheory.reports.exit_code import ExitCode


class _QuietPipe(click.Group):
    """A group of commands that ends quietly when the reader of its output has gone."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # What is still buffered has no reader; the interpreter would complain about it on exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(ExitCode.BROKEN_PIPE) from None


@click.group(cls=_QuietPipe, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="emtheory", message="%(prog)s %(version)s")
def program() -> None:
    """Check the theory of EM on overspecified Gaussian mixtures, from exact algebra to a verdict."""
