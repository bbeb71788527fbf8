"""The laws of the report, computed by its workers."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.fingerprint import code_fingerprint
from emtheory.numerics.sweep.cell import Cell, compute
from emtheory.numerics.sweep.cell import Row as Answer
from emtheory.reports.laws.checks import DIMENSION_CASE, DIRECTION_CASE, dimension_rows, direction_rows, worst_row
from emtheory.reports.laws.drawings import law_drawings
from emtheory.reports.laws.fit import CONFIDENCE
from emtheory.reports.laws.plan import LawGrid, plan_laws
from emtheory.reports.laws.table import COLUMNS, Row, bound_over_truth, law_fits, law_rows
from emtheory.reports.render.drawing import Drawing
from emtheory.reports.tables.sweep_table import Line, line_of

_SHOWN_DIGITS = 6


@dataclass(frozen=True)
class Laws:
    """The tables as JSON values, and the figures."""

    document: Mapping[str, object]
    drawings: Mapping[str, Drawing]


def submit_laws(pool: Executor, grid: LawGrid) -> Callable[[], Laws]:
    """Hand the cells of the laws to the workers of a pool; the function returned waits for them."""
    plans = plan_laws(grid)
    rows = {name: pool.map(_computed, cells.values()) for name, cells in plans.items()}
    dimension, direction = pool.submit(dimension_rows), pool.submit(direction_rows, grid.direction_radii)
    worst = pool.map(worst_row, *zip(*grid.worst_cases, strict=True))

    def collect() -> Laws:
        lines = {name: list(map(line_of, cells.values(), rows[name])) for name, cells in plans.items()}
        document = law_document(lines["laws"]) | {
            "dimension": {"k": DIMENSION_CASE[0], "weights": DIMENSION_CASE[1], "rows": dimension.result()},
            "direction": {"k": DIRECTION_CASE[0], "weights": DIRECTION_CASE[1], "rows": direction.result()},
            "worst": list(worst),
        }
        return Laws(document, law_drawings(lines))

    return collect


def _computed(cell: Cell) -> Answer:
    # The workers are the report's own: there is no other code to be told from.
    return compute(cell, code_fingerprint())


def law_document(lines: Sequence[Line]) -> dict[str, object]:
    """Return the table of the laws and the fits through it as JSON values."""
    rows = law_rows(lines)
    return {"rows": list(map(_shown, rows)), "fits": law_fits(rows), "confidence": CONFIDENCE}


def _shown(row: Row) -> Row:
    answers = {name: answer | {"value": _rounded(answer["value"])} for name in COLUMNS if (answer := row[name])}
    ratio = bound_over_truth(row)
    return row | answers | {"bound_over_truth": None if ratio is None else f"{ratio:.3g}"}


def _rounded(value: str) -> str:
    return value if value == "inf" else decimal_text(Fraction(value), _SHOWN_DIGITS)
