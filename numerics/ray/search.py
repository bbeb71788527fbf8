"""Extrema and crossings along the simplex ray, by a scan and a refinement: evidence, not proof.

The scan samples the ray, so a feature narrower than its spacing can be missed; results from here are never
rigorous, and their note says how far the scan went.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.ray.dynamics import Value, rounded

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
