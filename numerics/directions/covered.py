"""Quantities over all directions of the simplex's span, enclosed: the worst of a sphere, and radii of balls.

For k = 2 and 3 there is one frequency, so that all directions are alike and the simplex ray answers. For k = 4 and 5
covers of two frequencies do, to a limited number of digits. Beyond there is no cover.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from types import MappingProxyType

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import Case
from emtheory.numerics.directions.ball_arcs import Moments
from emtheory.numerics.directions.cover_convexity import convexity_radius
from emtheory.numerics.directions.cover_rate import WorstRadius, contraction_radius, pl_radius
from emtheory.numerics.directions.cover_sphere import eigenvalue_height, smallest_on_sphere
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.ray.ball_values import crossing
from emtheory.numerics.ray.heights import FACTORS

Most = Mapping[int, int]
"""k → most digits that take at most some minutes on a sphere or ball of radius 1."""
_SPHERE: Most = {4: 8, 5: 3}
"""Of values on a sphere: for k = 5 quadrature has four directions instead of three, and a digit costs more."""
_RATE: Most = {4: 8, 5: 6}
"""Of radii up to which a rate is kept: one quadrature a patch, to the accuracy that its size allows."""
_CONVEXITY: Most = {4: 2, 5: 1}
"""Of radii up to which λ_min keeps a bound: each shell takes models on several spheres."""
_RADII: Mapping[str, tuple[str, Most, Callable[..., WorstRadius]]] = MappingProxyType(
    {
        "worst_contraction_radius": ("contraction_radius", _RATE, contraction_radius),
        "worst_pl_radius": ("pl_radius", _RATE, pl_radius),
        "worst_convexity_radius": ("strong_convexity_radius", _CONVEXITY, convexity_radius),
    }
)
"""Quantity → that of the ray, which it is where directions are alike, its most digits, and its cover."""
_GUARD_DIGITS = 3, 12, 100
"""Digits beyond those wanted that β_1 is tried with: as many as its leading nines are lost in 1 − β_1."""


def extremum(name: str, case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Infimum of the height of a quantity over ‖θ‖ = radius, or one minus it."""
    factor = name in FACTORS
    if len(case.frequencies) == 1:
        there = case.at_radius(radius)
        return _complement_of_power(there, digits) if factor else ball_values.hessian_min_eigenvalue(there, digits)
    _require_cover(case, digits, _SPHERE)

    def value(lower: Fraction, upper: Fraction) -> Enclosure:
        found = Enclosure(lower, upper, Level.CERTIFIED, "ball")
        return _complement(found) if factor else found

    height = Moments.smallest_power if factor else eigenvalue_height(case)
    least = smallest_on_sphere(case, radius, height, lambda *ends: value(*ends).has_digits(digits))
    result = value(Fraction(least.value.lower), Fraction(least.value.upper))
    return _noted(result.lower, result.upper, least.amplitudes)


def failure(name: str, case: Case, digits: int, **argument: Fraction) -> Enclosure:
    """Sup of the ρ up to which the height of a quantity keeps its bound for all ‖θ‖ ≤ ρ."""
    on_ray, most, radius = _RADII[name]
    if len(case.frequencies) == 1:
        return crossing(on_ray, case, digits, **argument)
    _require_cover(case, digits, most)
    found = radius(case, *argument.values(), Fraction(1, 10**digits) / 2)
    return _noted(found.holds, found.fails, found.amplitudes)


def by_cover(name: str) -> Callable[..., Enclosure]:
    """Return the function for a quantity over all directions: (case, digits, argument) ↦ enclosure."""
    return partial(failure if name in _RADII else extremum, name)


def _require_cover(case: Case, digits: int, most: Most) -> None:
    if case.k not in most:
        raise CannotAnswerError("all directions are covered up to k = 5; beyond, the float route searches")
    if digits > most[case.k]:
        raise CannotAnswerError(f"for k = {case.k} a cover of all directions has {most[case.k]} digits in some minutes")


def _complement_of_power(case: Case, digits: int) -> Enclosure:
    """1 − β_1; the nearer β_1 is to 1, the more of its digits that takes."""
    for guard_digits in _GUARD_DIGITS:
        value = _complement(ball_values.posterior_power(case, digits + guard_digits, m=Fraction(1)))
        if value.has_digits(digits):
            return value
    raise CannotAnswerError(f"the factor is too small for {digits} digits")


def _complement(power: Enclosure) -> Enclosure:
    """1 − β_m, which is in [0, 1]: β_m = E|γ̂_m|², and |γ̂_m| ≤ Σ_j γ_j = 1 (derivation `stein-identity`)."""
    lower, upper = 1 - Fraction(power.upper), 1 - Fraction(power.lower)
    return replace(power, lower=max(lower, Fraction(0)), upper=min(upper, Fraction(1)))


def _noted(lower: Bound, upper: Bound, amplitudes: tuple[float, float]) -> Enclosure:
    place = ", ".join(f"{amplitude:.4g}" for amplitude in amplitudes)
    return Enclosure(lower, upper, Level.CERTIFIED, "ball", note=f"worst near amplitudes {place}")
