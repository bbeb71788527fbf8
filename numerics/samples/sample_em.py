"""Tied EM on a data set."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.samples.posterior_sums import Block, sample_blocks, workers
from emtheory.numerics.samples.simplex import FloatArray, point, rotation
from emtheory.numerics.samples.tied_em import Trajectory, em_step, iterate, log_weights

_LARGEST = 1e100
"""Of the norms of points, as of starting points: products are far from overflow, those of inverses from underflow."""
_CHUNK = 2**16
"""Rows looked at together when data are checked."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Checked data, ready for EM.

    `points`: n × d, float64 or float32, finite; `largest_norm`: max ‖x_i‖; `mean_square`: (1/n) Σ ‖x_i‖².
    """

    points: FloatArray
    largest_norm: float
    mean_square: float

    @property
    def n(self) -> int:
        """Number of points."""
        return len(self.points)

    @property
    def origin_log_likelihood(self) -> float:
        """Mean log-likelihood of N(0, I)."""
        d: int = self.points.shape[1]
        return -d / 2 * math.log(2 * math.pi) - self.mean_square / 2


def make_sample(data: FloatArray, d: int) -> Sample:
    """Check data and prepare them.

    InputError unless `data` is an n × d array of finite numbers, n ≥ 1, in which, for n ≥ 2, no column is constant, of
    norms up to 1e100 and not all below 1e−100; the message names row and column, counted from 1.
    """
    if data.ndim != 2 or data.shape[0] < 1 or data.shape[1] != d:
        raise InputError(f"the data have shape {data.shape}; n × {d} with n ≥ 1 is needed")
    largest, total, constant = 0.0, 0.0, np.ones(d, dtype=bool)
    for first in range(0, len(data), _CHUNK):
        rows = np.asarray(data[first : first + _CHUNK], dtype=np.float64)
        squares = np.einsum("ij,ij->i", rows, rows)
        if not (squares <= _LARGEST**2).all():
            raise InputError(_problem(rows, squares, first, data.dtype))
        largest, total = max(largest, float(squares.max())), total + float(squares.sum())
        constant &= (rows == data[0]).all(axis=0)
    if len(data) > 1 and constant.any():
        column = int(np.argmax(constant))
        raise InputError(f"column {column + 1} of the data is constant (every row is {float(data[0, column]):g})")
    if len(data) > 1 and largest < _LARGEST**-2:
        raise InputError(f"the data are too small: every row is below {1 / _LARGEST:.0e}")
    if data.dtype not in (np.float64, np.float32):
        data = data.astype(np.float64)
    return Sample(data, math.sqrt(largest), total / len(data))


def sample_em(
    case: Case,
    data: FloatArray | Sample,
    iterations: int,
    tolerance: float | None = 0.0,
    threads: int = 1,
    blocks: Sequence[Block] | None = None,
) -> Trajectory:
    """Iterate θ ← (1/n) Σ_i Σ_j γ_j(x_i;θ) R^{−j} x_i from the case's point.

    InputError if the data do not fit the case, or the case has no point.

    `case`, `data`: the mixture, its dimension d and its starting point; the sample, n × d. `iterations`, `tolerance`:
    the largest number of steps; stop after an increment ‖θ_{t+1} − θ_t‖ this small; with 0, only when EM has reached
    its fixed point exactly; with None, never. `threads`, `blocks`: how many threads share the blocks, on which nothing
    depends; the part of the data that EM is run on, and how it is cut: by default all of them, cut for the cache.
    """
    sample = data if isinstance(data, Sample) else make_sample(data, case.d)
    blocks = sample_blocks(sample.points, case.k) if blocks is None else blocks
    log_pi, R = log_weights(case), rotation(case.k, case.d)

    with workers(threads) as share:

        def step(theta: FloatArray) -> tuple[FloatArray, float]:
            return em_step(blocks, log_pi, R, theta, sample.largest_norm, share)

        return iterate(step, point(case), case.k, iterations, tolerance, sample.origin_log_likelihood)


def blocks_without(blocks: Sequence[Block], parts: int) -> Iterator[list[Block]]:
    """Yield the blocks of a sample without each of `parts` equal parts of its rows in turn, not copied."""
    starts = [0, *accumulate(len(rows) for rows, _ in blocks)]
    cuts = [starts[-1] * part // parts for part in range(parts + 1)]
    for first, last in pairwise(cuts):
        mass = 1 / (starts[-1] - (last - first))
        kept: list[Block] = []
        for (rows, _), start in zip(blocks, starts, strict=False):
            before, after = rows[: max(0, first - start)], rows[max(0, last - start) :]
            kept += [(part, mass) for part in (before, after) if len(part)]
        yield kept


def _problem(rows: FloatArray, squares: FloatArray, first: int, dtype: np.dtype[np.float64]) -> str:
    """Return what is wrong with the first of the rows whose sum of squares is not finite, or too large."""
    row = int(np.argmax(~(squares <= _LARGEST**2)))
    bad = ~np.isfinite(rows[row])
    column = int(np.argmax(bad if bad.any() else np.abs(rows[row])))
    place = f"row {first + row + 1}, column {column + 1} of the data"
    if not bad.any():
        return f"{place} is {rows[row, column]:.3g}: the norm of a row may be at most {_LARGEST:.0e}"
    return f"{place} is not a finite number{' in single precision' if dtype == np.float32 else ''}"
