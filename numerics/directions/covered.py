"""Quantities over all directions of the simplex's span, enclosed: the worst of a sphere, and radii of balls.

For k = 2 and 3 there is one frequency, so that all directions are alike and the simplex ray answers. For k = 4 and 5
covers of two frequencies do, to a limited number of digits. Beyond there is no cover.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import Case
from emtheory.numerics.directions.ball_arcs import Moments
from emtheory.numerics.directions.cover_convexity import convexity_radius
from emtheory.numerics.directions.cover_rate import WorstRadius, contraction_radius, pl_radius
from emtheory.numerics.directions.cover_sphere import Height, eigenvalue_height, smallest_on_sphere
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.ray.ball_values import crossing

Most = Mapping[int, int]
"""k → most digits that take at most some minutes on a sphere or ball of radius 1."""
_SPHERE: Most = {4: 8, 5: 3}
"""Of values on a sphere: for k = 5 quadrature has four directions instead of three, and a digit costs more."""
_RATE: Most = {4: 8, 5: 6}
"""Of radii up to which a rate is kept: one quadrature a patch, to the accuracy that its size allows."""
_CONVEXITY: Most = {4: 2, 5: 1}
"""Of radii up to which λ_min keeps a bound: each shell takes models on several spheres."""
_GUARD_DIGITS = 3, 12, 100
"""Digits beyond those wanted that β_1 is tried with: as many as its leading nines are lost in 1 − β_1."""


def worst_direction_contraction_factor(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Sup of max_m (1 − β_m) over ‖θ‖ = radius."""
    if len(case.frequencies) == 1:
        return _complement_of_power(case.at_radius(radius), digits)
    return _on_sphere(case, digits, radius, Moments.smallest_power, _complement)


def worst_direction_min_eigenvalue(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Min of λ_min(∇²ℓ) over ‖θ‖ = radius."""
    if len(case.frequencies) == 1:
        return ball_values.hessian_min_eigenvalue(case.at_radius(radius), digits)
    return _on_sphere(case, digits, radius, eigenvalue_height(case), lambda value: value)


def worst_contraction_radius(case: Case, digits: int, factor: Fraction) -> Enclosure:
    """Sup of the ρ with max_m (1 − β_m) ≤ factor for all ‖θ‖ ≤ ρ."""
    if len(case.frequencies) == 1:
        return crossing("contraction_radius", case, digits, factor=factor)
    return _of_ball(case, digits, _RATE, lambda tolerance: contraction_radius(case, factor, tolerance))


def worst_pl_radius(case: Case, digits: int, constant: Fraction) -> Enclosure:
    """Sup of the ρ with pl_ratio ≥ constant for all ‖θ‖ ≤ ρ."""
    if len(case.frequencies) == 1:
        return crossing("pl_radius", case, digits, constant=constant)
    return _of_ball(case, digits, _RATE, lambda tolerance: pl_radius(case, constant, tolerance))


def worst_convexity_radius(case: Case, digits: int, fraction: Fraction) -> Enclosure:
    """Sup of the ρ with λ_min(∇²ℓ) ≥ fraction·gap for all ‖θ‖ ≤ ρ."""
    if len(case.frequencies) == 1:
        return crossing("strong_convexity_radius", case, digits, fraction=fraction)
    return _of_ball(case, digits, _CONVEXITY, lambda tolerance: convexity_radius(case, fraction, tolerance))


def _on_sphere(
    case: Case, digits: int, radius: Fraction, height: Height, quantity: Callable[[Enclosure], Enclosure]
) -> Enclosure:
    _require_cover(case, digits, _SPHERE)

    def value(lower: Fraction, upper: Fraction) -> Enclosure:
        return quantity(Enclosure(lower, upper, Level.CERTIFIED, "ball"))

    found = smallest_on_sphere(case, radius, height, lambda *ends: value(*ends).has_digits(digits))
    result = quantity(found.value)
    return _noted(result.lower, result.upper, found.amplitudes)


def _of_ball(case: Case, digits: int, most: Most, compute: Callable[[Fraction], WorstRadius]) -> Enclosure:
    _require_cover(case, digits, most)
    found = compute(Fraction(1, 10**digits) / 2)
    return _noted(found.holds, found.fails, found.amplitudes)


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
