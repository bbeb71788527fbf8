"""The quantities over the whole simplex ray or along a trajectory, from point values of a non-rigorous route.

A route that bounds its errors needs its own search (an infimum of samples is no lower bound); the `mp` and `float`
routes share this one and differ only in where their point values come from.
"""

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, Protocol

from emtheory.numerics.any_point import exact_values, float_values
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level
from emtheory.numerics.ray.dynamics import limiting_factor, require_simplex_kept, steps_to
from emtheory.numerics.ray.search import Found, first_crossing, minimum, scan_end, scan_radii
from emtheory.numerics.simplex_point.moments import frequency_groups

_SCAN = 60
"""Radii that are tried: features narrower than a sixtieth of the ray can be missed, and notes say so."""
_SCAN_DIGITS = 8
"""Digits of double precision that are enough to compare heights; with fewer the route itself is asked."""
_GUARD_DIGITS = 5
"""Beyond those wanted, to which crossings and minima are located."""

Name = Literal["hessian_min_eigenvalue", "posterior_power", "pl_ratio", "kl_divergence"]


class PointValues(Protocol):
    """What a module with a route's values at a point offers: (case, digits, arguments) ↦ enclosure."""

    hessian_min_eigenvalue: Callable[..., Enclosure]
    posterior_power: Callable[..., Enclosure]
    pl_ratio: Callable[..., Enclosure]
    kl_divergence: Callable[..., Enclosure]


@dataclass(frozen=True)
class Source:
    """Where values along a ray come from: a route's values away from the origin, and the level of what is found.

    `digits` is what its searches aim for, whatever is asked; None to aim for that.
    """

    route: str
    level: Level
    values: PointValues
    digits: int | None = None

    def aimed(self, digits: int) -> int:
        """Return the digits to aim for where some are wanted."""
        return digits if self.digits is None else self.digits


@dataclass(frozen=True)
class Ray:
    """Values of one route along the simplex ray of a case."""

    case: Case
    source: Source

    def value(self, name: Name, radius: Fraction, digits: int, **arguments: Fraction) -> Fraction:
        """Evaluate a quantity at a radius; the exact route answers at the origin."""
        values: Any = self.source.values if radius else exact_values
        return Fraction(getattr(values, name)(self.case.at_radius(radius), digits, **arguments).midpoint)

    def scan(self, name: Name, radius: Fraction, **arguments: Fraction) -> float:
        """Evaluate a quantity in double precision where that has digits enough to be compared, else by the route."""
        with suppress(CannotAnswerError):
            quick: Enclosure = getattr(float_values, name)(self.case.at_radius(radius), 10, **arguments)
            if quick.has_digits(_SCAN_DIGITS):
                return float(quick.midpoint)
        return float(self.value(name, radius, 12, **arguments))

    def smallest_power(self, radius: Fraction, digits: int) -> Fraction:
        """Min over the frequencies of β_m."""
        return min(self.value("posterior_power", radius, digits, m=m) for m in self._distinct_frequencies())

    def scan_smallest_power(self, radius: Fraction) -> float:
        """`smallest_power` in double precision."""
        return min(self.scan("posterior_power", radius, m=m) for m in self._distinct_frequencies())

    def enclosure(self, found: Found, note: str) -> Enclosure:
        """Wrap what a search found at this route's level."""
        source = self.source
        return Enclosure(found.value - found.error, found.value + found.error, source.level, source.route, note=note)

    def _distinct_frequencies(self) -> list[Fraction]:
        return [Fraction(group[0]) for group in frequency_groups(self.case)]


def strong_convexity_radius(source: Source, case: Case, digits: int, fraction: Fraction) -> Enclosure:
    """First radius at which λ_min(∇²ℓ) falls below fraction·gap, `inf` if the scan finds none."""
    ray, digits = Ray(case, source), source.aimed(digits)
    gap = Fraction(exact_values.spectral_gap(case, digits + 10).midpoint)
    threshold = fraction * gap
    # Near the crossing only relative accuracy of the difference matters.
    local = digits + 2 * _GUARD_DIGITS if threshold else 10
    return _first_failure(
        ray,
        digits,
        lambda radius: ray.scan("hessian_min_eigenvalue", radius) - float(threshold),
        lambda radius: ray.value("hessian_min_eigenvalue", radius, local) - threshold,
    )


def contraction_radius(source: Source, case: Case, digits: int, factor: Fraction) -> Enclosure:
    """First radius at which a factor 1 − β_m exceeds `factor`, `inf` if the scan finds none."""
    ray, digits = Ray(case, source), source.aimed(digits)
    return _first_failure(
        ray,
        digits,
        lambda radius: ray.scan_smallest_power(radius) - float(1 - factor),
        lambda radius: ray.smallest_power(radius, digits + 2 * _GUARD_DIGITS) - (1 - factor),
    )


def pl_radius(source: Source, case: Case, digits: int, constant: Fraction) -> Enclosure:
    """First radius at which pl_ratio falls below `constant`, `inf` if the scan finds none."""
    ray, digits = Ray(case, source), source.aimed(digits)
    return _first_failure(
        ray,
        digits,
        lambda radius: ray.scan("pl_ratio", radius) - float(constant),
        lambda radius: ray.value("pl_ratio", radius, digits + 2 * _GUARD_DIGITS) - constant,
    )


