"""What the program says when it fails: one line, and an exit status."""

import os
import traceback

import click

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.exit_code import ExitCode


def told(error: Exception) -> ExitCode:
    """Tell an error on standard error, without a trace unless EMTHEORY_TRACEBACK is set; return its exit status."""
    match error:
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.format_message(), err=True)
            return ExitCode.BAD_INPUT
        case click.ClickException():
            code, message = ExitCode.BAD_INPUT, error.format_message()
        case InputError():
            code, message = ExitCode.BAD_INPUT, str(error)
        case OSError():
            code, message = ExitCode.BAD_INPUT, f"{error.filename or 'file'}: {error.strerror or error}"
        case CannotAnswerError():
            code, message = ExitCode.INCONCLUSIVE, str(error)
        case _:
            if os.environ.get("EMTHEORY_TRACEBACK"):
                traceback.print_exception(error)
            summary = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            code, message = (
                ExitCode.INTERNAL_ERROR,
                f"internal error ({summary}); set EMTHEORY_TRACEBACK=1 for the trace",
            )
    for line in message.splitlines():
        click.echo(f"emtheory: error: {line}", err=True)
    return code
