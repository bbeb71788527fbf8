"""The strong-convexity radius, enclosed: the first crossing of λ_min(∇²ℓ) along the simplex ray."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

import flint

from numerics import search
from numerics.ball_hessian import smallest_eigenvalue
from numerics.ball_origin import SLOPE
from numerics.ball_partition import to_fmpq
from numerics.ball_posterior import posterior_moments
from numerics.ball_ray import RayFunction, positive_on_ray, smallest
from numerics.case import Case
from numerics.enclosure import Enclosure, Level
from numerics.errors import CannotAnswerError
from numerics.evaluate import evaluate
from numerics.moments import frequency_groups, hessian_blocks
from numerics.ray import Ray

_SCAN = 60
_GUARD_DIGITS = 4
_COUPLING = 16
"""Bound on |t_mn|, a sum of moments of the posterior's transform with coefficients 6, ±4, ±4, 1, 1."""


def strong_convexity_radius(case: Case, digits: int, fraction: Fraction) -> Enclosure:
    """First radius at which λ_min(∇²ℓ) falls below fraction·gap.

    Raises
    ------
    CannotAnswerError
        If no crossing is found (there may be none, which nothing here could prove), or one that touches the origin.
    """
    gap = evaluate("spectral_gap", Case(case.weights, case.d), {}, digits + 12, "exact")
    threshold = fraction * Fraction(gap.midpoint)
    if fraction >= 1 or threshold >= gap.lower:
        raise CannotAnswerError("λ_min starts at its bound, and what follows is not decided rigorously")
    # Near a crossing only the relative accuracy of λ_min − threshold matters.
    eigenvalue = partial(_eigenvalue, case, digits + 12 if threshold else 10)
    radius = _first_crossing(case, digits, lambda radius: Fraction(eigenvalue(radius).midpoint) - threshold, threshold)
    width = radius / 10 ** (digits + _GUARD_DIGITS)
    before, after = eigenvalue(radius - width), eigenvalue(radius + width)
    margin = Fraction(before.lower) - threshold
    if not (margin > 0 and after.upper < threshold):
        raise CannotAnswerError(f"the crossing near radius {float(radius):.6g} was not bracketed")
    # λ_min starts at the gap; β_m moves by at most 4x, the rest of ∇²ℓ by 32 max ρ_m² or 16 Σ ρ_m², x = s² > r².
    start = flint.arb(to_fmpq((Fraction(gap.lower) - threshold) / (SLOPE + 2 * _COUPLING))).lower()
    function = hessian_above(case, threshold, radius)
    if not positive_on_ray(case, function, start, radius - width, margin):
        raise CannotAnswerError(f"the crossing near radius {float(radius):.6g} was not proved to be the first")
    return Enclosure(radius - width, radius + width, Level.CERTIFIED, "ball")


def hessian_above(case: Case, threshold: Fraction, radius: Fraction) -> RayFunction:
    """λ_min(∇²ℓ) − threshold on the simplex ray up to a radius.

    The entries of ∇²ℓ are moments, some times ρ_mρ_n; where models are made, |e^t| is at most e^{3/2} times its
    largest value on the ray.
    """
    size = len(frequency_groups(case))
    largest = float(radius) ** 2 * case.k / (case.k - 1)
    bound = 1 + 1.01 * 2 * _COUPLING * largest * math.exp(1.5)

    def values(s: flint.arb, accuracy: float) -> list[flint.arb]:
        squared_radius = s**2 * flint.fmpq(case.k - 1, case.k)
        blocks = hessian_blocks(
            case.at_radius(Fraction(1)),
            posterior_moments(case, s, accuracy, 4),
            lambda square: squared_radius * to_fmpq(square),
            lambda product: (squared_radius * product).sqrt(),
        )
        return [*(entry for i, row in enumerate(blocks.radial) for entry in row[: i + 1]), *blocks.simple]

    def combine(ranges: Sequence[flint.arb]) -> flint.arb:
        triangle = size * (size + 1) // 2
        rows = [[ranges[max(i, j) * (max(i, j) + 1) // 2 + min(i, j)] for j in range(size)] for i in range(size)]
        accuracy = flint.ctx.prec * math.log(2) / 2
        return smallest([smallest_eigenvalue(rows, accuracy), *ranges[triangle:]]) - to_fmpq(threshold)

    return RayFunction(values, bound, case.k - 1, combine)


def _eigenvalue(case: Case, digits: int, radius: Fraction) -> Enclosure:
    return evaluate("hessian_min_eigenvalue", case.at_radius(radius), {}, digits, "ball")


def _first_crossing(case: Case, digits: int, height: Callable[[Fraction], Fraction], threshold: Fraction) -> Fraction:
    """Search for the crossing; nothing is proved."""
    ray = Ray(case, "ball", Level.CERTIFIED)
    radii = search.scan_radii(search.scan_end(case), _SCAN)
    found = search.first_crossing(
        lambda radius: ray.scan("hessian_min_eigenvalue", radius) - float(threshold),
        height,
        radii,
        Fraction(1, 10 ** (digits + _GUARD_DIGITS + 3)),
    )
    if found is None or found.radius == 0:
        raise CannotAnswerError(
            f"no crossing was found up to radius {float(radii[-1]):.4g}, and none is excluded beyond"
        )
    return found.radius
