"""`emtheory verify`: certificates, by the standalone verifier."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from emtheory.reports.certificates import verify as verifier
from emtheory.reports.exit_code import ExitCode


def run(paths: Sequence[Path], *, as_json: bool) -> ExitCode:
    """Verify every certificate named, or in a folder named, and print what came of it.

    Parameters
    ----------
    paths
        Certificates, and folders whose ``*.json`` are taken for certificates.
    as_json
        Whether to print one document rather than a line for each.

    Returns
    -------
    ExitCode
        OK if all are accepted; REFUTED if one is rejected, else BAD_INPUT if one is no certificate, else INCONCLUSIVE
        if one is not covered; NOTHING_SELECTED if there is none.
    """
    if not as_json:
        return ExitCode(verifier.main([str(path) for path in paths]))
    found = [(path, *verifier.outcome_of(path)) for path in verifier.files_in(paths)]
    certificates = [{"file": str(path), "outcome": outcome, "reason": reason} for path, outcome, reason in found]
    code = ExitCode(verifier.exit_status([outcome for _, outcome, _ in found]))
    click.echo(json.dumps({"schema": 1, "certificates": certificates, "ok": code == ExitCode.OK}, indent=2))
    return code
