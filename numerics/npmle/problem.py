"""Data and mixing distributions for normal kernels of known variance, and what the gradient function is made of.

With E(x, t) = exp(−‖x − t‖²/2σ²), D(t) + 1 = Σ_i a_i E(x_i, t), where a_i = (n_i/n) Σ_j w_j / Σ_j w_j E(x_i, θ_j).
Data, atoms and weights are exact doubles, the a_i balls. Proofs: section 19 of docs/error-bounds.md.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import fsum
from typing import Any

import flint
import numpy as np

from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.ball_arrays import BallArray
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import (
    EXPONENTIAL_ERROR,
    SLACK,
    TINY,
    UNIT,
    FloatArray,
    exponential,
    rounding_factor,
)
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.fit_certificates.fit import array_of

MOST_DIMENSIONS = 3
"""Of space, all of which is covered. A choice: in four, cells would be too many."""
LARGEST_SPREAD = 2.0**30
"""Of the data and atoms, in standard deviations of the kernel: up to this, centres of cells are doubles."""
SMALLEST_WEIGHT = 1e-300
"""Of an atom: smaller ones would make exponents overflow."""
MOST_POINTS = 1_000_000
"""Rows of data. A choice: what is rounded allows for 2^26."""
_SMALLEST_VARIANCE, _LARGEST_VARIANCE = Fraction(1, 10**300), Fraction(10**300)
"""Between these, doubles neither overflow nor underflow."""
_BITS = 128
"""In which 1/σ is known before it is rounded."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Data and a kernel.

    `points`: the N different ones, N × m, in lexicographic order; `counts`: how often each stands among the data;
    `variance`: σ², of each coordinate given its mean.
    """

    points: FloatArray
    counts: FloatArray
    variance: Fraction

    @cached_property
    def n(self) -> int:
        """Number of rows of the data."""
        return int(self.counts.sum())

    @property
    def m(self) -> int:
        """Number of coordinates."""
        return int(self.points.shape[1])

    @cached_property
    def scale(self) -> float:
        """1/σ, off by at most a unit roundoff."""
        with arb_precision(_BITS):
            return float((1 / to_arb(self.variance).sqrt()).mid())


@dataclass(frozen=True, eq=False)
class Mixing:
    """A mixing distribution: atoms, k × m, and positive weights, each divided exactly by their sum."""

    atoms: FloatArray
    weights: FloatArray

    @property
    def k(self) -> int:
        """Number of atoms."""
        return len(self.weights)

    @cached_property
    def total(self) -> float:
        """The sum of the weights, rounded to nearest."""
        return fsum(self.weights.tolist())


def make_problem(data: FloatArray, variance: Fraction) -> Problem:
    """Return data, checked by `emtheory.numerics.fit_certificates.fit`, with their kernel.

    InputError if the variance is out of range; CannotAnswerError if there are more columns or rows, or rows farther
    apart, than can be certified.
    """
    if not _SMALLEST_VARIANCE <= variance <= _LARGEST_VARIANCE:
        raise InputError("the kernel's variance is out of range: 1e-300 to 1e300")
    if data.shape[1] > MOST_DIMENSIONS:
        raise CannotAnswerError(
            f"the data have {data.shape[1]} columns: mixing distributions are certified in up to {MOST_DIMENSIONS} "
            "dimensions, since all of space has to be covered"
        )
    if len(data) > MOST_POINTS:
        raise CannotAnswerError(f"the data have {len(data)} rows: at most {MOST_POINTS} are certified")
    points, counts = np.unique(np.asarray(data, dtype=np.float64) + 0.0, axis=0, return_counts=True)
    problem = Problem(points, counts.astype(np.float64), variance)
    check_spread(problem, points, "the data")
    return problem


def make_mixing(problem: Problem, atoms: Any, weights: Any) -> Mixing:
    """Return a checked mixing distribution for data.

    InputError if shapes do not fit, a number is not finite, or a weight is not positive; CannotAnswerError if atoms
    are too far from the data to be certified.

    `problem`: the data; `atoms`, `weights`: k × m numbers, or k for m = 1, and k positive ones, which are divided by
    their sum: arrays or lists.
    """
    weights = array_of(weights, "weights", (None,))
    atoms = array_of(atoms, "atoms", (len(weights), problem.m))
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= SMALLEST_WEIGHT) & (weights <= 1 / SMALLEST_WEIGHT)))
    if len(wrong):
        raise InputError(f"weight {wrong[0] + 1} is {weights[wrong[0]]}: each must be from 1e-300 to 1e300")
    check_spread(problem, np.concatenate([problem.points, atoms]), "data and atoms")
    # By a power of two, so that nothing is rounded: what is far less than 1e-300 of the largest would not be seen.
    scaled = weights / 2.0 ** np.floor(np.log2(max(1.0, weights.max())))
    if (scaled < SMALLEST_WEIGHT).any():
        raise InputError(f"weights {weights.min()} and {weights.max()} are too far apart: at most 300 powers of ten")
    return Mixing(atoms + 0.0, scaled)


def check_spread(problem: Problem, points: FloatArray, what: str) -> None:
    """Refuse what is too far from 0 for centres of cells to be doubles: CannotAnswerError."""
    largest = float(abs(points).max())
    with np.errstate(over="ignore"):
        far = largest * problem.scale
    if far > LARGEST_SPREAD:
        raise CannotAnswerError(
            f"{what} reach {far:.3g} standard deviations of the kernel from 0: mixing distributions are certified up "
            f"to {LARGEST_SPREAD:.2g} of them; subtract a centre, or take a kernel of the data's scale"
        )


LARGEST_SHIFT = 2.0**36
"""Of an exponent: up to this it is known to 2^−10 or better in double precision."""
HIGHEST = 300
"""Of exponents that are left where they are: e^300 times any number of points does not overflow."""
_BLOCK = 2**20
"""Pairs of points and atoms at a time."""


@dataclass(frozen=True, eq=False)
class Ratios:
    """a_i = α_i e^{s_i + offset}, with whole numbers s_i ≤ 300 and an offset that is 0 for all but bad fits."""

    alpha: BallArray
    shift: FloatArray
    offset: float

    @cached_property
    def bounds(self) -> FloatArray:
        """Upper bounds of a_i e^{−offset}."""
        result: FloatArray = self.alpha.magnitude * exponential(self.shift) * SLACK + TINY
        return result

    @cached_property
    def least(self) -> FloatArray:
        """Lower bounds of a_i e^{−offset}, or nearly 0."""
        result: FloatArray = (self.alpha.mid - self.alpha.rad) * exponential(self.shift) * (1 - 2.0**-40) - TINY
        return result


def ratios(problem: Problem, mixing: Mixing, moved: float = 0.0) -> Ratios:
    """Return the a_i; CannotAnswerError if points are so far from all atoms that double precision does not see them.

    `problem`, `mixing`: the data, and a mixing distribution; `moved`: they hold for all atoms within that distance, in
    units of σ, in each coordinate, and weights off by as much.
    """
    size = max(1, _BLOCK // mixing.k)
    parts = [_sums(problem, mixing, slice(first, first + size), moved) for first in range(0, len(problem.points), size)]
    sums, errors, shifts = (np.concatenate(each) for each in zip(*parts, strict=True))
    middle = problem.counts / problem.n * mixing.total / sums
    relative = (errors + moved + 6 * UNIT) * (1 + 2 * errors) * SLACK
    offset = max(0.0, float(shifts.max()) - HIGHEST)
    return Ratios(BallArray(middle, middle * relative * SLACK + TINY), shifts - offset, offset)


def _sums(problem: Problem, mixing: Mixing, rows: slice, moved: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return Σ_j w_j e^{s_i − q_ij}, bounds of its relative errors, and the whole numbers s_i."""
    steps = (problem.points[rows, None, :] - mixing.atoms) * problem.scale
    q = np.square(steps).sum(axis=2) / 2
    shift = np.rint((q - np.log(mixing.weights)).min(axis=1))
    if float(abs(shift).max()) > LARGEST_SHIFT:
        raise CannotAnswerError(
            f"a point of the data is {np.sqrt(2 * shift.max()):.3g} standard deviations of the kernel from every atom: "
            "nothing can be certified beyond 370000"
        )
    exponents = shift[:, None] - q
    terms = mixing.weights * exponential(exponents)
    drift = moved * (abs(steps).sum(axis=2) + problem.m * moved) + moved
    lost = exponent_error(q, abs(shift)[:, None], problem.m) + EXPONENTIAL_ERROR + UNIT + 1.1 * drift
    sums = terms.sum(axis=1)
    errors = (terms * lost).sum(axis=1) / sums + rounding_factor(mixing.k)
    if moved and float(np.where(exponents > -700, drift, 0).max()) > 2.0**-10:
        raise CannotAnswerError("the box of atoms is too large for its exponents")
    return sums, errors * SLACK + TINY, shift


def exponent_error(q: FloatArray, shift: FloatArray, m: int) -> FloatArray:
    """Return a bound of what rounding makes of e^{s − q}, relatively, q = ‖x − t‖²/2σ² in m dimensions: below 2^−10."""
    result: FloatArray = 1.1 * (10 + m) * UNIT * (q + shift)
    return result


def mean_log_likelihood(problem: Problem, given: Ratios) -> flint.arb:
    """Return a ball around n⁻¹ Σ log p̂(x_i), from the a_i of a mixture: p̂(x_i) = n_i/(n a_i (2πσ²)^{m/2})."""
    alpha = zip(given.alpha.mid.tolist(), given.alpha.rad.tolist(), given.shift.tolist(), strict=True)
    with arb_precision(_BITS):
        total = flint.arb(0)
        for count, (mid, rad, shift) in zip(problem.counts.tolist(), alpha, strict=True):
            total += count * ((flint.arb(mid, rad) * (problem.n / flint.arb(count))).log() + shift)
        variance = 2 * flint.arb.pi() * to_arb(problem.variance)
        result: flint.arb = -total / problem.n - given.offset - problem.m * variance.log() / 2
        return result
