"""How many steps of population EM leave KL above a target, from bounds of β_m: without taking the steps.

EM multiplies ρ_m by 1 − β_m, and β_m ≤ |π̂_m|² + ½·3‖ρ‖², as ∂β_m/∂ρ_n = ρ_n t_mn with |t_mn| ≤ 3. So the norm y of the
slow frequencies is at least (1 − a − 3y²/2)y after a step, and KL, which increases in every amplitude, cannot fall
faster than that lets it. Where |π̂_m|² = 0 this is the power law: y^{−2} grows by about 3 a step, KL like t^{−2}.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.ray.dynamics import keeps_simplex
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND
from emtheory.numerics.simplex_point.spectrum import squared_modulus
from emtheory.numerics.trajectories.iterates import Iterate

_SLOPE = Fraction(MOMENT_BOUND) / 2
"""β_m rises from the origin by at most this times ‖ρ‖²."""
_DIGITS = 40
"""Of |π̂_m|², which are bounded from above."""
_BITS = 128
"""Of roots and logarithms; a choice."""
_SHRINK = Fraction(7, 8)
"""From one norm that is tried to the next. A choice: steps are counted to within a quarter."""
_FEW = 3
"""Digits of a KL: enough to tell it from the target."""


def steps_above(case: Case, iterate: Iterate, target: Fraction) -> int:
    """Return a number of steps from an iterate after which KL is still above the target; 0 if none is found.

    `case`: the mixture. `iterate`: an iterate of it; what is returned holds for all amplitudes in its enclosures.
    `target`: KL in nats, positive.
    """
    return max((_steps(case, group, iterate, target) for group in _slow_groups(case, iterate)), default=0)


def _slow_groups(case: Case, iterate: Iterate) -> Iterator[list[int]]:
    """Yield the sets of frequencies that the iterate has and whose |π̂_m|² is at most one of theirs."""
    excited = [m for m in case.frequencies if iterate.amplitudes[m - 1].lower > 0]
    bounds = {m: squared_modulus(case.weights, m).enclose(_DIGITS)[1] for m in excited}
    for bound in sorted(set(bounds.values())):
        yield [m for m in excited if bounds[m] <= bound]


def _steps(case: Case, group: Sequence[int], iterate: Iterate, target: Fraction) -> int:
    loss = max(squared_modulus(case.weights, m).enclose(_DIGITS)[1] for m in group)
    squares = {
        m: (Fraction(rho.lower) ** 2, Fraction(rho.upper) ** 2)
        for m, rho in zip(case.frequencies, iterate.amplitudes, strict=True)
    }
    loss += _SLOPE * sum((upper for m, (_, upper) in squares.items() if m not in group), start=Fraction(0))
    # Beyond this y ↦ (1 − a − 3y²/2)y falls, and a bound of y would be none of its image.
    if loss + 3 * _SLOPE * sum(squares[m][1] for m in group) > 1:
        return 0
    start = sum((squares[m][0] for m in group), start=Fraction(0))
    reached = _least_square(case, group, start, target)
    return 0 if reached is None else _steps_between(start, reached, loss)


def _steps_between(start: Fraction, end: Fraction, loss: Fraction) -> int:
    """Return how many steps y² takes at least from `start` to `end`.

    With u = y^{−2} a step multiplies u by at most (1 − x)^{−2} ≤ 1 + cx, where x = a + 3/(2u) is largest at first.
    """
    first = loss + _SLOPE * start
    growth = (2 - first) / (1 - first) ** 2
    if loss == 0:
        return math.floor((1 / end - 1 / start) / (growth * _SLOPE))
    with arb_precision(_BITS):
        ratio = (1 / end + _SLOPE / loss) / (1 / start + _SLOPE / loss)
        steps = to_arb(ratio).log() / to_arb(1 + growth * loss).log()
        return max(0, math.floor(ball_bounds(steps)[0]))


def _least_square(case: Case, group: Sequence[int], start: Fraction, target: Fraction) -> Fraction | None:
    """Return about the smallest y² at which KL is above the target; None if it is not even at the start."""

    def above(power: int) -> bool:
        return all(ball_values.kl_divergence(there, _FEW).lower > target for there in _least(case, group, start, power))

    try:
        if not above(0):
            return None
        known, over = 0, 1
        while above(over):
            known, over = over, 2 * over
        while over - known > 1:
            middle = (known + over) // 2
            known, over = (middle, over) if above(middle) else (known, middle)
    except CannotAnswerError:
        return None
    return start * _SHRINK ** (2 * known)


def _least(case: Case, group: Sequence[int], start: Fraction, power: int) -> Iterator[Case]:
    """Yield points one of which has no larger KL than any point of that norm on the frequencies of the group."""
    with arb_precision(_BITS):
        norm = ball_bounds(to_arb(start).sqrt())[0] * _SHRINK**power
        share = ball_bounds(to_arb(Fraction(1, len(group))).sqrt())[0]
    if case.on_simplex and keeps_simplex(case):
        yield case.at_radius(norm)
        return
    for m in group:
        yield replace(case, radius=None, amplitudes=tuple(norm * share * (n == m) for n in case.frequencies))
