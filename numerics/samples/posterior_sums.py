"""The E-step: sums over the data weighted with posteriors, for any mixture whose exponents are affine in the point.

What EM needs from the data goes through `posterior_sums`: the tied mixture, free means, a shared covariance and
quadrature nodes differ only in the exponents; `distant_components` is for components to which next to nothing belongs.
It is laid out for speed: components along the first axis, coordinates along the first axis of each block in memory of
its own, blocks that stay in the second-level cache, no allocation within a block. Products are NumPy's `dot`, which
lets other threads run meanwhile, as `matmul` does not: threads share the blocks, in an order that does not depend on
how many they are.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import chain, pairwise
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from emtheory.numerics.samples.simplex import FloatArray

Item = TypeVar("Item")
Result = TypeVar("Result")

_WORTH_THREADS = 8
"""Items from which on they are shared: waking a thread takes about as long as one."""


class Workers(Protocol):
    """Applies work that gives a list, one result an item, to all items; the list is the same whoever does it."""

    def __call__(self, work: Callable[[Iterable[Item]], list[Result]], items: Iterable[Item]) -> list[Result]:
        """Return the results in the order of the items."""


def alone(work: Callable[[Iterable[Item]], list[Result]], items: Iterable[Item]) -> list[Result]:
    """Work without others."""
    return work(items)


@contextmanager
def workers(threads: int) -> Iterator[Workers]:
    """Provide so many threads, the caller's among them; sequences are cut into a run for each.

    Meanwhile matrix products use one thread each: theirs would compete with ours and change rounding.
    """

    def shared(work: Callable[[Iterable[Item]], list[Result]], items: Iterable[Item]) -> list[Result]:
        if threads == 1 or not isinstance(items, Sequence) or len(items) < _WORTH_THREADS:
            return work(items)
        runs = min(threads, len(items))
        cuts = [len(items) * i // runs for i in range(runs + 1)]
        first, *others = (items[begin:end] for begin, end in pairwise(cuts))
        elsewhere = pool.map(work, others)
        return list(chain(work(first), *elsewhere))

    with _libraries().limit(limits=1, user_api="blas"), ThreadPoolExecutor(max(1, threads - 1)) as pool:
        yield shared


@cache
def _libraries() -> ThreadpoolController:
    """The libraries with threads of their own, looked up once."""
    return ThreadpoolController()


IntArray = npt.NDArray[np.intp]

Block = tuple[FloatArray, FloatArray | float]
"""Points as a B × d array, and their masses: one each, or one for all."""

_LARGEST_EXPONENT = {"d": 300.0, "f": 40.0}
"""By type code: while all exponents stay within ±this, exponentials and their sums are far from overflow, and what
underflows is below rounding."""
_SINGLE_RANGE = 1e37
"""Exponents of larger modulus are computed in double precision."""
_FACTORS = 32
"""Of a product whose logarithm is taken."""
_CACHE_BYTES = 3 * 2**19
"""Points and responsibilities of a block: they share the second-level cache with little else."""
_SMALL_PRODUCT = 10**6
"""Multiplications up to which OpenBLAS does not rearrange the factors of a product: a quarter of the time at d = 15."""
_ENOUGH_POINTS = 1024
"""In a block: with fewer, starting the operations would count."""
_REORDERED_BYTES = 2**28
"""Data up to this size are copied into blocks; larger ones, which may be mapped from a file beyond memory, are streamed
as they are."""


def posterior_sums(
    blocks: Iterable[Block],
    offsets: FloatArray,
    slopes: FloatArray,
    largest_norm: float = math.inf,
    share: Workers = alone,
    *,
    counts: bool = False,
) -> tuple[FloatArray, float]:
    """Return Σ_i w_i γ_ij x_i, k × d, and Σ_i w_i log Σ_j e^{y_ij}, y_ij = a_j + ⟨x_i, b_j⟩, whoever does it."""
    largest_exponent = abs(float(offsets.max())) + largest_norm * math.sqrt(np.square(slopes).sum(axis=1).max())

    def work(run: Iterable[Block]) -> list[tuple[FloatArray, float]]:
        return list(_sums_of_blocks(run, offsets, slopes, largest_exponent, counts=counts))

    moments, log_partition = np.zeros((slopes.shape[0], slopes.shape[1] + counts)), 0.0
    for part, part_of_log in share(work, blocks):
        moments += part
        log_partition += part_of_log
    return moments, log_partition


def distant_components(
    blocks: Iterable[Block], offsets: FloatArray, slopes: FloatArray, chosen: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Return log Σ_i w_i γ_ij, c, and Σ_i w_i γ_ij x_i / Σ_i w_i γ_ij, c × d, for chosen j with sums that underflow."""
    peak = np.full(len(chosen), -np.inf)
    counts, moments = np.zeros(len(chosen)), np.zeros((len(chosen), slopes.shape[1]))
    for points, mass in blocks:
        x = points.astype(np.float64, copy=False)
        exponents = offsets[:, None] + slopes @ x.T
        log_gamma = exponents[chosen] - np.logaddexp.reduce(exponents, axis=0) + np.log(mass)
        old, peak = peak, np.maximum(peak, log_gamma.max(axis=1))
        gamma, shrink = np.exp(log_gamma - peak[:, None]), np.exp(old - peak)
        counts = shrink * counts + gamma.sum(axis=1)
        moments = shrink[:, None] * moments + gamma @ x
    return peak + np.log(counts), moments / counts[:, None]


