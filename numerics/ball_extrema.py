"""Infima along the simplex ray, enclosed.

A search that proves nothing suggests where the infimum is; an enclosure at that point bounds it from above. From below
it is bounded by a proof that the function exceeds a slightly smaller number on the whole ray: near the origin by a
second-order expansion (`ball_origin`), elsewhere by models in log s² (`ball_ray`).
"""

from collections.abc import Callable
from fractions import Fraction

import flint

from numerics import search
from numerics.algebraic import ball_bounds
from numerics.ball_origin import CURVATURE, SLOPE, positive_up_to, power_and_slope
from numerics.ball_partition import kl_at, to_fmpq
from numerics.ball_posterior import posterior_moments
from numerics.ball_ray import RayFunction, positive_on_ray, smallest, smallness
from numerics.balls import working_bits
from numerics.case import Case
from numerics.enclosure import Enclosure, Level
from numerics.errors import CannotAnswerError
from numerics.evaluate import evaluate
from numerics.moments import frequency_groups
from numerics.precision import arb_precision
from numerics.ray import Ray

_SCAN = 60
_GUARD_DIGITS = 4
_MAX_GROUPS = 40


def worst_contraction_factor(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """1 − min β_m over the frequencies and [0, radius]."""
    if radius == 0:
        raise CannotAnswerError("at radius 0 the exact route answers")
    frequencies = [m for m, _ in _shares(case)]
    ray = Ray(case, "ball", Level.CERTIFIED)
    at = _lowest_point(ray.scan_smallest_power, lambda point: ray.smallest_power(point, digits + 12), radius, digits)
    route = "ball" if at else "exact"
    there = case.at_radius(at)
    upper = min(
        Fraction(evaluate("posterior_power", there, {"m": Fraction(m)}, digits + 8, route).upper) for m in frequencies
    )
    if upper == 0:
        return Enclosure(Fraction(1), Fraction(1), Level.CERTIFIED, "ball", note=_note(at))
    margin = min(upper, 1 - upper) / 10 ** (digits + _GUARD_DIGITS)
    lower = to_fmpq(upper - margin)

    def values(s: flint.arb, accuracy: float) -> list[flint.arb]:
        moments = posterior_moments(case, s, accuracy, 2)
        return [moments.power(m) for m in frequencies]

    with arb_precision(working_bits(smallness(margin))):
        at_origin = [power_and_slope(case, m) for m in frequencies]
        start = min(positive_up_to(power - lower, slope, CURVATURE) for power, slope in at_origin)
    function = RayFunction(values, 1.0, case.k - 1, lambda ranges: smallest(ranges) - lower)
    if not positive_on_ray(case, function, start, radius, margin):
        raise CannotAnswerError("the smallest β_m found on the ray was not proved to be the smallest")
    return Enclosure(1 - upper, 1 - upper + margin, Level.CERTIFIED, "ball", note=_note(at))


def pl_constant(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Inf of pl_ratio on (0, radius].

    With w_m the share of frequency m in ‖θ‖² and b = Σ w_mβ_m, dKL/d(r²) = b/2, so pl_ratio = Σ w_mβ_m²/B where
    B = 2KL/r² is the mean of b over [0, r²] and analytic with the bounds of b. That pl_ratio > c is proved as
    Σ w_mβ_m² − cB > 0.
    """
    if len(case.classes) == 1:
        return Enclosure(Fraction(0), Fraction(0), Level.CERTIFIED, "ball", note="the limit at 0, never attained")
    shares = _shares(case)
    with arb_precision(working_bits(smallness(Fraction(1, 10 ** (2 * digits + 20))))):
        limit = _gradient_share(case, Fraction(0))[0]
        low, high = ball_bounds(limit)
    ray = Ray(case, "ball", Level.CERTIFIED)
    at = _lowest_point(
        lambda point: ray.scan("pl_ratio", point) if point else float(low),
        lambda point: ray.value("pl_ratio", point, digits + 12) if point else low,
        radius,
        digits,
    )
    upper = Fraction(evaluate("pl_ratio", case.at_radius(at), {}, digits + 8, "ball").upper) if at else high
    margin = upper / 10 ** (digits + _GUARD_DIGITS)
    lower = upper - margin

    def values(s: flint.arb, accuracy: float) -> list[flint.arb]:
        moments = posterior_moments(case, s, accuracy, 2)
        squared_radius = s**2 * flint.fmpq(case.k - 1, case.k)
        needed = accuracy + max(0.0, -float(squared_radius.log().mid()))
        mean = 2 * kl_at(case, s, needed) / squared_radius
        return [sum((to_fmpq(share) * moments.power(m) ** 2 for m, share in shares), start=-to_fmpq(lower) * mean)]

    # The bound 2 of `RayFunction` and this one need lower ≤ 1, which follows from a positive value at the origin.
    curvature = 2 * SLOPE**2 + 2 * CURVATURE + CURVATURE / 3
    with arb_precision(working_bits(smallness(margin))):
        _, value, slope = _gradient_share(case, lower)
        start = positive_up_to(value, slope, curvature)
    function = RayFunction(values, 2.0, 2 * (case.k - 1), lambda ranges: ranges[0])
    if not positive_on_ray(case, function, start, radius, margin):
        raise CannotAnswerError("the smallest pl_ratio found on the ray was not proved to be the smallest")
    return Enclosure(lower, upper, Level.CERTIFIED, "ball", note=_note(at))


def _gradient_share(case: Case, factor: Fraction) -> tuple[flint.arb, flint.arb, flint.arb]:
    """Return, at the origin, Σ w_mβ_m²/B and Σ w_mβ_m² − factor·B with its derivative in s²; B = b, B' = b'/2."""
    zero = flint.arb(0)
    gradient = gradient_slope = mean = mean_slope = zero
    for m, share in _shares(case):
        power, slope = power_and_slope(case, m)
        weight = to_fmpq(share)
        gradient += weight * power**2
        gradient_slope += 2 * weight * power * slope
        mean += weight * power
        mean_slope += weight * slope / 2
    c = to_fmpq(factor)
    return gradient / mean, gradient - c * mean, gradient_slope - c * mean_slope


def _lowest_point(
    scan: Callable[[Fraction], float], precise: Callable[[Fraction], Fraction], radius: Fraction, digits: int
) -> Fraction:
    """Search for the radius of the infimum; nothing is proved."""
    radii = [Fraction(0), *search.scan_radii(float(radius), _SCAN)[:-1], radius]
    return search.minimum(scan, precise, radii, Fraction(1, 10 ** (digits + 8))).radius


def _shares(case: Case) -> list[tuple[int, Fraction]]:
    """One frequency of each group that the weights do not tell apart, and the group's share in ‖θ‖² on the simplex."""
    groups = frequency_groups(case)
    if len(groups) > _MAX_GROUPS:
        raise CannotAnswerError(f"more than {_MAX_GROUPS} frequencies that differ")
    return [(group[0], Fraction(sum(case.multiplicity(m) for m in group), case.k - 1)) for group in groups]


def _note(radius: Fraction) -> str:
    return f"attained near radius {float(radius):.6g}" if radius else "attained at or approached towards radius 0"
