"""The quantities over the whole simplex ray or along a trajectory, from point values of a non-rigorous route.

A route that bounds its errors needs its own proofs (an infimum of samples is no lower bound); the `mp` and `float`
routes share this one and differ only in where their point values come from. Extrema and crossings are found by a scan
and a refinement: a feature narrower than the spacing of the scan can be missed, and notes say how far it went.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Any

from emtheory.numerics.any_point import float_values, mp_values
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level
from emtheory.numerics.ray.dynamics import Value, limiting_factor, require_simplex_kept, rounded, steps_to
from emtheory.numerics.ray.heights import FACTORS, HEIGHTS, POWER, bound_of, ends

_REFINEMENTS = 40
"""Steps of a refinement, for crossings beyond what bisection would take: it converges faster than that, unless what it
is given is noise."""
_APPROACHES = 4
"""Radii below the first of the scan, down to 1/256 of it, at which a positive value is looked for before the function
counts as negative from the origin on."""
_FLAT = 1e-7
"""A relative variation that the scan in double precision does not resolve: then the accurate version scans."""
_THINNED = 10
"""Where the scan shows no variation, every tenth radius is evaluated accurately: all of them would take ten times as
long."""


@dataclass(frozen=True)
class Found:
    """A value found on the ray: where, what, and how uncertain it is."""

    radius: Fraction
    value: Fraction
    error: Fraction


def scan_radii(end: float, count: int) -> list[Fraction]:
    """`count` radii in (0, end], denser near the origin."""
    return [rounded(Fraction(end * ((i + 1) / count) ** 1.5), 20) for i in range(count - 1)] + [Fraction(end)]


def scan_end(case: Case) -> float:
    """A radius by which the posterior is nearly hard: several times the exponents' scale log(max π/min π)."""
    return 8 + 4 * math.log(max(case.weights) / min(case.weights)) + 2 * math.log(case.k)


def first_crossing(
    height: Callable[[Fraction], float], precise: Value, radii: Sequence[Fraction], tolerance: Fraction
) -> Found | None:
    """Return the sup of the radii up to which a function is not negative, or None if the scan finds it nowhere so.

    `height` is the cheap version that scans radii, positive and ascending, `precise` the accurate one that refines by
    regula falsi (Illinois) to a relative tolerance. The sup is 0 if the function is negative at the first radius and at
    every smaller one tried; CannotAnswerError if the two versions disagree about a sign, or the bracket does not close.
    """
    negative = next((i for i, radius in enumerate(radii) if height(radius) < 0), None)
    if negative is None:
        return None
    high = radii[negative]
    at_high = precise(high)
    lower = [*radii[:negative][:-3:-1], *(radii[0] / 4**i for i in range(1, _APPROACHES + 1))]
    start = next(((low, value) for low in lower if (value := precise(low)) > 0), None)
    if start is None and negative == 0:
        return Found(Fraction(0), Fraction(0), Fraction(0))
    if start is None or at_high >= 0:
        raise CannotAnswerError(f"the scan and the refinement disagree about the sign near radius {float(high):.6g}")
    low, at_low = start
    side = 0
    for _ in range(_REFINEMENTS + int(math.log2(1 / tolerance))):
        if high - low <= tolerance * high:
            middle = (low + high) / 2
            return Found(middle, middle, (high - low) / 2)
        point = rounded(high - at_high * (high - low) / (at_high - at_low))
        # A root this near an end point shrinks the bracket from one side only; probe past it.
        nudge = tolerance * high / 3
        point = min(max(point, low + nudge), high - nudge)
        value = precise(point)
        if value > 0:
            low, at_low = point, value
            at_high = at_high / 2 if side == 1 else at_high
            side = 1
        else:
            high, at_high = point, value
            at_low = at_low / 2 if side == -1 else at_low
            side = -1
    raise CannotAnswerError("the crossing was not bracketed to the digits wanted")


