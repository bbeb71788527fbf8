"""How the quantities of two means are followed over boxes of the variables."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.family import BoxForm
from emtheory.numerics.two_means import fitted_weight, model
from emtheory.numerics.two_means.case import checked_interval, checked_steps
from emtheory.numerics.two_means.fixed_points import fixed_points
from emtheory.numerics.two_means.iterates import (
    fitted_variance,
    fitted_variance_slopes,
    iterate,
    iterate_slopes,
    variance_map,
    variance_map_slopes,
)
from emtheory.numerics.two_means.model import Parameters, Slopes
from emtheory.numerics.two_means.tails import Tail, em_map_derivative_tail, em_map_tail, kl_divergence_tail
from emtheory.numerics.two_means.threshold_curve import threshold_over

_COUNT_ACCURACY = 20.0
"""L of the values by which fixed points are counted over a box, whose width matters more."""

_MOST_ACCURATE = 60.0
"""What is added to L at most where values are small."""

Balls = Mapping[str, Any]


def parameters(balls: Balls) -> Parameters:
    """Return the variables of the family, θ being 0 where it has no part."""
    theta = balls.get("theta", flint.arb(0))
    names = ("separation", "truth_weight", "fit_weight", "fit_variance")
    return Parameters(theta, *(balls[name] for name in names))


def _form(
    value: Callable[[Parameters, float], flint.arb],
    slopes: Callable[[Parameters, float], Slopes],
    tail: Callable[[Parameters], Tail] | None = None,
) -> BoxForm:
    return BoxForm(
        lambda balls, accuracy, _: value(parameters(balls), accuracy),
        lambda balls, accuracy, _: slopes(parameters(balls), accuracy),
        None if tail is None else lambda balls: tail(parameters(balls)),
    )


def _steps(value: Callable[..., flint.arb], slopes: Callable[..., Slopes]) -> BoxForm:
    return BoxForm(partial(_iterate, value), partial(_iterate, slopes))


def _iterate(follow: Callable[..., Any], balls: Balls, accuracy: float, arguments: Balls) -> Any:
    start, steps = arguments["start"], arguments["t"]
    if isinstance(steps, flint.arb):
        raise CannotAnswerError("the number of steps varies")
    begin = flint.arb(to_fmpq(start)) if isinstance(start, Fraction) else start
    return follow(parameters(balls), accuracy, begin, checked_steps(start, steps))


def _threshold(balls: Balls, accuracy: float, _: Balls) -> flint.arb:
    if balls["fit_variance"] != 1:
        raise CannotAnswerError("that is asked of fits with the variance 1 only")
    return threshold_over(balls["separation"], accuracy)


def _count(balls: Balls, _: float, arguments: Balls) -> flint.arb:
    p = parameters(balls)
    low, high = checked_interval(arguments["low"], arguments["high"])
    half = flint.arb(1) / 2
    balanced = bool(p.fit_weight == half) or bool(p.truth_weight == half)
    known = {Fraction(0)} if balanced else set()
    return flint.arb(len(fixed_points(p, low, high, _COUNT_ACCURACY, known)))


def _divided(p: Parameters, accuracy: float) -> flint.arb:
    """(M(θ) − μ)/(θ − μ) where μ is a fixed point, or M′ between θ and μ where they are not told apart."""
    gap = p.theta - p.separation
    if gap.contains(0):
        return model.em_map_derivative(p.at(p.theta.union(p.separation)), accuracy)
    lost = max(0.0, -float(abs(gap).lower().log().mid()))
    return (model.em_map(p, accuracy + lost) - p.separation) / gap


def _divided_slopes(p: Parameters, accuracy: float) -> Slopes:
    """Derivatives of ∫ M′(μ + s(θ − μ)) ds over s from 0 to 1, in which s and 1 − s have the mean ½."""
    around = p.theta.union(p.separation)
    # Between far means M′ is about e^{−θ²/2}: this only chooses an accuracy.
    small = min(float(abs(around).lower()) ** 2 / 2, _MOST_ACCURATE)
    slopes = model.em_map_derivative_slopes(p.at(around), accuracy + small)
    half = slopes["theta"] / 2
    return {**slopes, "theta": half, "separation": half + slopes["separation"]}


EM_MAP = _form(model.em_map, model.em_map_slopes, em_map_tail)
EM_MAP_DERIVATIVE = _form(model.em_map_derivative, model.em_map_derivative_slopes, em_map_derivative_tail)
WEIGHT_MAP = _form(fitted_weight.weight_map, fitted_weight.weight_map_slopes)
KL_DIVERGENCE = _form(model.kl_divergence, model.kl_divergence_slopes, kl_divergence_tail)
EM_MAP_DIVIDED = _form(_divided, _divided_slopes)
EM_ITERATE = _steps(iterate, iterate_slopes)
VARIANCE_MAP = _form(variance_map, variance_map_slopes)
LOCATION_SCALE_ITERATE = _steps(partial(iterate, scale=True), partial(iterate_slopes, scale=True))
LOCATION_SCALE_VARIANCE = _steps(fitted_variance, fitted_variance_slopes)
FIXED_POINT_COUNT = BoxForm(_count, None)
SPURIOUS_THRESHOLD = BoxForm(_threshold, None)
