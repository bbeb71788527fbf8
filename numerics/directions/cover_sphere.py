"""The worst direction of a sphere: the smallest λ_min(∇²ℓ) and β_m over all θ of norm r, proved for two frequencies.

Branch and bound over the directions: the parts of the arc with the smallest lower bound are halved until it is within
the tolerance of a value that is attained. For k ≥ 6 there are more directions than can be covered so.
"""

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.chebyshev import Model
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.directions.ball_arcs import Moments, Sphere
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level

_MAX_PARTS = 5_000
"""Parts of the arc that are halved at most, for three evaluations of the models each: the limit on time."""
_WIDTH = 4
"""Range of τ that is modelled at once."""
_LARGEST_TAU = 40
"""Windows reach so far; beyond, a direction is within e^{−20} of an axis."""

_Window = tuple[tuple[Fraction, Fraction], list[Model]]
"""A range of τ and the models on it."""


@dataclass(frozen=True)
class Smallest:
    """The smallest value over all directions.

    Attributes
    ----------
    value
        A rigorous enclosure of it.
    amplitudes
        ρ_1, ρ_2 of a direction at which the value is at most the upper end, in double precision.
    """

    value: Enclosure
    amplitudes: tuple[float, float]


@dataclass(frozen=True)
class WorstDirections:
    """What is smallest on the sphere ‖θ‖ = r: λ_min(∇²ℓ), and min_m β_m, which is 1 minus EM's worst factor."""

    eigenvalue: Smallest
    power: Smallest


def worst_directions(case: Case, radius: Fraction, tolerance: Fraction = Fraction(1, 100_000)) -> WorstDirections:
    """Enclose both minima over all directions.

    Parameters
    ----------
    case
        k = 4 or 5; its point is not used.
    radius
        ‖θ‖ > 0.
    tolerance
        Width of the enclosures.

    Raises
    ------
    InputError
        If k is not 4 or 5, or the radius is not positive.
    CannotAnswerError
        If the lattices would be too large, or the tolerance is not reached.
    """
    if radius <= 0:
        raise InputError(f"radius {radius} must be positive")
    accuracy = math.log((1 + radius**2) / tolerance) + 3  # the couplings count times r²
    with arb_precision(working_bits(2 * accuracy)):
        sphere = Sphere(case, flint.arb(to_fmpq(radius**2)), accuracy)
        windows: list[_Window] = []
        axes = [sphere.axis(first) for first in (False, True)]
        simple = sum(case.multiplicity(m) == 2 for m in case.frequencies)
        heights = (lambda moments: moments.smallest_eigenvalue(simple)), Moments.smallest_power
        for limit in range(_WIDTH, _LARGEST_TAU, _WIDTH):
            for left in {-limit, limit - _WIDTH}:
                window = Fraction(left), Fraction(left + _WIDTH)
                windows.append((window, sphere.models(window)))
            ends = [sphere.end(axis, Fraction(limit)) for axis in axes]
            found = [smallest_on_windows(sphere, windows, axes, ends, height, tolerance) for height in heights]
            if found[0] and found[1]:
                return WorstDirections(found[0], found[1])
    raise CannotAnswerError("what is near the axes leaves the minimum over the directions undecided")


def smallest_on_windows(
    sphere: Sphere,
    windows: Sequence[_Window],
    axes: Sequence[Moments],
    ends: Sequence[Moments],
    height: Callable[[Moments], flint.arb],
    tolerance: Fraction,
) -> Smallest | None:
    """Enclose the smallest height on a sphere by branch and bound over the parts of the windows.

    Parameters
    ----------
    sphere, windows
        The sphere, and models on adjacent ranges of τ.
    axes, ends
        The moments at both axes, and on all that lies between them and the windows.
    height
        A continuous function of the moments.
    tolerance
        Width of the enclosure.

    Returns
    -------
    Smallest or None
        None if the ends are too uncertain for the tolerance.

    Raises
    ------
    CannotAnswerError
        If too many parts are needed.
    """
    floor = min(ball_bounds(height(end))[0] for end in ends)
    ceiling, best = min(((ball_bounds(height(axis))[1], axis) for axis in axes), key=lambda found: found[0])
    parts: list[tuple[Fraction, Fraction, Fraction, int]] = []
    for index, (window, models) in enumerate(windows):
        heapq.heappush(parts, (ball_bounds(height(sphere.over(models, *window)))[0], *window, index))
    for _ in range(_MAX_PARTS):
        lower = min(floor, parts[0][0])
        if ceiling - lower <= tolerance:
            return Smallest(Enclosure(lower, ceiling, Level.CERTIFIED, "ball"), _amplitudes(best))
        if lower == floor:
            return None
        _, left, right, index = heapq.heappop(parts)
        middle, models = (left + right) / 2, windows[index][1]
        there = sphere.over(models, middle, middle)
        attained = ball_bounds(height(there))[1]
        if attained < ceiling:
            ceiling, best = attained, there
        for half in ((left, middle), (middle, right)):
            heapq.heappush(parts, (ball_bounds(height(sphere.over(models, *half)))[0], *half, index))
    raise CannotAnswerError(f"{_MAX_PARTS} parts leave the minimum over the directions undecided")


def _amplitudes(point: Moments) -> tuple[float, float]:
    return math.sqrt(float(point.x.mid())), math.sqrt(float(point.y.mid()))
