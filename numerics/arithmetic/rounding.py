"""Doubles with proved errors: factors and sums of bounds, rounded upwards, and an exponential function.

That of a mathematical library has no proved error.
"""

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


EXPONENTIAL_ERROR = 8 * UNIT
"""Relative (section 14 of docs/error-bounds.md)."""

LOWEST = -700.0
"""Below this 0 is returned: an absolute error of at most e^{−700}."""

_LN2_HIGH = float.fromhex("0x1.62e42feep-1")
"""The first 32 bits of log 2: products with integers up to 2^20 are exact."""
_LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
"""log 2 less the former, to the nearest double."""
_PER_LN2 = 1 / math.log(2)
"""Decides how far the argument is reduced only: any value near it would do."""
_DEGREE = 13
"""Of the Taylor polynomial on |r| ≤ 0.3467: the remainder is below u/20."""
_COEFFICIENTS = tuple(1 / math.factorial(i) for i in range(_DEGREE, -1, -1))


def exponential(z: FloatArray) -> FloatArray:
    """Return e^z for z ≤ 700 with a relative error of at most `EXPONENTIAL_ERROR`, and 0 for z < −700."""
    reduced = np.maximum(z, LOWEST)
    powers = np.rint(reduced * _PER_LN2)
    reduced -= powers * _LN2_HIGH
    reduced -= powers * _LN2_LOW
    result = np.full_like(z, _COEFFICIENTS[0])
    for coefficient in _COEFFICIENTS[1:]:
        result *= reduced
        result += coefficient
    result = np.ldexp(result, powers.astype(np.int32))
    result[z < LOWEST] = 0
    return result
