"""Moments at many points from one table: on a lattice of exponents the posteriors are the same for all of them.

With exponents y_j = Σ_d u_d w_jd, u_d = ρ_m z_d, only the Gaussian masses of the nodes depend on the amplitudes ρ_m,
and they are products of one factor for each frequency. So β_1, β_2 and the couplings, or log Σ π_j e^{y_j}, are
computed once on a lattice, in doubles, for all amplitudes in a range [low, high] for each frequency, and an expectation
is a product of this table by two vectors. The lattice is planned at the lower ends, where the masses are narrowest, and
reaches as far as the upper ends need; its error holds in all of the range (docs/error-bounds.md, section 12).
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, reduce

import flint
import numpy as np

from emtheory.numerics.any_point import double_sums
from emtheory.numerics.any_point.ball_tensor import LARGEST_EXPONENT, fourier_directions, tensor_rule
from emtheory.numerics.any_point.double_sums import Floats
from emtheory.numerics.any_point.tensor_rule import ball_size
from emtheory.numerics.arithmetic.rational import log_of
from emtheory.numerics.directions.ball_planes import Plane, make_plane
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND
from emtheory.numerics.weights import Weights

Point = tuple[flint.arb, flint.arb]
"""ρ_1² and ρ_2²."""
Range = tuple[float, float]
"""Of amplitudes, from the lower to the upper end; both 0 if there is none."""
Ranges = tuple[Range, Range]

ACCURACY = 27.0
"""Accuracy up to which tables are used: their rounding errors are below e^{−27}."""
_ACCURACIES = 3
"""Tables are made for multiples of this accuracy, so that points that want nearly the same share one."""
_RATIO = 1.25
"""hi/lo of the buckets: with larger ones there are fewer tables, of more nodes."""
_OVERLAP = 1.001
"""Buckets reach so much further than the next one begins: an amplitude on the border, known as a ball, is in one."""
_WIDER = 1 + 1e-9
"""So much further than the midpoints of balls reaches the range of several amplitudes."""
_LARGEST = 5.7
"""Decimal logarithm of the nodes planned for a table: larger ones would be slow to make and are not shared enough."""
_KEPT = 32
"""Tables that are kept, of some megabytes at most each."""
_OPERATIONS = 20
"""More roundings than a coupling takes, each of at most one unit of the sum of its terms' moduli."""
_TERMS = 16
"""Sum of the moduli of the coefficients of a coupling, a polynomial of degree 4 in the γ̂_m."""
_COUPLING = MOMENT_BOUND + 0.01
"""Bound on what a coupling of one posterior is in doubles."""
_UNIT = double_sums.UNIT
"""Relative error of an operation in doubles."""
_SECOND_ORDER = 1.01
"""n operations are off by at most this times n units, for n up to 10^13."""
_BLOCK = 1 << 12
"""Nodes that are worked on at once, so that they stay in a processor's cache."""


