"""The cells of the laws: which quantities, for which weights and k."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.sweep.cell import Cell
from emtheory.reports.tables.sweep_plan import plan_sweep

DIGITS = 8
"""Of the answers: two more than `emtheory.reports.laws.run` shows."""
_BOUND_DIGITS = 15
"""More, since 1 minus it is of interest."""


@dataclass(frozen=True)
class Family:
    """A weight family and the k of its rows.

    `weights`: the family; `ks`: for Lloyd's radius, the spectral gap, the worst factor and its bound; `radii_at`: for
    the radii up to which λ_min or the PL ratio is at least half the gap, which cost more; `convexity_at`: for the
    strong-convexity radius, which costs most: that it is infinite takes a proof.
    """

    weights: str
    ks: tuple[int, ...]
    radii_at: tuple[int, ...] = ()
    convexity_at: tuple[int, ...] = ()


@dataclass(frozen=True)
class LawGrid:
    """What the laws are computed on.

    `families`: the rows of the table, with spectral gaps above 0 (for uniform weights it is 0 and the worst factor 1);
    `factor_ks`, `factor_radii`: the map of the contraction factor, as the options of a sweep; `drift_ratios`,
    `drift_radii`: the map of the drift from the simplex, k = 4: ratios of successive weights, and the radii;
    `direction_radii`: norms at which directions are compared; `worst_cases`: k and weights for which the worst
    direction of norm 1 is sought; `sample_ks`, `sample_ds`: k, with d = k − 1, and d, with k = 3, of the finite-sample
    bounds, as the options of a sweep.
    """

    families: tuple[Family, ...]
    factor_ks: str
    factor_radii: str
    drift_ratios: tuple[Fraction, ...]
    drift_radii: str
    direction_radii: tuple[Fraction, ...]
    worst_cases: tuple[tuple[int, str], ...]
    sample_ks: str = "2,4,8,16,32,64"
    sample_ds: str = "2,4,8,16,32,64"


_KS = tuple(2**i for i in range(1, 11))
"""Evenly spaced in log k, in which the laws are fitted and drawn. A choice: the quantities that cost most have a few of
them only."""

LAWS = LawGrid(
    families=(
        Family("one-heavy:3/5", _KS, (4, 16, 64, 128, 256), (4, 16)),
        Family("one-heavy:99/100", _KS, (4, 16, 64, 256, 1024), (4, 16, 1024)),
        Family("geometric:1/2", (2, 4, 8), (4,), (4,)),
        Family("linear", (2, 4, 8), (4,), (4,)),
    ),
    factor_ks=",".join(map(str, _KS)),
    factor_radii="1/4:5:1/4",
    drift_ratios=tuple(Fraction(i, 20) for i in range(1, 21)),
    drift_radii="1/4:4:1/4",
    direction_radii=tuple(Fraction(i, 2) for i in range(1, 6)),
    worst_cases=tuple((k, weights) for weights in ("one-heavy:3/5", "linear") for k in range(2, 9)),
)

_FACTOR_FAMILY = "one-heavy:99/100"
_SAMPLE_FAMILIES = "one-heavy:4/5", _FACTOR_FAMILY
SAMPLE_QUANTITIES = (
    "sample_error_bound(n=1000000, delta=1/20, radius=1/100)",
    "samples_needed(eps=1/1000, delta=1/20, radius=1/100)",
)
"""Enough points for all rows; starts from near by, as the theorem asks far more points for others."""


def plan_laws(grid: LawGrid) -> Mapping[str, Mapping[str, Cell]]:
    """Return the sweeps by name, each key → cell.

    ``laws``: for each family and k the quantities of the table. ``contraction-factor``: β_1 over k and radius, for
    weights whose frequencies are all alike. ``simplex-drift``: β_1 and β_2 for k = 4 over ratio and radius.
    ``sample-bound``: the finite-sample bounds over k, and over d for k = 3.
    """
    laws: dict[str, Cell] = {}
    for family in grid.families:
        for k in family.ks:
            laws |= _law_cells(family, k)
    ratios = [f"geometric:{ratio}" for ratio in grid.drift_ratios]
    powers = "posterior_power(m=1)", "posterior_power(m=2)"
    return {
        "laws": laws,
        "contraction-factor": plan_sweep(
            grid.factor_ks, (_FACTOR_FAMILY,), powers[:1], grid.factor_radii, None, DIGITS, "auto"
        ),
        "simplex-drift": plan_sweep("4", ratios, powers, grid.drift_radii, None, DIGITS, "auto"),
        "sample-bound": plan_sweep(grid.sample_ks, _SAMPLE_FAMILIES, SAMPLE_QUANTITIES, None, None, DIGITS, "auto")
        | plan_sweep("3", _SAMPLE_FAMILIES[:1], SAMPLE_QUANTITIES, None, grid.sample_ds, DIGITS, "auto"),
    }


def lloyd_ball(k: int) -> Fraction:
    """Return Lloyd's radius rounded up to thousandths, an exact radius whose ball holds Lloyd's simplex."""
    upper = evaluate("lloyd_radius", make_case(k, "uniform"), {}, DIGITS).upper
    return Fraction(math.ceil(1000 * Fraction(upper)), 1000)


def _law_cells(family: Family, k: int) -> dict[str, Cell]:
    def cells(quantities: Sequence[str], digits: int = DIGITS) -> dict[str, Cell]:
        return plan_sweep(str(k), (family.weights,), quantities, None, None, digits, "auto")

    ball = lloyd_ball(k)
    found = cells(("lloyd_radius", "spectral_gap", f"worst_contraction_factor(radius={ball})"))
    found |= cells((f"contraction_bound(radius={ball})",), _BOUND_DIGITS)
    if k in family.radii_at:
        gap = evaluate("spectral_gap", make_case(k, family.weights), {}, DIGITS).midpoint
        half_gap = decimal_text(gap / 2, 4, "down")
        found |= cells(("strong_convexity_radius(fraction=1/2)", f"pl_radius(constant={half_gap})"))
    if k in family.convexity_at:
        found |= cells(("strong_convexity_radius",))
    return found
