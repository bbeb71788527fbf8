"""Shells around the origin, cut into cells, with the rate at which a fixed point of EM in each becomes improbable.

Λ_n is convex and M_n its gradient, so ⟨M_n(g) − θ, g − θ⟩ ≥ 0 for a fixed point θ and every g: if θ is in the convex
hull of some v, then ⟨M_n(g) − v, g − v⟩ ≥ 0 for one of them, which has a probability of e^{−nI} at most with
I = t⟨v, g − v⟩ − log E e^{t⟨m_g(X), g − v⟩} for any t ≥ 0 (derivation `sample-shells`). Where a step from θ is no
longer than c, ct‖g − v‖ less. The shells, cells and g are fixed by the weights alone; neither n nor δ is needed.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import flint
import numpy as np

from emtheory.numerics.any_point.double_sums import Floats
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.sample_theorem.exponential_moments import Moments, plan_moments
from emtheory.numerics.sample_theorem.wide_shells import WIDTH, wide_curvature, wide_rates
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus
from emtheory.numerics.weights import Weights

MAX_SPAN = 3
"""Largest dimension of the means' span in which moments are computed for the weights; beyond are `wide_shells`."""
MAX_RATES = {1: 6000, 2: 12_000, 3: 160_000}
"""So many are computed at most, from the outermost shell inwards: in a second or two, in three dimensions in twenty."""
_SMALLEST, _FLATTEST = Fraction(1, 1000), Fraction(1, 64)
"""Radii of shells are not below the one; nor, in three dimensions, the curvature there below the other, as the number
of cells grows with the square of its inverse."""
GRAIN = 1 << 40
"""Radii of shells are multiples of one over this."""
_WIDTH = Fraction(3, 10)
"""Half the width of a cell, as a part of how far beyond it g lies."""
_LONGEST = {1: 1.5, 2: 1.0, 3: 0.5}
"""Largest ‖h‖ = t‖g − v‖ of the exponential moments."""
_ACCURACY = {1: 10, 2: 10, 3: 6}
"""L where errors of exponential moments are to be about e^{−L} of the rate."""
_NARROWING = 5
"""By so much L grows where that leaves open what is asked."""
_BITS = 80
"""Precision of rates that are bounded."""
_SLACK = 1e-12
"""By so much cells are larger than they need be: rounding of their vertices is far below that."""
_PI = Fraction(22, 7)
"""Above π."""


@dataclass(frozen=True)
class Shell:
    """The points with inner ≤ ‖θ‖ ≤ outer.

    `inner`, `outer`: the radii; `rates`: of each vertex a number N, the ends of an enclosure of a rate I, and a bound
    on a length L: with probability at most Σ Ne^{−n(I − cL)} a step of EM on n points from there is no longer than c.
    """

    inner: Fraction
    outer: Fraction
    rates: tuple[tuple[int, float, float, float], ...]


def top(dimension: int) -> Fraction:
    """Return a radius of at least √(2D): M_n maps all of space into it unless the mean of ‖X_i‖² exceeds 2D."""
    return Fraction(math.isqrt(2 * dimension * GRAIN**2) + 1, GRAIN)


def top_rate(dimension: int) -> flint.arb:
    """Return D(1 − log 2)/2: P(χ²_{nD} > 2nD) ≤ e^{−n times this}."""
    return (1 - flint.arb(2).log()) * dimension / 2


def ways(weights: Weights) -> tuple[bool, ...]:
    """Whether shells are `wide`: not for up to four weights, and yes for four and more, for which that costs least."""
    return {2: (False,), 3: (False,), MAX_SPAN + 1: (False, True)}.get(len(weights), (True,))


def walls(weights: Weights, wide: bool) -> Iterator[Fraction]:
    """Yield the radii between the shells, the outermost first: until they are too small, or their cells too many."""
    dimension = len(weights) - 1
    radius, vertices = top(dimension), 0
    yield radius
    while radius >= _SMALLEST and (wide or vertices < MAX_RATES[dimension]):
        if not wide and dimension == MAX_SPAN and curvature(weights, radius) < _FLATTEST:
            return
        radius, more = _below(weights, radius, wide)
        vertices += more
        yield radius


@lru_cache(maxsize=1 << 14)
def _below(weights: Weights, outer: Fraction, wide: bool) -> tuple[Fraction, int]:
    """The inner radius of the shell below a radius, and how many vertices its cells have."""
    if wide:
        return _rounded(outer / (1 + max(wide_curvature(weights, outer) / 16, WIDTH))), 2
    inner, _, found = cut(weights, outer)
    return inner, sum(len(each) for _, _, each in found)


@lru_cache(maxsize=1 << 14)
def shell(weights: Weights, outer: Fraction, wide: bool, finer: int = 0) -> Shell:
    """Return the shell below a radius, with enclosures of its rates that have been narrowed `finer` times.

    If that is −1 rates are those of all weights, much smaller, and not computed.
    """
    if wide or finer < 0:
        inner, _ = _below(weights, outer, wide)
        with arb_precision(_BITS):
            bounded = wide_rates(weights, inner, outer)
            rows = tuple((count, *_ends(rate), float(length.upper())) for count, rate, length in bounded)
        return Shell(inner, outer, rows)
    inner, size, found = cut(weights, outer)
    # The rate is about the square of the curvature times the radius over twice a variance of that curvature's size.
    accuracy = _ACCURACY[len(weights) - 1] + _NARROWING * finer - math.log(curvature(weights, outer) * outer**2 / 4)
    rates: list[tuple[int, float, float, float]] = []
    for count, point, vertices in found:
        moments = plan_moments(weights, point, size, accuracy)
        rates += [(count, *ends) for ends in _rates(moments, point, vertices, size)]
    return Shell(inner, outer, tuple(rates))


