"""Proofs that a function is positive along the simplex ray, from a small radius on.

Models of it, ever more accurate, are bisected where they leave the sign undecided.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.chebyshev import Model, make_grid
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.arithmetic.rational import smallness
from emtheory.numerics.case import Case

Over = Callable[[Fraction, Fraction], flint.arb]
"""(left, right) ↦ a ball around all values of a function there."""

_COARSEST = 7.0
"""Accuracy L of the first model, e^{−7} = 1e−3: cheap, and enough wherever the function is far from zero."""
_TRIMMING = 4
"""Bisections that are made even where the model hides the sign: what goes to the next, dearer model is trimmed to a
sixteenth of the cell at best."""
_DEEPEST = 400
"""Bisections at most, so that the search ends beside a zero, where the middle of a piece may be positive at any
depth."""


def certainly_positive(
    model: Callable[[tuple[Fraction, Fraction], float], Over], cells: list[tuple[Fraction, Fraction]], finest: float
) -> bool:
    """Whether a function is proved positive on every cell, by models with errors e^{−L}, L doubled up to the finest."""
    pending = [(cell, min(_COARSEST, finest)) for cell in cells]
    while pending:
        cell, accuracy = pending.pop()
        over = model(cell, accuracy)
        for left, right in _undecided(over, cell):
            if accuracy >= finest or over(left, right) < 0:
                return False
            pending.append(((left, right), min(2 * accuracy, finest)))
    return True


def _undecided(over: Over, cell: tuple[Fraction, Fraction]) -> list[tuple[Fraction, Fraction]]:
    """Return what bisection cannot decide, adjacent pieces merged.

    Where the model's own error hides the sign at the middle of a piece, only a better model helps; a few more
    bisections merely trim it.
    """
    pieces: list[tuple[Fraction, Fraction]] = []
    stack = [(*cell, 0)]
    while stack:
        left, right, depth = stack.pop()
        if over(left, right) > 0:
            continue
        middle = (left + right) / 2
        if depth < _TRIMMING or (depth < _DEEPEST and over(middle, middle) > 0):
            stack += [(middle, right, depth + 1), (left, middle, depth + 1)]
        elif pieces and pieces[-1][1] == left:
            pieces[-1] = (pieces[-1][0], right)
        else:
            pieces.append((left, right))
    return pieces


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
    """Whether a function, about `margin` at least, is proved positive for s² from `start` > 0 to that of a radius."""
    finest = smallness(margin) + 4
    with arb_precision(working_bits(finest) + _MODEL_BITS):
        end = to_arb(radius**2 * case.k / (case.k - 1))
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
