"""`emtheory verify`: certificates, by the standalone verifier."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from emtheory.reports.certificates import verify as verifier
from emtheory.reports.exit_code import ExitCode


def run(paths: Sequence[Path], seconds: float | None, megabytes: int | None, *, as_json: bool) -> ExitCode:
    """Verify every certificate named, or in a folder named, and print what came of it.

    Parameters
    ----------
    paths
        Certificates, and folders whose ``*.json`` are taken for certificates.
    seconds, megabytes
        What each may take; None for the limits of the verifier.
    as_json
        Whether to print one document rather than a line for each.

    Returns
    -------
    ExitCode
        OK if all are accepted; REFUTED if one is rejected, else BAD_INPUT if one is no certificate, else UNDECIDED if
        one is not decided within the limits, else INCONCLUSIVE if one is not covered; NOTHING_SELECTED if there is
        none.
    """
    files, limits = verifier.files_in(paths), (seconds or verifier.TIMEOUT, megabytes or verifier.MEMORY)
    if not as_json:
        return ExitCode(verifier.report(files, *limits))
    certificates = [
        {"file": str(path), "outcome": outcome, "reason": reason, "seconds": round(spent, 3)}
        for path, (outcome, reason, spent) in zip(files, verifier.outcomes(files, *limits), strict=True)
    ]
    code = ExitCode(verifier.exit_status([str(each["outcome"]) for each in certificates]))
    click.echo(json.dumps({"schema": 1, "certificates": certificates, "ok": code == ExitCode.OK}, indent=2))
    return code