def _first_failure(
    ray: Ray, digits: int, height: Callable[[Fraction], float], precise: Callable[[Fraction], Fraction]
) -> Enclosure:
    """First radius at which a function is negative."""
    source = ray.source
    radii = scan_radii(scan_end(ray.case), _SCAN)
    found = first_crossing(height, precise, radii, Fraction(1, 10 ** (digits + _GUARD_DIGITS)))
    note = f"from {len(radii)} radii up to {float(radii[-1]):.4g}"
    if found is None:
        return Enclosure(math.inf, math.inf, source.level, source.route, note=f"no crossing at any of them: {note}")
    if found.radius == 0:
        note = f"below the bound at radius {float(radii[0]):.4g} and at all smaller radii tried"
    return ray.enclosure(found, note)


def pl_constant(source: Source, case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Smallest pl_ratio on (0, radius], its limit at 0 included."""
    ray, digits = Ray(case, source), source.aimed(digits)
    limit = _limiting_pl_ratio(case, digits + 2 * _GUARD_DIGITS)
    radii = [Fraction(0), *scan_radii(float(radius), _SCAN)[:-1], radius]
    found = minimum(
        lambda point: ray.scan("pl_ratio", point) if point else float(limit),
        lambda point: ray.value("pl_ratio", point, digits + 2 * _GUARD_DIGITS) if point else limit,
        radii,
        Fraction(1, 10 ** (digits + _GUARD_DIGITS)),
    )
    return ray.enclosure(found, f"attained near radius {float(found.radius):.6g}, from {len(radii)} radii")


def worst_contraction_factor(source: Source, case: Case, digits: int, radius: Fraction) -> Enclosure:
    """1 − min β_m over the frequencies and [0, radius]."""
    ray, digits = Ray(case, source), source.aimed(digits)
    if radius == 0:
        raise CannotAnswerError("at radius 0 the exact route answers")
    radii = [Fraction(0), *scan_radii(float(radius), _SCAN)[:-1], radius]
    found = minimum(
        ray.scan_smallest_power,
        lambda point: ray.smallest_power(point, digits + 2 * _GUARD_DIGITS),
        radii,
        Fraction(1, 10 ** (digits + _GUARD_DIGITS)),
    )
    worst = Found(found.radius, 1 - found.value, found.error)
    return ray.enclosure(worst, f"attained near radius {float(found.radius):.6g}, from {len(radii)} radii")


def iterations_to_kl(source: Source, case: Case, digits: int, eps: Fraction) -> Enclosure:
    """Steps of the radius recursion until KL ≤ eps; an integer."""
    ray = Ray(case, source)
    require_simplex_kept(case)
    start = _start(case)
    steps = steps_to(
        start,
        lambda radius: ray.value("posterior_power", radius, 10, m=Fraction(1)),
        lambda radius: ray.value("kl_divergence", radius, 10),
        eps,
        Fraction(1, 10**9),
    )
    return Enclosure(Fraction(steps), Fraction(steps), source.level, source.route)


def asymptotic_rate(source: Source, case: Case, digits: int) -> Enclosure:
    """Limit of the radius recursion's factor, measured."""
    ray, digits = Ray(case, source), source.aimed(digits)
    require_simplex_kept(case)
    resolution = Fraction(1, 10 ** (digits + _GUARD_DIGITS))
    factor = limiting_factor(
        _start(case),
        lambda radius: ray.value("posterior_power", radius, digits + 2 * _GUARD_DIGITS, m=Fraction(1)),
        resolution,
    )
    return Enclosure(factor - resolution, factor + resolution, source.level, source.route, note="measured")


def _limiting_pl_ratio(case: Case, digits: int) -> Fraction:
    """Limit of ½Σβ²ρ²/KL at the origin: β_m → |π̂_m|² =: λ_m and KL ~ ½Σλ_mρ_m²; 0 if every λ_m is.

    Then the weights are uniform, β ~ r²/(k−1), KL ~ r⁴/(4(k−1)) (derivation `kl-expansion`) and the ratio ~ 2r²/(k−1).
    """
    powers = {}
    for m in case.frequencies:
        at_origin = exact_values.posterior_power(case.at_radius(Fraction(0)), digits, m=Fraction(m))
        powers[m] = Fraction(at_origin.midpoint)
    squares = case.at_radius(Fraction(1)).squared_amplitudes
    weighted = sum((powers[m] * squares[m - 1] for m in case.frequencies), Fraction(0))
    if weighted == 0:
        return Fraction(0)
    return sum((powers[m] ** 2 * squares[m - 1] for m in case.frequencies), Fraction(0)) / weighted


def _start(case: Case) -> Fraction:
    if case.radius is not None and case.radius == 0:
        raise InputError("the trajectory from the origin stays there: give a point away from it")
    if case.radius is None:
        raise CannotAnswerError("give the simplex by its radius; these amplitudes make it irrational")
    return case.radius
