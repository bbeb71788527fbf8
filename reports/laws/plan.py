"""The cells of the laws: which quantities, for which weights and k; and rows on dimensions and directions."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.directions.cover_sphere import Smallest, worst_directions
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.samples.population_em import em_in_full_dimension
from emtheory.numerics.samples.simplex import vertices
from emtheory.numerics.sweep.cell import Cell
from emtheory.reports.tables.sweep_plan import plan_sweep

DIGITS = 8
"""Of the answers: two more than `emtheory.reports.laws.run` shows."""
_BOUND_DIGITS = 15
"""More, since 1 minus it is of interest."""

_KS = tuple(2**i for i in range(1, 11))
"""Evenly spaced in log k, in which the laws are fitted and drawn. A choice: the quantities that cost most have a few of
them only."""

_FACTOR_FAMILY = "one-heavy:99/100"
_SAMPLE_FAMILIES = "one-heavy:4/5", _FACTOR_FAMILY
SAMPLE_QUANTITIES = (
    "sample_error_bound(n=1000000, delta=1/20, radius=1/100)",
    "samples_needed(eps=1/1000, delta=1/20, radius=1/100)",
)
"""Enough points for all rows; starts from near by, as the theorem asks far more points for others."""

DIMENSION_CASE = 3, "1/2,3/10,1/5"
"""k and weights that are run in several dimensions: a small k, as the grid of nodes grows exponentially with d."""
DIRECTION_CASE = 4, "1/2,1/4,1/8,1/8"
"""k and weights whose directions are compared: the smallest k with more than one frequency."""
_WORST_DIGITS = 3
"""Of what is sought over all directions, as the table shows it. A choice: a search to more digits takes longer."""
_START = Fraction(1, 2)
"""Norm from which EM starts, in the span and outside of it."""
_ORDER = 9
"""Nodes of the quadrature on each axis: half a million in the six dimensions of the last row. A choice."""
_STEPS = 60
"""After which the last factor is observed, near the origin: the limit, 0.93, shrinks θ to an eightieth in so many."""

_NOISE = 1e-14
"""Less than this is rounding."""


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


def dimension_rows() -> list[dict[str, object]]:
    """Run EM in the whole of R^d, d = k − 1, k and k + 3, from radius 1/2 in the span and as much outside of it.

    ``first_factor`` and ``last_factor`` are ratios of norms in the span, ``complement_before`` and ``complement_after``
    the norms outside of it at the start and after a step; ``exact_first`` and ``exact_last`` are what the theory says,
    which names no d.
    """
    k, weights = DIMENSION_CASE
    at_start = evaluate("posterior_power", make_case(k, weights, radius=_START), {"m": Fraction(1)}, 10)
    limit = evaluate("contraction_factor", make_case(k, weights), {}, 10)
    rows = []
    for d in (k - 1, k, k + 3):
        start = float(_START) * vertices(k, d)[0]
        start[k - 1 :] = float(_START) / np.sqrt(max(d - k + 1, 1))
        thetas = em_in_full_dimension(make_case(k, weights, d), start, _ORDER, _STEPS).thetas
        span, complement = (np.linalg.norm(part, axis=1) for part in (thetas[:, : k - 1], thetas[:, k - 1 :]))
        rows.append(
            {
                "d": d,
                "complement_before": _norm(complement[0]),
                "complement_after": _norm(complement[1]),
                "first_factor": f"{span[1] / span[0]:.5f}",
                "exact_first": f"{1 - float(at_start.midpoint):.5f}",
                "last_factor": f"{span[-1] / span[-2]:.5f}",
                "exact_last": f"{float(limit.midpoint):.5f}",
            }
        )
    return rows


def direction_rows(radii: Sequence[Fraction]) -> list[dict[str, object]]:
    """Compare the simplex with the worst of all directions of the same norm, k = 4; every value is rigorous."""
    case = make_case(*DIRECTION_CASE)
    rows: list[dict[str, object]] = []
    for radius in radii:
        eigenvalue, power = worst_directions(case, radius)
        rows.append(
            {
                "radius": str(radius),
                **_of_simplex(case.at_radius(radius)),
                "worst_eigenvalue": f"{float(eigenvalue.value.midpoint):.4f}",
                "eigenvalue_amplitudes": _amplitudes(eigenvalue),
                "worst_factor": f"{1 - float(power.value.midpoint):.4f}",
                "factor_amplitudes": _amplitudes(power),
                "level": str(min(eigenvalue.value.level, power.value.level)),
            }
        )
    return rows


def worst_row(k: int, weights: str) -> dict[str, object]:
    """Compare the simplex of norm 1 with the worst of all directions, for any k for which these are known."""
    case, sphere = make_case(k, weights), {"radius": Fraction(1)}
    eigenvalue = evaluate("worst_direction_min_eigenvalue", case, sphere, _WORST_DIGITS)
    factor = evaluate("worst_direction_contraction_factor", case, sphere, _WORST_DIGITS)
    return {
        "k": k,
        "weights": weights,
        "lloyd_radius": _short(evaluate("lloyd_radius", case, {}, 8).midpoint),
        **_of_simplex(case.at_radius(Fraction(1))),
        "worst_eigenvalue": f"{float(eigenvalue.midpoint):#.{_WORST_DIGITS}g}",
        "worst_factor": f"{float(factor.midpoint):#.{_WORST_DIGITS}g}",
        "level": str(min(eigenvalue.level, factor.level)),
    }


def _of_simplex(there: Case) -> dict[str, str]:
    powers = [evaluate("posterior_power", there, {"m": Fraction(m)}, 8).midpoint for m in there.frequencies]
    eigenvalue = evaluate("hessian_min_eigenvalue", there, {}, 8).midpoint
    return {"simplex_eigenvalue": _short(eigenvalue), "simplex_factor": _short(1 - min(powers))}


def _norm(value: float) -> str:
    return f"{value:.1g}" if value > _NOISE else "0"


def _short(value: Fraction | float) -> str:
    return f"{float(value):.6f}"


def _amplitudes(found: Smallest) -> str:
    return ", ".join(f"{amplitude:.4g}" for amplitude in found.amplitudes)
