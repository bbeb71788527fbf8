"""`emtheory trajectory`: the iterates of population EM."""

import json
from collections.abc import Mapping
from typing import Any

import click

from emtheory.reports.api.trajectory import trajectory
from emtheory.reports.exit_code import ExitCode


def run(case: Mapping[str, Any], steps: int | None, until_kl: str | None, digits: int, *, as_json: bool) -> ExitCode:
    """Iterate, print, and return the exit status.

    Parameters
    ----------
    case
        The options that describe the case, by name: ``k``, ``weights``, ``d``, ``radius`` and ``amplitudes``.
    steps, until_kl, digits
        As for `emtheory.reports.api.trajectory.trajectory`.
    as_json
        Whether to print the document rather than a table.

    Returns
    -------
    ExitCode
        OK, or INCONCLUSIVE if KL is still above the one to reach, which is told on standard error.

    Raises
    ------
    InputError
        If the request is malformed.
    CannotAnswerError
        If the error of the iterates cannot be followed from this point.
    """
    found = trajectory(**case, steps=steps, until_kl=until_kl, digits=digits)
    click.echo(json.dumps(found.as_json(), indent=2) if as_json else repr(found))
    if found.reached:
        return ExitCode.OK
    click.echo(f"emtheory: KL is still above {until_kl} after {len(found) - 1} steps", err=True)
    return ExitCode.INCONCLUSIVE
