"""Bounds on rounding errors, as factors and sums of doubles that are themselves rounded upwards."""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

UNIT = 2.0**-53
"""The unit roundoff of doubles."""

SLACK = 1 + 2.0**-26
"""A sum, product or root of non-negative doubles times this is an upper bound of its exact value, as long as fewer than
2^26 operations lead to it: they lose a factor of at most (1 + 2^-53)^(2^26) < 1 + 2^-26.9."""

TINY = 2.0**-500
"""More than all that underflow can lose (section 14 of docs/error-bounds.md)."""


def rounding_factor(operations: int) -> float:
    """Return γ_m = m u/(1 − m u), rounded upwards: what m roundings in a row lose, relative to the sum of moduli."""
    return operations * UNIT / (1 - operations * UNIT) * SLACK


def scaled_product(values: FloatArray) -> tuple[float, int]:
    """Return m and e with m 2^e the product of positive numbers, up to one rounding each."""
    power = 0
    while len(values) > 1:
        half = len(values) // 2
        paired = values[:half] * values[half : 2 * half]
        values, exponents = np.frexp(np.concatenate([paired, values[2 * half :]]))
        power += int(exponents.sum())
    return float(values[0]), power


def exact_sum(parts: Iterable[FloatArray]) -> FloatArray:
    """Return the sums, entry by entry, of arrays of one shape: each the double nearest to the exact sum."""
    stacked = np.stack(list(parts))
    sums = [math.fsum(column) for column in stacked.reshape(len(stacked), -1).T.tolist()]
    return np.array(sums).reshape(stacked.shape[1:])
