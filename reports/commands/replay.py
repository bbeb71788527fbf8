"""`emtheory replay`: certificates, verified."""

import json
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from emtheory.numerics.errors import InputError
from emtheory.reports.api.replay import Replays
from emtheory.reports.api.replayed import Replayed, find_certificates, replay_files
from emtheory.reports.checking.claims_file import load_claims
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.kernel.rocq_program import require_rocq

_WORST_FIRST = (ExitCode.REFUTED, ExitCode.BAD_INPUT, ExitCode.INCONCLUSIVE)


def run(
    paths: Sequence[Path],
    claims: Path | None,
    data: Path | None,
    *,
    kernel: bool = False,
    exported: Path | None = None,
    as_json: bool,
) -> ExitCode:
    """Verify certificates (of a folder, its ``*.json``), and print what came of each: one that is replayed is accepted.

    REFUTED if one is rejected, else BAD_INPUT if one is no certificate, else INCONCLUSIVE if one has no export for the
    kernel that is asked for. InputError if the claims file is malformed, or exported files come without the kernel.
    """
    if exported is not None and not kernel:
        raise InputError("--rocq is for --kernel: without it nothing is done with exported files")
    files = find_certificates(paths)
    known = None if claims is None else {claim.id: claim for claim in load_claims(claims)}
    in_kernel = None
    if kernel:
        # SymPy takes a third of a second to load, and only exports need it.
        from emtheory.reports.kernel.check import check_claim  # noqa: PLC0415

        require_rocq()
        in_kernel = partial(check_claim, exported)
    results = []
    for result in replay_files(files, known, data, in_kernel):
        results.append(result)
        if not as_json:
            _print(result)
    replays = Replays(tuple(results))
    click.echo(json.dumps(replays.as_json(), indent=2) if as_json else replays.summary())
    codes = {result.code for result in results}
    return next((code for code in _WORST_FIRST if code in codes), ExitCode.OK)


def _print(result: Replayed) -> None:
    word, colour = ("REJECTED", "red") if not result.ok else ("ok", "yellow" if result.code else "green")
    text = f"{click.style(word, fg=colour, bold=True)}{' ' * (10 - len(word))}{result.describe()}"
    click.echo(text, color=False if os.environ.get("NO_COLOR") else None)
