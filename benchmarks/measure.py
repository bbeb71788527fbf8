"""Times of several computations taken in turn, in one run; medians of ratios with their spread; peak memory."""

import gc
import math
import os
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.caches import cold_caches
from benchmarks.comparison import Clock, Comparison, Growth

CLOCKS: dict[str, Callable[[], float]] = {"processor": time.process_time, "wall": time.perf_counter}
SHORTEST = 0.02
"""Seconds that one sample takes at least: what is faster is run several times."""
MOST_CALLS = 200
FEWEST_ROUNDS = 3
"""But for computations of which one round alone takes longer than the budget and `LONG` seconds: they need no other."""
LONG = 3.0


def seconds_of(run: Callable[[], Any], calls: int, clock: Clock, *, warm: bool = False) -> float:
    """Mean time of a call, each from cold caches unless they are kept warm."""
    tell, total = CLOCKS[clock], 0.0
    for _ in range(calls):
        if not warm:
            cold_caches()
        start = tell()
        run()
        total += tell() - start
    return total / calls


def interleaved(
    runs: Sequence[Callable[[], Any]], rounds: int, clock: Clock, budget: float, *, warm: bool = False
) -> tuple[list[Any], list[list[float]]]:
    """Run all in turn, every second round in the opposite order.

    Parameters
    ----------
    runs
        The computations.
    rounds
        How often, if the budget allows; three times at least, but for what takes long.
    clock
        What is measured.
    budget
        Seconds that the rounds may take.
    warm
        Whether caches are kept.

    Returns
    -------
    tuple
        The values, and for each round the time of each computation.
    """
    values, calls, total = [], [], 0.0
    for run in runs:
        cold_caches()
        if warm:
            run()
        start = time.perf_counter()
        values.append(run())
        once = time.perf_counter() - start
        calls.append(min(MOST_CALLS, max(1, math.ceil(SHORTEST / max(once, 1e-9)))))
        total += calls[-1] * once
    fewest = FEWEST_ROUNDS if total <= max(budget, LONG) else 1
    rounds = max(min(rounds, fewest), min(rounds, int(budget / max(total, 1e-9))))
    table = []
    gc.collect()
    for index in range(rounds):
        times = [0.0] * len(runs)
        order = range(len(runs)) if index % 2 == 0 else reversed(range(len(runs)))
        for i in order:
            times[i] = seconds_of(runs[i], calls[i], clock, warm=warm)
        table.append(times)
    return values, table


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median and quartiles."""
    if len(values) == 1:
        return {"median": values[0], "low": values[0], "high": values[0]}
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": median, "low": low, "high": high}


def peak_memory(run: Callable[[], Any]) -> float | None:
    """MiB by which a fresh copy of this process grows while it runs, or None if it fails there."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            run()
            os.write(write, str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return int(text) / 1024 if text else None


def measure_comparison(
    comparison: Comparison, memory: Sequence[float | None], rounds: int, budget: float
) -> dict[str, Any]:
    """Measure the times of a comparison, and judge the values; the memory was measured while this process was small."""
    sides = comparison.sides
    values, table = interleaved([side.run for side in sides], rounds, comparison.clock, budget, warm=comparison.warm)
    digits = [side.digits(value) if side.digits else None for side, value in zip(sides, values, strict=True)]
    rows = [
        {
            "name": side.name,
            "seconds": spread([times[i] for times in table]),
            "ratio": spread([times[i] / max(times[0], 1e-9) for times in table]),
            "digits": digits[i],
            "memory": memory[i],
        }
        for i, side in enumerate(sides)
    ]
    figures = {row["name"]: row["ratio"]["median"] for row in rows}
    return {
        "name": comparison.name,
        "clock": comparison.clock,
        "rounds": len(table),
        "sides": rows,
        "targets": _judged(comparison, {**figures, None: rows[0]["seconds"]["median"]}),
    }


def measure_growth(growth: Growth, rounds: int, budget: float) -> dict[str, Any]:
    """Measure a growth: the exponent is the least-squares slope of log time over log size, one for each round."""
    sizes = list(growth.runs)
    _, table = interleaved(list(growth.runs.values()), rounds, growth.clock, budget)
    exponent = spread([slope(sizes, times) for times in table])
    return {
        "name": growth.name,
        "variable": growth.variable,
        "clock": growth.clock,
        "rounds": len(table),
        "points": [{"size": size, "seconds": spread([times[i] for times in table])} for i, size in enumerate(sizes)],
        "exponent": exponent,
        "targets": _judged(growth, {None: exponent["median"]}),
    }


def slope(sizes: Sequence[float], times: Sequence[float]) -> float:
    """Least-squares slope of log time over log size."""
    return statistics.linear_regression([math.log(size) for size in sizes], [math.log(t) for t in times]).slope


def _judged(measured: Comparison | Growth, figures: dict[str | None, float]) -> list[dict[str, Any]]:
    return [
        {
            "says": target.says,
            "limit": target.limit,
            "at_least": target.at_least,
            "value": figures[target.side],
            "reached": target.reached(figures[target.side]),
            "otherwise": target.otherwise,
        }
        for target in measured.targets
    ]
