"""`emtheory sharpen`: the best constants of claims."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from emtheory.numerics.errors import NothingSelectedError
from emtheory.numerics.processes import spread_by
from emtheory.numerics.side_by_side import Calls, one_by_one
from emtheory.reports.certificates.certify import write_certificate
from emtheory.reports.charts.files import check_plot
from emtheory.reports.checking.claim_processes import await_worker, crew
from emtheory.reports.checking.model_files import load_models
from emtheory.reports.checking.selection import choose, find_files, load_wanted
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.failure import said
from emtheory.reports.progress import waiting
from emtheory.reports.sharpening.sharpen import Sharpened, sharpen

_GUARD_DIGITS = 2
"""Of the constants that are printed, beyond those asked for: they are shorter than that."""


@dataclass(frozen=True)
class Request:
    """The options of the command, as its help describes them."""

    path: Path
    models: Sequence[Path] = ()
    select: Sequence[str] = ()
    digits: int = 6
    out: Path | None = None
    timeout: float | None = None
    jobs: int | None = None
    scheduler: str | None = None
    plot: Path | None = None
    as_json: bool = False


def run(request: Request) -> ExitCode:
    """Sharpen the claims of a file that have a free constant, print the bounds, and return the exit status."""
    check_plot(request.plot)
    found_claims = load_wanted(find_files([request.path]), request.select, models=load_models(request.models))
    chosen = choose(found_claims, request.select)
    claims = [claim for _, claim in chosen if claim.sharpen]
    if not claims:
        raise NothingSelectedError("none of the claims has a free constant: give one sharpen = { … }")
    if request.out is not None:
        request.out.mkdir(parents=True, exist_ok=True)
    documents: list[dict[str, object]] = []
    found: list[Sharpened] = []
    errors: list[ExitCode] = []
    with _calls(request) as (calls, begin), waiting(lambda: f"{len(found)} of {len(claims)} constants found"):
        for claim in claims:
            begin()
            try:
                result = sharpen(claim, request.digits, request.timeout, calls)
            except Exception as error:  # What is wrong with one claim ends nothing else.
                code, message = said(error)
                result = Sharpened(claim, reason=message)
                if code != ExitCode.INCONCLUSIVE:
                    errors.append(code)
                    click.echo(f"emtheory: error: claim {claim.id!r}: {message}", err=True)
            documents.append(result.as_json(_written(result, request.out)))
            found.append(result)
            if not request.as_json:
                click.echo(_line(result, request.digits))
    if request.plot is not None:
        # What draws takes a while to load.
        from emtheory.reports.charts.landscape import write_landscapes  # noqa: PLC0415

        for line in write_landscapes(found, request.plot):
            click.echo(line, err=True)
    if request.as_json:
        click.echo(json.dumps({"schema": 1, "claims": documents}, indent=2))
    return max(errors) if errors else _exit_code(found)


@contextmanager
def _calls(request: Request) -> Iterator[tuple[Calls, Callable[[], object]]]:
    """How the pieces of boxes are decided, and what is to be done before the time of a claim begins.

    They are decided in this process only if one is asked for and nothing is to be stopped.
    """
    if request.jobs == 1 and request.timeout is None and request.scheduler is None:
        yield one_by_one, lambda: None
        return
    with crew(request.jobs, request.scheduler) as submit:
        yield spread_by(submit), lambda: None if request.timeout is None else await_worker(submit)


def _written(result: Sharpened, out: Path | None) -> str | None:
    """Write the certificates of both sides, and return the path of the one of the side that holds."""
    if out is None:
        return None
    paths = [
        out / name for side in (result.holding, result.failing) if side and (name := write_certificate(out, *side))
    ]
    return str(paths[0]) if paths else None


def _line(result: Sharpened, digits: int) -> str:
    bounds = result.bounds_text(digits + _GUARD_DIGITS)
    if not bounds:
        constant = "" if result.claim.sharpen is None else result.claim.sharpen.constant
        return f"{result.claim.id}: no bounds for {constant}: {result.reason}"
    return f"{result.claim.id}: {bounds}, {result.as_json()['level']}{f' ({result.reason})' if result.reason else ''}"


def _exit_code(results: Sequence[Sharpened]) -> ExitCode:
    if any(result.lower is None and result.failing is not None for result in results):
        return ExitCode.REFUTED
    return ExitCode.INCONCLUSIVE if any(result.lower is None for result in results) else ExitCode.OK
