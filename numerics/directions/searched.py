"""Quantities over all directions as a search finds them, for k up to 12: level `observed`.

The direction comes from a search on common noise (`search_landscape`), its value from the float route. So the value is
attained, but nothing says that no direction is worse: a worst factor is a lower bound of the truth, and the radius at
which a bound fails an upper one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from emtheory.numerics.any_point import exact_values, float_values
from emtheory.numerics.any_point.sampled import Floats
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import Case
from emtheory.numerics.directions.search_landscape import (
    Height,
    at_amplitudes,
    make_landscape,
    worst_direction,
    worst_flat,
)
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
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

Values = Callable[[Case, int], tuple[Fraction, Fraction]]
"""(case at a point, digits) ↦ ends of the interval of a quantity."""


def worst_direction_contraction_factor(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Sup of max_m (1 − β_m) over ‖θ‖ = radius."""
    there = _worst_point(case, radius, make_landscape(case).smallest_power)
    lower, upper = _smallest_power(there, digits)
    return _found(1 - upper, 1 - lower, there)


def worst_direction_min_eigenvalue(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Min of λ_min(∇²ℓ) over ‖θ‖ = radius."""
    there = _worst_point(case, radius, make_landscape(case).smallest_eigenvalue)
    return _found(*_smallest_eigenvalue(there, digits), there)


def worst_contraction_radius(case: Case, digits: int, factor: Fraction) -> Enclosure:
    """Sup of the ρ with max_m (1 − β_m) ≤ factor for all ‖θ‖ ≤ ρ."""
    return _first_failure(case, digits, make_landscape(case).smallest_power, _smallest_power, 1 - factor)


def worst_pl_radius(case: Case, digits: int, constant: Fraction) -> Enclosure:
    """Sup of the ρ with pl_ratio ≥ constant for all ‖θ‖ ≤ ρ."""
    return _first_failure(case, digits, make_landscape(case).pl_ratio, _pl_ratio, constant)


def worst_convexity_radius(case: Case, digits: int, fraction: Fraction) -> Enclosure:
    """Sup of the ρ with λ_min(∇²ℓ) ≥ fraction·gap for all ‖θ‖ ≤ ρ."""
    bound = fraction * Fraction(exact_values.spectral_gap(case, digits + 5).midpoint)
    return _first_failure(case, digits, make_landscape(case).smallest_eigenvalue, _smallest_eigenvalue, bound)


def _first_failure(case: Case, digits: int, height: Height, values: Values, bound: Fraction) -> Enclosure:
    """First failure in a direction that fails early; from there the search begins anew, until none fails earlier."""
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
        found = _confirmed(line, last, digits, values)
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


def _confirmed(line: _Line, last: float, digits: int, values: Values) -> Enclosure:
    """Correct the common points' noise by accurate values, which only shifts the height along a line."""
    shift = 0.0
    for _ in range(_CORRECTIONS):
        radius = line.crossing(last, shift)
        if radius is None:
            break
        lower, upper = values(line.at(radius), digits)
        residual, half = float((lower + upper) / 2) - line.bound, float(upper - lower) / 2
        if abs(residual) <= half or abs(residual) < _SETTLED * radius:
            slope = abs(line.excess(radius * (1 + _STEP)) - line.excess(radius)) / (radius * _STEP)
            error = Fraction((abs(residual) + half) / slope) + Fraction(radius) / 10**12
            return _found(Fraction(radius) - error, Fraction(radius) + error, line.at(radius))
        shift = residual - line.excess(radius)
    raise CannotAnswerError(f"a failure near radius {last:.4g} was not confirmed")


def _smallest_power(case: Case, digits: int) -> tuple[Fraction, Fraction]:
    found = [_ends(float_values.posterior_power(case, digits, m=Fraction(m))) for m in case.frequencies]
    return min(lower for lower, _ in found), min(upper for _, upper in found)


def _smallest_eigenvalue(case: Case, digits: int) -> tuple[Fraction, Fraction]:
    return _ends(float_values.hessian_min_eigenvalue(case, digits))


def _pl_ratio(case: Case, digits: int) -> tuple[Fraction, Fraction]:
    return _ends(float_values.pl_ratio(case, digits))


def _ends(found: Enclosure) -> tuple[Fraction, Fraction]:
    return Fraction(found.lower), Fraction(found.upper)


def _worst_point(case: Case, radius: Fraction, height: Height) -> Case:
    if radius == 0:
        raise CannotAnswerError("at radius 0 the exact route answers")
    return at_amplitudes(case, worst_direction(case, float(radius), height))


def _found(lower: Bound, upper: Bound, there: Case) -> Enclosure:
    place = ", ".join(f"{math.sqrt(square):.4g}" for square in there.squared_amplitudes)
    note = f"at amplitudes {place}, the worst direction found by a search: there may be a worse one"
    return Enclosure(lower, upper, Level.OBSERVED, "float", note=note)
