"""The strong-convexity radius: the first crossing of λ_min(∇²ℓ) along the simplex ray, proposed and then proved.

`prove_strong_convexity_radius` searches for nothing; a verifier needs only it.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import partial

import flint

from emtheory.numerics.any_point import ball_values, exact_values
from emtheory.numerics.arithmetic.algebraic import Algebraic, ball_bounds
from emtheory.numerics.arithmetic.arb import smallest, to_fmpq
from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.arithmetic.rational import smallness
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.ray.ball_hessian_origin import convex_up_to, origin_blocks
from emtheory.numerics.ray.ball_hessian_tail import convex_beyond
from emtheory.numerics.ray.ball_positive import RayFunction, positive_on_ray
from emtheory.numerics.ray.ball_proposal import propose_crossing, proposed_and_proved
from emtheory.numerics.ray.scan import Ray, Source
from emtheory.numerics.simplex_point.ball_posterior import ball_posterior_moments
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND, frequency_groups, hessian_blocks
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus, squared_modulus

_SMALL_GAP_BITS = 256
"""Bits beyond those of the digits, with which a gap, or a threshold, is told from zero down to 1e−77."""
_MAX_GROUPS = 40
"""Most frequencies that differ for which models of the whole Hessian are made: one for each of its entries, 820
then."""
_CLOSEST = Fraction(1, 10**6)
"""How near λ_min may come to a threshold that it is proved never to reach: nearer would take more accurate models."""


def strong_convexity_radius(case: Case, digits: int, fraction: Fraction) -> Enclosure:
    """First radius at which λ_min(∇²ℓ) falls below fraction·gap; `inf` if it is proved never to."""
    if len(frequency_groups(case)) > _MAX_GROUPS:
        raise CannotAnswerError(f"more than {_MAX_GROUPS} frequencies that differ")
    found, is_proved = proposed_and_proved(
        lambda count: _proposed(case, digits, fraction, count),
        lambda found: prove_strong_convexity_radius(case, found, fraction),
    )
    if not is_proved:
        place = "no crossing was found" if found.upper == math.inf else f"a crossing near {float(found.upper):.6g}"
        raise CannotAnswerError(f"{place}, but it was not proved that λₘᵢₙ keeps its bound up to there")
    return found


def prove_strong_convexity_radius(case: Case, found: Enclosure, fraction: Fraction) -> bool:
    """Whether an enclosure of `strong_convexity_radius` is certainly right; False means not proved.

    λ_min keeps its bound near the origin by an expansion, up to the lower end by models, and is below it at the upper
    end. An infinite radius (both ends) needs models up to where the tail's bound begins; the radius 0 an eigenvalue
    that starts at the bound and decreases.
    """
    if not 0 <= found.lower <= found.upper:
        return False
    if found.upper == 0:
        return _falls_at_once(case, fraction)
    digits = _digits(found)
    low, high = _threshold(case, fraction, digits)
    if fraction > 1 and high > 0:
        return False  # the expansion at the origin needs a threshold of at most the gap
    with arb_precision(working_bits(digits * math.log(10)) + _SMALL_GAP_BITS):
        start = smallest([block.exceeds_up_to(flint.arb(to_fmpq(high))) for block in origin_blocks(case)])
        if high == 0 and len(case.classes) == 1:
            start = start.max(convex_up_to(case))
    if isinstance(found.lower, Fraction) and isinstance(found.upper, Fraction):
        end, after = found.lower, _eigenvalue(case, digits if low else 1, found.upper)
        margin = Fraction(_eigenvalue(case, digits if high else 1, end).lower) - high
        if not (margin > 0 and after.upper < low):
            return False
    elif found.lower == math.inf:
        end = convex_beyond(case, high)
        margin = min(_CLOSEST, ball_bounds(start)[0] ** 2)
    else:
        return False
    return positive_on_ray(case, hessian_above(case, high, end), start, end, margin)


def hessian_above(case: Case, threshold: Fraction, radius: Fraction) -> RayFunction:
    """λ_min(∇²ℓ) − threshold on the simplex ray up to a radius: positive exactly where it exceeds the threshold.

    The entries are values of the quadratic form Σ β_mv_m² + Σ t_mnρ_mρ_nv_mv_n at unit vectors, so at most 1 + 3|r²| of
    expectations bounded as in section 8; where models are made, |e^t| is at most e^{3/2} times its largest value on the
    ray.
    """
    size = len(frequency_groups(case))
    largest = float(radius) ** 2 * case.k / (case.k - 1)
    bound = 1 + 1.01 * MOMENT_BOUND * largest * math.exp(1.5)
    there = case.at_radius(Fraction(1))

    def values(s: flint.arb, accuracy: float) -> list[flint.arb]:
        squared_radius = s**2 * flint.fmpq(case.k - 1, case.k)
        blocks = hessian_blocks(
            there,
            ball_posterior_moments(there, s, accuracy, 4),
            lambda square: squared_radius * to_fmpq(square),
            lambda square: squared_radius * flint.arb(to_fmpq(square)).sqrt(),
        )
        return [*(entry for i, row in enumerate(blocks.radial) for entry in row[: i + 1]), *blocks.simple]

    def combine(ranges: Sequence[flint.arb]) -> flint.arb:
        triangle = size * (size + 1) // 2
        rows = [[ranges[max(i, j) * (max(i, j) + 1) // 2 + min(i, j)] for j in range(size)] for i in range(size)]
        accuracy = flint.ctx.prec * math.log(2) / 2
        return smallest([smallest_eigenvalue(rows, accuracy), *ranges[triangle:]]) - to_fmpq(threshold)

    return RayFunction(values, bound, case.k - 1, combine)


def _proposed(case: Case, digits: int, fraction: Fraction, count: int) -> Enclosure:
    """Search for the crossing; nothing is proved, except that the radius is 0."""
    if _falls_at_once(case, fraction):
        note = "λₘᵢₙ starts at its bound and decreases, or below it"
        return Enclosure(Fraction(0), Fraction(0), Level.CERTIFIED, "ball", note=note)
    low, high = _threshold(case, fraction, digits + 8)
    threshold = (low + high) / 2
    ray = Ray(case, Source("ball", Level.CERTIFIED, ball_values))
    # Near a crossing only the relative accuracy of λ_min − threshold matters.
    eigenvalue = partial(_eigenvalue, case, digits + 12 if threshold else 10)
    return propose_crossing(
        case,
        lambda radius: ray.scan("hessian_min_eigenvalue", radius) - float(threshold),
        lambda radius: Fraction(eigenvalue(radius).midpoint) - threshold,
        convex_beyond(case, high),
        digits,
        "the convexity of Λ and E max Zⱼ",
        count,
    )


def _falls_at_once(case: Case, fraction: Fraction) -> bool:
    """Whether λ_min certainly starts below fraction·gap, or there and decreases, so that the radius is 0."""
    gap = _gap(case)
    if fraction < 1 and gap.sign != 0:
        return False
    if fraction > 1 and gap.sign != 0:
        return True
    tied = [m for m, *_ in frequency_groups(case) if (squared_modulus(case.weights, m) - gap).sign == 0]
    with arb_precision(_SMALL_GAP_BITS):
        for block in origin_blocks(case):
            rows = [i for i, m in enumerate(block.frequencies) if m in tied]
            if rows and block.smallest_slope(rows) < 0:
                return True
    return False


def _threshold(case: Case, fraction: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    lower, upper = _gap(case).enclose(digits + 4)
    return fraction * lower, fraction * upper


def _gap(case: Case) -> Algebraic:
    return smallest_squared_modulus(case.weights)


def _digits(found: Enclosure) -> int:
    """Digits of λ_min that resolve its change over the width of the enclosure."""
    if isinstance(found.lower, float) or isinstance(found.upper, float) or found.lower == found.upper:
        return 20
    return math.ceil(smallness((found.upper - found.lower) / found.upper) / math.log(10)) + 8


def _eigenvalue(case: Case, digits: int, radius: Fraction) -> Enclosure:
    value = ball_values.hessian_min_eigenvalue if radius else exact_values.hessian_min_eigenvalue
    return value(case.at_radius(radius), digits)
