"""`emtheory sweep`: quantities over a grid of cases, as a table, files, a figure and a store that resumes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from emtheory.numerics.errors import InputError
from emtheory.numerics.processes import processors
from emtheory.reports.api.sweep import check_request, computed, planned
from emtheory.reports.commands.evaluate import named_family, parse_places
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.failure import error_document, told
from emtheory.reports.progress import keeping, progress
from emtheory.reports.tables.sweep_files import write_files


def run(
    *,
    files: Mapping[str, Path | None],
    store: Path | None,
    jobs: int | None,
    timeout: float | None,
    retry: bool,
    scheduler: str | None,
    as_json: bool,
    **grid: Any,
) -> int:
    """Plan, compute, write and print; INCONCLUSIVE if a cell has no answer, BAD_INPUT if a file cannot be written.

    `grid` is what `emtheory.reports.api.sweep.planned` takes, with ``models``, ``model`` and ``places`` as given; what
    is malformed is an InputError before anything is computed.
    """
    check_request({**files, "store": store}, jobs, timeout, scheduler)
    models, model, places = (grid.pop(name) for name in ("models", "model", "places"))
    cells = planned(named_family("", model, models), parse_places(places, {}), **grid)
    kept = f"the same command goes on from {store}" if store else "nothing is kept: --store FILE keeps cells"
    with keeping(lambda: kept), progress(len(cells), "cells") as advance:
        table = computed(
            cells,
            store=store,
            jobs=jobs or processors(),
            timeout=timeout,
            retry=retry,
            scheduler=scheduler,
            told=lambda row: advance(),
        )
    document, code = table.as_json(), ExitCode.INCONCLUSIVE if table.failed else ExitCode.OK
    try:
        write_files(files, table.lines())
    except (InputError, OSError) as error:  # what was computed is shown even if a file cannot be written
        code = told(error)
        document |= {"error": error_document(error)}
    click.echo(json.dumps(document, indent=2) if as_json else repr(table))
    return code
