"""`emtheory replay`: certificates, verified."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import click

from emtheory.reports.api.replay import Replays
from emtheory.reports.api.replayed import Replayed, find_certificates, replay_files
from emtheory.reports.checking.claims_file import load_claims
from emtheory.reports.exit_code import ExitCode


def run(paths: Sequence[Path], claims: Path | None, data: Path | None, *, as_json: bool) -> ExitCode:
    """Verify every certificate named, or in a folder named, print what came of it, and return the exit status.

    Parameters
    ----------
    paths
        Certificates, and folders whose ``*.json`` are taken for certificates.
    claims
        A claims file that each certificate must be for a claim of, or None.
    data
        The data that certificates of data are about, or None.
    as_json
        Whether to print one document at the end rather than a line for each.

    Returns
    -------
    ExitCode
        OK if all are accepted; REFUTED if one is rejected, else BAD_INPUT if one is no certificate. A certificate that
        was replayed, but proves nothing, is accepted and told as such.

    Raises
    ------
    InputError
        If the claims file is malformed.
    NothingSelectedError
        If there is no certificate.
    """
    files = find_certificates(paths)
    known = None if claims is None else {claim.id: claim for claim in load_claims(claims)}
    results = []
    for result in replay_files(files, known, data):
        results.append(result)
        if not as_json:
            _print(result)
    replays = Replays(tuple(results))
    click.echo(json.dumps(replays.as_json(), indent=2) if as_json else replays.summary())
    codes = {result.code for result in results}
    return next((code for code in (ExitCode.REFUTED, ExitCode.BAD_INPUT) if code in codes), ExitCode.OK)


def _print(result: Replayed) -> None:
    word, colour = ("ok", "green") if result.ok else ("REJECTED", "red")
    text = f"{click.style(word, fg=colour, bold=True)}{' ' * (10 - len(word))}{result.describe()}"
    click.echo(text, color=False if os.environ.get("NO_COLOR") else None)
