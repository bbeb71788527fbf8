"""Tables of D_n on the outer nodes for Gaussians of one deviation, which share the samples of f_n on a lattice.

Each mean has sums of its own, with weights moved by its offset from the lattice; where there are many means, sums are
made at all points of the lattice once, and the values for each mean interpolated between them.

That is Lagrange's, with a proved error. D_n is entire, and |D_n(u + iv)| ≤ e^{b²/(2s²)} (n/(e cos a))^n for |v| ≤ a +
b, a < π/2 (docs/error-bounds.md, sections 2 and 3). By Cauchy |D_n^{(m)}|/m! is at most that over (a + b)^m. With 2q
nodes h apart and u between the two in the middle, or at most h/8 outside, Π|u − t_l| ≤ h^{2q} ((1/2)(3/2)⋯(q − 1/2))²,
so the error is at most the product of the two for m = 2q.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import flint
import numpy as np

from emtheory.numerics.arithmetic.fixed_point import FixedPoint, balls, fixed_point, strided_sums
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point.ball_inner import Array, InnerRule, OuterRule, Samples, supremum, take_samples

MAX_TABLE_BITS = 1 << 31
"""Bits a table may take before the request is called too large."""

_BASE = 1.3
"""What the sums at all points of the lattice cost, in sums on the outer nodes."""

_GUARD_BITS = 12
"""Places beyond the accuracy and what sums lose; at all places together an integer is some hundred bits long."""

Place = tuple[int, flint.arb]
"""A point of the lattice and the offset of a mean from it."""


def lattice_tables(
    means: Sequence[flint.arb], rule: InnerRule, stride: int, outer: OuterRule, degree: int, accuracy: float
) -> list[Array]:
    """Return balls around D_n(u_i + δ), n = 0..degree, for the means δ, to about e^{−accuracy}.

    The inner step is the stride-th part of the outer one; CannotAnswerError if a table would be too large.
    """
    places = [_place(mean, rule.step) for mean in means]
    half = _half_width(rule, places, outer.count * stride, degree, accuracy)
    width = rule.reach + half
    lowest = min(place for place, _ in places) + outer.first * stride - width
    highest = max(place for place, _ in places) + (outer.first + outer.count) * stride + width
    entries = (highest - lowest) * (degree + 1)
    if entries * (flint.ctx.prec + 512) > MAX_TABLE_BITS:
        raise CannotAnswerError(f"a table of {entries} numbers with {flint.ctx.prec} bits would be needed")
    # Beyond this x^n e^{−x} decreases and is negligible; what is left out there is bounded by its first value.
    end = accuracy + degree * math.log(accuracy + 2 * degree)
    samples = take_samples(rule.step, lowest, highest - lowest, degree, end)
    bits = math.ceil((accuracy + math.log(2 * width)) / math.log(2)) + _GUARD_BITS
    numbers = [fixed_point(values, bits) for values in samples.values]
    if half:
        return _interpolated(rule, places, samples, numbers, outer, stride, half)
    return _summed(rule, places, samples, numbers, outer, stride)


def _place(mean: flint.arb, step: flint.arb) -> Place:
    """Return a point of the lattice near a mean, and the mean's offset from it."""
    place = round(float(mean.mid()) / float(step.mid()))
    return place, mean - place * step


def _half_width(rule: InnerRule, places: Sequence[Place], length: int, degree: int, accuracy: float) -> int:
    """Return the q with which to interpolate between the sums, or 0 where sums for each mean are cheaper."""
    if len(places) == 1:
        return 0
    half = half_width(float(rule.s.mid()), float(rule.step.mid()), accuracy, degree)
    if half is None:
        return 0
    points = [place for place, _ in places]
    base = _BASE * (1 + (max(points) - min(points)) / length)
    size = 2 * rule.reach + 1
    return half if base * size + 2 * half * len(points) < size * len(points) else 0


def _summed(
    rule: InnerRule,
    places: Sequence[Place],
    samples: Samples,
    numbers: Sequence[FixedPoint],
    outer: OuterRule,
    stride: int,
) -> list[Array]:
    half, errors = rule.half_weights(), _errors(rule, places, samples)
    tables = []
    for place, offset in places:
        kernel = fixed_point(rule.moved(half, offset), numbers[0].bits)
        start = outer.first * stride + place - rule.reach - samples.first
        tables.append(_table(kernel, numbers, start, stride, outer.count, errors))
    return tables


