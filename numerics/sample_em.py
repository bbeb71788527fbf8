"""Tied EM on a data set."""

import math
from collections.abc import Iterator

import numpy as np

from numerics.case import Case
from numerics.errors import InputError
from numerics.simplex import FloatArray, point, rotation
from numerics.tied_em import Block, Trajectory, em_step, iterate, log_weights

_BLOCK_ENTRIES = 2**16
"""Responsibilities (components × points) in a block: half a megabyte, which stays in the second-level cache."""


def gaussian_sample(n: int, d: int, seed: int) -> FloatArray:
    """Return n draws from N(0, I_d), an n × d array that is a function of the seed (Philox, counter-based).

    Raises
    ------
    InputError
        If n < 1, d < 1 or the seed is negative.
    """
    if n < 1 or d < 1:
        raise InputError(f"n = {n}, d = {d} is out of range: both must be at least 1")
    if seed < 0:
        raise InputError(f"seed {seed} is negative")
    return np.random.Generator(np.random.Philox(seed)).standard_normal((n, d))


def check_sample(data: FloatArray, d: int) -> None:
    """Raise InputError unless `data` is a non-empty n × d array of finite numbers."""
    if data.ndim != 2 or data.shape[0] < 1 or data.shape[1] != d:
        raise InputError(f"the data have shape {data.shape}; n × {d} with n ≥ 1 is needed")
    if not np.isfinite(data).all():
        raise InputError("the data contain values that are not finite numbers")


def sample_em(
    case: Case, data: FloatArray, iterations: int, tolerance: float = 0.0, block: int | None = None
) -> Trajectory:
    """Iterate θ ← (1/n) Σ_i Σ_j γ_j(x_i;θ) R^{−j} x_i from the case's point.

    Parameters
    ----------
    case
        The mixture, its dimension d and its starting point.
    data
        The sample, n × d.
    iterations
        The largest number of steps.
    tolerance
        Stop after an increment ‖θ_{t+1} − θ_t‖ this small; with 0, only when EM has reached its fixed point exactly.
    block
        Points handled at once; it changes the result by rounding only.

    Raises
    ------
    InputError
        If the data do not fit the case, or the case has no point.
    """
    check_sample(data, case.d)
    log_pi, R = log_weights(case), rotation(case.k, case.d)
    size = max(64, _BLOCK_ENTRIES // case.k) if block is None else block

    def step(theta: FloatArray) -> tuple[FloatArray, float]:
        return em_step(_blocks(data, size), log_pi, R, theta)

    origin = -case.d / 2 * math.log(2 * math.pi) - float(np.einsum("ij,ij->", data, data)) / (2 * len(data))
    return iterate(step, point(case), case.k, iterations, tolerance, origin)


def _blocks(data: FloatArray, size: int) -> Iterator[Block]:
    for first in range(0, len(data), size):
        yield data[first : first + size], 1 / len(data)
