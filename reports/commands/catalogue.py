"""`emtheory quantities` and `emtheory claims`: what there is."""

import json

import click

from numerics.quantity import QUANTITIES
from theory.claims import catalogue


def list_quantities(*, as_json: bool) -> None:
    """Print the table of quantities."""
    if as_json:
        described = [
            {
                "name": quantity.name,
                "meaning": quantity.meaning,
                "needs_point": quantity.needs_point,
                "arguments": [
                    {
                        "name": argument.name,
                        "kind": argument.kind,
                        "meaning": argument.meaning,
                        "default": None if argument.default is None else str(argument.default),
                    }
                    for argument in quantity.arguments
                ],
            }
            for quantity in QUANTITIES.values()
        ]
        click.echo(json.dumps({"schema": 1, "quantities": described}, indent=2))
        return
    for quantity in QUANTITIES.values():
        names = ", ".join(
            argument.name if argument.default is None else f"{argument.name}={argument.default}"
            for argument in quantity.arguments
        )
        point = "  [at a point]" if quantity.needs_point else ""
        click.echo(f"{quantity.name}({names}){point}\n    {quantity.meaning}")


def list_claims(*, as_json: bool) -> None:
    """Print the catalogue of statements."""
    entries = catalogue()
    if as_json:
        described = [
            {"id": entry.id, "title": entry.title, "source": entry.source, "expected": entry.expected}
            for entry in entries
        ]
        click.echo(json.dumps({"schema": 1, "claims": described}, indent=2))
        return
    width = max((len(entry.id) for entry in entries), default=0)
    for entry in entries:
        click.echo(f"{entry.id:<{width}}  {entry.title} ({entry.source}; expected: {entry.expected})")
    click.echo(f"{len(entries)} statements")
