"""Proofs that β_m, or pl_ratio, exceeds a bound on a whole stretch of the simplex ray from the origin on.

Near the origin an expansion with a proved remainder decides (`ball_near_zero`), elsewhere models in log s²
(`ball_positive`).
"""

import math
from fractions import Fraction
from itertools import combinations_with_replacement

import flint

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import smallest, to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.arithmetic.rational import smallness
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.ray.ball_near_zero import positive_up_to
from emtheory.numerics.ray.ball_positive import RayFunction, positive_on_ray
from emtheory.numerics.ray.dynamics import keeps_simplex
from emtheory.numerics.simplex_point.ball_partition import kl_at
from emtheory.numerics.simplex_point.ball_posterior import ball_posterior_moments
from emtheory.numerics.simplex_point.moments import frequency_groups
from emtheory.numerics.simplex_point.origin_expansion import Expansion, mean_power_expansion, power_expansion

_MAX_GROUPS = 40
"""Most frequencies that differ for which models are made, one each: with more a proof would take too long."""
_ORDER = 4
"""Of expansions at the origin: enough where a slope or two vanish."""


def powers_exceed(case: Case, bound: Fraction, radius: Fraction, margin: Fraction) -> bool:
    """Whether every β_m certainly exceeds a bound on (0, radius], and keeps it at 0; False means not proved.

    The margin, about the smallest excess, says how accurate models must be.
    """
    frequencies = [m for m, _ in shares(case)]
    exact = to_fmpq(bound)

    def values(s: flint.arb, accuracy: float) -> list[flint.arb]:
        return ball_posterior_moments(case, s, accuracy, 2).power_vector(frequencies)

    with arb_precision(working_bits(smallness(margin))):
        start = smallest([_positive_up_to(difference(expansion, bound)) for expansion in power_expansions(case)])
    function = RayFunction(values, 1.0, case.k - 1, lambda ranges: smallest(ranges) - exact)
    return positive_on_ray(case, function, start, radius, margin)


def pl_ratio_exceeds(case: Case, bound: Fraction, radius: Fraction, margin: Fraction) -> bool:
    """Whether pl_ratio certainly exceeds a positive bound on (0, radius]; False means not proved.

    With w_m the share of frequency m in ‖θ‖² and b = Σ w_mβ_m, dKL/d(r²) = b/2, so pl_ratio = Σ w_mβ_m²/B where B =
    2KL/r² is the mean of b over [0, r²] and analytic with the bounds of b. That pl_ratio > c is proved as Σ w_mβ_m² −
    cB > 0. The margin is as for `powers_exceed`.
    """
    exact, weighted = to_fmpq(bound), shares(case)

    def values(s: flint.arb, accuracy: float) -> list[flint.arb]:
        moments = ball_posterior_moments(case, s, accuracy, 2)
        squared_radius = s**2 * flint.fmpq(case.k - 1, case.k)
        needed = accuracy + max(0.0, -float(squared_radius.log().mid()))
        mean = 2 * kl_at(case, s, needed) / squared_radius
        powers = moments.power_vector([m for m, _ in weighted])
        terms = (to_fmpq(share) * _square(power) for power, (_, share) in zip(powers, weighted, strict=True))
        return [sum(terms, start=-exact * mean)]

    # The bound 2 of `RayFunction` needs bound ≤ 1, which follows from a positive start.
    with arb_precision(working_bits(smallness(margin))):
        start = _positive_up_to(gradient_expansion(case, bound))
    function = RayFunction(values, 2.0, 2 * (case.k - 1), lambda ranges: ranges[0])
    return positive_on_ray(case, function, start, radius, margin)


def shares(case: Case) -> list[tuple[int, Fraction]]:
    """One frequency of each group whose β_m are equal on the simplex, and the group's share in ‖θ‖² there."""
    if keeps_simplex(case):
        return [(1, Fraction(1))]
    groups = frequency_groups(case)
    if len(groups) > _MAX_GROUPS:
        raise CannotAnswerError(f"more than {_MAX_GROUPS} frequencies that differ")
    return [(group[0], Fraction(sum(case.multiplicity(m) for m in group), case.k - 1)) for group in groups]


def power_expansions(case: Case) -> list[Expansion]:
    """Expand each β_m that `shares` names in x = s² at the origin."""
    return [power_expansion(case, _ORDER, m) for m, _ in shares(case)]


def gradient_expansion(case: Case, factor: Fraction) -> Expansion:
    """Expand Σ w_mβ_m² − factor·B, which has the sign of pl_ratio − factor, in x = s² at the origin.

    As |d^iβ/dx^i| ≤ 4^i i!², that of order n of β² is at most Σ_i C(n, i) 4^n i!² (n−i)!², n! times the bound used.
    """
    total = [rational(-factor) * value for value in mean_power_expansion(case, _ORDER).coefficients]
    for expansion, (_, share) in zip(power_expansions(case), shares(case), strict=True):
        power = expansion.coefficients
        for i, j in combinations_with_replacement(range(_ORDER), 2):
            if i + j < _ORDER:
                total[i + j] += rational(share * (1 if i == j else 2)) * power[i] * power[j]
    squares = 4**_ORDER * sum(math.factorial(i) * math.factorial(_ORDER - i) for i in range(_ORDER + 1))
    return Expansion(tuple(total), squares + abs(factor) * mean_power_expansion(case, _ORDER).remainder)


def difference(expansion: Expansion, bound: Fraction) -> Expansion:
    """Subtract a number from an expansion."""
    first, *others = expansion.coefficients
    return Expansion((first - rational(bound), *others), expansion.remainder)


def _positive_up_to(expansion: Expansion) -> flint.arb:
    """An x up to which an expansion is positive but for zeros at the origin, which are cancelled if they are exact."""
    balls = [value.ball() for value in expansion.coefficients]
    zeros = 0
    while zeros < len(balls) and balls[zeros].contains(0) and expansion.coefficients[zeros].sign == 0:
        zeros += 1
    return (
        positive_up_to(balls[zeros:], flint.arb(to_fmpq(expansion.remainder))) if zeros < len(balls) else flint.arb(0)
    )


def _square(value: flint.arb) -> flint.arb:
    return value * value  # a power of a ball that contains zero would be nan
