"""`emtheory replay`: certificates, verified."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import click

from emtheory.numerics.errors import InputError
from emtheory.reports.api.replay import replayed
from emtheory.reports.api.replayed import Replayed
from emtheory.reports.exit_code import ExitCode

_WORST_FIRST = (ExitCode.REFUTED, ExitCode.BAD_INPUT, ExitCode.INCONCLUSIVE)


def run(
    paths: Sequence[Path], claims: Path | None, data: Path | None, exported: Path | None, *, kernel: bool, as_json: bool
) -> ExitCode:
    """Verify certificates (of a folder, its ``*.json``), and print what came of each: one that is replayed is accepted.

    REFUTED if one is rejected, else BAD_INPUT if one is no certificate, else INCONCLUSIVE if one has no export for the
    kernel that is asked for. InputError if the claims file is malformed, or exported files come without the kernel.
    """
    if exported is not None and not kernel:
        raise InputError("--rocq is for --kernel: without it nothing is done with exported files")

    def told(result: Replayed) -> None:
        if not as_json:
            _print(result)

    replays = replayed(paths, claims, data, kernel=kernel, exported=exported, told=told)
    click.echo(json.dumps(replays.as_json(), indent=2) if as_json else replays.summary())
    codes = {result.code for result in replays}
    return next((code for code in _WORST_FIRST if code in codes), ExitCode.OK)


def _print(result: Replayed) -> None:
    word, colour = ("REJECTED", "red") if not result.ok else ("ok", "yellow" if result.code else "green")
    text = f"{click.style(word, fg=colour, bold=True)}{' ' * (10 - len(word))}{result.describe()}"
    click.echo(text, color=False if os.environ.get("NO_COLOR") else None)
