"""Extrema and crossings along the simplex ray, by a scan and a refinement: evidence, not proof.

The scan samples the ray, so a feature narrower than its spacing can be missed; results from here are never
rigorous, and their note says how far the scan went.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from numerics.case import Case
from numerics.dynamics import Value, rounded
from numerics.errors import CannotAnswerError

_REFINEMENTS = 40


@dataclass(frozen=True)
class Found:
    """A value found on the ray: where, what, and how uncertain it is."""

    radius: Fraction
    value: Fraction
    error: Fraction


def scan_radii(end: float, count: int) -> list[Fraction]:
    """`count` radii in (0, end], denser near the origin."""
    return [Fraction(end * ((i + 1) / count) ** 1.5).limit_denominator(10**6) for i in range(count - 1)] + [
        Fraction(end)
    ]


def scan_end(case: Case) -> float:
    """A radius by which the posterior is nearly hard: several times the exponents' scale log(max π/min π)."""
    return 8 + 4 * math.log(max(case.weights) / min(case.weights)) + 2 * math.log(case.k)


def first_crossing(
    height: Callable[[Fraction], float], precise: Value, radii: Sequence[Fraction], tolerance: Fraction
) -> Found | None:
    """Return the first zero of a function positive near 0, or None if the scan finds it nowhere negative.

    `height` is the cheap version that scans, `precise` the accurate one that refines by regula falsi (Illinois).
    """
    negative = next((i for i, radius in enumerate(radii) if height(radius) < 0), None)
    if negative is None:
        return None
    low = radii[negative - 1] if negative else Fraction(0)
    high = radii[negative]
    at_low, at_high = precise(low), precise(high)
    if at_low <= 0:
        raise CannotAnswerError(f"the function is not positive at radius {low}, before its first crossing")
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

    Successive parabolas converge superlinearly, and the value is stationary: an error δ in the radius costs δ².
    """
    heights = [height(radius) for radius in radii]
    best = min(range(len(radii)), key=lambda i: heights[i])
    if best in (0, len(radii) - 1):
        value = precise(radii[best])
        return Found(radii[best], value, abs(value) * tolerance)
    points = [(radius, precise(radius)) for radius in radii[best - 1 : best + 2]]
    lowest = min(value for _, value in points)
    for _ in range(_REFINEMENTS):
        vertex = _parabola_vertex(points)
        if vertex is None or any(vertex == radius for radius, _ in points):
            break
        points = sorted([*points, (vertex, precise(vertex))], key=lambda point: point[1])[:3]
        improvement, lowest = lowest - points[0][1], points[0][1]
        spread = max(radius for radius, _ in points) - min(radius for radius, _ in points)
        if 0 <= improvement <= tolerance * abs(lowest) and spread < radii[best + 1] - radii[best - 1]:
            break
    else:
        raise CannotAnswerError("the minimum was not located to the digits wanted")
    return Found(points[0][0], lowest, 4 * tolerance * abs(lowest))


def _parabola_vertex(points: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The abscissa of the extremum of the parabola through three points, None if they lie on a line."""
    (a, fa), (b, fb), (c, fc) = points
    numerator = (b - a) ** 2 * (fb - fc) - (b - c) ** 2 * (fb - fa)
    denominator = (b - a) * (fb - fc) - (b - c) * (fb - fa)
    return rounded(b - numerator / denominator / 2) if denominator else None
