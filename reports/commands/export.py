"""`emtheory export`: claims as files for Rocq."""

import json
from pathlib import Path

import click

from emtheory.reports.api.verify import wanted
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.kernel.export import export_claim, export_folder
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.theorems import THEOREMS


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
