"""Radii up to which EM keeps a rate, enclosed: the first crossing is proposed by a search, then proved.

Far out the rate is kept for good: dΛ/dr = E Σ_j γ_j⟨X, v_j⟩ ≤ E max_j ⟨X, v_j⟩ = R_0, Lloyd's radius, so that
b = Σ w_mβ_m = 1 − Λ'(r)/r ≥ 1 − R_0/r, with w_m the share of frequency m in ‖θ‖². Hence 1 − β_m ≤ R_0/(r w_m), and
pl_ratio = Σ w_mβ_m²/B ≥ b² ≥ (1 − R_0/r)² for r ≥ R_0, as B ≤ 1. The functions `prove_…` search for nothing.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.ray.ball_lower_bounds import (
    difference,
    gradient_expansion,
    pl_ratio_exceeds,
    power_expansions,
    powers_exceed,
    shares,
)
from emtheory.numerics.ray.ball_proposal import propose_crossing, proposed_and_proved
from emtheory.numerics.ray.scan import Ray, Source
from emtheory.numerics.simplex_point.origin_expansion import Expansion

_CLOSEST = Fraction(1, 10**6)
"""How near the function may come to a bound that it is proved never to reach: nearer would take more accurate
models."""


@dataclass(frozen=True)
class _Problem:
    """A function on the ray and a bound that it is to keep.

    The sign of function − bound for small positive radii is 0 if it is not known; `scan` and `precise` are its values
    in double precision and to a number of digits, `value` encloses it; `exceeds` takes a radius and a margin to whether
    it certainly exceeds the bound up to there, and from `tail` on it certainly does.
    """

    bound: Fraction
    start_sign: int
    scan: Callable[[Fraction], float]
    precise: Callable[[Fraction, int], Fraction]
    value: Callable[[Fraction, int], tuple[Fraction, Fraction]]
    exceeds: Callable[[Fraction, Fraction], bool]
    tail: Callable[[], Fraction]


def contraction_radius(case: Case, digits: int, factor: Fraction) -> Enclosure:
    """Sup of the radii up to which every 1 − β_m is at most `factor`."""
    return _first_crossing(case, _powers(case, factor), digits)


def prove_contraction_radius(case: Case, found: Enclosure, factor: Fraction) -> bool:
    """Whether an enclosure (infinite if no factor exceeds the bound) of `contraction_radius` is certainly right.

    False means not proved.
    """
    return _is_proved(_powers(case, factor), found)


def pl_radius(case: Case, digits: int, constant: Fraction) -> Enclosure:
    """Sup of the radii up to which pl_ratio is at least `constant`."""
    return _first_crossing(case, _ratio(case, constant), digits)


def prove_pl_radius(case: Case, found: Enclosure, constant: Fraction) -> bool:
    """Whether an enclosure (infinite if the ratio never falls below the bound) of `pl_radius` is certainly right.

    False means not proved.
    """
    return _is_proved(_ratio(case, constant), found)


def _first_crossing(case: Case, problem: _Problem, digits: int) -> Enclosure:
    found, is_proved = proposed_and_proved(
        lambda count: _proposed(case, problem, digits, count), lambda found: _is_proved(problem, found)
    )
    if not is_proved:
        place = "no crossing was found" if found.upper == math.inf else f"a crossing near {float(found.upper):.6g}"
        raise CannotAnswerError(f"{place}, but it was not proved that the bound is kept up to there")
    return found


def _proposed(case: Case, problem: _Problem, digits: int, count: int) -> Enclosure:
    if problem.start_sign < 0:
        note = "below the bound for small radii"
        return Enclosure(Fraction(0), Fraction(0), Level.CERTIFIED, "ball", note=note)
    return propose_crossing(
        case,
        lambda radius: problem.scan(radius) - float(problem.bound),
        lambda radius: problem.precise(radius, digits + 12) - problem.bound,
        problem.tail(),
        digits,
        "dΛ/dr ≤ R₀",
        count,
    )


def _is_proved(problem: _Problem, found: Enclosure) -> bool:
    if found.lower == found.upper == 0:
        return problem.start_sign < 0
    if problem.start_sign <= 0 or not 0 < found.lower <= found.upper:
        return False
    if found.lower == math.inf:
        return problem.exceeds(problem.tail(), _CLOSEST)
    if not (isinstance(found.lower, Fraction) and isinstance(found.upper, Fraction)):
        return False
    digits = len(str(math.ceil(found.upper / (found.upper - found.lower)))) + 8 if found.lower < found.upper else 0
    margin = problem.value(found.lower, digits)[0] - problem.bound
    falls = problem.value(found.upper, digits)[1] < problem.bound
    return falls and margin > 0 and problem.exceeds(found.lower, margin)


def _powers(case: Case, factor: Fraction) -> _Problem:
    bound = 1 - factor
    frequencies = [Fraction(m) for m, _ in shares(case)]
    ray = Ray(case, Source("ball", Level.CERTIFIED, ball_values))

    def value(radius: Fraction, digits: int) -> tuple[Fraction, Fraction]:
        there = case.at_radius(radius)
        powers = [ball_values.posterior_power(there, digits, m=m) for m in frequencies]
        return min(Fraction(power.lower) for power in powers), min(Fraction(power.upper) for power in powers)

    return _Problem(
        bound,
        min(_sign(difference(expansion, bound)) for expansion in power_expansions(case)),
        ray.scan_smallest_power,
        ray.smallest_power,
        value,
        lambda radius, margin: powers_exceed(case, bound, radius, margin),
        lambda: _rounded_up(_lloyd_radius(case) / (factor * min(share for _, share in shares(case)))),
    )


def _ratio(case: Case, constant: Fraction) -> _Problem:
    ray = Ray(case, Source("ball", Level.CERTIFIED, ball_values))

    def value(radius: Fraction, digits: int) -> tuple[Fraction, Fraction]:
        ratio = ball_values.pl_ratio(case.at_radius(radius), digits)
        return Fraction(ratio.lower), Fraction(ratio.upper)

    return _Problem(
        constant,
        _sign(gradient_expansion(case, constant)),
        lambda radius: ray.scan("pl_ratio", radius),
        lambda radius, digits: ray.value("pl_ratio", radius, digits),
        value,
        lambda radius, margin: pl_ratio_exceeds(case, constant, radius, margin),
        lambda: _rounded_up(2 * _lloyd_radius(case) / (1 - constant)),  # √c ≤ (1 + c)/2
    )


def _sign(expansion: Expansion) -> int:
    """The sign for small positive radii, 0 if the coefficients do not tell."""
    return next((value.sign for value in expansion.coefficients if value.sign), 0)


def _lloyd_radius(case: Case) -> Fraction:
    return Fraction(ball_values.lloyd_radius(case, 10).upper)


def _rounded_up(radius: Fraction) -> Fraction:
    return Fraction(math.ceil(1024 * radius), 1024)
