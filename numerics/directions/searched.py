"""Quantities over all directions as a search finds them, for k up to 12: level `observed`.

The direction comes from a search on common noise (`search_landscape`), its value from the float route. So the value is
attained, but nothing says that no direction is worse: a worst factor is a lower bound of the truth, and the radius at
which a bound fails an upper one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np

from emtheory.numerics.any_point import float_values
from emtheory.numerics.any_point.sampled import Floats
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import Case
from emtheory.numerics.directions.search_landscape import (
    Height,
    at_amplitudes,
    common_height,
    worst_direction,
    worst_flat,
)
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.ray.heights import FACTORS, HEIGHTS, bound_of, ends_at
from emtheory.numerics.ray.search import scan_end, scan_radii

_SCAN = 40
"""Radii that are tried, of the whole ray and then up to a failure: a bound that fails between two neighbours only is
not seen to fail, and a note says how many there were."""
_ROUNDS = 4
"""Times that the search may begin anew, further inside; what it has then is a failure, if perhaps not the first."""
_CORRECTIONS = 8
"""Times that the noise of the common points is corrected: it is nearly constant along a line, so that more would not
help."""
_BISECTIONS = 44
"""After so many a bracket, a fortieth of the range, is as narrow as rounding: 2e−15 of it."""
_BEYOND = 1.1
"""How far the crossing is looked for, relative to the last known failure: noise may have placed that too near."""
_EARLIER = 1e-3
"""By what part of the radius a failure in another direction must be earlier to begin anew."""
_SETTLED, _STEP = 1e-11, 1e-4
"""A residual below this part of the radius is no more than doubles leave; and the relative step of the difference that
gives the slope, by which an error of the height becomes one of the radius."""


def extremum(name: str, case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Infimum of the height of a quantity over ‖θ‖ = radius, or one minus it."""
    if radius == 0:
        raise CannotAnswerError("at radius 0 the exact route answers")
    there = at_amplitudes(case, worst_direction(case, float(radius), common_height(case, HEIGHTS[name])))
    lower, upper = ends_at(float_values, HEIGHTS[name], there, digits)
    return _found(1 - upper, 1 - lower, there) if name in FACTORS else _found(lower, upper, there)


def failure(name: str, case: Case, digits: int, **argument: Fraction) -> Enclosure:
    """Sup of the ρ up to which the height of a quantity keeps its bound for all ‖θ‖ ≤ ρ.

    It is the first failure in a direction that fails early; from there the search begins anew, until none is earlier.
    """
    height = common_height(case, HEIGHTS[name])
    bound = sum(bound_of(name, case, *argument.values()).enclose(digits + 5), Fraction(0)) / 2
    radii = [float(radius) for radius in scan_radii(scan_end(case), _SCAN)]
    last = next((radius for radius in radii if height(worst_flat(case, radius, height)) < bound), None)
    if last is None:
        note = f"no direction that was tried fails at any of {_SCAN} radii up to {radii[-1]:.4g}"
        return Enclosure(math.inf, math.inf, Level.OBSERVED, "float", note=note)
    found = None
    for _ in range(_ROUNDS):
        line = _Line(case, worst_direction(case, last, height) / last, height, float(bound))
        earlier = line.crossing(last, 0.0)
        if found is not None and (earlier is None or earlier > (1 - _EARLIER) * last):
            break
        found = _confirmed(line, last, digits, HEIGHTS[name])
        last = float(found.lower)
    if found is None:
        raise CannotAnswerError(f"a failure near radius {last:.4g} was not confirmed")
    return found


@dataclass(frozen=True, eq=False)
class _Line:
    """The ray in a direction, amplitudes of norm 1, the height on it and its bound."""

    case: Case
    direction: Floats
    height: Height
    bound: float

    def at(self, radius: float) -> Case:
        return at_amplitudes(self.case, radius * self.direction)

    def excess(self, radius: float) -> float:
        return self.height(radius * self.direction) - self.bound

    def crossing(self, last: float, shift: float) -> float | None:
        """First root of the excess plus a shift, if there is one up to a little beyond `last`."""
        radii = np.linspace(0, _BEYOND * last, _SCAN + 1)[1:]
        negative = next((i for i, radius in enumerate(radii) if self.excess(radius) + shift < 0), None)
        if not negative:
            return None
        low, high = float(radii[negative - 1]), float(radii[negative])
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            low, high = (low, middle) if self.excess(middle) + shift < 0 else (middle, high)
        return low


def _confirmed(line: _Line, last: float, digits: int, height: str) -> Enclosure:
    """Correct the common points' noise by accurate values, which only shifts the height along a line."""
    shift = 0.0
    for _ in range(_CORRECTIONS):
        radius = line.crossing(last, shift)
        if radius is None:
            break
        lower, upper = ends_at(float_values, height, line.at(radius), digits)
        residual, half = float((lower + upper) / 2) - line.bound, float(upper - lower) / 2
        if abs(residual) <= half or abs(residual) < _SETTLED * radius:
            slope = abs(line.excess(radius * (1 + _STEP)) - line.excess(radius)) / (radius * _STEP)
            error = Fraction((abs(residual) + half) / slope) + Fraction(radius) / 10**12
            return _found(Fraction(radius) - error, Fraction(radius) + error, line.at(radius))
        shift = residual - line.excess(radius)
    raise CannotAnswerError(f"a failure near radius {last:.4g} was not confirmed")


def _found(lower: Bound, upper: Bound, there: Case) -> Enclosure:
    place = ", ".join(f"{math.sqrt(square):.4g}" for square in there.squared_amplitudes)
    note = f"at amplitudes {place}, the worst direction found by a search: there may be a worse one"
    return Enclosure(lower, upper, Level.OBSERVED, "float", note=note)


def by_search(name: str) -> Callable[..., Enclosure]:
    """Return the function for a quantity over all directions: (case, digits, argument) ↦ enclosure."""
    return partial(failure if name.endswith("_radius") else extremum, name)
