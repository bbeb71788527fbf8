"""The laws of the report as tasks, and what becomes of them: tables as JSON values, and figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import chain, islice
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


@dataclass(frozen=True)
class LawPlan:
    """The tasks of the laws: of sweeps by name, batches of cells with the task for them; and of other tables."""

    sweeps: Mapping[str, Sequence[tuple[Batch, Task]]]
    dimension: Task
    direction: Task
    worst: tuple[Task, ...]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All of them."""
        cells = (task for _, task in chain.from_iterable(self.sweeps.values()))
        return (*cells, self.dimension, self.direction, *self.worst)


def law_plan(grid: LawGrid) -> LawPlan:
    """Return what there is to compute for the laws."""
    sweeps = {}
    for name, cells in plan_laws(grid).items():
        # Those of the table take seconds each, those of the maps next to nothing.
        batches = _batches(cells.values(), 1 if name == "laws" else _BATCH)
        sweeps[name] = [(batch, Task(_name(name, batch), compute_cells, (batch,), batch[0].k)) for batch in batches]
    return LawPlan(
        sweeps,
        Task("laws: dimension", dimension_rows),
        Task("laws: directions", direction_rows, (grid.direction_radii,)),
        tuple(
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


def finish_laws(plan: LawPlan, start: Start) -> Laws:
    """Wait for the tasks of the laws, and draw the figures."""
    lines = {
        name: list(chain.from_iterable(_lines(*each, start) for each in sweep)) for name, sweep in plan.sweeps.items()
    }
    dimension, direction, *worst = (
        result_of(start(task)).value for task in (plan.dimension, plan.direction, *plan.worst)
    )
    document = law_document(lines["laws"], lines["sample-bound"]) | {
        "dimension": {"k": DIMENSION_CASE[0], "weights": DIMENSION_CASE[1], "rows": dimension},
        "direction": {"k": DIRECTION_CASE[0], "weights": DIRECTION_CASE[1], "rows": direction},
        "worst": worst,
    }
    drawn = result_of(start(Task("figures of the laws", draw_laws, (lines,)))).value
    return Laws(document, {name: Drawing(**drawing) for name, drawing in drawn.items()})


def draw_laws(lines: Mapping[str, Sequence[Line]]) -> dict[str, dict[str, str]]:
    """Return the figures of the laws as JSON values."""
    return {name: asdict(drawing) for name, drawing in law_drawings(lines).items()}


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


def _lines(batch: Batch, task: Task, start: Start) -> Iterator[Line]:
    answers = (Answer(**row) for row in result_of(start(task)).value)
    return map(line_of, batch, answers)


def _name(sweep: str, batch: Batch) -> str:
    first = batch[0]
    return f"laws: {sweep}, {first.quantity}, k = {first.k}, {first.weights}"


def _batches(cells: Iterable[Cell], size: int) -> Iterator[Batch]:
    source = iter(cells)
    while batch := tuple(islice(source, size)):
        yield batch


def _shown(row: Row, columns: Sequence[str]) -> Row:
    answers = {
        name: {"value": _rounded(answer["value"]), "level": answer["level"]}
        for name in columns
        if (answer := row[name])
    }
    return row | answers


def _rounded(value: str) -> str:
    return value if value == "inf" else decimal_text(Fraction(value), _SHOWN_DIGITS)
