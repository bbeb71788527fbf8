"""`emtheory quantities` and `emtheory claims`: what there is."""

import json
from pathlib import Path

import click

from emtheory.numerics.quantities import QUANTITIES
from emtheory.theory.claims import catalogue


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
            {
                "id": entry.id,
                "group": entry.group,
                "title": entry.title,
                "source": entry.source,
                "expected": entry.expected,
                "depends": list(entry.depends),
            }
            for entry in entries
        ]
        click.echo(json.dumps({"schema": 1, "claims": described}, indent=2))
        return
    width = max((len(entry.id) for entry in entries), default=0)
    for number, entry in enumerate(entries):
        if number == 0 or entry.group != entries[number - 1].group:
            click.echo(entry.group)
        click.echo(f"  {entry.id:<{width}}  {entry.title} ({entry.source}; expected: {entry.expected})")
    click.echo(f"{len(entries)} statements")


def show_mutants(*, as_json: bool) -> None:
    """Make and judge the mutants of the whole catalogue, and print the score and the mutants not refuted."""
    from emtheory.reports.catalogue.mutants import mutation_score  # noqa: PLC0415

    score = mutation_score(catalogue())
    if as_json:
        click.echo(json.dumps({"schema": 1, **score}, indent=2))
        return
    for survivor in score["survivors"]:
        click.echo("{claim}  {change}: {mutant}\n    {reason}".format(**survivor))
    counts = "  ".join(f"{name} {count['refuted']}/{count['mutants']}" for name, count in score["by_change"].items())
    click.echo(f"refuted by change: {counts}")
    names = ("refuted", "implied", "true", "open")
    click.echo(f"{score['mutants']} mutants: {', '.join(f'{score[name]} {name}' for name in names)}")


def write_pages(folder: Path) -> None:
    """Write the pages on the statements."""
    from emtheory.reports.catalogue.pages import pages  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(catalogue()).items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(folder / name)
