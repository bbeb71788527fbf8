"""A report, or a page, on claims of a user's own: each claim is a statement, and its file says where it is from."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from emtheory.numerics.errors import InputError
from emtheory.numerics.names import is_model
from emtheory.reports.catalogue.entry import entry_verdicts
from emtheory.reports.catalogue.examination import Examined, examined, undecided_claim
from emtheory.reports.catalogue.selected import report_entries
from emtheory.reports.checking.checking import Checked
from emtheory.reports.checking.claims_file import Heading, load_heading, place_of
from emtheory.reports.checking.model_files import Models
from emtheory.reports.checking.record import Located
from emtheory.reports.checking.selection import choose, find_files, load_wanted
from emtheory.reports.render.html import render_html
from emtheory.reports.report.layout import printable, report_document
from emtheory.reports.report.run import run_data
from emtheory.reports.report.stages import EXTRAS, Extras
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.mixtures.derivation import derive_model
from emtheory.theory.mixtures.derivation_text import definition_lines, derivation_text
from emtheory.theory.mixtures.reading import model_of

UNTITLED = "Claims"
"""The title of what has none, and the chapter of claims that name none."""

_OTHER = re.compile("[^a-z0-9]+")


def chosen_entries(
    files: Sequence[Path], source: str | None, select: Sequence[str], models: Models | None = None
) -> tuple[tuple[Entry, ...], dict[str, Any] | None]:
    """Return the statements of a report, and what its page says of the user's files if they are from these.

    InputError if a file is malformed, or files and a source are named; NothingSelectedError if there is no claim, or a
    pattern matches none.
    """
    if not files:
        return report_entries(source, select), None
    if source is not None:
        raise InputError(f"--source {source} is a part of the catalogue, and {files[0]} is not: leave one of them out")
    return described(choose(load_wanted(find_files(files), select, models=models), select))


def described(claims: Sequence[Located]) -> tuple[tuple[Entry, ...], dict[str, Any]]:
    """Return the statements, and what the page says of the files, with the command that explains each statement."""
    entries = own_entries(claims)
    places = {claim.id: path for path, claim in claims}
    commands = {entry.id: _command(places[claim.id], claim) for entry in entries for claim in entry.claims}
    texts = dict.fromkeys(claim.family for _, claim in claims if is_model(claim.family))
    said = about(list(map(load_heading, dict.fromkeys(places.values()))))
    return entries, said | {"commands": commands, "models": [_model(text) for text in texts]}


def _command(path: Path, claim: Claim) -> str:
    models = ["--models", claim.model_file] if claim.model_file not in ("", str(path)) else []
    return shlex.join(["emtheory", "check", str(path), *models, "--explain", claim.id])


def _model(text: str) -> dict[str, str]:
    """Return a model that claims are about, and what is derived of it, or why its M-step is not."""
    model = model_of(text)
    try:
        derived = derivation_text(derive_model(model))
    except InputError as error:
        derived = "\n".join([*definition_lines(model), "", str(error)])
    return {"name": model.name, "title": model.title, "derivation": derived}


def own_entries(claims: Sequence[Located]) -> tuple[Entry, ...]:
    """Return a statement for each claim, in the order of the claims, but with the chapters together."""
    entries: dict[str, Entry] = {}
    for path, claim in claims:
        name = stem = _OTHER.sub("-", claim.id.lower()).strip("-") or "claim"
        number = 1
        while name in entries:
            number += 1
            name = f"{stem}-{number}"
        entries[name] = Entry(
            id=name,
            title=claim.title or claim.id,
            source=claim.source or place_of(path, claim.line),
            quote=claim.quote,
            reading=claim.reading,
            claims=(claim,),
            group=claim.chapter or UNTITLED,
            expected=claim.expect,
            universal=False,
            certified=True,
        )
    chapters = list(dict.fromkeys(entry.group for entry in entries.values()))
    return tuple(sorted(entries.values(), key=lambda entry: chapters.index(entry.group)))


def about(headings: Sequence[Heading]) -> dict[str, Any]:
    """Return what the page says of where the claims are from: the first that a file says of each, and every setup."""
    first = {
        name: next((getattr(heading, name) for heading in headings if getattr(heading, name)), default)
        for name, default in (("title", UNTITLED), ("authors", ()), ("paper", ""))
    }
    return {
        "title": first["title"],
        "authors": list(first["authors"]),
        "reference": first["paper"],
        "scope": "\n\n".join(heading.setup for heading in headings if heading.setup),
        "not_judged": "",
    }


def check_page(checked: Sequence[Checked]) -> str:
    """Return the report's page on claims that were checked, with nothing beside it."""
    entries, heading = described([(each.path, each.claim) for each in checked])
    found = {each.claim.id: each for each in checked}
    verdicts = entry_verdicts(entries, [_examined(found[claim.id]) for entry in entries for claim in entry.claims])
    run = run_data(verdicts, sum(each.record.seconds for each in checked), {}, ())
    document = report_document(verdicts, (), Extras(), run, left_out=EXTRAS, about=heading)
    return render_html(printable(document), {}, files=False)


def _examined(checked: Checked) -> Examined:
    if checked.evidence is not None:
        return examined(checked.claim, checked.evidence, checked.record.seconds)
    if checked.verdict is None:
        raise ValueError(f"{checked.claim.id}: no evidence")
    return undecided_claim(checked.claim, checked.verdict)
