"""Data as EM sees them: each point turned back by every map of the orbit, within the span of the simplex.

On the complement of the span all maps are the identity. So the posteriors do not see the complement, one step of EM
takes θ there to the mean of the data, and what is left is a problem in s = k − 1 dimensions.
"""

from dataclasses import dataclass
from functools import cached_property

import flint
import numpy as np

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import SLACK, TINY, UNIT
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.samples.sample_em import Sample
from emtheory.numerics.samples.simplex import FloatArray

MAX_COMPONENTS = 9
"""Components, that is 8 dimensions of the span: rounding of the matrices of moments is bounded for no more."""
LARGEST_NORM = 2.0**30
"""Of a point: for longer ones rounding leaves nothing of the exponents, and underflow would have to be thought of."""
MAX_NUMBERS = 2**27
"""Coordinates of turned points, which are kept: a gigabyte."""

TURN_ERROR = 9 * UNIT
"""ε of section 14 of docs/error-bounds.md: two products a coordinate, of entries that are off by 2u at most."""
_POWERS = 6
"""Powers of norms whose means errors are made of: up to one more than the order of the moments."""
_BITS = 128
"""Precision in which maps and logarithms of weights are known before they are rounded to doubles."""
_BLOCK = 2**14
"""Coordinates of a block, all components together: it stays in the cache with what is made of it, and arrays of 128 KiB
come from memory that the process has; with larger ones half the time went into pages from the system."""
_FEWEST = 256
"""Points of a block, at least: with fewer, starting the operations would count."""


@dataclass(frozen=True, eq=False)
class Points:
    """The turned points y_ij = U_jᵀ x_i, rounded; ‖ŷ_ij − y_ij‖ ≤ `TURN_ERROR` ‖x_i‖.

    Blocks have the shape s × k × B: coordinates, components, points. Norms and diameters, one array of length B a
    block, are upper bounds of ‖x_i‖ within the span and of max_{j,l} ‖y_ij − y_il‖, powers of the means of ‖x_i‖^p, p =
    0..5; log π_j is rounded to nearest.
    """

    blocks: tuple[FloatArray, ...]
    norms: tuple[FloatArray, ...]
    diameters: tuple[FloatArray, ...]
    log_weights: FloatArray
    powers: tuple[float, ...]
    case: Case

    @property
    def k(self) -> int:
        """Number of components."""
        return self.case.k

    @property
    def span(self) -> int:
        """s = k − 1, the dimension of the simplex's span."""
        return self.case.k - 1

    @cached_property
    def n(self) -> int:
        """Number of points."""
        return sum(len(norms) for norms in self.norms)

    @cached_property
    def largest_norm(self) -> float:
        """An upper bound of ‖x_i‖ within the span."""
        return max(float(norms.max()) for norms in self.norms)


def make_points(case: Case, sample: Sample) -> Points:
    """Turn checked data.

    CannotAnswerError for more than 9 components, more numbers than can be kept, or points of norms beyond 2^30.
    """
    if case.k > MAX_COMPONENTS:
        raise CannotAnswerError(
            f"data are certified for at most {MAX_COMPONENTS} components, and k = {case.k}: the rounding of moments of "
            f"the fourth order is bounded in up to {MAX_COMPONENTS - 1} dimensions only"
        )
    if sample.n * case.k * (case.k - 1) > MAX_NUMBERS:
        raise CannotAnswerError(
            f"data are certified up to n k (k − 1) = {MAX_NUMBERS}: {MAX_NUMBERS // (case.k * (case.k - 1))} rows here"
        )
    if sample.largest_norm > LARGEST_NORM:
        raise CannotAnswerError(
            f"the data have a row of norm {sample.largest_norm:.3g}: they are certified up to {LARGEST_NORM:.1e}"
        )
    size = max(_FEWEST, _BLOCK // (case.k * (case.k - 1)))
    turns = turned_maps(case.k)
    blocks, norms, diameters = [], [], []
    for first in range(0, sample.n, size):
        x = np.asarray(sample.points[first : first + size, : case.k - 1], dtype=np.float64).T.copy()
        block = np.stack([np.dot(turn, x) for turn in turns], axis=1)
        norm = np.sqrt(np.square(x).sum(axis=0)) * SLACK + TINY
        blocks.append(block)
        norms.append(norm)
        diameters.append(_diameters(block) * SLACK + 2.0**-40 * norm + TINY)
    powers = (sum(float((norm**p).sum()) for norm in norms) / sample.n * SLACK + TINY for p in range(_POWERS))
    return Points(tuple(blocks), tuple(norms), tuple(diameters), rounded_log_weights(case), tuple(powers), case)


def turned_maps(k: int) -> list[FloatArray]:
    """Return the inverses of R^j, j = 0..k−1, on the span of the simplex, in entries off by at most 2u."""
    with arb_precision(_BITS):
        angles = [flint.fmpq(2 * i, k) for i in range(k)]
        cosines = [float(flint.arb.cos_pi_fmpq(angle).mid()) for angle in angles]
        sines = [float(flint.arb.sin_pi_fmpq(angle).mid()) for angle in angles]
    maps = []
    for j in range(k):
        turn = np.zeros((k - 1, k - 1))
        for m in range(1, (k - 1) // 2 + 1):
            cosine, sine = cosines[j * m % k], sines[j * m % k]
            turn[2 * m - 2 : 2 * m, 2 * m - 2 : 2 * m] = [[cosine, sine], [-sine, cosine]]
        if k % 2 == 0:
            turn[k - 2, k - 2] = (-1) ** j
        maps.append(turn)
    return maps


def rounded_log_weights(case: Case) -> FloatArray:
    """Return log π_j, rounded to nearest."""
    with arb_precision(_BITS):
        return np.array([float(flint.arb(to_fmpq(weight)).log().mid()) for weight in case.weights])


def _diameters(block: FloatArray) -> FloatArray:
    """max over pairs of components of the distance of their turned points, computed."""
    k = block.shape[1]
    squares = [np.square(block[:, :j] - block[:, j : j + 1]).sum(axis=0).max(axis=0) for j in range(1, k)]
    result: FloatArray = np.sqrt(np.max(squares, axis=0))
    return result