def sample_blocks(points: FloatArray, k: int, size: int | None = None) -> list[Block]:
    """Cut an n × d array into blocks of mass 1/n a point, by default as large as the cache allows for k components."""
    n, d = points.shape
    if size is None:
        cached = max(64, _CACHE_BYTES // (points.itemsize * (k + d)))
        size = min(cached, max(_ENOUGH_POINTS, _SMALL_PRODUCT // (k * d)))
    rows = (points[first : first + size] for first in range(0, n, size))
    return [(np.array(part, order="F") if points.nbytes <= _REORDERED_BYTES else part, 1 / n) for part in rows]


def _sums_of_blocks(
    blocks: Iterable[Block], offsets: FloatArray, slopes: FloatArray, largest_exponent: float, *, counts: bool
) -> Iterator[tuple[FloatArray, float]]:
    """Yield the two sums of each block."""
    memory, type_code = np.empty(0), ""
    k = len(slopes)
    for points, mass in blocks:
        size = len(points)
        dtype = points.dtype if largest_exponent <= _SINGLE_RANGE else np.dtype(np.float64)
        if memory.size < (k + 2) * size or dtype.char != type_code:
            memory, type_code = np.empty((k + 2) * size, dtype), dtype.char
            directions, factors = slopes.astype(dtype), np.ones(k, dtype)
            bounded = largest_exponent <= _LARGEST_EXPONENT[type_code]
            if bounded:
                factors = np.exp(offsets).astype(dtype)
        gamma = memory[: k * size].reshape(k, size)
        total, peak = memory[k * size : (k + 2) * size].reshape(2, size)
        np.dot(directions, points.T, out=gamma)
        if bounded:
            np.exp(gamma, out=gamma)
            np.dot(factors, gamma, out=total)
            log_partition = _integral_of_log(total, mass, largest_exponent + math.log(k))
        else:
            gamma += offsets.astype(dtype)[:, None]
            np.maximum.reduce(gamma, axis=0, out=peak)
            gamma -= peak
            np.exp(gamma, out=gamma)
            np.add.reduce(gamma, axis=0, out=total)
            log_partition = _integral(peak, mass) + _integral_of_log(total, mass, math.log(k))
        gamma *= np.divide(mass, total, out=total)
        moments = np.dot(gamma, points)
        if counts:
            moments = np.column_stack([moments, np.add.reduce(gamma, axis=1, dtype=np.float64)])
        yield factors[:, None] * moments, log_partition


def _integral_of_log(values: FloatArray, mass: FloatArray | float, bound: float) -> float:
    """Integrate logarithms of modulus up to `bound`; of products where masses are equal, as logarithms are dear."""
    if not isinstance(mass, float):
        return _integral(np.log(values), mass)
    factors = max(1, min(_FACTORS, int(_LARGEST_EXPONENT["d"] / max(bound, 1.0))))
    rows = len(values) // factors
    products = np.multiply.reduce(values[: rows * factors].reshape(factors, rows), axis=0, dtype=np.float64)
    rest = values[rows * factors :]
    return _integral(np.log(products), mass) + (_integral(np.log(rest), mass) if len(rest) else 0.0)


def _integral(values: FloatArray, mass: FloatArray | float) -> float:
    if isinstance(mass, float):
        return mass * float(np.add.reduce(values, dtype=np.float64))
    return float(values @ mass)