def cut(weights: Weights, outer: Fraction) -> tuple[Fraction, float, list[tuple[int, Floats, Floats]]]:
    """Return the inner radius of the shell below a radius, the largest ‖h‖ to be used there, and its cells."""
    dimension = len(weights) - 1
    about = curvature(weights, outer)
    # A part of the curvature is lost; in three dimensions cells are dear, and the more of them the smaller it is.
    thickness = about / (4 + 8 * about) if dimension == 3 else about / 16
    inner = _rounded(outer / (1 + thickness))
    # The best t makes ‖h‖ about ‖θ‖; far out less is enough, and cheaper.
    return inner, min(1.2 * float(outer), _LONGEST[dimension]), cells(dimension, inner, outer, thickness)


def _rounded(radius: Fraction) -> Fraction:
    return Fraction(math.floor(radius * GRAIN), GRAIN)


def curvature(weights: Weights, radius: Fraction) -> Fraction:
    """Return about the least 1 − ⟨u, M(ru)⟩/r: |π̂|² at 0, 1 far away; it only decides how fine cells are."""
    least = _least_modulus(weights)
    return least + (1 - least) * radius**2 / (radius**2 + len(weights))


@lru_cache(maxsize=256)
def _least_modulus(weights: Weights) -> Fraction:
    """σ², rational for up to four weights."""
    return smallest_squared_modulus(weights).value or Fraction(0)


def cells(dimension: int, inner: Fraction, outer: Fraction, thickness: Fraction) -> list[tuple[int, Floats, Floats]]:
    """Cut a shell into cells: the number of equal ones, g, and the vertices of a polytope that contains one.

    Equal are cells that orthogonal maps which commute with R carry into each other: turns in the plane of the first
    frequency, and a change of sign of the coordinate of the second, or of the only one.
    """
    beyond = float(outer * (1 + thickness))
    low, high = float(inner) * (1 - _SLACK), float(outer) * (1 + _SLACK)
    if dimension == 1:
        return [(2, np.array([beyond]), np.array([[low], [high]]))]
    width = _WIDTH * thickness
    bands = 0 if dimension == 2 else math.ceil(_PI / 4 / width)
    result = []
    for band in range(max(bands, 1)):
        # Latitudes from one to the next, and a little more; in the plane all are 0.
        south, north = (math.pi / 2 * (band + i) / bands + (2 * i - 1) * _SLACK if bands else 0.0 for i in range(2))
        count = max(6, math.ceil(_PI / width * Fraction(math.cos(south))))
        half = math.pi / count
        # The meridian of a cell turned by an angle up to `half` and projected back: a latitude grows to this at most,
        # and the radius falls by this factor.
        reached = math.atan2(math.sin(north), math.cos(north) * math.cos(half)) if bands else 0.0
        least = low * math.sqrt(1 - (math.cos(south) * math.sin(half)) ** 2)
        most = high / math.cos((reached - south) / 2)
        radii = (least, most)
        corners = [(r * math.cos(a), r * math.sin(a)) for r in radii for a in ({south, reached})]
        slope = math.tan(half) * (1 + _SLACK)
        vertices = [(x, side * slope * x, z)[:dimension] for x, z in corners for side in (-1, 1)]
        middle = (south + north) / 2
        point = (beyond * math.cos(middle), 0.0, beyond * math.sin(middle))[:dimension]
        result.append((count * (2 if bands else 1), np.array(point), np.array(vertices)))
    return result


def _rates(moments: Moments, point: Floats, vertices: Floats, size: float) -> list[tuple[float, float, float]]:
    """Enclosures of the rates of one cell with about the best t, and t‖g − v‖; a rate below 0 is no use, and 0."""
    away = point - vertices
    heights, distances = (vertices * away).sum(axis=1), np.linalg.norm(away, axis=1)
    values = moments.values(away)
    t = multipliers(values, moments.mass / moments.mass.sum(), heights)
    t = np.minimum(t, size / distances)
    result = []
    found, lengths = moments.enclosures(t[:, np.newaxis] * away), t * distances * (1 + _SLACK)
    for rate, length, vertex, moment in zip(t.tolist(), lengths.tolist(), vertices.tolist(), found, strict=True):
        height = sum(
            (flint.arb(v) * (flint.arb(g) - v) for v, g in zip(vertex, point.tolist(), strict=True)), start=flint.arb(0)
        )
        value = height * rate - moment.log()
        result.append((*_ends(value), length))
    return result


def _ends(value: flint.arb) -> tuple[float, float]:
    """Doubles around a rate, which is not negative."""
    low, high = (float(end) for end in (value.lower(), value.upper()))
    known = math.isfinite(low) and math.isfinite(high)
    ends = (math.nextafter(low, -math.inf), math.nextafter(high, math.inf)) if known else (0.0, math.inf)
    return max(0.0, ends[0]), max(0.0, ends[1])


def multipliers(values: Floats, mass: Floats, heights: Floats) -> Floats:
    """Return, for each height and row of values, about the t ≥ 0 with the largest t·height − log E e^{t·value}."""
    mean = values @ mass
    t = np.maximum((heights - mean) / ((values - mean[:, np.newaxis]) ** 2 @ mass), 0)
    for _ in range(3):  # Newton's steps
        powers = np.exp(t[:, np.newaxis] * values) * mass
        total = powers.sum(axis=1)
        first, second = (values * powers).sum(axis=1) / total, (values**2 * powers).sum(axis=1) / total
        t = np.maximum(t + (heights - first) / (second - first**2), 0)
    found: Floats = t
    return found
