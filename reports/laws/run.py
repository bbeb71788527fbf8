"""The laws of the report as tasks, and what becomes of them: tables as JSON values, and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.fingerprint import package_fingerprint
from emtheory.numerics.sweep.cell import Cell, compute
from emtheory.numerics.sweep.cell import Row as Answer
from emtheory.reports.checking.tasks import Start, Task, result_of
from emtheory.reports.laws.figures import law_drawings
from emtheory.reports.laws.plan import (
    DIMENSION_CASE,
    DIRECTION_CASE,
    LawGrid,
    dimension_rows,
    direction_rows,
    plan_laws,
    worst_row,
)
from emtheory.reports.laws.table import (
    COLUMNS,
    CONFIDENCE,
    SAMPLE_COLUMNS,
    Row,
    bound_over_truth,
    law_bands,
    law_fits,
    law_rows,
    sample_rows,
)
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.tables.sweep_table import Line, line_of

_SHOWN_DIGITS = 6
"""Of the numbers in the table."""

_BATCH = 40
"""Cells of a map in one task: each takes a few milliseconds."""

Batch = tuple[Cell, ...]


@dataclass(frozen=True)
class Laws:
    """The tables as JSON values, and the figures."""

    document: Mapping[str, object]
    drawings: Mapping[str, Drawing]


@cache
def _batches(grid: LawGrid) -> Mapping[str, tuple[Batch, ...]]:
    """Return the cells of each sweep, as many at a time as one task computes."""
    batches = {}
    for name, planned in plan_laws(grid).items():
        # Those of the table take seconds each, those of the maps next to nothing.
        cells, size = tuple(planned.values()), 1 if name == "laws" else _BATCH
        batches[name] = tuple(cells[first : first + size] for first in range(0, len(cells), size))
    return MappingProxyType(batches)


def law_tasks(grid: LawGrid) -> tuple[Task, ...]:
    """Return what there is to compute for the laws: the cells of the sweeps, and other tables."""
    return (
        *(
            Task(_name(name, batch), compute_cells, (batch,), batch[0].k)
            for name, batches in _batches(grid).items()
            for batch in batches
        ),
        Task("laws: dimension", dimension_rows),
        Task("laws: directions", direction_rows, (grid.direction_radii,)),
        *(
            Task(f"laws: worst direction, k = {k}, {weights}", worst_row, (k, weights))
            for k, weights in grid.worst_cases
        ),
    )


def compute_cells(cells: Batch) -> list[dict[str, Any]]:
    """Compute cells of a sweep; RuntimeError if that is an internal error."""
    # The worker is the report's own: there is no other code to be told from.
    rows = [compute(cell, package_fingerprint()) for cell in cells]
    for row in rows:
        if row.error is not None and row.error.startswith("internal error"):
            raise RuntimeError(row.error)
    return [asdict(row) | {"seconds": 0.0} for row in rows]


def finish_laws(grid: LawGrid, found: Sequence[Any], start: Start) -> Laws:
    """Make tables of what came of `law_tasks`, in their order, and draw the figures."""
    values, lines = iter(found), dict[str, list[Line]]()
    for name, batches in _batches(grid).items():
        rows = (zip(batch, next(values), strict=True) for batch in batches)
        lines[name] = [line_of(cell, Answer(**row)) for batch in rows for cell, row in batch]
    dimension, direction, *worst = values
    document = law_document(lines["laws"], lines["sample-bound"]) | {
        "dimension": {"k": DIMENSION_CASE[0], "weights": DIMENSION_CASE[1], "rows": dimension},
        "direction": {"k": DIRECTION_CASE[0], "weights": DIRECTION_CASE[1], "rows": direction},
        "worst": worst,
    }
    drawn = result_of(start(Task("figures of the laws", law_drawings, (lines,)))).value
    return Laws(document, {name: Drawing(**drawing) for name, drawing in drawn.items()})


def law_document(lines: Sequence[Line], sample_lines: Sequence[Line]) -> dict[str, object]:
    """Return the tables of the laws and of the sample bounds, the bands and fits through them, as JSON values."""
    rows, samples = law_rows(lines), sample_rows(sample_lines)
    return {
        "rows": [
            _shown(row, COLUMNS)
            | {"bound_over_truth": None if (ratio := bound_over_truth(row)) is None else f"{ratio:.3g}"}
            for row in rows
        ],
        "samples": [_shown(row, SAMPLE_COLUMNS) for row in samples],
        "bands": list(map(asdict, law_bands(rows, samples))),
        "fits": law_fits(rows),
        "confidence": CONFIDENCE,
    }


def _name(sweep: str, batch: Batch) -> str:
    first = batch[0]
    return f"laws: {sweep}, {first.quantity}, k = {first.k}, {first.weights}"


def _shown(row: Row, columns: Sequence[str]) -> Row:
    answers = {
        name: {"value": _rounded(answer["value"]), "level": answer["level"]}
        for name in columns
        if (answer := row[name])
    }
    return row | answers


def _rounded(value: str) -> str:
    return value if value == "inf" else decimal_text(Fraction(value), _SHOWN_DIGITS)