def minimum(
    height: Callable[[Fraction], float], precise: Value, radii: Sequence[Fraction], tolerance: Fraction
) -> Found:
    """Return the smallest value on the scanned radii, refined by parabolas when it lies between them.

    Successive parabolas converge superlinearly, and the value is stationary: an error δ in the radius costs δ². They
    end at a relative change of the value; CannotAnswerError if they do not settle.
    """
    heights = [height(radius) for radius in radii]
    if max(heights) - min(heights) <= _FLAT * abs(min(heights)):
        radii = [*radii[:-1:_THINNED], radii[-1]]
        first = precise(radii[0])
        heights = [float(precise(radius) - first) for radius in radii]
    best = min(range(len(radii)), key=lambda i: heights[i])
    if best == 0:
        value = precise(radii[0])
        return Found(radii[0], value, abs(value) * tolerance)
    near = radii[best - 1 : best + 2]
    if best == len(radii) - 1:  # a dip between the last two radii shows just before the end
        near = [radii[-2], radii[-1] - (radii[-1] - radii[-2]) / 1024, radii[-1]]
    points = [(radius, precise(radius)) for radius in near]
    if best == len(radii) - 1 and points[1][1] >= points[2][1]:
        return Found(radii[-1], points[2][1], abs(points[2][1]) * tolerance)
    points.sort(key=lambda point: point[1])
    for _ in range(_REFINEMENTS):
        vertex = _parabola_vertex(points)
        if vertex is None or any(vertex == radius for radius, _ in points):
            break
        value, lowest = precise(vertex), points[0][1]
        points = sorted([*points, (vertex, value)], key=lambda point: point[1])[:3]
        if abs(value - lowest) <= tolerance * abs(lowest):
            break
    else:
        raise CannotAnswerError("the minimum was not located to the digits wanted")
    return Found(*points[0], 4 * tolerance * abs(points[0][1]))


