"""An exponential function with a proved error, for arrays: that of a mathematical library has none."""

import math

import numpy as np

from emtheory.numerics.arithmetic.rounding import UNIT, FloatArray

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
