"""`emtheory sharpen`: the best constants of claims."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from emtheory.reports.api.sharpen import best_constants, chosen
from emtheory.reports.checking.model_files import load_models
from emtheory.reports.checking.selection import find_files, load_wanted
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.failure import said
from emtheory.reports.progress import keeping, waiting
from emtheory.reports.render.drawing import check_plot, draw
from emtheory.reports.sharpening.sharpen import Sharpened
from emtheory.theory.claim import Claim

_GUARD_DIGITS = 2
"""Of the constants that are printed, beyond those asked for: they are shorter than that."""


def run(
    path: Path,
    models: Sequence[Path],
    select: Sequence[str],
    digits: int,
    out: Path | None,
    timeout: float | None,
    jobs: int | None,
    scheduler: str | None,
    plot: Path | None,
    *,
    as_json: bool,
) -> ExitCode:
    """Sharpen the claims of a file that have a free constant, print the bounds, and return the exit status."""
    check_plot(plot)
    claims = chosen(load_wanted(find_files([path]), select, models=load_models(models)), select)
    done: list[Sharpened] = []
    errors: list[ExitCode] = []

    def failed(claim: Claim, error: Exception) -> Sharpened:  # What is wrong with one claim ends nothing else.
        code, message = said(error)
        if code != ExitCode.INCONCLUSIVE:
            errors.append(code)
            click.echo(f"emtheory: error: claim {claim.id!r}: {message}", err=True)
        return Sharpened(claim, reason=message)

    def told(result: Sharpened) -> None:
        done.append(result)
        if not as_json:
            click.echo(_line(result, digits))

    def progress() -> str:
        return f"{len(done)} of {len(claims)} constants found"

    kept = f"; the certificates of these are in {out}" if out else "; nothing else is kept"
    with keeping(lambda: progress() + kept), waiting(progress):
        found = best_constants(
            claims, digits, timeout, jobs=jobs, scheduler=scheduler, folder=out, told=told, failed=failed
        )
    draw(found.chart, plot)
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2))
    if errors:
        return max(errors)
    if any(result.lower is None and result.failing is not None for result in found):
        return ExitCode.REFUTED
    return ExitCode.OK if found.ok else ExitCode.INCONCLUSIVE


def _line(result: Sharpened, digits: int) -> str:
    bounds = result.bounds_text(digits + _GUARD_DIGITS)
    if not bounds:
        constant = "" if result.claim.sharpen is None else result.claim.sharpen.constant
        return f"{result.claim.id}: no bounds for {constant}: {result.reason}"
    return f"{result.claim.id}: {bounds}, {result.as_json()['level']}{f' ({result.reason})' if result.reason else ''}"
