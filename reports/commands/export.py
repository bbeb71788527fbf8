"""`emtheory export`: claims as files for Rocq."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from emtheory.numerics.errors import InputError
from emtheory.reports.certificates.file import RejectedError, read_certificate
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.kernel.export import export_claim, export_folder
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.theorems import THEOREMS
from emtheory.theory.claim import REFUTED, Claim, Entry
from emtheory.theory.claims import catalogue

Wanted = Sequence[tuple[Claim, bool]]
"""Claims, and of each whether it is exported that it is false."""


def run(name: str, out: Path, *, as_json: bool) -> ExitCode:
    """Write statement and proof for each claim that a name means, and say where; INCONCLUSIVE if one has no export."""
    if name in THEOREMS:
        return _run_theorem(name, out / name, as_json=as_json)
    documents = []
    for claim, refuted in wanted(name):
        folder, problem = export_folder(out, claim), None
        try:
            export_claim(claim, refuted=refuted).write(folder)
        except NotExportedError as error:
            problem = str(error)
        documents.append(
            {"id": claim.id, "refuted": refuted, "folder": None if problem else str(folder), "problem": problem}
        )
        if problem is not None:
            click.echo(f"emtheory: error: {claim.id}: {problem}", err=True)
        elif not as_json:
            click.echo(
                f"{folder}: Statement.v says that {claim.id} {'is false' if refuted else 'holds'}, Proof.v proves it"
            )
    missing = any(document["problem"] for document in documents)
    if as_json:
        click.echo(json.dumps({"schema": 1, "claims": documents, "ok": not missing}, indent=2))
    return ExitCode.INCONCLUSIVE if missing else ExitCode.OK


def _run_theorem(name: str, folder: Path, *, as_json: bool) -> ExitCode:
    THEOREMS[name].files(name).write(folder)
    documents = [{"id": name, "refuted": False, "folder": str(folder), "problem": None}]
    if as_json:
        click.echo(json.dumps({"schema": 1, "claims": documents, "ok": True}, indent=2))
    else:
        click.echo(f"{folder}: {THEOREMS[name].title}")
    return ExitCode.OK


def wanted(name: str) -> Wanted:
    """Return what a name means (certificate, statement or claim of the catalogue, theorem), or raise InputError."""
    path = Path(name)
    if path.is_file():
        try:
            certificate, _ = read_certificate(path)
        except RejectedError as error:
            raise InputError(f"{path}: {error}") from None
        return [(certificate.claim, certificate.verdict == REFUTED)]
    if path.is_dir():
        raise InputError(f"{name}: is a folder: name one certificate of it")
    chosen = [pair for entry in catalogue() for pair in _claims_of(entry) if name in (entry.id, pair[0].id)]
    if not chosen:
        raise InputError(
            f"{name[:100]!r} is neither a file nor the id of a statement, which emtheory claims lists, nor one of "
            f"{', '.join(THEOREMS)}"
        )
    return chosen


def _claims_of(entry: Entry) -> Wanted:
    """Return every claim of an entry, and whether it is one that does not hold."""
    claims = (*entry.claims, *entry.disproofs, *entry.hypotheses, *entry.corrected, *entry.instances, *entry.controls)
    false = entry.claims if entry.expected == REFUTED and len(entry.claims) == 1 else ()
    return [(claim, claim.expect == REFUTED or claim in false) for claim in claims]
