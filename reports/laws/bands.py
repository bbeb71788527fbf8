"""Certified bands of the laws: two constants between which every row of a table lies, in place of a fit."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.level import Level
from emtheory.reports.laws.fit import fit_power
from emtheory.reports.laws.table import FEWEST, FROM, Row, number

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
    yield from _one("$R_0$", "$√(2 log k)$", "any", lloyd, _root_of_log, "at most 1 for every $k$: lloyd-growth")
    for family in dict.fromkeys(row["weights"] for row in rows):
        large = {row["k"]: row for row in rows if row["weights"] == family and row["k"] >= FROM}
        for name, said in ((_WORST, "1 − worst factor"), (_BOUND, "1 − contraction bound")):
            yield from _power(said, family, _complements(large, name), "k")
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


def _root_of_log(k: flint.arb) -> flint.arb:
    return (2 * k.log()).sqrt()


def _enclosed(rows: Mapping[int, Row], name: str) -> dict[int, Range]:
    """Return the enclosures of a column; none at all if one of its values is not certified."""
    found = {x: row[name] for x, row in rows.items() if row.get(name) is not None}
    if any(answer["level"] not in _CERTIFIED for answer in found.values()):
        return {}
    return {x: (Fraction(answer["lower"]), Fraction(answer["upper"])) for x, answer in found.items()}


def _complements(rows: Mapping[int, Row], name: str) -> dict[int, Range]:
    return {x: (1 - high, 1 - low) for x, (low, high) in _enclosed(rows, name).items()}
