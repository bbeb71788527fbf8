"""Two claims shown by data: nothing depends on d beyond k − 1, and how the simplex compares with other directions."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.directions.cover_sphere import Smallest, worst_directions
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.samples.full_dimension import em_in_full_dimension
from emtheory.numerics.samples.simplex import vertices

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


_NOISE = 1e-14
"""Less than this is rounding."""


def direction_rows(radii: Sequence[Fraction]) -> list[dict[str, object]]:
    """Compare the simplex with the worst of all directions of the same norm, k = 4; every value is rigorous."""
    case = make_case(*DIRECTION_CASE)
    rows: list[dict[str, object]] = []
    for radius in radii:
        found = worst_directions(case, radius)
        rows.append(
            {
                "radius": str(radius),
                **_of_simplex(case.at_radius(radius)),
                "worst_eigenvalue": f"{float(found.eigenvalue.value.midpoint):.4f}",
                "eigenvalue_amplitudes": _amplitudes(found.eigenvalue),
                "worst_factor": f"{1 - float(found.power.value.midpoint):.4f}",
                "factor_amplitudes": _amplitudes(found.power),
                "level": str(min(found.eigenvalue.value.level, found.power.value.level)),
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
