"""`emtheory derive`: a symbolic derivation, step by step."""

import json
from typing import TYPE_CHECKING

import click

from emtheory.numerics.errors import InputError
from emtheory.reports.api.derive import derive
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.render.latex import standalone as in_document
from emtheory.reports.render.prose import plain_prose
from emtheory.theory.derivations import names, statement_of

if TYPE_CHECKING:
    from emtheory.theory.proof.derivation import Statement


def list_statements(as_json: bool) -> ExitCode:
    """Print the name of every derivation, the k that it is for, and its title."""
    listed = [(name, statement_of(name)) for name in names()]
    if as_json:
        rows = [{"name": name, "title": each.title, "k": _range(each)} for name, each in listed]
        click.echo(json.dumps({"schema": 1, "statements": rows}, indent=2))
        return ExitCode.OK
    width, k_width = max(len(name) for name, _ in listed), max(len(_range(each)) for _, each in listed)
    for name, each in listed:
        click.echo(f"{name:{width}}  {_range(each):{k_width}}  {plain_prose(each.title)}")
    return ExitCode.OK


def _range(statement: "Statement") -> str:
    """Say for which k a statement is derived."""
    ends = dict.fromkeys((statement.smallest_k, statement.largest_k))
    one_by_one = f"k = {' to '.join(map(str, ends))}" if statement.largest_k else ""
    return ", ".join(filter(None, ("every k" if statement.general else "", one_by_one)))


def run(statement: str, k: int | None, general: bool, form: str, *, standalone: bool = False) -> ExitCode:
    """Derive, print as ``text``, ``latex`` (``standalone``: a whole document) or ``json``, and return the status."""
    if standalone and form != "latex":
        raise InputError("--standalone is for LaTeX: add --format latex")
    derivation = derive(statement, k, general=general)
    match form:
        case "json":
            click.echo(json.dumps(derivation.as_json(), indent=2))
        case "latex":
            fragment = derivation.as_latex()
            click.echo(in_document(fragment) if standalone else fragment)
        case _:
            click.echo(derivation.as_text())
    return ExitCode.OK
