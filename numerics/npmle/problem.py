"""Data and mixing distributions for normal kernels of known variance, as the certificates take them: exact doubles."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import fsum
from typing import Any

import flint
import numpy as np

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.fit_certificates.load import array_of

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
            return float((1 / flint.arb(to_fmpq(self.variance)).sqrt()).mid())


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
    """Return checked data with their kernel.

    InputError if a number is not finite, there are no rows, or the variance is out of range; CannotAnswerError if there
    are more columns or rows, or rows farther apart, than can be certified.
    """
    if data.ndim != 2 or data.size == 0:
        raise InputError(f"the data have shape {data.shape}: rows and columns, at least one of each, are wanted")
    if not _SMALLEST_VARIANCE <= variance <= _LARGEST_VARIANCE:
        raise InputError("the kernel's variance is out of range: 1e-300 to 1e300")
    bad = np.argwhere(~np.isfinite(data))
    if len(bad):
        row, column = bad[0]
        raise InputError(f"row {row + 1}, column {column + 1} of the data is {data[row, column]}, not a finite number")
    if data.shape[1] > MOST_DIMENSIONS:
        raise CannotAnswerError(
            f"the data have {data.shape[1]} columns: mixing distributions are certified in up to {MOST_DIMENSIONS} "
            "dimensions, since all of space has to be covered"
        )
    if len(data) > MOST_POINTS:
        raise CannotAnswerError(f"the data have {len(data)} rows: at most {MOST_POINTS} are certified")
    points, counts = np.unique(np.asarray(data, dtype=np.float64) + 0.0, axis=0, return_counts=True)
    problem = Problem(points, counts.astype(np.float64), variance)
    _check_spread(problem, points, "the data")
    return problem


def make_mixing(problem: Problem, atoms: Any, weights: Any) -> Mixing:
    """Return a checked mixing distribution for data.

    InputError if shapes do not fit, a number is not finite, or a weight is not positive; CannotAnswerError if atoms are
    too far from the data to be certified.

    Parameters
    ----------
    problem
        The data.
    atoms, weights
        k × m numbers, or k for m = 1, and k positive ones, which are divided by their sum: arrays or lists.
    """
    weights = array_of(weights, "weights", (None,))
    atoms = array_of(atoms, "atoms", (len(weights), problem.m))
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= SMALLEST_WEIGHT) & (weights <= 1 / SMALLEST_WEIGHT)))
    if len(wrong):
        raise InputError(f"weight {wrong[0] + 1} is {weights[wrong[0]]}: each must be from 1e-300 to 1e300")
    _check_spread(problem, np.concatenate([problem.points, atoms]), "data and atoms")
    # By a power of two, so that nothing is rounded: what is far less than 1e-300 of the largest would not be seen.
    scaled = weights / 2.0 ** np.floor(np.log2(max(1.0, weights.max())))
    if (scaled < SMALLEST_WEIGHT).any():
        raise InputError(f"weights {weights.min()} and {weights.max()} are too far apart: at most 300 powers of ten")
    return Mixing(atoms + 0.0, scaled)


def _check_spread(problem: Problem, points: FloatArray, what: str) -> None:
    largest = float(abs(points).max())
    with np.errstate(over="ignore"):
        far = largest * problem.scale
    if far > LARGEST_SPREAD:
        raise CannotAnswerError(
            f"{what} reach {far:.3g} standard deviations of the kernel from 0: mixing distributions are certified up "
            f"to {LARGEST_SPREAD:.2g} of them; subtract a centre, or take a kernel of the data's scale"
        )
