"""Infima along the simplex ray: proposed by a search that proves nothing, then proved.

An enclosure of an infimum is proved by a point at which the function is that small, and a proof that the function
exceeds the lower end on the whole ray: near the origin by an expansion (`ball_origin`), elsewhere by models in log s²
(`ball_ray`). The functions `prove_…` search for nothing; a verifier needs only them.
"""

import math
from collections.abc import Callable
from fractions import Fraction

import flint

from numerics import search
from numerics.algebraic import ball_bounds
from numerics.ball_origin import positive_up_to
from numerics.ball_partition import kl_at, to_fmpq
from numerics.ball_posterior import posterior_moments
from numerics.ball_ray import RayFunction, positive_on_ray, smallest, smallness
from numerics.balls import working_bits
from numerics.case import Case
from numerics.dynamics import rounded
from numerics.enclosure import Enclosure, Level
from numerics.errors import CannotAnswerError
from numerics.evaluate import evaluate
from numerics.moments import frequency_groups
from numerics.origin_expansion import mean_power_expansion, power_expansion
from numerics.precision import arb_precision
from numerics.ray import Ray

_SCAN = 60
_GUARD_DIGITS = 4
_MAX_GROUPS = 40
_ORDER = 4
"""Of expansions at the origin: enough where a slope or two vanish."""