def _interpolated(
    rule: InnerRule,
    places: Sequence[Place],
    samples: Samples,
    numbers: Sequence[FixedPoint],
    outer: OuterRule,
    stride: int,
    half: int,
) -> list[Array]:
    bits = numbers[0].bits
    side = fixed_point(rule.half_weights(), bits)
    kernel = replace(side, numbers=side.numbers[:0:-1] + side.numbers)
    lowest = min(place for place, _ in places) + outer.first * stride - half
    count = max(place for place, _ in places) + (outer.first + outer.count) * stride + half + 1 - lowest
    base = []
    for values, error in zip(numbers, _errors(rule, [(0, flint.arb(0))], samples), strict=True):
        sums, lost = strided_sums(kernel, values, lowest - rule.reach - samples.first, 1, count)
        base.append(FixedPoint(sums, bits, (lost + error).upper()))
    between = [interpolation_error(rule.s, rule.step, half, n) for n in range(len(base))]
    tables = []
    for place, offset in places:
        below = place if offset >= 0 else place - 1
        position = offset / rule.step + (place - below)
        lagrange = fixed_point(lagrange_weights(position, half), bits)
        start = outer.first * stride + below + 1 - half - lowest
        tables.append(_table(lagrange, base, start, stride, outer.count, between))
    return tables


def _errors(rule: InnerRule, places: Sequence[Place], samples: Samples) -> list[flint.arb]:
    """Bound what the rule misses of each D_n, and what the samples left out do."""
    furthest = reduce(flint.arb.max, [abs(offset) for _, offset in places])
    return [rule.error(n, furthest) + rule.total() * samples.left_out(n) for n in range(len(samples.values))]


def _table(
    kernel: FixedPoint, numbers: Sequence[FixedPoint], start: int, stride: int, count: int, errors: Sequence[flint.arb]
) -> Array:
    rows = []
    for values, error in zip(numbers, errors, strict=True):
        sums, lost = strided_sums(kernel, values, start, stride, count)
        rows.append(balls(sums, kernel.bits, lost + error))
    return np.array(rows, dtype=object)


PHASE = 1.4
"""a: below π/2, since the bound loses powers of its cosine."""


def shift(deviation: float, half: int) -> float:
    """Return the b for which the bound is smallest: 2q/(a + b) = b/s²."""
    return (math.sqrt(PHASE**2 + 8 * half * deviation**2) - PHASE) / 2


def half_width(deviation: float, step: float, accuracy: float, degree: int) -> int | None:
    """Return the least q with errors up to D_degree of about e^{−accuracy}, or None if it takes too many nodes."""
    loss = degree * math.log(max(degree, 1) / (math.e * math.cos(PHASE)))
    product = 0.0
    for half in range(1, math.ceil(accuracy)):
        product += 2 * math.log(step * (half - 0.5))
        b = shift(deviation, half)
        if loss + b**2 / (2 * deviation**2) + product - 2 * half * math.log(PHASE + b) < -accuracy:
            return half
    return None


def interpolation_error(s: flint.arb, step: flint.arb, half: int, n: int) -> flint.arb:
    """Bound the error for D_n up to an eighth of a step outside of the middle two of 2·`half` nodes; s may be wide."""
    a, b = flint.arb(PHASE), flint.arb(shift(float(s.mid()), half))
    odd = flint.fmpz(math.prod(range(1, 2 * half, 2)))  # 2^q (1/2)(3/2)⋯(q − 1/2)
    product = (odd * (step / 2 / (a + b)) ** half) ** 2
    return ((b / s) ** 2 / 2).exp() * supremum(n) / a.cos() ** n * product


def lagrange_weights(position: flint.arb, half: int) -> list[flint.arb]:
    """Return the weights of values at 1 − `half`, …, `half` in the interpolation at a position from −1/8 to 9/8."""
    if not (position > -0.125 and position < 1.125):
        return [flint.arb(0, flint.arb.pos_inf())] * (2 * half)
    nodes = range(1 - half, half + 1)
    below, above = [flint.arb(1)], [flint.arb(1)]
    for node in nodes:
        below.append(below[-1] * (position - node))
    for node in reversed(nodes):
        above.append(above[-1] * (position - node))
    count = 2 * half
    sizes = [flint.fmpz(1)]
    for i in range(1, count):
        sizes.append(sizes[-1] * i)
    return [
        below[i] * above[count - 1 - i] / ((-1) ** (count - 1 - i) * sizes[i] * sizes[count - 1 - i])
        for i in range(count)
    ]
