"""`emtheory trajectory`: the iterates of population EM."""

import json
from collections.abc import Mapping
from typing import Any

import click

from emtheory.reports.api.trajectory import trajectory


def run(case: Mapping[str, Any], steps: int, until_kl: str | None, digits: int, *, as_json: bool) -> int:
    """Iterate and print.

    Parameters
    ----------
    case
        The options that describe the case, by name: ``k``, ``weights``, ``d``, ``radius`` and ``amplitudes``.
    steps, until_kl, digits
        As for `emtheory.reports.api.trajectory.trajectory`.
    as_json
        Whether to print the document rather than a table.

    Raises
    ------
    InputError
        If the request is malformed.
    CannotAnswerError
        If the error of the iterates cannot be followed from this point.
    """
    found = trajectory(**case, steps=steps, until_kl=until_kl, digits=digits)
    click.echo(json.dumps(found.as_json(), indent=2) if as_json else repr(found))
    return 0
