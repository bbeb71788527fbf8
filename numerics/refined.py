"""A number computed ever more accurately, until its ball is narrow enough for the digits wanted."""

import math
from collections.abc import Callable

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level

GUARD_DIGITS = 3
"""The ball must have so many digits beyond those asked for: as many more are printed. Each costs 2.3 of the
accuracy."""
MAX_ATTEMPTS = 6
"""Accuracies that are tried. Each adds what was missing, or doubles: after five times, 32-fold, a value that is still
not told from zero is taken for one that may be zero."""
SLACK = 5.0
"""Constants in front of e^{−L}, so that the first attempt usually suffices."""


def refined(
    compute: Callable[[float], flint.arb],
    digits: int,
    small: float,
    guard_digits: int = GUARD_DIGITS,
    attempts: int = MAX_ATTEMPTS,
) -> Enclosure:
    """Raise the accuracy until the ball has the digits wanted; its precision grows with it.

    `compute` takes L to a ball of radius about e^{−L}, and `small` is −log of the number's size; guard digits come
    beside those wanted, and CannotAnswerError where they are not reached after as many attempts.
    """
    wanted = digits + guard_digits
    accuracy = max(wanted * math.log(10) + small + SLACK, 1.0)
    for attempt in range(attempts):
        with arb_precision(working_bits(accuracy)):
            ball = compute(accuracy)
            if ball.is_finite():
                result = Enclosure(*ball_bounds(ball), Level.CERTIFIED, "ball")
                if result.has_digits(wanted):
                    return result
            missing = wanted * math.log(10) - ball.rel_accuracy_bits() * math.log(2)
        # A value near zero says little about the accuracy it needs, and one not told from zero nothing: at most double
        # it. Where an expansion gains its accuracy in jumps, what seems to be missing may be too small a step.
        known = ball.is_finite() and 0 not in ball
        accuracy += min(max(missing, 0.0) + 3 * 2**attempt, accuracy) if known else accuracy
    raise CannotAnswerError(f"the enclosure does not reach {digits} digits; the value may be zero")