def _parabola_vertex(points: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The abscissa of the extremum of the parabola through three points, None if they lie on a line."""
    (a, fa), (b, fb), (c, fc) = points
    numerator = (b - a) ** 2 * (fb - fc) - (b - c) ** 2 * (fb - fa)
    denominator = (b - a) * (fb - fc) - (b - c) * (fb - fa)
    return rounded(b - numerator / denominator / 2) if denominator else None


_SCAN = 60
"""Radii that are tried: features narrower than a sixtieth of the ray can be missed, and notes say so."""
_SCAN_DIGITS = 8
"""Digits of double precision that are enough to compare heights; with fewer the route itself is asked."""
_GUARD_DIGITS = 5
"""Beyond those wanted, to which crossings and minima are located."""


@dataclass(frozen=True)
class Source:
    """Where values along a ray come from: a route's values away from the origin, and the level of what is found.

    `digits` is what its searches aim for, whatever is asked; None to aim for that.
    """

    route: str
    level: Level
    values: Any
    digits: int | None = None

    def aimed(self, digits: int) -> int:
        """Return the digits to aim for where some are wanted."""
        return digits if self.digits is None else self.digits


@dataclass(frozen=True)
class Ray:
    """Values of one route along the simplex ray of a case."""

    case: Case
    source: Source

    def value(self, height: str, radius: Fraction, digits: int) -> Fraction:
        """Evaluate a height, or KL, at a radius; the exact route answers at the origin."""
        return sum(ends(self.source.values, height, self.case, radius, digits), Fraction(0)) / 2

    def scan(self, height: str, radius: Fraction) -> float:
        """Evaluate it in double precision where that has digits enough to be compared, else by the route."""
        with suppress(CannotAnswerError):
            low, high = ends(float_values, height, self.case, radius, 10)
            if (high - low) * 10**_SCAN_DIGITS <= low:
                return float(low + high) / 2
        return float(self.value(height, radius, 12))

    def crossing(
        self, height: str, bound: Fraction, digits: int, radii: Sequence[Fraction], tolerance: Fraction
    ) -> Found | None:
        """Search for the first radius at which a height falls below a bound; None if there is none among the radii."""
        return first_crossing(
            lambda radius: self.scan(height, radius) - float(bound),
            # Near a crossing only the relative accuracy of the difference matters.
            lambda radius: self.value(height, radius, digits if bound else 10) - bound,
            radii,
            tolerance,
        )

    def lowest(self, height: str, radius: Fraction, digits: int, count: int, tolerance: Fraction) -> Found:
        """Search for the smallest value of a height up to a radius, its limit at 0 included, at so many radii."""
        radii = [Fraction(0), *scan_radii(float(radius), count)[:-1], radius]
        return minimum(
            lambda point: self.scan(height, point), lambda point: self.value(height, point, digits), radii, tolerance
        )

    def enclosure(self, value: Fraction, error: Fraction, note: str) -> Enclosure:
        """Wrap what a search found at this route's level."""
        return Enclosure(value - error, value + error, self.source.level, self.source.route, note=note)


def crossing(source: Source, name: str, case: Case, digits: int, **argument: Fraction) -> Enclosure:
    """First radius at which the height of a quantity falls below its bound, `inf` if the scan finds none."""
    height, digits = HEIGHTS[name], source.aimed(digits)
    ray, bound = Ray(case, source), sum(bound_of(name, case, *argument.values()).enclose(digits + 10), Fraction(0)) / 2
    radii, tolerance = scan_radii(scan_end(case), _SCAN), Fraction(1, 10 ** (digits + _GUARD_DIGITS))
    found = ray.crossing(height, bound, digits + 2 * _GUARD_DIGITS, radii, tolerance)
    note = f"from {len(radii)} radii up to {float(radii[-1]):.4g}"
    if found is None:
        return Enclosure(math.inf, math.inf, source.level, source.route, note=f"no crossing at any of them: {note}")
    if found.radius == 0:
        note = f"below the bound at radius {float(radii[0]):.4g} and at all smaller radii tried"
    return ray.enclosure(found.value, found.error, note)


def extremum(source: Source, name: str, case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Smallest value of the height of a quantity on [0, radius], its limit at 0 included; or one minus it."""
    if radius == 0:
        raise CannotAnswerError("at radius 0 the exact route answers")
    height, digits = HEIGHTS[name], source.aimed(digits)
    ray, tolerance = Ray(case, source), Fraction(1, 10 ** (digits + _GUARD_DIGITS))
    found = ray.lowest(height, radius, digits + 2 * _GUARD_DIGITS, _SCAN, tolerance)
    value = 1 - found.value if name in FACTORS else found.value
    note = f"attained near radius {float(found.radius):.6g}, from {_SCAN + 1} radii"
    return ray.enclosure(value, found.error, note)


def iterations_to_kl(source: Source, case: Case, digits: int, eps: Fraction) -> Enclosure:
    """Steps of the radius recursion until KL ≤ eps; an integer."""
    ray = Ray(case, source)
    require_simplex_kept(case)
    start = _start(case)
    steps = steps_to(
        start,
        lambda radius: ray.value(POWER, radius, 10),
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
        _start(case), lambda radius: ray.value(POWER, radius, digits + 2 * _GUARD_DIGITS), resolution
    )
    return Enclosure(factor - resolution, factor + resolution, source.level, source.route, note="measured")


def _start(case: Case) -> Fraction:
    if case.radius is not None and case.radius == 0:
        raise InputError("the trajectory from the origin stays there: give a point away from it")
    if case.radius is None:
        raise CannotAnswerError("give the simplex by its radius; these amplitudes make it irrational")
    return case.radius


_SOURCES: Mapping[str, Source] = MappingProxyType(
    {"mp": Source("mp", Level.SUPPORTED, mp_values), "float": Source("float", Level.OBSERVED, float_values, digits=6)}
)


def by(route: str, name: str) -> Callable[..., Enclosure]:
    """Return the function of a route for a quantity of this module."""
    if name in HEIGHTS:
        return partial(crossing if name.endswith("_radius") else extremum, _SOURCES[route], name)
    return partial(iterations_to_kl if name == "iterations_to_kl" else asymptotic_rate, _SOURCES[route])