def worst_contraction_factor(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """1 − min β_m over the frequencies and [0, radius]."""
    if radius == 0:
        raise CannotAnswerError("at radius 0 the exact route answers")
    ray = Ray(case, "ball", Level.CERTIFIED)
    at = _lowest_point(ray.scan_smallest_power, lambda point: ray.smallest_power(point, digits + 12), radius, digits)
    least = _smallest_power_at(case, at, digits + 8)
    margin = min(least, 1 - least) / 10 ** (digits + _GUARD_DIGITS)
    found = _found(1 - least - margin, 1 - least + margin, at)
    if not prove_worst_contraction_factor(case, found, radius):
        raise CannotAnswerError("the smallest β_m found on the ray was not proved to be the smallest")
    return found


def prove_worst_contraction_factor(case: Case, found: Enclosure, radius: Fraction) -> bool:
    """Whether an enclosure of `worst_contraction_factor` is certainly right; False means not proved.

    Parameters
    ----------
    case, radius
        The mixture and the end of the ray.
    found
        The enclosure, `at` the radius where its lower end is to be exceeded.
    """
    lower, upper = Fraction(found.lower), Fraction(found.upper)
    if found.at is None or not 0 <= found.at <= radius:
        return False
    if 1 - _smallest_power_at(case, found.at, _digits(lower, upper)) < lower:
        return False
    if upper >= 1:  # β_m ≥ 0
        return True
    frequencies = [m for m, _ in _shares(case)]
    bound = to_fmpq(1 - upper)
    margin = min(upper - lower, 1 - upper)

    def values(s: flint.arb, accuracy: float) -> list[flint.arb]:
        moments = posterior_moments(case, s, accuracy, 2)
        return [moments.power(m) for m in frequencies]

    with arb_precision(working_bits(smallness(margin))):
        start = min(_exceeds_up_to(*_power_series(case, m), bound) for m in frequencies)
    function = RayFunction(values, 1.0, case.k - 1, lambda ranges: smallest(ranges) - bound)
    return positive_on_ray(case, function, start, radius, margin)


def pl_constant(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Inf of pl_ratio on (0, radius]."""
    if len(case.classes) == 1:
        return _found(Fraction(0), Fraction(0), Fraction(0))
    limit = _limit_at_origin(case, digits + 8)
    ray = Ray(case, "ball", Level.CERTIFIED)
    at = _lowest_point(
        lambda point: ray.scan("pl_ratio", point) if point else float(limit),
        lambda point: ray.value("pl_ratio", point, digits + 12) if point else limit,
        radius,
        digits,
    )
    least = _pl_ratio_at(case, at, digits + 8)
    margin = least / 10 ** (digits + _GUARD_DIGITS)
    found = _found(least - margin, least + margin, at)
    if not prove_pl_constant(case, found, radius):
        raise CannotAnswerError("the smallest pl_ratio found on the ray was not proved to be the smallest")
    return found


def prove_pl_constant(case: Case, found: Enclosure, radius: Fraction) -> bool:
    """Whether an enclosure of `pl_constant` is certainly right; False means not proved.

    With w_m the share of frequency m in ‖θ‖² and b = Σ w_mβ_m, dKL/d(r²) = b/2, so pl_ratio = Σ w_mβ_m²/B where
    B = 2KL/r² is the mean of b over [0, r²] and analytic with the bounds of b. That pl_ratio > c is proved as
    Σ w_mβ_m² − cB > 0.

    Parameters
    ----------
    case, radius
        The mixture and the end of the ray.
    found
        The enclosure, `at` the radius where the ratio is (or, if 0, tends to a limit) at most its upper end.
    """
    lower, upper = Fraction(found.lower), Fraction(found.upper)
    if found.at is None or not 0 <= found.at <= radius:
        return False
    if _pl_ratio_at(case, found.at, _digits(lower, upper)) > upper:
        return False
    if lower <= 0:
        return True
    shares = _shares(case)
    margin = upper - lower

    def values(s: flint.arb, accuracy: float) -> list[flint.arb]:
        moments = posterior_moments(case, s, accuracy, 2)
        squared_radius = s**2 * flint.fmpq(case.k - 1, case.k)
        needed = accuracy + max(0.0, -float(squared_radius.log().mid()))
        mean = 2 * kl_at(case, s, needed) / squared_radius
        powers = ((to_fmpq(share), moments.power(m)) for m, share in shares)
        return [sum((weight * power * power for weight, power in powers), start=-to_fmpq(lower) * mean)]

    # The bound 2 of `RayFunction` needs lower ≤ 1, which follows from a positive value at the origin.
    with arb_precision(working_bits(smallness(margin))):
        start = _exceeds_up_to(*_gradient_series(case, to_fmpq(lower)), flint.fmpq(0))
    function = RayFunction(values, 2.0, 2 * (case.k - 1), lambda ranges: ranges[0])
    return positive_on_ray(case, function, start, radius, margin)


def _found(lower: Fraction, upper: Fraction, at: Fraction) -> Enclosure:
    note = f"attained near radius {float(at):.6g}" if at else "attained at or approached towards radius 0"
    return Enclosure(lower, upper, Level.CERTIFIED, "ball", note=note, at=at)


def _digits(lower: Fraction, upper: Fraction) -> int:
    """Digits to which a number of the size of `upper` must be known so that the error is far below the width."""
    return math.ceil(smallness((upper - lower) / max(upper, Fraction(1))) / math.log(10)) + 3


def _smallest_power_at(case: Case, radius: Fraction, digits: int) -> Fraction:
    """Return an upper bound of min β_m at a radius."""
    there, route = case.at_radius(radius), "ball" if radius else "exact"
    powers = (evaluate("posterior_power", there, {"m": Fraction(m)}, digits, route) for m, _ in _shares(case))
    return min(Fraction(power.upper) for power in powers)


def _pl_ratio_at(case: Case, radius: Fraction, digits: int) -> Fraction:
    """Return an upper bound of pl_ratio at a radius, or of its limit at 0."""
    if radius == 0:
        return _limit_at_origin(case, digits)
    return Fraction(evaluate("pl_ratio", case.at_radius(radius), {}, digits, "ball").upper)


def _limit_at_origin(case: Case, digits: int) -> Fraction:
    """Return an upper bound of lim pl_ratio = Σ w_m|π̂_m|⁴ / Σ w_m|π̂_m|² (0 for uniform weights, like 2r²/(k−1))."""
    if len(case.classes) == 1:
        return Fraction(0)
    with arb_precision(working_bits(2 * digits * math.log(10))):
        squares = [(to_fmpq(share), _power_series(case, m)[0][0]) for m, share in _shares(case)]
        mean = sum((weight * power for weight, power in squares), start=flint.arb(0))
        gradient = sum((weight * power * power for weight, power in squares), start=flint.arb(0))
        return ball_bounds(gradient / mean)[1]


_Series = tuple[list[flint.arb], flint.fmpq]
"""Coefficients of 1, x, …, x^{n−1} and a bound of that of x^n, valid for all x."""


def _power_series(case: Case, m: int) -> _Series:
    expansion = power_expansion(case, _ORDER, m)
    return [value.ball() for value in expansion.coefficients], to_fmpq(expansion.remainder)


def _gradient_series(case: Case, factor: flint.fmpq) -> _Series:
    """Σ w_mβ_m² − factor·B.

    As |d^iβ/dx^i| ≤ 4^i i!², that of order n of β² is at most Σ_i C(n, i) 4^n i!² (n−i)!², n! times the bound used.
    """
    mean = mean_power_expansion(case, _ORDER)
    total = -factor * flint.arb_poly([value.ball() for value in mean.coefficients])
    for m, share in _shares(case):
        power = flint.arb_poly(_power_series(case, m)[0])
        total += to_fmpq(share) * power * power
    squares = 4**_ORDER * sum(math.factorial(i) * math.factorial(_ORDER - i) for i in range(_ORDER + 1))
    return [total[i] for i in range(_ORDER)], squares + abs(factor) * to_fmpq(mean.remainder)


def _exceeds_up_to(coefficients: list[flint.arb], remainder: flint.fmpq, bound: flint.fmpq) -> flint.arb:
    return positive_up_to([coefficients[0] - bound, *coefficients[1:]], flint.arb(remainder))


def _lowest_point(
    scan: Callable[[Fraction], float], precise: Callable[[Fraction], Fraction], radius: Fraction, digits: int
) -> Fraction:
    """Search for the radius of the infimum; nothing is proved."""
    radii = [Fraction(0), *search.scan_radii(float(radius), _SCAN)[:-1], radius]
    found = search.minimum(scan, precise, radii, Fraction(1, 10 ** (digits + 8))).radius
    return min(rounded(found, 4 * (digits + 8)), radius)


def _shares(case: Case) -> list[tuple[int, Fraction]]:
    """One frequency of each group that the weights do not tell apart, and the group's share in ‖θ‖² on the simplex."""
    groups = frequency_groups(case)
    if len(groups) > _MAX_GROUPS:
        raise CannotAnswerError(f"more than {_MAX_GROUPS} frequencies that differ")
    return [(group[0], Fraction(sum(case.multiplicity(m) for m in group), case.k - 1)) for group in groups]
