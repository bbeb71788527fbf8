"""The laws as the report shows them: one row for each family and k, and least-squares fits through the rows."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np
from scipy import stats

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.level import Level
from emtheory.reports.tables.sweep_table import Line

CONFIDENCE = 0.95
"""Of the interval for a slope: the customary one. It describes how a line fits, and no verdict depends on it."""

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

_BITS = 64
"""Precision of the values of the laws."""
_DIGITS = 4
"""Of the constants, rounded outwards."""
_CERTIFIED = {str(Level.CERTIFIED), str(Level.EXACT)}
Range = tuple[Fraction, Fraction]
"""Ends of an enclosure."""
_WORST, _BOUND, _HALF = "worst_contraction_factor", "contraction_bound", "strong_convexity_radius(1/2)"
_ERROR, _NEEDED = "sample_error_bound", "samples_needed"


@dataclass(frozen=True)
class Fit:
    """The line y = intercept + slope · x by least squares, with Student's interval for the slope at `CONFIDENCE`.

    The points have no random errors: it says how well they determine the slope if the departures from the law were
    random, nothing about the limit of large k. The residual is the largest.
    """

    slope: float
    intercept: float
    low: float
    high: float
    residual: float
    points: int


def fit_line(x: Sequence[float], y: Sequence[float]) -> Fit:
    """Fit a line; fewer than three points, which leave no residual, are a ValueError."""
    if len(x) < 3:
        raise ValueError(f"{len(x)} points leave no residual to judge a line by")
    (slope, intercept), covariance = np.polyfit(x, y, 1, cov=True)
    margin = math.sqrt(covariance[0, 0]) * float(stats.t.ppf((1 + CONFIDENCE) / 2, len(x) - 2))
    residual = float(np.abs(np.array(y) - intercept - slope * np.array(x)).max())
    return Fit(float(slope), float(intercept), float(slope) - margin, float(slope) + margin, residual, len(x))


def fit_power(x: Sequence[float], y: Sequence[float]) -> Fit:
    """Fit log y = intercept + slope · log x; ValueError also if a number is not positive."""
    return fit_line([math.log(a) for a in x], [math.log(b) for b in y])


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
    finite = [row for row in rows if row["k"] >= FROM and math.isfinite(number(row, _HALF))]
    if len(finite) >= FEWEST:
        fit = fit_line([1 / row["k"] for row in finite], [number(row, _HALF) for row in finite])
        yield _described("radius of $λ_{min}$ at least half the gap is $a + b/k$", family, fit)


def _described(law: str, family: str, fit: Fit) -> dict[str, object]:
    rounded = {name: value if isinstance(value, int) else f"{value:.4g}" for name, value in asdict(fit).items()}
    return {"law": law, "weights": family, **rounded}


@dataclass(frozen=True)
class Band:
    """What holds at every point: lower · law ≤ value ≤ upper · law, with decimal constants that are rounded outwards.

    Value and law are prose; `points` are the k or d, `beyond` is what is proved of all others.
    """

    value: str
    law: str
    weights: str
    lower: str
    upper: str
    points: str
    beyond: str = "–"


def band(points: Mapping[int, Range], law: Callable[[flint.arb], flint.arb]) -> tuple[str, str]:
    """Return c and C, rounded outwards, with c · law(x) ≤ value ≤ C · law(x) for all enclosures, law positive."""
    with arb_precision(_BITS):
        laws = {x: ball_bounds(law(flint.arb(x))) for x in points}
    lower = min(low / laws[x][1] for x, (low, _) in points.items())
    upper = max(high / laws[x][0] for x, (_, high) in points.items())
    return decimal_text(lower, _DIGITS, "down"), decimal_text(upper, _DIGITS, "up")


def law_bands(rows: Sequence[Row], samples: Sequence[Row]) -> Iterator[Band]:
    """Return the bands of the laws of which `law_rows` and `sample_rows` have enough rows, all of them certified."""
    lloyd = _enclosed({row["k"]: row for row in rows}, "lloyd_radius")
    yield from _one(
        "$R_0$", "$√(2 log k)$", "any", lloyd, lambda k: (2 * k.log()).sqrt(), "at most 1 for every $k$: lloyd-growth"
    )
    for family in dict.fromkeys(row["weights"] for row in rows):
        large = {row["k"]: row for row in rows if row["weights"] == family and row["k"] >= FROM}
        for name, said in ((_WORST, "1 − worst factor"), (_BOUND, "1 − contraction bound")):
            complements = {x: (1 - high, 1 - low) for x, (low, high) in _enclosed(large, name).items()}
            yield from _power(said, family, complements, "k")
        finite = _enclosed({k: row for k, row in large.items() if math.isfinite(number(row, _HALF))}, _HALF)
        yield from _one("radius of $λ_{min}$ at least half the gap", "1", family, finite, lambda _: flint.arb(1))
    for family in dict.fromkeys(row["weights"] for row in samples):
        in_k = {row["k"]: row for row in samples if row["weights"] == family and row["d"] == row["k"] - 1}
        in_d = {row["d"]: row for row in samples if row["weights"] == family and row["k"] == 3}
        for x, members in (("k", in_k), ("d", in_d)):
            yield from _power("sample error bound", family, _enclosed(members, _ERROR), x)
            yield from _power("points needed", family, _enclosed(members, _NEEDED), x)


def _one(
    value: str,
    law: str,
    family: str,
    points: Mapping[int, Range],
    function: Callable[[flint.arb], flint.arb],
    beyond: str = "–",
) -> Iterator[Band]:
    if len(points) >= FEWEST:
        lower, upper = band(points, function)
        yield Band(value, law, family, lower, upper, ", ".join(map(str, sorted(points))), beyond)


def _power(value: str, family: str, points: Mapping[int, Range], x: str) -> Iterator[Band]:
    """Yield a band around the power law whose exponent is that of the fit, rounded."""
    if len(points) >= FEWEST:
        fit = fit_power(list(points), [float(low) for low, _ in points.values()])
        exponent = Fraction(f"{fit.slope:.2f}")
        power = to_fmpq(exponent)
        law = f"${x}^{{{decimal_text(exponent, 3).replace('-', '−')}}}$"
        yield from _one(f"{value}, in ${x}$", law, family, points, lambda ball: ball**power)


def _enclosed(rows: Mapping[int, Row], name: str) -> dict[int, Range]:
    """Return the enclosures of a column; none at all if one of its values is not certified."""
    found = {x: row[name] for x, row in rows.items() if row.get(name) is not None}
    if any(answer["level"] not in _CERTIFIED for answer in found.values()):
        return {}
    return {x: (Fraction(answer["lower"]), Fraction(answer["upper"])) for x, answer in found.items()}
