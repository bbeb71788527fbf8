"""`emtheory quantities`, `emtheory claims` and `emtheory derive`: what there is."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emtheory.numerics.errors import InputError
from emtheory.numerics.families import FAMILIES
from emtheory.reports.api.listed import chosen_quantities
from emtheory.reports.catalogue.selected import select_entries
from emtheory.reports.checking.claim_document import cases_text
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.render.latex import standalone as in_document
from emtheory.reports.render.prose import plain_prose
from emtheory.reports.render.report_latex import statements_latex
from emtheory.reports.text_file import make_folder
from emtheory.theory.claim import Entry
from emtheory.theory.claims import catalogue, sources
from emtheory.theory.derivations import names, statement_of

if TYPE_CHECKING:
    from emtheory.theory.proof.derivation import Statement


_ARGUMENT = "name", "kind", "meaning", "default"
_DESCRIBED = "id", "group", "title", "source", "expected", "depends"


def list_quantities(family: str = "", *, as_json: bool) -> None:
    """Print the table of quantities: those of tied mixtures, or those of a family or of the text of a model."""
    chosen = chosen_quantities(family)
    arguments = {each.name: [own for own in each.arguments if not own.optional] for each in chosen}
    if as_json:
        described = [
            {
                "name": quantity.name,
                "meaning": quantity.meaning,
                "needs_point": quantity.needs_point,
                "arguments": [
                    {name: None if (value := getattr(each, name)) is None else str(value) for name in _ARGUMENT}
                    for each in arguments[quantity.name]
                ],
            }
            for quantity in chosen
        ]
        click.echo(json.dumps({"schema": 1, "quantities": described}, indent=2))
        return
    for quantity in chosen:
        point = "  [at a point]" if quantity.needs_point else ""
        inside = ", ".join(
            filter(None, (quantity.name.partition("(")[2].removesuffix(")"), *map(str, arguments[quantity.name])))
        )
        click.echo(f"{quantity.name.partition('(')[0]}({inside}){point}\n    {plain_prose(quantity.meaning)}")
    if not family:
        click.echo(f"More: --family {' or '.join(FAMILIES)}; of your own model: --models FILE --model NAME")


def list_derivations(*, as_json: bool) -> None:
    """Print the name of every derivation, the k that it is for, and its title."""
    listed = [(name, statement_of(name)) for name in names()]
    if as_json:
        rows = [{"name": name, "title": each.title, "k": _range(each)} for name, each in listed]
        click.echo(json.dumps({"schema": 1, "statements": rows}, indent=2))
        return
    width, k_width = max(len(name) for name, _ in listed), max(len(_range(each)) for _, each in listed)
    for name, each in listed:
        click.echo(f"{name:{width}}  {_range(each):{k_width}}  {plain_prose(each.title)}")


def _range(statement: "Statement") -> str:
    """Say for which k a statement is derived."""
    ends = dict.fromkeys((statement.smallest_k, statement.largest_k))
    one_by_one = f"k = {' to '.join(map(str, ends))}" if statement.largest_k else ""
    return ", ".join(filter(None, ("every k" if statement.general else "", one_by_one)))


def run_claims(
    source: str | None,
    select: Sequence[str],
    docs: Path | None,
    *,
    mutants: bool,
    latex: bool,
    standalone: bool,
    as_json: bool,
) -> ExitCode:
    """List the statements, as text, LaTeX or JSON; or else show their mutants, or write their pages to `docs`."""
    if standalone and not latex:
        raise InputError("--standalone is for LaTeX: add --latex")
    if latex and (as_json or mutants or docs is not None):
        raise InputError("--latex prints the statements, and nothing else: leave --json, --mutants and --docs out")
    entries = select_entries(source, select)
    if docs is not None:
        if source is not None or select:
            raise InputError("--docs writes the pages on all statements: leave --source and --select out")
        write_pages(docs)
    elif latex:
        fragment = statements_latex(entries, cases_text, lambda name: statement_of(name).title, verdicts=False)
        click.echo(in_document(fragment) if standalone else fragment)
    elif mutants:
        show_mutants(entries, as_json=as_json)
    else:
        list_claims(entries, as_json=as_json)
    return ExitCode.OK


def list_claims(entries: Sequence[Entry], *, as_json: bool) -> None:
    """Print statements of the catalogue."""
    if as_json:
        described = [{name: getattr(entry, name) for name in _DESCRIBED} for entry in entries]
        click.echo(json.dumps({"schema": 1, "claims": described}, indent=2))
        return
    named = {source.title: f"  (--source {name})" for name, source in sources().items()}
    width = max((len(entry.id) for entry in entries), default=0)
    for number, entry in enumerate(entries):
        if number == 0 or entry.group != entries[number - 1].group:
            click.echo(f"{entry.group}{named.get(entry.group, '')}")
        said = f"{plain_prose(entry.title)} ({plain_prose(entry.source)}; expected: {entry.expected})"
        click.echo(f"  {entry.id:<{width}}  {said}")
    click.echo(f"{len(entries)} statements")


def show_mutants(entries: Sequence[Entry], *, as_json: bool) -> None:
    """Make and examine the mutants of statements, and print the score and the mutants not refuted."""
    from emtheory.numerics.processes import processors  # noqa: PLC0415
    from emtheory.reports.catalogue.mutants import mutation_score  # noqa: PLC0415
    from emtheory.reports.checking.tasks import workshop  # noqa: PLC0415

    with workshop(processors(), None, lambda text: click.echo(text, err=True)) as start:
        score = mutation_score(entries, start)
    if as_json:
        click.echo(json.dumps({"schema": 1, **score}, indent=2))
        return
    for survivor in score["survivors"]:
        click.echo("{claim}  {change}: {mutant}\n    {reason}".format(**survivor))
    counts = "  ".join(f"{name} {count['refuted']}/{count['mutants']}" for name, count in score["by_change"].items())
    click.echo(f"refuted by change: {counts}")
    names = ("refuted", "implied", "true", "open")
    click.echo(f"{score['mutants']} mutants: {', '.join(f'{score[name]} {name}' for name in names)}")


def write_quantity_page(folder: Path) -> None:
    """Write the page on the quantities."""
    from emtheory.reports.catalogue.pages import NAME, quantity_page  # noqa: PLC0415

    make_folder(folder)
    (folder / NAME).write_text(quantity_page(), encoding="utf-8")
    click.echo(folder / NAME)


def write_pages(folder: Path) -> None:
    """Write the pages on the statements, on the derivations, on the theorems in Rocq and on what is to be trusted."""
    from emtheory.reports.catalogue.pages import pages  # noqa: PLC0415
    from emtheory.reports.checking.claims_file import SCHEMA_FILE, claims_schema  # noqa: PLC0415
    from emtheory.reports.kernel import proved_entries  # noqa: PLC0415
    from emtheory.reports.proofs.layers import TRUST_PAGE, trust_page  # noqa: PLC0415
    from emtheory.reports.proofs.measured import NAME, derivation_page  # noqa: PLC0415

    make_folder(folder)
    others = {NAME: derivation_page(), proved_entries.NAME: proved_entries.theorem_page(), TRUST_PAGE: trust_page()}
    others[f"schemas/{SCHEMA_FILE}"] = claims_schema()
    (folder / "schemas").mkdir(exist_ok=True)
    for name, text in {**pages(catalogue()), **others}.items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(folder / name)
