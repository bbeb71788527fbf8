"""The `ball` route: rigorous enclosures for two means, level `certified` (docs/error-bounds.md)."""

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.refined import refined
from emtheory.numerics.two_means import fitted_weight, iterates, model
from emtheory.numerics.two_means.case import (
    TwoMeans,
    checked_interval,
    checked_steps,
    two_means,
)
from emtheory.numerics.two_means.fixed_points import FixedPoint, fixed_points, narrowed
from emtheory.numerics.two_means.model import Parameters

_ACCURACY = 30.0
"""L of the values by which fixed points are counted; twice as much is tried where that does not do."""
_GUARD_DIGITS = 3
"""Of fixed points, beyond the digits asked for: as many more are printed."""

Value = Callable[[Parameters, float], flint.arb]


def em_map(case: Case, digits: int) -> Enclosure:
    """M(θ) = E[X tanh(θX/v + a)]."""
    return _at(case, digits, model.em_map)


def em_map_derivative(case: Case, digits: int) -> Enclosure:
    """M′(θ) = E[X² sech²(θX/v + a)]/v."""
    return _at(case, digits, model.em_map_derivative)


def weight_map(case: Case, digits: int) -> Enclosure:
    """W′ = E[½(1 + tanh(θX/v + a))]."""
    return _at(case, digits, fitted_weight.weight_map)


def variance_map(case: Case, digits: int) -> Enclosure:
    """v′ = E X² − M(θ)²."""
    return _at(case, digits, iterates.variance_map)


def _fitted(name: str, scale: bool, case: Case, digits: int, start: Fraction, t: Fraction) -> Enclosure:
    """A parameter after t steps from θ = start with the weight fitted, and perhaps the variance."""
    steps = _followed(start, t)

    def value(p: Parameters, accuracy: float) -> flint.arb:
        found: flint.arb = getattr(fitted_weight.orbit(_from(p, start), accuracy, steps, scale=scale), name)
        return found

    return _at(case, digits, value)


fitted_iterate = partial(_fitted, "theta", False)
fitted_weight_iterate = partial(_fitted, "fit_weight", False)
jointly_fitted_iterate = partial(_fitted, "theta", True)
jointly_fitted_weight = partial(_fitted, "fit_weight", True)
jointly_fitted_variance = partial(_fitted, "fit_variance", True)


def kl_divergence(case: Case, digits: int) -> Enclosure:
    """KL(truth ‖ fit)."""
    return _at(case, digits, model.kl_divergence)


def em_iterate(case: Case, digits: int, start: Fraction | float, t: Fraction) -> Enclosure:
    """The t-th iterate from a start.

    Parameters
    ----------
    case, digits
        The law and the fit, and the correct significant digits wanted.
    start, t
        Where from, perhaps ±∞, and the number of steps.

    Raises
    ------
    CannotAnswerError
        If there are too many steps, or the iterate is not told from 0.
    """
    return _follow(case, digits, start, t, iterates.iterate)


def location_scale_iterate(case: Case, digits: int, start: Fraction | float, t: Fraction) -> Enclosure:
    """θ after t steps with the variance fitted.

    Parameters
    ----------
    case, digits, start, t
        As for `em_iterate`, and the variance to start with.
    """
    return _follow(case, digits, start, t, partial(iterates.iterate, scale=True))


def location_scale_variance(case: Case, digits: int, start: Fraction | float, t: Fraction) -> Enclosure:
    """The variance after t steps.

    Parameters
    ----------
    case, digits, start, t
        As for `location_scale_iterate`.
    """
    return _follow(case, digits, start, t, iterates.fitted_variance)


def fixed_point_count(case: Case, digits: int, low: Fraction | float, high: Fraction | float) -> Enclosure:
    """The number of fixed points in a closed interval.

    Parameters
    ----------
    case
        The law and the fit.
    digits
        Without meaning for an integer.
    low, high
        The ends, perhaps infinite.

    Raises
    ------
    CannotAnswerError
        If an end is not told from a fixed point that is not known exactly, or M touches θ.
    """
    count = Fraction(len(enclosed_fixed_points(two_means(case), low, high)))
    return Enclosure(count, count, Level.CERTIFIED, "ball")


def basin_boundary(case: Case, digits: int) -> Enclosure:
    """The infimum of the starts from which EM converges to the largest fixed point: the one before it, or −∞.

    M increases, so that every sequence of iterates is monotone, and between two neighbouring simple fixed points it
    leads away from one and to the other.
    """
    p = two_means(case)
    known = enclosed_fixed_points(p, -math.inf, math.inf)
    if len(known) < 2:
        return Enclosure(-math.inf, -math.inf, Level.CERTIFIED, "ball")
    if known[-2].lower == known[-2].upper:
        return Enclosure(known[-2].lower, known[-2].upper, Level.CERTIFIED, "ball")
    accuracy = 2 * (digits + _GUARD_DIGITS) * math.log(10)
    for _ in range(3):
        with arb_precision(working_bits(accuracy)):
            point = narrowed(p.balls(), known[-2], accuracy)
        found = Enclosure(point.lower, point.upper, Level.CERTIFIED, "ball")
        if found.has_digits(digits + _GUARD_DIGITS):
            return found
        accuracy *= 2
    raise CannotAnswerError(f"the boundary is not known to {digits} digits; it may be zero")


def enclosed_fixed_points(p: TwoMeans, low: Fraction | float, high: Fraction | float) -> list[FixedPoint]:
    """Return the fixed points in a closed interval, enclosed apart from each other.

    Parameters
    ----------
    p
        The law and the fit.
    low, high
        The ends, perhaps infinite.

    Raises
    ------
    InputError
        If the interval is empty.
    CannotAnswerError
        As for `fixed_point_count`.
    """
    low, high = checked_interval(low, high)
    for accuracy in (_ACCURACY, 2 * _ACCURACY):
        with arb_precision(working_bits(accuracy)):
            try:
                return fixed_points(replace(p, theta=Fraction(0)).balls(), low, high, accuracy, p.fixed)
            except CannotAnswerError:
                if accuracy > _ACCURACY:
                    raise
    raise AssertionError


def _followed(start: Fraction | float, t: Fraction) -> int:
    steps = checked_steps(start, t)
    if steps > iterates.MAX_STEPS:
        raise CannotAnswerError(f"{steps} steps are more than the {iterates.MAX_STEPS} that are followed")
    return steps


def _follow(
    case: Case, digits: int, start: Fraction | float, t: Fraction, value: Callable[..., flint.arb]
) -> Enclosure:
    steps = _followed(start, t)

    def at(p: Parameters, accuracy: float) -> flint.arb:
        begin = flint.arb(to_fmpq(start)) if isinstance(start, Fraction) else start
        return value(p, accuracy, begin, steps)

    return _at(case, digits, at)


def _from(p: Parameters, start: Fraction) -> Parameters:
    return p.at(flint.arb(to_fmpq(start)))


def _at(case: Case, digits: int, value: Value) -> Enclosure:
    p = two_means(case)
    return refined(lambda accuracy: value(p.balls(), accuracy), digits, 0.0)
