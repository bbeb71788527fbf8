"""Commands on the catalogue: the report on it, what there is, and the derivations."""

import json
from pathlib import Path
from typing import Any

import click

from emtheory.numerics.errors import InputError
from emtheory.reports.program import completion
from emtheory.reports.program.group import program
from emtheory.reports.program.options import (
    family_option,
    file_path,
    json_option,
    model_option,
    models_option,
    scheduler_option,
    source_option,
)


@program.command(short_help="Write a report on your claims, or on the catalogue.")
@click.argument("files", nargs=-1, type=file_path, metavar="[FILES…]")
@models_option
@click.option("--out", type=file_path, default=Path("report"), show_default=True, help="Folder to write to.")
@click.option("--quick", is_flag=True, help="Leave out instances of proved statements, mutants, numbers and figures.")
@source_option
@click.option(
    "--select",
    multiple=True,
    metavar="ID",
    shell_complete=completion.statement,
    help="Only claims or statements with this id, or with ids like ab*, and what they rest on, without numbers and "
    "laws. Repeatable.",
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes to use; one per processor if left out.")
@scheduler_option
@click.option("--cache", type=file_path, metavar="DIR", help="Folder for results of earlier runs.")
@click.option("--no-cache", is_flag=True, help="Compute everything anew, and keep nothing.")
@click.option("--kernel", is_flag=True, help="Have Rocq check every claim that can be exported: some minutes more.")
@click.option("--pdf", is_flag=True, help="Write report.pdf, and the figures as PDF, too (needs typst and tylax).")
@json_option
def report(
    files: tuple[Path, ...], out: Path, cache: Path | None, no_cache: bool, as_json: bool, **options: Any
) -> int:
    """Check the claims of TOML files, or the statements of the catalogue if no file is named, and write a report.

    The verdicts are there first; the rest follows in the same place.

    Exit status: 0 all as expected; 1 something refuted against expectation; 2 bad input; 3 internal error; 4 something
    inconclusive; 5 nothing selected. With --json the report's document is printed as well.
    """
    from emtheory.reports.api.report import report as written
    from emtheory.reports.checking.kept import default_folder
    from emtheory.reports.progress import keeping
    from emtheory.reports.render.json_text import FORMAT

    folder = None if no_cache else cache or default_folder()
    with keeping(lambda: _kept(folder)):
        found = written(out, *files, progress=_tell, cache=folder, **options)
    if as_json:
        click.echo((out / FORMAT.file).read_text(encoding="utf-8"), nl=False)
    else:
        click.echo(repr(found))
    return found.code


def _kept(folder: Path | None) -> str:
    if folder is None:
        return "nothing is kept"
    return f"what is decided is kept in {folder}: the same command goes on from there"


def _tell(line: str) -> None:
    click.echo(f"emtheory: {line}" if line.startswith(("warning: ", "error: ")) else line, err=True)


@program.command()
@source_option
@click.option(
    "--select",
    multiple=True,
    metavar="ID",
    shell_complete=completion.statement,
    help="Only statements with this id, or with ids like ab*. Repeatable.",
)
@click.option("--mutants", is_flag=True, help="Change every statement mechanically; tell how many are refuted.")
@click.option("--docs", type=file_path, help="Write the pages on the statements, one a chapter, to this folder.")
@click.option("--latex", is_flag=True, help="Print the statements as LaTeX, a fragment that needs amsmath and amssymb.")
@click.option("--standalone", is_flag=True, help="With --latex: a whole document.")
@json_option
def claims(**options: Any) -> int:
    """List the statements of the catalogue.

    Exit status: 0; 2 bad input; 5 no statement selected.
    """
    from emtheory.reports.commands.catalogue import run_claims

    return run_claims(**options)


@program.command(short_help="Print one statement: reading, verdict, evidence, commands.")
@click.argument("statement", metavar="ID", shell_complete=completion.statement)
@click.option("--no-cache", is_flag=True, help="Decide it anew, and keep nothing.")
@json_option
def show(statement: str, no_cache: bool, as_json: bool) -> int:
    """Decide one statement of the catalogue, with what it rests on, and print it.

    Exit status: 0 as expected; 1 decided against expectation; 4 inconclusive; 5 there is no such statement.
    """
    from emtheory.reports.api.show import show as shown
    from emtheory.reports.checking.kept import default_folder
    from emtheory.reports.progress import keeping

    folder = None if no_cache else default_folder()
    with keeping(lambda: _kept(folder)):
        found = shown(statement, cache=folder, progress=lambda text: _tell(f"warning: {text}"))
    click.echo(json.dumps(found.as_json(), indent=2, ensure_ascii=False) if as_json else found.text)
    return found.code


@program.command(short_help="Print a derivation, each step checked.")
@click.argument("statement", required=False, shell_complete=completion.derivation)
@click.option("--k", type=int, help="Number of components; if left out, every k at once where possible.")
@click.option("--general", is_flag=True, help="Only the derivation for every k; an error if there is none.")
@click.option("--standalone", is_flag=True, help="With --format latex: a whole document, not a fragment.")
@click.option("--format", "form", type=click.Choice(("text", "latex", "json")), default="text", show_default=True)
@click.option(
    "--mutants", is_flag=True, help="Change the derivation, or all of them, in many places, and say what is noticed."
)
@click.option(
    "--sample", type=click.IntRange(min=1), metavar="N", help="At most N changes in a formula, 5 N in a module."
)
@click.option("--jobs", type=int, help="Processes for --mutants; all processors if left out.")
@json_option
def derive(
    statement: str | None,
    k: int | None,
    general: bool,
    standalone: bool,
    form: str,
    mutants: bool,
    sample: int | None,
    jobs: int | None,
    as_json: bool,
) -> int:
    """Print the symbolic derivation of a statement, each step checked.

    STATEMENT is the name of a derivation, or the id of a statement of the catalogue that rests on one; without it the
    derivations are listed.

    With --mutants the exit status is 1 if too few changes are noticed or one that is not has no explanation.
    """
    if mutants:
        from emtheory.reports.commands.derivation_mutants import run as run_mutants

        return run_mutants(statement, sample, sample and 5 * sample, jobs, as_json)
    form = "json" if as_json else form
    if statement is None:
        from emtheory.reports.commands.catalogue import list_derivations

        if k is not None or general or standalone or form == "latex":
            raise InputError("say what is to be derived: emtheory derive alone lists the statements")
        list_derivations(as_json=form == "json")
        return 0
    if standalone and form != "latex":
        raise InputError("--standalone is for LaTeX: add --format latex")
    from emtheory.reports.api.derive import derive as derived
    from emtheory.reports.render.latex import standalone as in_document

    derivation = derived(statement, k, general=general)
    if form == "json":
        click.echo(json.dumps(derivation.as_json(), indent=2))
    elif form == "latex":
        click.echo(in_document(derivation.as_latex()) if standalone else derivation.as_latex())
    else:
        click.echo(derivation.as_text())
    return 0


@program.command(short_help="List the quantities of tied mixtures, or of a family or model.")
@click.option("--docs", type=file_path, help="Write the page on the quantities to this folder.")
@family_option
@models_option
@model_option
@json_option
def quantities(docs: Path | None, family: str, models: tuple[Path, ...], model: str, as_json: bool) -> None:
    """List the quantities and their arguments: those of tied mixtures, or those of a family or a model."""
    from emtheory.reports.commands.catalogue import list_quantities, write_quantity_page
    from emtheory.reports.commands.evaluate import named_family

    chosen = named_family(family, model, models)
    if docs is None:
        list_quantities(chosen, as_json=as_json)
        return
    if chosen:
        raise InputError("--docs writes the page on all quantities: leave --family, --models and --model out")
    write_quantity_page(docs)


@program.command(short_help="Draw certified phase diagrams of EM for two means.")
@click.option("--out", type=file_path, default=Path("atlas"), show_default=True, help="Folder to write to.")
@click.option("--points", type=click.IntRange(2, 200), default=21, show_default=True, help="Points of each curve.")
@click.option("--select", multiple=True, metavar="NAME", help="Only the diagram of this name. Repeatable.")
@json_option
def atlas(out: Path, select: tuple[str, ...], points: int, as_json: bool) -> int:
    """Draw phase diagrams of EM for two means, each point certified, with their data as CSV.

    Exit status: 0 all drawn; 2 bad input; 4 a point is not certified.
    """
    from emtheory.numerics.errors import require_packages
    from emtheory.reports.api.atlas import atlas as drawn
    from emtheory.reports.api.atlas import chosen
    from emtheory.reports.text_file import make_folder

    require_packages("atlas", "matplotlib", "scipy")
    names = chosen(select)
    make_folder(out)
    documents = []
    for name in names:
        chart, path = drawn(name, points=points)[name], out / f"{name}.svg"
        for line in chart.write(path):
            click.echo(line, err=as_json)
        documents.append({"name": name, "figure": str(path), "points": list(chart.rows)})
    if as_json:
        click.echo(json.dumps({"schema": 1, "diagrams": documents}, indent=2))
    return 0


@program.command(short_help="Print what is derived of a mixture that you write down.")
@click.argument("file", type=file_path)
@click.argument("name", required=False)
@click.option("--latex", "form", flag_value="latex", help="Print it as LaTeX, a fragment that needs amsmath.")
@click.option("--python", "form", flag_value="python", help="Print a program in NumPy that runs EM on samples.")
@json_option
def model(file: Path, name: str | None, form: str | None, as_json: bool) -> int:
    """Print posteriors, Q, EM's map, score, information and Jacobian of the models in FILE, or of the one called NAME.

    Each step is checked, and each side condition is said to be assumed, decided, or left open.
    """
    from emtheory.reports.commands.model import run

    if form and as_json:
        raise InputError(f"--{form} and --json print different things: choose one")
    return run(file, name, "json" if as_json else form or "text")
