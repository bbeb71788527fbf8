"""What quantities over the ray ask for: how far a height keeps a bound, or how low it falls.

A height is λ_min(∇²ℓ), min_m β_m or pl_ratio, a function of the radius by its name as a quantity at a point.
"""

import math
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import flint

from emtheory.numerics.any_point import exact_values
from emtheory.numerics.arithmetic.algebraic import Algebraic, ball_bounds, rational
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.ray.dynamics import keeps_simplex
from emtheory.numerics.simplex_point.moments import frequency_groups
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus, squared_modulus

CURVATURE, POWER, RATIO = "hessian_min_eigenvalue", "posterior_power", "pl_ratio"

HEIGHTS: Mapping[str, str] = MappingProxyType(
    {
        "strong_convexity_radius": CURVATURE,
        "contraction_radius": POWER,
        "pl_radius": RATIO,
        "pl_constant": RATIO,
        "worst_contraction_factor": POWER,
        "worst_convexity_radius": CURVATURE,
        "worst_contraction_radius": POWER,
        "worst_pl_radius": RATIO,
        "worst_direction_min_eigenvalue": CURVATURE,
        "worst_direction_contraction_factor": POWER,
    }
)
"""Quantity over the ray, or over all directions → the height that it is about."""

FACTORS = "worst_contraction_factor", "worst_direction_contraction_factor"
"""The quantities that are one minus the infimum of their height."""


def bound_of(name: str, case: Case, argument: Fraction) -> Algebraic:
    """Return the bound that a height is to keep: a fraction of the gap, one minus a factor, or a constant."""
    if HEIGHTS[name] == CURVATURE:
        return rational(argument) * smallest_squared_modulus(case.weights)
    return rational(1 - argument if HEIGHTS[name] == POWER else argument)


def shares(case: Case) -> list[tuple[int, Fraction]]:
    """One frequency of each group whose β_m are equal on the simplex, and the group's share in ‖θ‖² there."""
    if keeps_simplex(case):
        return [(1, Fraction(1))]
    groups = frequency_groups(case)
    return [(group[0], Fraction(sum(case.multiplicity(m) for m in group), case.k - 1)) for group in groups]


def ends(values: Any, height: str, case: Case, radius: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    """Return the ends of the interval of a height at a radius by a route's values; at the origin by exact ones."""
    if not radius and height == RATIO:
        return _limit(case, digits)
    return ends_at(values if radius else exact_values, height, case.at_radius(radius), digits)


def ends_at(values: Any, height: str, there: Case, digits: int) -> tuple[Fraction, Fraction]:
    """Return the ends of the interval of a height at any point by a route's values."""
    frequencies = [m for m, _ in shares(there)] if there.on_simplex else there.frequencies
    every = [{"m": Fraction(m)} for m in frequencies] if height == POWER else [{}]
    found = [getattr(values, height)(there, digits, **arguments) for arguments in every]
    return min(Fraction(each.lower) for each in found), min(Fraction(each.upper) for each in found)


def _limit(case: Case, digits: int) -> tuple[Fraction, Fraction]:
    """Ends around lim pl_ratio at the origin: Σ w_m|π̂_m|⁴ / Σ w_m|π̂_m|², or 0 if uniform (`kl-expansion`)."""
    if len(case.classes) == 1:
        return Fraction(0), Fraction(0)
    with arb_precision(working_bits(2 * digits * math.log(10))):
        powers = [(to_fmpq(share), squared_modulus(case.weights, m).ball()) for m, share in shares(case)]
        mean = sum((share * power for share, power in powers), start=flint.arb(0))
        return ball_bounds(sum((share * power * power for share, power in powers), start=flint.arb(0)) / mean)
