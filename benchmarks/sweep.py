"""A sweep of 2,000 simplex cells with one and with two jobs, and its cost per cell.

Run ``python benchmarks/sweep.py [CELLS]``. The first table is one sweep of CELLS (2,000) cells, k to 1024, 15 digits,
weights with at most two distinct values, with one job and with two, in this order, in one run; the second and third
vary one thing at a time: the number of distinct weights at one k, and k at two distinct weights. Their times are
processor times of one process. Peak memory is that of the process that keeps the store and of its largest worker.
"""

import resource
import sys
import time
from fractions import Fraction

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.sweep.cell import Cell
from emtheory.numerics.sweep.run import sweep
from emtheory.numerics.sweep.store import open_store
from emtheory.reports.tables.sweep_plan import plan_sweep

FAMILIES = ("uniform", "one-heavy:3/5", "one-heavy:99/100", "one-heavy:1/100")
QUANTITIES = ("kl_divergence", "posterior_power(m=1)")
DIGITS = 15


def plan(count: int) -> dict[str, Cell]:
    cells = list(plan_sweep("2:1024:log", FAMILIES, QUANTITIES, "1/4:4:1/4", None, DIGITS, "auto").items())
    return dict(cells[i * len(cells) // count] for i in range(min(count, len(cells))))


def timed(cells: dict[str, Cell], jobs: int) -> tuple[float, int]:
    failed = 0
    start = time.perf_counter()
    with open_store(None) as store:
        sweep(cells, store, jobs=jobs)
        failed = sum((row := store.get(key)) is None or row.error is not None for key in cells)
    return time.perf_counter() - start, failed


def cost(weights: str, k: int, runs: int = 3) -> float:
    """Processor seconds of one cell, the best of some runs."""
    case, best = make_case(k, weights, radius=Fraction(1)), float("inf")
    for _ in range(runs):
        start = time.process_time()
        evaluate("kl_divergence", case, {}, DIGITS, "ball")
        best = min(best, time.process_time() - start)
    return best


def distinct(k: int, classes: int) -> str:
    """Return k weights of `classes` distinct values, as a list."""
    parts = [1 + j % classes for j in range(k)]
    return ",".join(f"{part}/{sum(parts)}" for part in parts)


def main(count: int) -> None:
    cells = plan(count)
    print(f"{len(cells)} cells, k to {max(cell.k for cell in cells.values())}, {DIGITS} digits\n")
    print(f"{'jobs':>4} {'seconds':>8} {'cells/s':>8} {'failed':>6}")
    for jobs in (1, 2):
        seconds, failed = timed(cells, jobs)
        print(f"{jobs:>4} {seconds:>8.1f} {len(cells) / seconds:>8.1f} {failed:>6}", flush=True)
    own, workers = (resource.getrusage(who).ru_maxrss >> 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"\npeak memory: {own} MiB here, {workers} MiB in the largest worker")
    print("\nKL at k = 64, radius 1\n\ndistinct weights       ms")
    for classes in (1, 2, 4, 8, 16, 32, 64):
        print(f"{classes:>16} {1e3 * cost(distinct(64, classes), 64):>8.1f}")
    print("\nKL with two distinct weights, radius 1\n\n               k       ms")
    for k in (4, 16, 64, 256, 1024, 4096):
        print(f"{k:>16} {1e3 * cost('one-heavy:3/5', k):>8.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
