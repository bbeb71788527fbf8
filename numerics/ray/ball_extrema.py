"""Infima along the simplex ray: proposed by a search that proves nothing, then proved.

An enclosure of an infimum is proved by a point at which the function is that small, and a proof that the function
exceeds the lower end on the whole ray (`ball_lower_bounds`). The functions `prove_…` search for nothing; a verifier
needs only them.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import flint

from emtheory.numerics.any_point import ball_values, exact_values
from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.arithmetic.rational import smallness
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.ray import search
from emtheory.numerics.ray.ball_lower_bounds import pl_ratio_exceeds, power_expansions, powers_exceed, shares
from emtheory.numerics.ray.ball_proposal import proposed_and_proved
from emtheory.numerics.ray.dynamics import rounded
from emtheory.numerics.ray.scan import Ray, Source

_GUARD_DIGITS = 4
"""Beyond those wanted, to which the infimum is enclosed: with a relative half-width of 10^{−digits−4} three more digits
are right, which are printed."""


def worst_contraction_factor(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """1 − min β_m over the frequencies and [0, radius]."""
    if radius == 0:
        raise CannotAnswerError("at radius 0 the exact route answers")
    ray = Ray(case, Source("ball", Level.CERTIFIED, ball_values))

    def propose(count: int) -> Enclosure:
        radii = _radii(radius, count)
        at = _lowest_point(ray.scan_smallest_power, lambda point: ray.smallest_power(point, digits + 12), radii, digits)
        least = _smallest_power_at(case, at, digits + 8)
        margin = min(least, 1 - least) / 10 ** (digits + _GUARD_DIGITS)
        return _found(1 - least - margin, 1 - least + margin, at)

    found, is_proved = proposed_and_proved(propose, lambda found: prove_worst_contraction_factor(case, found, radius))
    if not is_proved:
        raise CannotAnswerError("the smallest βₘ found on the ray was not proved to be the smallest")
    return found


def prove_worst_contraction_factor(case: Case, found: Enclosure, radius: Fraction) -> bool:
    """Whether an enclosure of `worst_contraction_factor` is certainly right; False means not proved.

    Its `at` is the radius where its lower end is to be exceeded.
    """
    lower, upper = Fraction(found.lower), Fraction(found.upper)
    if found.at is None or not 0 <= found.at <= radius:
        return False
    if 1 - _smallest_power_at(case, found.at, _digits(lower, upper)) < lower:
        return False
    if upper >= 1:  # β_m ≥ 0
        return True
    return powers_exceed(case, 1 - upper, radius, min(upper - lower, 1 - upper))


def pl_constant(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Inf of pl_ratio on (0, radius]."""
    if len(case.classes) == 1:
        return _found(Fraction(0), Fraction(0), Fraction(0))
    limit = _limit_at_origin(case, digits + 8)
    ray = Ray(case, Source("ball", Level.CERTIFIED, ball_values))

    def propose(count: int) -> Enclosure:
        at = _lowest_point(
            lambda point: ray.scan("pl_ratio", point) if point else float(limit),
            lambda point: ray.value("pl_ratio", point, digits + 12) if point else limit,
            _radii(radius, count),
            digits,
        )
        least = _pl_ratio_at(case, at, digits + 8)
        margin = least / 10 ** (digits + _GUARD_DIGITS)
        return _found(least - margin, least + margin, at)

    found, is_proved = proposed_and_proved(propose, lambda found: prove_pl_constant(case, found, radius))
    if not is_proved:
        raise CannotAnswerError("the smallest pl_ratio found on the ray was not proved to be the smallest")
    return found


def prove_pl_constant(case: Case, found: Enclosure, radius: Fraction) -> bool:
    """Whether an enclosure of `pl_constant` is certainly right; False means not proved.

    Its `at` is the radius where the ratio is (or, if 0, tends to a limit) at most its upper end.
    """
    lower, upper = Fraction(found.lower), Fraction(found.upper)
    if found.at is None or not 0 <= found.at <= radius:
        return False
    if _pl_ratio_at(case, found.at, _digits(lower, upper)) > upper:
        return False
    if lower <= 0:
        return True
    return pl_ratio_exceeds(case, lower, radius, upper - lower)


def _found(lower: Fraction, upper: Fraction, at: Fraction) -> Enclosure:
    note = f"attained near radius {float(at):.6g}" if at else "attained at or approached towards radius 0"
    return Enclosure(lower, upper, Level.CERTIFIED, "ball", note=note, at=at)


def _digits(lower: Fraction, upper: Fraction) -> int:
    """Digits to which a number of the size of `upper` must be known so that the error is far below the width."""
    return math.ceil(smallness((upper - lower) / max(upper, Fraction(1))) / math.log(10)) + 3


def _smallest_power_at(case: Case, radius: Fraction, digits: int) -> Fraction:
    """Return an upper bound of min β_m at a radius."""
    there, values = case.at_radius(radius), ball_values if radius else exact_values
    powers = (values.posterior_power(there, digits, m=Fraction(m)) for m, _ in shares(case))
    return min(Fraction(power.upper) for power in powers)


def _pl_ratio_at(case: Case, radius: Fraction, digits: int) -> Fraction:
    """Return an upper bound of pl_ratio at a radius, or of its limit at 0."""
    if radius == 0:
        return _limit_at_origin(case, digits)
    return Fraction(ball_values.pl_ratio(case.at_radius(radius), digits).upper)


def _limit_at_origin(case: Case, digits: int) -> Fraction:
    """Return an upper bound of lim pl_ratio = Σ w_m|π̂_m|⁴ / Σ w_m|π̂_m|² (0 for uniform weights, like 2r²/(k−1))."""
    if len(case.classes) == 1:
        return Fraction(0)
    with arb_precision(working_bits(2 * digits * math.log(10))):
        limits = (expansion.coefficients[0].ball() for expansion in power_expansions(case))
        squares = [(to_fmpq(share), limit) for limit, (_, share) in zip(limits, shares(case), strict=True)]
        mean = sum((weight * power for weight, power in squares), start=flint.arb(0))
        gradient = sum((weight * power * power for weight, power in squares), start=flint.arb(0))
        return ball_bounds(gradient / mean)[1]


def _radii(radius: Fraction, count: int) -> list[Fraction]:
    return [Fraction(0), *search.scan_radii(float(radius), count)[:-1], radius]


def _lowest_point(
    scan: Callable[[Fraction], float], precise: Callable[[Fraction], Fraction], radii: Sequence[Fraction], digits: int
) -> Fraction:
    """Search for the radius of the infimum; nothing is proved."""
    found = search.minimum(scan, precise, radii, Fraction(1, 10 ** (digits + 8))).radius
    return min(rounded(found, 4 * (digits + 8)), radii[-1])
