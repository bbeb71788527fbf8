"""The worst direction of a sphere: the smallest λ_min(∇²ℓ) and β_m over all θ of norm r, proved for two frequencies.

Branch and bound over the directions. The part of the arc with the smallest lower bound is divided where its width
makes it uncertain, and gets more accurate models where these do: far from the worst direction a rough one is enough.
For k ≥ 6 there are more directions than can be covered so.
"""

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.chebyshev import Model
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.directions.ball_arcs import Moments, Sphere
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level

_MAX_PARTS = 5_000
"""Parts of the arc that are divided or modelled anew at most: the limit on time."""
_WIDTH = 4
"""Range of τ that is modelled at first."""
_LARGEST_TAU = 40
"""Windows reach so far; beyond, a direction is within e^{−20} of an axis."""
_FIRST_ACCURACY = 4.0
"""Of the first models, which tell where the worst direction is not."""
_MOST_ACCURATE = 45.0
"""Models that would have to be more accurate are given up."""
_ON_AXES = 30.0
"""Accuracy on the axes, where quadrature has one frequency only."""
_SHARE = 16
"""The error of a new model is to be so much smaller than what is left open; with a smaller one fewer are needed, and
each takes longer."""

Height = Callable[[Moments], flint.arb]
"""A continuous function of the moments."""
Enough = Callable[[Fraction, Fraction], bool]
"""Whether an enclosure of the minimum is narrow enough."""


@dataclass(frozen=True)
class Smallest:
    """A rigorous enclosure of the smallest value over all directions.

    The amplitudes ρ_1, ρ_2 are of a direction at which the value is at most the upper end, in double precision.
    """

    value: Enclosure
    amplitudes: tuple[float, float]


def worst_directions(case: Case, radius: Fraction, tolerance: Fraction = Fraction(1, 100_000)) -> list[Smallest]:
    """Enclose the least λ_min(∇²ℓ) and min_m β_m, which is 1 minus EM's worst factor; errors as `smallest_on_sphere`.

    `case`, `radius`: the mixture with k = 4 or 5, whose point is not used, and ‖θ‖ > 0; `tolerance`: width of the
    enclosures.
    """

    def enough(lower: Fraction, upper: Fraction) -> bool:
        return upper - lower <= tolerance

    heights = eigenvalue_height(case), Moments.smallest_power
    return [smallest_on_sphere(case, radius, height, enough) for height in heights]


def eigenvalue_height(case: Case) -> Height:
    """Return λ_min(∇²ℓ) as a function of the moments."""
    simple = sum(case.multiplicity(m) == 2 for m in case.frequencies)
    return lambda there: there.smallest_eigenvalue(simple)


def smallest_on_sphere(case: Case, radius: Fraction, height: Height, enough: Enough) -> Smallest:
    """Enclose the smallest height at ‖θ‖ > 0 for k = 4 or 5 until it is narrow enough, else CannotAnswerError."""
    if radius <= 0:
        raise InputError(f"radius {radius} must be positive")
    with arb_precision(working_bits(2 * _MOST_ACCURATE)):
        sphere = Sphere(case, to_arb(radius**2), _ON_AXES)
        axes = sphere.axis(False), sphere.axis(True)
        ceiling, best = min(((ball_bounds(height(axis))[1], axis) for axis in axes), key=lambda found: found[0])
        parts = [_beyond(sphere, axis, sign * _WIDTH, height) for axis, sign in zip(axes, (-1, 1), strict=True)]
        parts += [_modelled(sphere, Fraction(left), _FIRST_ACCURACY, height) for left in (-_WIDTH, 0)]
        heapq.heapify(parts)
        for _ in range(_MAX_PARTS):
            part = heapq.heappop(parts)
            lower = min(part.lower, ceiling)
            if enough(lower, ceiling):
                place = math.sqrt(float(best.x.mid())), math.sqrt(float(best.y.mid()))
                return Smallest(Enclosure(lower, ceiling, Level.CERTIFIED, "ball"), place)
            accuracy = math.log(_SHARE * (1 + radius**2) / (ceiling - lower))
            if part.axis is not None:
                new = _moved_out(sphere, part, accuracy, height)
            else:
                there = sphere.over(part.models, part.middle, part.middle)
                least, attained = ball_bounds(height(there))
                if attained < ceiling:
                    ceiling, best = attained, there
                if 2 * (attained - least) > ceiling - lower:
                    finer = part.accuracy + math.log(_SHARE * (attained - least) / (ceiling - lower))
                    new = [_modelled(sphere, part.left, finer, height, part.right)]
                else:
                    new = _halves(sphere, part, height)
            for each in new:
                heapq.heappush(parts, each)
    raise CannotAnswerError(f"{_MAX_PARTS} parts leave the minimum over the directions undecided")


@dataclass(frozen=True, order=True)
class _Part:
    """Directions with τ from `left` to `right` or, if an axis is given by its moments, from there on to the axis.

    `lower` bounds the height there from below; the models, of an accuracy, are on a range that contains it.
    """

    lower: Fraction
    left: Fraction
    right: Fraction
    accuracy: float = field(default=0.0, compare=False)
    models: Sequence[Model] = field(default=(), compare=False)
    axis: Moments | None = field(default=None, compare=False)

    @property
    def middle(self) -> Fraction:
        return (self.left + self.right) / 2


def _modelled(sphere: Sphere, left: Fraction, accuracy: float, height: Height, right: Fraction | None = None) -> _Part:
    if accuracy > _MOST_ACCURATE:
        raise CannotAnswerError("models leave the minimum over the directions undecided: it may be zero")
    right = left + _WIDTH if right is None else right
    models = replace(sphere, accuracy=accuracy).models((left, right))
    return _Part(_lower(height, sphere.over(models, left, right)), left, right, accuracy, models)


def _beyond(sphere: Sphere, axis: Moments, tau: int, height: Height) -> _Part:
    return _Part(_lower(height, sphere.end(axis, Fraction(abs(tau)))), Fraction(tau), Fraction(tau), axis=axis)


def _moved_out(sphere: Sphere, part: _Part, accuracy: float, height: Height) -> list[_Part]:
    """Replace what lies beyond a τ by a window, and what lies beyond that."""
    if part.axis is None or abs(part.left) >= _LARGEST_TAU:
        raise CannotAnswerError("what is near the axes leaves the minimum over the directions undecided")
    tau = int(part.left)
    far = tau + math.copysign(_WIDTH, tau)
    window = _modelled(sphere, Fraction(min(tau, int(far))), max(accuracy, _FIRST_ACCURACY), height)
    return [window, _beyond(sphere, part.axis, int(far), height)]


def _halves(sphere: Sphere, part: _Part, height: Height) -> list[_Part]:
    ends = (part.left, part.middle), (part.middle, part.right)
    return [_Part(_lower(height, sphere.over(part.models, *half)), *half, part.accuracy, part.models) for half in ends]


def _lower(height: Height, there: Moments) -> Fraction:
    return ball_bounds(height(there))[0]
