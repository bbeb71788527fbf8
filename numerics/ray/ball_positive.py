"""Proofs that a function is positive along the simplex ray, from a small radius on."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.chebyshev import Model, make_grid
from emtheory.numerics.arithmetic.positivity import Over, certainly_positive
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.arithmetic.rational import smallness
from emtheory.numerics.case import Case

_MODEL_BITS = 128
"""What turning Chebyshev sums into powers may cost."""
_LONGEST = 30
"""Largest range of log s² that is tried: more is asked where a function does not leave its bound to first order."""

_WIDEST = 2.0
"""Of a model in t: a narrower one takes fewer points, but not half of them for half the width."""


@dataclass(frozen=True)
class RayFunction:
    """A function on the simplex ray, combined from ranges of expectations g_i of bounded functions of the exponents.

    They are balls of radius about e^{−L} at s and accuracy L, and |g_i| ≤ bound·(cos Im t)^{−dimension/2} for complex t
    = log s².
    """

    values: Callable[[flint.arb, float], Sequence[flint.arb]]
    bound: float
    dimension: int
    combine: Callable[[Sequence[flint.arb]], flint.arb]


def positive_on_ray(case: Case, function: RayFunction, start: flint.arb, radius: Fraction, margin: Fraction) -> bool:
    """Whether a function is certainly positive for all s² from `start` to that of a radius; False means not proved.

    With start 0 nothing is proved; the margin, about its smallest value, says how accurate models must be.
    """
    finest = smallness(margin) + 4
    with arb_precision(working_bits(finest) + _MODEL_BITS):
        end = flint.arb(to_fmpq(radius**2 * case.k / (case.k - 1)))
        if not start > 0:
            return False
        if start >= end:
            return True
        span = start.log(), end.log()

        def model(cell: tuple[Fraction, Fraction], accuracy: float) -> Over:
            models = _models(function, span, cell, accuracy)
            return lambda left, right: function.combine([part.over(left, right) for part in models])

        if not span[1] - span[0] < _LONGEST:
            return False
        width = min(_WIDEST, 8 / math.sqrt(function.dimension))
        count = math.ceil(float((span[1] - span[0]).upper()) / width)
        cells = [(Fraction(i, count), Fraction(i + 1, count)) for i in range(count)]
        return certainly_positive(model, cells, finest)


def _models(
    function: RayFunction, span: tuple[flint.arb, flint.arb], cell: tuple[Fraction, Fraction], accuracy: float
) -> list[Model]:
    finer = accuracy + math.log(function.bound) + 6  # so that the interpolation error is the larger one
    with arb_precision(working_bits(finer) + _MODEL_BITS):
        grid = make_grid(function.bound, function.dimension, span, cell, accuracy)
        values = (function.values((t / 2).exp(), finer) for t in grid.axis.points)
        return [grid.model(sample) for sample in zip(*values, strict=True)]
