"""`emtheory show`: one statement of the catalogue as text, decided now or in an earlier run."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click

from emtheory.numerics.processes import processors
from emtheory.reports.catalogue.selected import select_entries, with_supports
from emtheory.reports.checking.kept import default_folder
from emtheory.reports.checking.tasks import workshop
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.progress import keeping
from emtheory.reports.render.prose import derived_prose, margin_text, plain_prose, trusted_text
from emtheory.reports.report.run import decided_statements

_PARTS = (
    ("claims", "What it says"),
    ("disproofs", "Proof of the opposite"),
    ("corrected", "What is true instead"),
    ("hypotheses", "Its assumptions can hold"),
    ("controls", "Controls, which must be refuted"),
)


def run(statement: str, *, use_cache: bool, as_json: bool) -> ExitCode:
    """Decide a statement and what it rests on, print it, and return the exit status of a report on it."""
    # An id is no pattern here.
    select_entries(None, [statement.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")])
    entries = with_supports([entry for entry in select_entries() if entry.id == statement])
    folder = default_folder() if use_cache else None
    kept = f"what is decided is kept in {folder}: the same command goes on from there" if folder else "nothing is kept"
    with (
        keeping(lambda: kept),
        workshop(processors(), folder, lambda text: click.echo(f"emtheory: warning: {text}", err=True)) as start,
    ):
        decided, derivations = decided_statements(entries, start)
    entry, verdict = next(pair for pair in decided if pair[0]["id"] == statement)
    if as_json:
        click.echo(json.dumps({"schema": 1, "statement": entry}, indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(entry, derived_prose(derivations))))
    return verdict.exit_code


def _lines(entry: Mapping[str, Any], derived: Callable[[str], str]) -> Iterator[str]:
    yield plain_prose(entry["title"])
    yield f"  {entry['id']}, {plain_prose(entry['group'])}; {plain_prose(entry['source'])}"
    yield f"  “{plain_prose(entry['quote'])}”"
    yield ""
    yield f"Read formally: {plain_prose(entry['reading'])}"
    named = "checked by Rocq" if entry["level"] == "kernel" else entry["level"]
    level = f" ({named})" if entry["level"] not in (None, entry["verdict"]) else ""
    yield f"Verdict:       {entry['verdict']}{level}: {plain_prose(entry['reason'])}"
    if entry["correction"]:
        yield f"True instead:  {plain_prose(entry['correction'])}"
    yield f"It rests on:   {trusted_text(entry['foundations'])}"
    if entry["depends"]:
        yield f"  and on:      {', '.join(entry['depends'])}"
    for part, heading in _PARTS:
        for number, claim in enumerate(entry[part]):
            if not number:
                yield f"\n{heading}:"
            said = claim["statement"] or plain_prose(derived(claim["derivation"]))
            margin = f", margin {margin_text(claim['margin'])}" if claim["margin"] else ""
            yield f"  {claim['verdict']:<12} {said} [{plain_prose(claim['cases'])}]{margin}"
            if claim["witness"]:
                yield f"    fails at {claim['witness']['place']}"
            yield from (f"    $ {command}" for command in claim["commands"])
    yield from (f"\n{plain_prose(problem)}" for problem in entry["problems"])
