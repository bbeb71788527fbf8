"""`emtheory show`: one statement of the catalogue as text, decided now or in an earlier run."""

import json

import click

from emtheory.reports.api.show import show
from emtheory.reports.checking.kept import default_folder
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.progress import keeping


def run(statement: str, *, use_cache: bool, as_json: bool) -> ExitCode:
    """Decide a statement and what it rests on, print it, and return the exit status of a report on it."""
    folder = default_folder() if use_cache else None
    kept = f"what is decided is kept in {folder}: the same command goes on from there" if folder else "nothing is kept"
    with keeping(lambda: kept):
        found = show(statement, cache=folder, progress=lambda text: click.echo(f"emtheory: warning: {text}", err=True))
    click.echo(json.dumps(found.as_json(), indent=2, ensure_ascii=False) if as_json else found.text)
    return found.code
