"""The laws of the report, computed by its workers."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

from numerics.fingerprint import code_fingerprint
from numerics.sweep.cell import compute
from reports.drawing import Drawing, law_drawings
from reports.laws.checks import DIMENSION_CASE, DIRECTION_CASE, dimension_rows, direction_rows
from reports.laws.fit import CONFIDENCE
from reports.laws.plan import LawGrid, plan_laws
from reports.laws.table import bound_over_truth, law_fits, law_rows
from reports.sweep_table import Line, line_of


@dataclass(frozen=True)
class Laws:
    """The tables as JSON values, and the figures."""

    document: Mapping[str, object]
    drawings: Mapping[str, Drawing]


def submit_laws(pool: Executor, grid: LawGrid) -> Callable[[], Laws]:
    """Hand the cells of the laws to the workers of a pool; the function returned waits for them."""
    plans = plan_laws(grid)
    work = partial(compute, fingerprint=code_fingerprint())
    rows = {name: pool.map(work, cells.values()) for name, cells in plans.items()}
    dimension, direction = pool.submit(dimension_rows), pool.submit(direction_rows, grid.direction_radii)

    def collect() -> Laws:
        lines = {name: list(map(line_of, cells.values(), rows[name])) for name, cells in plans.items()}
        document = law_document(lines["laws"]) | {
            "dimension": {"k": DIMENSION_CASE[0], "weights": DIMENSION_CASE[1], "rows": dimension.result()},
            "direction": {"k": DIRECTION_CASE[0], "weights": DIRECTION_CASE[1], "rows": direction.result()},
        }
        return Laws(document, law_drawings(lines))

    return collect


def law_document(lines: Sequence[Line]) -> dict[str, object]:
    """Return the table of the laws and the fits through it as JSON values."""
    rows = law_rows(lines)
    ratios = map(bound_over_truth, rows)
    shown = [row | {"bound_over_truth": None if r is None else f"{r:.3g}"} for row, r in zip(rows, ratios, strict=True)]
    return {"rows": shown, "fits": law_fits(rows), "confidence": CONFIDENCE}
