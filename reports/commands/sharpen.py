"""`emtheory sharpen`: the best constants of claims."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.errors import NothingSelectedError
from emtheory.reports.certificates.certify import write_certificate
from emtheory.reports.checking.selection import choose, find_files, load_all
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.sharpening.sharpen import Sharpened, sharpen

_GUARD_DIGITS = 2
"""Of the constants that are printed, beyond those asked for: they are shorter than that."""


def run(path: Path, select: Sequence[str], digits: int, out: Path | None, *, as_json: bool) -> ExitCode:
    """Sharpen the claims of a file that have a free constant, print the bounds, and return the exit status.

    Parameters
    ----------
    path
        A claims file, or a folder of them.
    select
        Ids or patterns of claims; all that have a free constant without any.
    digits
        Significant digits of the constants.
    out
        Folder that certificates are written to, or None.
    as_json
        Whether to print one document at the end rather than lines for each claim.

    Raises
    ------
    InputError
        If the file is malformed, or a claim cannot be sharpened.
    NothingSelectedError
        If no claim selected has a free constant.
    """
    claims = [located for located in choose(load_all(find_files([path])), select, ()) if located[1].sharpen]
    if not claims:
        raise NothingSelectedError("none of the claims has a free constant: give one sharpen = { … }")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    documents, found = [], []
    for _, claim in claims:
        result = sharpen(claim, digits)
        documents.append(result.as_json(_written(result, out)))
        found.append(result)
        if not as_json:
            click.echo(_line(result, digits))
    if as_json:
        click.echo(json.dumps({"schema": 1, "claims": documents}, indent=2))
    return _exit_code(found)


def _written(result: Sharpened, out: Path | None) -> str | None:
    """Write the certificates of both sides, and return the path of the one of the side that holds."""
    if out is None:
        return None
    paths = [
        out / name for side in (result.holding, result.failing) if side and (name := write_certificate(out, *side))
    ]
    return str(paths[0]) if paths else None


def _line(result: Sharpened, digits: int) -> str:
    constant = "" if result.claim.sharpen is None else result.claim.sharpen.constant
    if result.lower is None or result.upper is None:
        return f"{result.claim.id}: no bounds for {constant}: {result.reason}"
    lower = decimal_text(result.lower, digits + _GUARD_DIGITS, "down")
    upper = decimal_text(result.upper, digits + _GUARD_DIGITS, "up")
    bounds = f"{constant} = {lower}" if result.lower == result.upper else f"{lower} <= {constant} <= {upper}"
    return f"{result.claim.id}: {bounds}, {result.as_json()['level']}{f' ({result.reason})' if result.reason else ''}"


def _exit_code(results: Sequence[Sharpened]) -> ExitCode:
    if any(result.lower is None and result.failing is not None for result in results):
        return ExitCode.REFUTED
    return ExitCode.INCONCLUSIVE if any(result.lower is None for result in results) else ExitCode.OK
