"""`emtheory derive`: a symbolic derivation, step by step."""

import json

import click

from emtheory.reports.api.derive import derive
from emtheory.reports.exit_code import ExitCode
from emtheory.theory.errors import DerivationError


def run(statement: str, k: int | None, form: str) -> ExitCode:
    """Derive, print, and return the exit status.

    Parameters
    ----------
    statement
        Name of the derivation.
    k
        Number of components, or None for every k at once.
    form
        ``text``, ``latex`` or ``json``.

    Returns
    -------
    ExitCode
        OK, or REFUTED if a step fails, which is told on standard error.

    Raises
    ------
    InputError
        If there is no such derivation.
    """
    try:
        derivation = derive(statement, k)
    except DerivationError as error:
        click.echo(f"emtheory: error: the derivation fails: {error}", err=True)
        return ExitCode.REFUTED
    match form:
        case "json":
            click.echo(json.dumps(derivation.as_json(), indent=2))
        case "latex":
            click.echo(derivation.as_latex())
        case _:
            click.echo(derivation.as_text())
    return ExitCode.OK
