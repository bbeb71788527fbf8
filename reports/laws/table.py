"""The laws as the report shows them: one row for each family and k, and the fits through the rows."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from emtheory.reports.laws.fit import Fit, fit_line, fit_power
from emtheory.reports.tables.sweep_table import Line

Row = dict[str, Any]
"""k, weights, and column → answer (value, level, lower, upper), or None where it was not asked for or not found."""

COLUMNS = (
    "lloyd_radius",
    "spectral_gap",
    "worst_contraction_factor",
    "contraction_bound",
    "strong_convexity_radius(1/2)",
    "strong_convexity_radius",
    "pl_radius",
)
SAMPLE_COLUMNS = "sample_error_bound", "samples_needed"
FROM = 8
"""Smallest k of a fit: below it the laws have not set in."""
FEWEST = 4
"""Points of a fit."""


def law_rows(lines: Iterable[Line]) -> list[Row]:
    """Return one row for each weight family and k, in the order of the lines."""
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for line in lines:
        row = rows.setdefault(
            (line["weights"], line["k"]), {"k": line["k"], "weights": line["weights"], **dict.fromkeys(COLUMNS)}
        )
        half = line["arguments"].get("fraction") == "1/2"
        name = line["quantity"] + ("(1/2)" if half else "")
        row[name] = _answer(line)
    return list(rows.values())


def sample_rows(lines: Iterable[Line]) -> list[Row]:
    """Return one row for each weight family, k and d, with the bounds of the finite-sample theorem."""
    rows: dict[tuple[str, int, int], Row] = {}
    for line in lines:
        place = {name: line[name] for name in ("weights", "k", "d")}
        row = rows.setdefault(tuple(place.values()), place | dict.fromkeys(SAMPLE_COLUMNS))
        row[line["quantity"]] = _answer(line)
    return list(rows.values())


def _answer(line: Line) -> dict[str, str] | None:
    return None if line["value"] is None else {name: line[name] for name in ("value", "level", "lower", "upper")}


def law_fits(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Return the fitted laws of every family that has four points or more for them."""
    families = dict.fromkeys(row["weights"] for row in rows)
    fits = list(_lloyd({row["k"]: number(row, "lloyd_radius") for row in rows if row["k"] >= FROM}))
    for family in families:
        fits += _family_fits(family, [row for row in rows if row["weights"] == family])
    return fits


def number(row: Row, name: str) -> float:
    """Return a column of a row as a float, nan if there is none."""
    return math.nan if row[name] is None else float(row[name]["value"])


def complement(row: Row, name: str) -> float:
    """Return 1 minus a column, from its decimal digits, so that nothing cancels."""
    return float(1 - Fraction(row[name]["value"]))


def bound_over_truth(row: Row) -> float | None:
    """Return (1 − contraction_bound)/(1 − worst_contraction_factor) ≤ 1: how much of the truth is proved at once."""
    if row["contraction_bound"] is None or row["worst_contraction_factor"] is None:
        return None
    return complement(row, "contraction_bound") / complement(row, "worst_contraction_factor")


def _lloyd(radii: Mapping[int, float]) -> Iterator[dict[str, object]]:
    if len(radii) >= FEWEST:
        fit = fit_line([math.sqrt(2 * math.log(k)) for k in radii], list(radii.values()))
        yield _described("$R_0 = a + b √(2 log k)$", "any", fit)


def _family_fits(family: str, rows: Sequence[Row]) -> Iterator[dict[str, object]]:
    both = [row for row in rows if row["k"] >= FROM and bound_over_truth(row) is not None]
    if len(both) >= FEWEST:
        ks = [row["k"] for row in both]
        least = [complement(row, "worst_contraction_factor") for row in both]
        yield _described("1 − worst factor is $e^a k^b$", family, fit_power(ks, least))
        proved = [complement(row, "contraction_bound") for row in both]
        yield _described("1 − contraction bound is $e^a k^b$", family, fit_power(ks, proved))
    name = "strong_convexity_radius(1/2)"
    finite = [row for row in rows if row["k"] >= FROM and math.isfinite(number(row, name))]
    if len(finite) >= FEWEST:
        fit = fit_line([1 / row["k"] for row in finite], [number(row, name) for row in finite])
        yield _described("radius of $λ_{min}$ at least half the gap is $a + b/k$", family, fit)


def _described(law: str, family: str, fit: Fit) -> dict[str, object]:
    rounded = {name: value if isinstance(value, int) else f"{value:.4g}" for name, value in asdict(fit).items()}
    return {"law": law, "weights": family, **rounded}
