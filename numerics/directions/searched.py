"""Quantities over all directions as a search finds them, for k up to 12: level `observed`.

All directions are compared on the same Sobol points, so that noise moves the landscape but does not roughen it. Where
covers decide (k = 4 and 5), and in wider searches for k = 6 to 8, the worst direction mostly has the same amplitude
per dimension on a set of frequencies and none on the others: a frequency alone, the simplex itself, or the simplex of
a quotient of Z/k, where exponents depend on j modulo a divisor. All such sets are tried, and some random directions;
the best few are improved by Nelder and Mead's method.

The value is then the float route's. So it is attained, but nothing says that no direction is worse: a worst factor is a
lower bound of the truth, and the radius at which a bound fails an upper one.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import product

import numpy as np

from emtheory.numerics.any_point import float_values
from emtheory.numerics.any_point.expressions import EXPRESSIONS
from emtheory.numerics.any_point.float_values import point_of
from emtheory.numerics.any_point.sampled import Floats, averages_over, exponents_at, normals
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.ray.heights import CURVATURE, FACTORS, HEIGHTS, POWER, bound_of, ends_at
from emtheory.numerics.ray.scan import scan_end, scan_radii

MAX_COMPONENTS = 12
"""Largest k that is searched: a direction has ⌊k/2⌋ amplitudes."""
_EXPONENT = 11
"""Binary logarithm of the number of Sobol points, each of which counts with its mirror image."""
_RANDOM, _IMPROVED = 8, 3
"""Random directions tried, and directions that are improved."""
_EVALUATIONS = 250
"""Of the height, in one improvement: more cost time, with fewer a direction is left unfinished and its value short of
the worst."""
_GAIN = 1e-3
"""Relative gain for which an improved direction, which has more digits, is preferred to the one it came from."""
_ABSENT = 0.02
"""Amplitudes below this part of the norm are taken for zero."""
_ROUNDING = 1e-12
"""Relative to the squared radius: amplitudes that differ from a simplex's by less do so by the rounding of doubles."""
_SEED = 0
"""Any would do; with one that is fixed the same request has the same answer."""

Height = Callable[[Floats], float]


def common_height(case: Case, name: str) -> Height:
    """Return min_m β_m, λ_min(∇²ℓ) or pl_ratio as a function of the amplitudes, by means over the same points."""
    if case.k > MAX_COMPONENTS:
        raise CannotAnswerError(f"directions are searched up to k = {MAX_COMPONENTS}")
    places = np.repeat(np.arange(case.k // 2), [case.multiplicity(m) for m in case.frequencies])
    noise = next(normals(len(places), _EXPONENT, 1 << _EXPONENT, [_SEED]))
    noise[:, 1:][:, places[1:] == places[:-1]] *= -1  # So waves are cos and sin, with which the pages' were found.
    arguments = [{"m": Fraction(m)} for m in case.frequencies] if name == POWER else [{}]

    def height(amplitudes: Floats) -> float:
        there = replace(case, radius=None, amplitudes=tuple(map(Fraction, amplitudes.tolist())))
        found = averages_over(there, exponents_at(there, places, noise), 4 if name == CURVATURE else 2)
        at = point_of(there, found)
        return min(float(EXPRESSIONS[name](at, **each)) for each in arguments)

    return height


def worst_direction(case: Case, radius: float, height: Height) -> Floats:
    """Return the amplitudes, of norm `radius` > 0, at which the height is smallest among all that are tried."""
    from scipy.optimize import minimize  # noqa: PLC0415 - SciPy is slow to import

    def scaled(direction: Floats) -> Floats:
        result: Floats = radius * np.abs(direction) / np.linalg.norm(direction)
        return result

    random = np.random.default_rng(_SEED).standard_normal((_RANDOM, case.k // 2))
    best, *others = sorted(map(scaled, [*flat_directions(case), *random]), key=height)
    for start in (best, *others[: _IMPROVED - 1]):
        found = minimize(
            lambda direction: height(scaled(direction)),
            start + _ABSENT * radius,
            method="Nelder-Mead",
            options={"maxfev": _EVALUATIONS, "xatol": 1e-4 * radius, "fatol": 1e-7},
        )
        improved = scaled(np.where(np.abs(found.x) < _ABSENT * np.linalg.norm(found.x), 0.0, found.x))
        if height(improved) < height(best) - _GAIN * abs(height(best)):
            best = improved
    return best


def worst_flat(case: Case, radius: float, height: Height) -> Floats:
    """Return the worst of the flat directions alone, times the radius."""
    return min((radius * flat / np.linalg.norm(flat) for flat in flat_directions(case)), key=height)


def flat_directions(case: Case) -> Iterator[Floats]:
    """Yield the amplitudes √n_m, n_m the dimension of frequency m, on every set of frequencies."""
    roots = np.sqrt([case.multiplicity(m) for m in case.frequencies])
    for chosen in product((False, True), repeat=len(roots)):
        if any(chosen):
            yield np.where(chosen, roots, 0.0)


def at_amplitudes(case: Case, amplitudes: Floats) -> Case:
    """Return the case at a point, by its radius if it is a simplex's up to rounding."""
    levels = amplitudes**2 / [case.multiplicity(m) for m in case.frequencies]
    radius = float(np.linalg.norm(amplitudes))
    if np.ptp(levels) < _ROUNDING * radius**2:
        return case.at_radius(Fraction(radius))
    return replace(case, radius=None, amplitudes=tuple(map(Fraction, amplitudes.tolist())))


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
    """Sup of the ρ up to which a height keeps its bound for all ‖θ‖ ≤ ρ, sought anew from each earlier failure."""
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
