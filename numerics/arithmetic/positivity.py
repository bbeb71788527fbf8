"""Proofs that a function is positive on a whole interval, by models of increasing accuracy and subdivision."""

from collections.abc import Callable
from fractions import Fraction

import flint

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
    """Whether a function is certainly positive on every cell of its domain; False means not proved.

    The model takes an interval and an accuracy L to enclosures on subintervals, with errors of about e^{−L}; what a
    coarse one leaves undecided is modelled anew, with L doubled, up to the finest.
    """
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
