"""A search for the worst direction of a sphere, for any number of frequencies: what it finds is a direction, no proof.

All directions are compared on the same Sobol points, so that noise moves the landscape but does not roughen it. Where
covers decide (k = 4 and 5), and in wider searches for k = 6 to 8, the worst direction mostly has the same amplitude
per dimension on a set of frequencies and none on the others: a frequency alone, the simplex itself, or the simplex of
a quotient of Z/k, where exponents depend on j modulo a divisor. All such sets are tried, and some random directions;
the best few are improved by Nelder and Mead's method. What is found is evaluated anew, by other means.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np

from emtheory.numerics.any_point.expressions import EXPRESSIONS
from emtheory.numerics.any_point.float_values import point_of
from emtheory.numerics.any_point.sampled import Floats, averages_over, exponents_at, normals
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.ray.heights import CURVATURE, POWER

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
    """Return min_m β_m, λ_min(∇²ℓ) or pl_ratio, by its name at a point, as a function of the amplitudes.

    Its points are the same for all of these. CannotAnswerError if there are too many components.
    """
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