@dataclass(frozen=True, eq=False)
class Lattice:
    """Nodes for all amplitudes of a range of each frequency, and functions of the exponents on them.

    The factors, of shapes (k, nodes), are what e^{y_0}..e^{y_{k−1}} gain, weights included; functions take π_j e^{y_j}
    in blocks, shape (k, …), to their values, shape (functions, …), with bounds on their modulus on the nodes, and
    errors of their expectations from quadrature and rounding. The excess bounds the sum of all masses.
    """

    planes: tuple[Plane, Plane]
    factors: tuple[Floats, Floats]
    functions: Callable[[Floats], Floats]
    bounds: tuple[float, ...]
    errors: tuple[flint.arb, ...]
    excess: flint.arb

    def table(self) -> Iterator[Floats]:
        """Yield the functions, shape (functions, nodes of the first, nodes of the second), by blocks of the first."""
        first, second = self.factors
        rows = max(1, _BLOCK // second.shape[1])
        for start in range(0, first.shape[1], rows):
            joint = first[:, start : start + rows, np.newaxis] * second[:, np.newaxis]
            yield self.functions(joint.reshape(len(joint), -1)).reshape(len(self.bounds), -1, second.shape[1])

    def expectations(self, points: Sequence[Point], table: Iterable[Floats]) -> list[list[flint.arb]]:
        """Return expectations at points in the ranges: n nodes are off by n units of the sum of moduli, at most."""
        first, second = ([plane.masses(point[i]) for point in points] for i, plane in enumerate(self.planes))
        left, right = (np.array([masses for masses, _ in side]) for side in (first, second))
        sums, start = np.zeros((len(self.bounds), len(points))), 0
        for block in table:
            rows = left[:, start : start + block.shape[1]].T
            sums += ((block @ right.T) * rows).sum(axis=1)
            start += block.shape[1]
        roundings = (left.shape[1] + right.shape[1] + 2) * _SECOND_ORDER * _UNIT
        result = []
        for row, (_, one), (_, other) in zip(sums.T.tolist(), first, second, strict=True):
            ratio = (one + other + roundings).expm1() * self.excess
            balls = zip(row, self.bounds, self.errors, strict=True)
            result.append([flint.arb(value, (error + bound * ratio).upper()) for value, bound, error in balls])
        return result


def moments(weights: Weights, points: Sequence[Point], accuracy: float) -> list[list[flint.arb] | None]:
    """Return β_1, β_2, t_11, t_12, t_22 at points but 0, k = 4, 5, to e^{−accuracy}; None where tables do not help."""
    return _expectations(weights, points, accuracy, 4)


def log_partition(weights: Weights, point: Point, accuracy: float) -> flint.arb | None:
    """Return Λ at a point; otherwise as `moments`."""
    (found,) = _expectations(weights, [point], accuracy, 0)
    return None if found is None else found[0]


def _expectations(
    weights: Weights, points: Sequence[Point], accuracy: float, degree: int
) -> list[list[flint.arb] | None]:
    result: list[list[flint.arb] | None] = [None] * len(points)
    if accuracy > ACCURACY:
        return result
    rounded = _ACCURACIES * math.ceil(accuracy / _ACCURACIES)
    for ranges, members in _groups(points):
        single = len(points) == 1
        lattice, table = (_kept if single else _tabulated)(weights, ranges, rounded, degree, flint.ctx.prec)
        if lattice is not None:
            for i, found in zip(members, lattice.expectations([points[i] for i in members], table), strict=True):
                result[i] = found
    return result


def _groups(points: Sequence[Point]) -> Iterator[tuple[Ranges, range]]:
    """Yield the ranges of tables with the points that they serve: a single one shares its buckets with later ones."""
    if len(points) == 1:
        first, second = map(_bucket, points[0])
        if first is not None and second is not None:
            yield (first, second), range(1)
        return
    start = 0
    while start < len(points):
        ranges = _hulls(points[start : start + 1])
        end = start + 1
        while end < len(points) and (wider := _hulls(points[start : end + 1])) and _are_near(wider):
            ranges, end = wider, end + 1
        if ranges is not None:
            yield ranges, range(start, end)
        start = end


def _are_near(ranges: Ranges) -> bool:
    return all(high <= _RATIO * low for low, high in ranges)


def _bucket(square: flint.arb) -> Range | None:
    """Return the bucket of an amplitude; None if it is in none with certainty."""
    if square.is_zero() or not square > 0:
        return (0.0, 0.0) if square.is_zero() else None
    low = _RATIO ** math.floor(math.log(float(square.mid())) / 2 / math.log(_RATIO) - (_OVERLAP - 1))
    return _certain(low, low * _RATIO * _OVERLAP, [square])


def _hulls(points: Sequence[Point]) -> Ranges | None:
    first, second = (_hull([point[i] for point in points]) for i in range(2))
    return None if first is None or second is None else (first, second)


def _hull(squares: Sequence[flint.arb]) -> Range | None:
    """Return a range of the amplitudes of several points; None if none is certain."""
    if all(square.is_zero() for square in squares):
        return 0.0, 0.0
    middles = [math.sqrt(float(square.mid())) for square in squares]
    return _certain(min(middles) / _WIDER, max(middles) * _WIDER, squares)


def _certain(low: float, high: float, squares: Sequence[flint.arb]) -> Range | None:
    ends = flint.arb(low) ** 2, flint.arb(high) ** 2
    return (low, high) if low > 0 and all(ends[0] <= square <= ends[1] for square in squares) else None


@lru_cache(maxsize=_KEPT)
def _kept(
    weights: Weights, ranges: Ranges, accuracy: float, degree: int, bits: int
) -> tuple[Lattice | None, Sequence[Floats]]:
    lattice, table = _tabulated(weights, ranges, accuracy, degree, bits)
    return lattice, tuple(table)


def _tabulated(
    weights: Weights, ranges: Ranges, accuracy: float, degree: int, bits: int
) -> tuple[Lattice | None, Iterable[Floats]]:
    """Plan a table; `bits` is the precision in force, on which what is kept depends."""
    lattice = _lattice(weights, ranges, accuracy, degree)
    return lattice, () if lattice is None else lattice.table()


def _lattice(weights: Weights, ranges: Ranges, accuracy: float, degree: int) -> Lattice | None:
    """Plan a table, or say that it would be too large.

    Of n directions, with factors off by e: the e^{y_j}, weights included, are off by ne + (n + 1)u as a ratio, their
    sum by (k − 1)u more, and the posterior by 2ne + (2n + k + 2)u. Then Σ_j|γ_j| is off by η, the exponential of that
    minus 1, and γ̂_m by δ = η + 3(k + 2)u in modulus, as products with k roots of unity, each off by u, are summed.
    """
    k, n_first = len(weights), 2 if ranges[0][0] else 0
    directions = fourier_directions([flint.arb(low) for low, _ in ranges], k)
    rule = tensor_rule(directions, weights, accuracy, degree)
    reaches = [rule.reach * (high / low * _WIDER if low else 1.0) for low, high in ranges]
    parts = slice(0, n_first), slice(n_first, len(directions))
    exponents = -log_of(min(weights))
    for part, reach in zip(parts, reaches, strict=True):
        exponents += reach * sum(float(np.abs(row).max()) for row in directions[part])
    if not rule.double or exponents > LARGEST_EXPONENT or ball_size(rule.steps, max(reaches)) > _LARGEST:
        return None
    made = [
        make_plane(low, directions[part], rule.steps[part], reach)
        for (low, _), part, reach in zip(ranges, parts, reaches, strict=True)
    ]
    (first, left, one), (second, right, other) = made
    prior = np.array([float(weight) for weight in weights])
    excess = reduce(lambda total, step: total * (1 + flint.arb(step) / 2), rule.steps, flint.arb(1))
    n, off = len(directions), len(directions) * one.max(other)
    planes, factors = (first, second), (prior[:, np.newaxis] * left, right)
    if degree == 0:
        largest = max(reaches) / rule.reach
        rounding = off + (n + k + 5 * (1 + exponents)) * _SECOND_ORDER * _UNIT
        error = largest * rule.logarithm_error() + excess * rounding
        return Lattice(planes, factors, _logarithm, (1.01 * exponents,), (error,), excess)

    delta = (2 * off + (2 * n + k + 2) * _SECOND_ORDER * _UNIT).expm1() + 3 * (k + 2) * _UNIT
    power, coupling = (
        excess * terms * ((1 + delta) ** degree - 1 + _OPERATIONS * _UNIT) for terms, degree in ((1, 2), (_TERMS, 4))
    )
    squares, cubes, fourths = (rule.moment_error(degree) for degree in (2, 3, 4))
    errors = (squares + power,) * 2 + (6 * fourths + 2 * squares + 8 * cubes + coupling,) * 3
    return Lattice(planes, factors, partial(_moments, _roots(k)), (1.01,) * 2 + (_COUPLING,) * 3, errors, excess)


def _roots(k: int) -> Floats:
    """Cosines of 2πj/k and 4πj/k, then their sines, shape (4, k)."""
    pairs = [[flint.arb.sin_cos_pi_fmpq(flint.fmpq(2 * m * j, k)) for j in range(k)] for m in (1, 2)]
    return np.array([[float(pair[part]) for pair in row] for part in (1, 0) for row in pairs])


def _logarithm(joint: Floats) -> Floats:
    return double_sums.logarithm(joint.sum(axis=0))


def _moments(roots: Floats, joint: Floats) -> Floats:
    """|γ̂_1|², |γ̂_2|² and what t_11, t_12 and t_22 are the means of, as in `FourierMoments.coupling`.

    With A = Re γ̂_2 γ̂_1*² and B = Re γ̂_1 γ̂_2², as γ̂_3 is γ̂_2* and γ̂_4 is γ̂_1* for five components, and γ̂_1* and 1 for
    four, where γ̂_2 is real.
    """
    x, u, y, v = roots @ (joint / joint.sum(axis=0))
    square, product = x * x - y * y, 2 * x * y
    one, two = x * x + y * y, u * u + v * v
    a = u * square + v * product
    if joint.shape[0] == 4:
        third, fourth, three, four = a, two, one, 1
    else:
        third = x * (u * u - v * v) - 2 * y * u * v
        fourth, three, four = third, two, one
    return np.array(
        [
            one,
            two,
            6 * one * one + two - 4 * a + 1 - 4 * one,
            6 * one * two + three - 4 * third + one - 4 * a,
            6 * two * two + four - 4 * fourth + 1 - 4 * two,
        ]
    )
