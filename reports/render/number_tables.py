"""The tables of numbers and laws, as headers and cells: one macro shows them all, on paper and on a telephone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = ["Cell", "NumberTable", "law_tables", "number_tables"]

Row = Mapping[str, Any]


class Cell(NamedTuple):
    """What stands in a table: prose, and a note below it in small letters."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class NumberTable:
    """A table: its name, its headers as prose, and its rows, a cell for each header."""

    label: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


_QUANTITIES = ("spectral_gap", "contraction_factor", "asymptotic_rate")
_RADII = ("lloyd_radius", "strong_convexity_radius")
_LAWS: Mapping[str, str] = {
    "lloyd_radius": "Lloyd radius $R_0$",
    "spectral_gap": "spectral gap",
    "worst_contraction_factor": "worst factor up to $R_0$",
    "contraction_bound": "bound on it",
}
_LAW_RADII: Mapping[str, str] = {
    "strong_convexity_radius(1/2)": "radius of $λ_{min} ≥$ gap/2",
    "strong_convexity_radius": "radius of $λ_{min} ≥ 0$",
    "pl_radius": "radius of PL $≥$ gap/2",
}
_BAND = {
    "value": "value",
    "law": "law",
    "weights": "weights",
    "lower": "at least, times the law",
    "upper": "at most",
    "points": "at",
    "beyond": "and for others",
}
_SAMPLES: Mapping[str, str] = {
    "sample_error_bound": "bound on $‖θ̂‖$, $n = 10⁶$",
    "samples_needed": "points for $KL ≤ 1/1000$",
}
_DIRECTION = {
    "radius": "norm",
    "simplex_eigenvalue": "$λ_{min}$, simplex",
    "worst_eigenvalue": "$λ_{min}$, worst",
    "eigenvalue_amplitudes": "at amplitudes",
    "simplex_factor": "factor, simplex",
    "worst_factor": "factor, worst",
    "factor_amplitudes": "at amplitudes",
}
_WORST = {
    "weights": "weights",
    "k": "$k$",
    "lloyd_radius": "Lloyd radius $R_0$",
    "simplex_eigenvalue": "$λ_{min}$, simplex",
    "worst_eigenvalue": "$λ_{min}$, worst",
    "simplex_factor": "factor, simplex",
    "worst_factor": "factor, worst",
    "level": "level of the worst",
}


def number_tables(rows: Sequence[Row]) -> tuple[NumberTable, NumberTable]:
    """Return exact and observed factors, and the radii, from the report's ``numbers``."""
    factors = (
        "$k$",
        "weights",
        "$d$",
        "spectral gap",
        "contraction factor",
        "asymptotic rate",
        "population EM",
        "sample EM, 99 % interval",
    )
    radii = ("$k$", "weights", "Lloyd radius $R_0$", "strong-convexity radius", "note")
    return (
        NumberTable(
            "Exact and observed factors",
            factors,
            tuple(
                (
                    *_named(row, "k", "weights", "d"),
                    *(_number(row["quantities"][name]) for name in _QUANTITIES),
                    *_observed(row["floating"]),
                )
                for row in rows
            ),
        ),
        NumberTable(
            "Radii",
            radii,
            tuple(
                (
                    *_named(row, "k", "weights"),
                    *(_number(row["quantities"][name]) for name in _RADII),
                    Cell(row["quantities"]["strong_convexity_radius"]["note"]),
                )
                for row in rows
            ),
        ),
    )


def law_tables(laws: Mapping[str, Any]) -> Mapping[str, NumberTable]:
    """Return the tables on the laws by name, from the report's ``laws``."""
    ratio = "(1 − bound)/(1 − truth)"
    dimension = (
        "$d$",
        "outside of the span: start, after a step",
        "first factor",
        "$1 − β_1$",
        "last factor",
        "1 − gap",
    )
    return {
        "rows": NumberTable(
            "Laws",
            ("weights", "$k$", *_LAWS.values(), ratio, *_LAW_RADII.values()),
            tuple(
                (
                    *_named(row, "weights", "k"),
                    *(_answer(row[name]) for name in _LAWS),
                    Cell(row["bound_over_truth"] or "–"),
                    *(_answer(row[name]) for name in _LAW_RADII),
                )
                for row in laws["rows"]
            ),
        ),
        "fits": NumberTable(
            "Fitted laws",
            ("law", "weights", "$a$", "$b$", "interval of $b$", "largest residual", "points"),
            tuple(
                (
                    *_named(fit, "law", "weights", "intercept", "slope"),
                    Cell(f"[{fit['low']}, {fit['high']}]"),
                    *_named(fit, "residual", "points"),
                )
                for fit in laws["fits"]
            ),
        ),
        "bands": _records("Certified bands", _BAND, laws["bands"]),
        "samples": NumberTable(
            "Finite-sample bounds",
            ("weights", "$k$", "$d$", *_SAMPLES.values()),
            tuple(
                (*_named(row, "weights", "k", "d"), *(_answer(row[name]) for name in _SAMPLES))
                for row in laws["samples"]
            ),
        ),
        "dimension": NumberTable(
            "Dimension",
            dimension,
            tuple(
                (
                    *_named(row, "d"),
                    Cell(f"{row['complement_before']}, {row['complement_after']}"),
                    *_named(row, "first_factor", "exact_first", "last_factor", "exact_last"),
                )
                for row in laws["dimension"]["rows"]
            ),
        ),
        "direction": _records("Directions", _DIRECTION, laws["direction"]["rows"]),
        "worst": _records("Worst directions", _WORST, laws["worst"]),
    }


def _records(label: str, columns: Mapping[str, str], rows: Sequence[Row]) -> NumberTable:
    return NumberTable(label, tuple(columns.values()), tuple(tuple(_named(row, *columns)) for row in rows))


def _named(row: Row, *names: str) -> Iterator[Cell]:
    return (Cell(str(row[name])) for name in names)


def _number(quantity: Row) -> Cell:
    return Cell("–") if quantity["value"] is None else _answer(quantity)


def _answer(found: Row | None) -> Cell:
    return Cell("–") if found is None else Cell(found["value"].replace("inf", "∞"), found["level"])


def _observed(seen: Row) -> tuple[Cell, Cell]:
    """Return the factors of population EM and of EM on samples, or dashes."""
    if seen["population_factor"] is None:
        return Cell("–"), Cell("–")
    verdict = "contains" if seen["contains_exact"] else "misses"
    return (
        Cell(seen["population_factor"], "observed"),
        Cell(seen["sample_factor"], f"[{seen['low']}, {seen['high']}] {verdict} it"),
    )
