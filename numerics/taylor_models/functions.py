"""Smooth functions of Taylor models.

With f = c(1 + v), or f = c + u, c the constant term, a function is a polynomial in v or u, plus a rest that is bounded
by the next term and a geometric series. Where v may reach 1 nothing is known.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial, reduce

import flint
import numpy as np
from numpy.typing import NDArray

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.rounding import SLACK, TINY, UNIT, FloatArray
from emtheory.numerics.taylor_models.models import TaylorModels, cleaned, constants, doubles, of_rational

_Pair = tuple[FloatArray, FloatArray]
"""Numbers, and how far they may be off."""


def power(base: TaylorModels, exponent: Fraction) -> TaylorModels:
    """Raise to a power: non-negative integers by products, others where the base is not zero, or is positive."""
    if exponent.denominator == 1 and exponent >= 0:
        result = constants(np.ones_like(base.error), np.zeros_like(base.error), base.space)
        for bit in bin(int(exponent))[2:]:
            result = result * result
            result = result * base if bit == "1" else result
        return result
    allowed = base.start != 0 if exponent.denominator == 1 else base.start > 0
    relative, reach = _relative(base, allowed)
    order = base.space.order
    coefficients = [
        math.prod((exponent - i for i in range(j)), start=Fraction(1)) / math.factorial(j) for j in range(order + 2)
    ]
    # |b_{j+1}/b_j| = |p − j|/(j + 1) is at most this from j = d + 1 on.
    growth = max(1.0, float(abs(exponent - order - 1) / (order + 2)) * SLACK)
    rest = _geometric(abs(float(coefficients[-1])) * _to_power(reach, order + 1), growth * reach)
    start = doubles(lambda value: value ** flint.arb(to_fmpq(exponent)), np.where(allowed, base.start, 1.0))
    if exponent.denominator == 1:
        start = doubles(lambda value: value ** int(exponent), np.where(allowed, base.start, 1.0))
    series = _polynomial(relative, [_spread_out(of_rational(each), reach) for each in coefficients[:-1]], rest)
    return series.scaled(*start)


def logarithm(base: TaylorModels) -> TaylorModels:
    """Take the logarithm where the base is positive."""
    allowed = base.start > 0
    relative, reach = _relative(base, allowed)
    order = base.space.order
    rest = _geometric(_to_power(reach, order + 1) / (order + 1), reach)
    terms = [Fraction((-1) ** (j + 1), j) for j in range(1, order + 1)]
    first = doubles(flint.arb.log, np.where(allowed, base.start, 1.0))
    return _polynomial(relative, [first, *(_spread_out(of_rational(each), reach) for each in terms)], rest)


def exponential(model: TaylorModels) -> TaylorModels:
    """Take the exponential."""
    reach = model.reach()
    terms = [_spread_out(of_rational(Fraction(1, math.factorial(j))), reach) for j in range(model.space.order + 1)]
    return _polynomial(model.change, terms, _factorial_rest(model)).scaled(*doubles(flint.arb.exp, model.start))


def turning(name: str, model: TaylorModels) -> TaylorModels:
    """Take the cosine or the sine; `name` is ``cos`` or ``sin``."""
    cosine, sine = doubles(flint.arb.cos, model.start), doubles(flint.arb.sin, model.start)
    minus = [(-value, error) for value, error in (cosine, sine)]
    cycle = [cosine, minus[1], minus[0], sine] if name == "cos" else [sine, cosine, minus[1], minus[0]]
    terms = []
    for j in range(model.space.order + 1):
        value, error = cycle[j % 4]
        factor = 1 / math.factorial(j)
        terms.append((value * factor, (error * factor + 2 * UNIT * abs(value) * factor) * SLACK + TINY))
    return _polynomial(model.change, terms, _factorial_rest(model))


def _relative(base: TaylorModels, allowed: NDArray[np.bool_]) -> tuple[TaylorModels, FloatArray]:
    """v = f/c − 1, and a bound on |v|, 1 where it is not known to be below."""
    inverse = 1 / np.where(allowed, base.start, 1.0)
    relative = base.change.scaled(inverse, UNIT * abs(inverse) * SLACK)
    reach = np.where(allowed, relative.reach(), 1.0)
    known = reach < 1
    return cleaned(relative.coefficients, np.where(known, relative.error, np.inf), base.space), np.where(
        known, reach, 1.0
    )


def _geometric(first: FloatArray, ratio: FloatArray) -> FloatArray:
    """Bound first · (1 + ratio + ratio² + …), infinite unless the ratio is below 1."""
    room = 1 - ratio * SLACK
    return np.where(room > 0, first * SLACK / np.where(room > 0, room, 1.0), np.inf) * SLACK + TINY


def _factorial_rest(model: TaylorModels) -> FloatArray:
    """Bound Σ_{j > d} |u|^j/j!."""
    order, reach = model.space.order, model.reach()
    return _geometric(_to_power(reach, order + 1) / math.factorial(order + 1), reach / (order + 2))


def _polynomial(change: TaylorModels, coefficients: Sequence[_Pair], rest: FloatArray) -> TaylorModels:
    """Horner's scheme, with the rest added to the error."""
    make: Callable[..., TaylorModels] = partial(constants, space=change.space)
    *others, last = coefficients
    result = make(*last)
    for each in reversed(others):
        result = result * change + make(*each)
    return cleaned(result.coefficients, (result.error + rest) * SLACK, change.space)


def _to_power(values: FloatArray, exponent: int) -> FloatArray:
    """By products, as a library's power need not be rounded correctly."""
    return reduce(np.multiply, [values] * exponent)


def _spread_out(pair: tuple[float, float], like: FloatArray) -> _Pair:
    value, error = pair
    return np.full_like(like, value), np.full_like(like, error)
