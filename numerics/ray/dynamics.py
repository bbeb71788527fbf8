"""Population EM where it keeps the simplex: one recursion r ← (1 − β(r)) r for the radius.

EM multiplies the amplitude at frequency m by 1 − β_m. The simplex is kept if all β_m are equal: for k ≤ 3, where
there is one frequency, and for weights of at most two values whose classes are difference sets (a single special
component is one), since then E[γ_jγ_l] has two values off the diagonal and |Σ_{j in class} e^{2πi jm/k}| one.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from emtheory.numerics.arithmetic.rational import log_of
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, OutOfReachError
from emtheory.numerics.weights import is_difference_set

MAX_STEPS = 20_000
"""A choice: one quadrature a step takes minutes then. Where the rate is sublinear no number would be enough."""
_FAR = 2
"""How many times more steps than are followed an estimate must ask for, to be believed at once."""

Value = Callable[[Fraction], Fraction]
"""Radius → value of a quantity there, to the caller's precision."""


def keeps_simplex(case: Case) -> bool:
    """Whether population EM provably maps regular simplices to regular simplices."""
    classes = list(case.classes.values())
    return case.k <= 3 or len(classes) == 1 or (len(classes) == 2 and is_difference_set(frozenset(classes[0]), case.k))


def require_simplex_kept(case: Case) -> None:
    """Raise CannotAnswerError where the trajectory needs amplitudes off the simplex."""
    if not case.on_simplex or not keeps_simplex(case):
        raise CannotAnswerError(
            "population EM from this point leaves the regular simplex (its frequencies contract at different "
            "factors), and this route follows the simplex only"
        )


def steps_to(start: Fraction, power: Value, divergence: Value, eps: Fraction, resolution: Fraction) -> int:
    """Count EM steps from radius `start` until the divergence, known to a relative resolution, is at most eps.

    KL decreases at every step, so it is evaluated only at those of `first_below`. CannotAnswerError if a divergence
    cannot be told from eps, OutOfReachError if more than 20,000 steps are needed.
    """
    radii: list[Fraction] = [start]
    powers: list[Fraction] = []

    def excess(step: int) -> tuple[float, float]:
        while len(powers) <= step:
            powers.append(power(radii[-1]))
            radii.append(rounded((1 - powers[-1]) * radii[-1]))
        ratio = divergence(radii[step]) / eps
        if ratio <= 0:
            raise CannotAnswerError(f"after {step} steps KL is not told from 0")
        if abs(ratio - 1) <= resolution:
            raise CannotAnswerError(f"after {step} steps KL agrees with eps to all the digits carried")
        # KL is about quadratic in the radius, and a step multiplies that by 1 − β.
        return log_of(ratio), -2 * math.log1p(-float(powers[step]))

    if (steps := first_below(excess)) is None:
        raise CannotAnswerError("after some step KL cannot be told from eps")
    return steps


def first_below(excess: Callable[[int], tuple[Any, Any]]) -> int | None:
    """Find the first step whose excess is at most 0, by its pace and bisection; None if a sign is undecided.

    The excess at a step is log(KL/eps) and by about how much a step lowers it, numbers or balls; OutOfReachError if
    more than 20,000 steps are needed.
    """
    above, below, step = -1, None, 0
    while below is None or below - above > 1:
        value, pace = excess(step)
        if value <= 0:
            below = step
        elif not value > 0:
            return None
        else:
            above = step
        pace = pace if pace > 0 else math.nan
        step = _ahead(step, float(value), float(pace)) if below is None else (above + below) // 2
    return below


def _ahead(step: int, excess: float, pace: float) -> int:
    """The step at which the excess may be gone, or the next; OutOfReachError if that is far out of reach."""
    ahead = excess / pace if pace else math.inf
    # Paces slow down towards the origin: a first guess is rather too small, and nothing is computed in vain.
    if step >= MAX_STEPS or ahead > _FAR * MAX_STEPS:
        raise OutOfReachError(f"more than {MAX_STEPS} steps are needed")
    return min(step + (max(1, int(ahead)) if math.isfinite(ahead) else 1), MAX_STEPS)


def limiting_factor(start: Fraction, power: Value, resolution: Fraction) -> Fraction:
    """Return lim r_{t+1}/r_t, measured: iterate until the factor stands still to an absolute resolution.

    The factor approaches its limit like r², so each step's change bounds the rest by a geometric series in the squared
    factor; CannotAnswerError if it has not settled after 20,000 steps.
    """
    radius, factor = start, Fraction(0)
    for _ in range(MAX_STEPS):
        previous, factor = factor, 1 - power(radius)
        tail = abs(factor - previous) * factor**2 / (1 - factor**2)
        if previous and tail <= resolution:
            return factor
        radius = rounded(factor * radius)
    raise CannotAnswerError(f"the factor has not settled after {MAX_STEPS} steps: the rate may be sublinear")


def rounded(value: Fraction, bits: int = 512) -> Fraction:
    """Keep `bits` significant bits, so that iterated fractions do not grow."""
    if value == 0:
        return value
    shift = bits - (value.numerator.bit_length() - value.denominator.bit_length())
    return Fraction(round(value * Fraction(2) ** shift)) / Fraction(2) ** shift
