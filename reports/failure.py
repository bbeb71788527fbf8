"""What the program says when it fails: a line for people, a document for programs, and an exit status."""

import json
import os
import traceback
from contextlib import suppress

import click

from emtheory.numerics.errors import PACKAGES, CannotAnswerError, InputError, NothingSelectedError
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.text_file import without_controls
from emtheory.theory.errors import DerivationError


def told(error: BaseException, *, as_json: bool = False) -> ExitCode:
    """Tell an error on standard error, and as JSON on standard output; a trace only if EMTHEORY_TRACEBACK is set."""
    code, message = said(error)
    if code == ExitCode.INTERNAL_ERROR and os.environ.get("EMTHEORY_TRACEBACK"):
        traceback.print_exception(error)
    # What the program says about itself when it is given nothing is no message of an error.
    prefix = "" if isinstance(error, click.exceptions.NoArgsIsHelpError) else "emtheory: error: "
    for line in message.splitlines():
        click.echo(prefix + without_controls(line), err=True)
    if as_json:
        with suppress(OSError):  # what cannot be written to has perhaps just been told
            click.echo(json.dumps({"schema": 1, "error": error_document(error)}, indent=2))
    return code


def error_document(error: BaseException) -> dict[str, object]:
    """Return an error as JSON has it: the exit status as number and in words, and the message, one line or several."""
    code, message = said(error)
    return {"code": int(code), "kind": code.name.lower().replace("_", " "), "message": message}


def said(error: BaseException) -> tuple[ExitCode, str]:
    """Return the exit status that an error calls for, and its message."""
    message = str(error)
    match error:
        case click.Abort() | KeyboardInterrupt():
            code, message = ExitCode.INTERRUPTED, f"interrupted: {str(error.__cause__ or error) or 'nothing is kept'}"
        case click.ClickException():
            code, message = ExitCode.BAD_INPUT, error.format_message()
        case InputError():
            code = ExitCode.BAD_INPUT
        case ModuleNotFoundError() if package := PACKAGES.get(str(error.name).partition(".")[0]):
            code, message = ExitCode.BAD_INPUT, f"this needs {package}: python -m pip install {package}"
        case OSError():
            code, message = ExitCode.BAD_INPUT, f"{error.filename or 'file'}: {error.strerror or error}"
        case CannotAnswerError():
            code = ExitCode.INCONCLUSIVE
        case NothingSelectedError():
            code, message = ExitCode.NOTHING_SELECTED, f"nothing selected: {message}"
        case DerivationError():
            code, message = ExitCode.REFUTED, f"the derivation fails: {message}"
        case _:
            summary = " ".join(f"{type(error).__name__}: {message}".split())[:300]
            code, message = (
                ExitCode.INTERNAL_ERROR,
                f"internal error ({summary}); set EMTHEORY_TRACEBACK=1 for the trace",
            )
    return code, message
