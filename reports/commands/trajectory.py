"""`emtheory trajectory`: the iterates of population EM."""

import json
from collections.abc import Mapping
from typing import Any

import click

from emtheory.reports.api.trajectory import trajectory


def run(case: Mapping[str, Any], steps: int, until_kl: str | None, digits: int, *, as_json: bool) -> int:
    """Iterate and print; InputError or CannotAnswerError if the request is malformed or cannot be met."""
    found = trajectory(**case, steps=steps, until_kl=until_kl, digits=digits)
    click.echo(json.dumps(found.as_json(), indent=2) if as_json else repr(found))
    return 0
