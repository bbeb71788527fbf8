"""The tables of numbers and laws, as headers and cells: one macro shows them all, on paper and on a telephone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = ["Cell", "NumberTable", "tables_of"]

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


Column = tuple[str, str | Callable[[Row], Cell]]
"""A header, and below it what a row has under a name, or what a function makes of the row."""


def _answer(found: Row | None) -> Cell:
    """A number with its level; a dash if there is none."""
    if found is None or found["value"] is None:
        return Cell("–")
    return Cell(found["value"].replace("inf", "∞"), found["level"])


def _answered(name: str, part: str = "") -> Callable[[Row], Cell]:
    return lambda row: _answer((row[part] if part else row)[name])


def _population(row: Row) -> Cell:
    factor = row["floating"]["population_factor"]
    return Cell("–") if factor is None else Cell(factor, "observed")


def _sample(row: Row) -> Cell:
    seen = row["floating"]
    if seen["population_factor"] is None:
        return Cell("–")
    verdict = "contains" if seen["contains_exact"] else "misses"
    return Cell(seen["sample_factor"], f"[{seen['low']}, {seen['high']}] {verdict} it")


_OWN = "quantities"
_FACTORS: Sequence[Column] = (
    ("$k$", "k"),
    ("weights", "weights"),
    ("$d$", "d"),
    ("spectral gap", _answered("spectral_gap", _OWN)),
    ("contraction factor", _answered("contraction_factor", _OWN)),
    ("asymptotic rate", _answered("asymptotic_rate", _OWN)),
    ("population EM", _population),
    ("sample EM, 99 % interval", _sample),
)
_RADII: Sequence[Column] = (
    ("$k$", "k"),
    ("weights", "weights"),
    ("Lloyd radius $R_0$", _answered("lloyd_radius", _OWN)),
    ("strong-convexity radius", _answered("strong_convexity_radius", _OWN)),
    ("note", lambda row: Cell(row[_OWN]["strong_convexity_radius"]["note"])),
)
_LAWS: Sequence[Column] = (
    ("weights", "weights"),
    ("$k$", "k"),
    ("Lloyd radius $R_0$", _answered("lloyd_radius")),
    ("spectral gap", _answered("spectral_gap")),
    ("worst factor up to $R_0$", _answered("worst_contraction_factor")),
    ("bound on it", _answered("contraction_bound")),
    ("(1 − bound)/(1 − truth)", lambda row: Cell(row["bound_over_truth"] or "–")),
    ("radius of $λ_{min} ≥$ gap/2", _answered("strong_convexity_radius(1/2)")),
    ("radius of $λ_{min} ≥ 0$", _answered("strong_convexity_radius")),
    ("radius of PL $≥$ gap/2", _answered("pl_radius")),
)
_FITS: Sequence[Column] = (
    ("law", "law"),
    ("weights", "weights"),
    ("$a$", "intercept"),
    ("$b$", "slope"),
    ("interval of $b$", lambda fit: Cell(f"[{fit['low']}, {fit['high']}]")),
    ("largest residual", "residual"),
    ("points", "points"),
)
_BANDS: Sequence[Column] = (
    ("value", "value"),
    ("law", "law"),
    ("weights", "weights"),
    ("at least, times the law", "lower"),
    ("at most", "upper"),
    ("at", "points"),
    ("and for others", "beyond"),
)
_SAMPLES: Sequence[Column] = (
    ("weights", "weights"),
    ("$k$", "k"),
    ("$d$", "d"),
    ("bound on $‖θ̂‖$, $n = 10⁶$", _answered("sample_error_bound")),
    ("points for $KL ≤ 1/1000$", _answered("samples_needed")),
)
_DIMENSION: Sequence[Column] = (
    ("$d$", "d"),
    (
        "outside of the span: start, after a step",
        lambda row: Cell(f"{row['complement_before']}, {row['complement_after']}"),
    ),
    ("first factor", "first_factor"),
    ("$1 − β_1$", "exact_first"),
    ("last factor", "last_factor"),
    ("1 − gap", "exact_last"),
)
_DIRECTION: Sequence[Column] = (
    ("norm", "radius"),
    ("$λ_{min}$, simplex", "simplex_eigenvalue"),
    ("$λ_{min}$, worst", "worst_eigenvalue"),
    ("at amplitudes", "eigenvalue_amplitudes"),
    ("factor, simplex", "simplex_factor"),
    ("factor, worst", "worst_factor"),
    ("at amplitudes", "factor_amplitudes"),
)
_WORST: Sequence[Column] = (
    ("weights", "weights"),
    ("$k$", "k"),
    ("Lloyd radius $R_0$", "lloyd_radius"),
    ("$λ_{min}$, simplex", "simplex_eigenvalue"),
    ("$λ_{min}$, worst", "worst_eigenvalue"),
    ("factor, simplex", "simplex_factor"),
    ("factor, worst", "worst_factor"),
    ("level of the worst", "level"),
)


def tables_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what templates show of a report's ``numbers`` and ``laws``, as far as it has them."""
    absent = {*document["pending"], *document["left_out"]}
    numbers = {} if "numbers" in absent else {"Exact and observed factors": _FACTORS, "Radii": _RADII}
    return {
        "number_tables": {label: _table(label, columns, document["numbers"]) for label, columns in numbers.items()},
        "law_tables": {} if "laws" in absent else _law_tables(document["laws"]),
    }


def _law_tables(laws: Mapping[str, Any]) -> Mapping[str, NumberTable]:
    return {
        "rows": _table("Laws", _LAWS, laws["rows"]),
        "fits": _table("Fitted laws", _FITS, laws["fits"]),
        "bands": _table("Certified bands", _BANDS, laws["bands"]),
        "samples": _table("Finite-sample bounds", _SAMPLES, laws["samples"]),
        "dimension": _table("Dimension", _DIMENSION, laws["dimension"]["rows"]),
        "direction": _table("Directions", _DIRECTION, laws["direction"]["rows"]),
        "worst": _table("Worst directions", _WORST, laws["worst"]),
    }


def _table(label: str, columns: Sequence[Column], rows: Sequence[Row]) -> NumberTable:
    made = (tuple(Cell(str(row[each])) if isinstance(each, str) else each(row) for _, each in columns) for row in rows)
    return NumberTable(label, tuple(header for header, _ in columns), tuple(made))
