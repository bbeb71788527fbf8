"""How costs grow: times at several sizes, and the power of the size that fits them best.

An exponent of 1 means twice the time for twice the size. Sizes are taken in turn; the exponent is fitted in every round
for itself.
"""

import os
from collections.abc import Iterator
from functools import partial

from benchmarks.comparison import Comparison, Growth, Scale, Side, Target
from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.sweep.cell import Cell
from emtheory.numerics.sweep.run import sweep
from emtheory.numerics.sweep.store import open_store
from emtheory.reports.tables.sweep_plan import plan_sweep

QUANTITIES = ("kl_divergence", "posterior_power(m=1)")

REST = "A request with 4096 weights reads, checks and sorts 4096 exact numbers, whatever is computed with them."
"""What grows with k at two distinct weights."""


def request(k: int, weights: str, digits: int) -> None:
    evaluate("kl_divergence", make_case(k, weights, radius="1"), {}, digits, "ball")


def distinct(k: int, classes: int) -> str:
    """Return k weights of `classes` distinct values, as a list."""
    parts = [1 + j % classes for j in range(k)]
    return ",".join(f"{part}/{sum(parts)}" for part in parts)


def cells(count: int) -> dict[str, Cell]:
    """Return cells of a sweep: k to 1024, two distinct weights at the most."""
    families = ("uniform", "one-heavy:3/5", "one-heavy:99/100", "one-heavy:1/100")
    found = list(plan_sweep("2:1024:log", families, QUANTITIES, "1/4:4:1/4", None, 15, "auto").items())
    return dict(found[i * len(found) // count] for i in range(min(count, len(found))))


def swept(count: int, jobs: int) -> None:
    chosen = cells(count)
    with open_store(None) as store:
        sweep(chosen, store, jobs=jobs)
        assert not any((row := store.get(key)) is None or row.error for key in chosen)


def measured(scale: Scale) -> Iterator[Growth | Comparison]:
    sizes = {"tiny": (5, 10), "quick": (15, 30, 60), "full": (15, 30, 60, 120, 240)}[scale]
    yield Growth("KL, k = 3", "digits", {size: partial(request, 3, "1/2,3/10,1/5", size) for size in sizes})
    sizes = {"tiny": (1, 2), "quick": (4, 16, 64), "full": (1, 2, 4, 8, 16, 32, 64)}[scale]
    yield Growth(
        "KL, k = 64, 15 digits",
        "distinct weights",
        {size: partial(request, 64, distinct(64, size), 15) for size in sizes},
    )
    sizes = {"tiny": (4, 8), "quick": (8, 256, 4096), "full": (4, 8, 16, 64, 256, 1024, 4096)}[scale]
    runs = {size: partial(request, size, "one-heavy:3/5", 15) for size in sizes}
    yield Growth("KL, two distinct weights, 15 digits", "k", runs)
    if scale != "tiny":
        sides = tuple(Side(f"k = {k}", partial(request, k, "one-heavy:3/5", 30)) for k in (8, 4096))
        target = Target("k = 4096 with two distinct weights at most 3 times k = 8", 3, "k = 4096", otherwise=REST)
        yield Comparison("KL, two distinct weights, 30 digits", sides, (target,))
    counts = {"tiny": (2, 4), "quick": (10, 40), "full": (50, 100, 200, 400)}[scale]
    yield Growth("Sweep, 15 digits", "cells", {count: partial(swept, count, 1) for count in counts}, clock="wall")
    if scale != "tiny":
        jobs = (1, 2) if scale == "quick" else tuple(2**i for i in range((os.cpu_count() or 1).bit_length()))
        count = 40 if scale == "quick" else 400
        runs = {number: partial(swept, count, number) for number in jobs}
        yield Growth(f"Sweep of {count} cells, 15 digits", "processes", runs, clock="wall")
