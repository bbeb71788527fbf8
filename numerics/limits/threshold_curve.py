"""The weight w*(μ) above which a known weight leaves no spurious fixed point, for all μ of an interval at once.

For θ < μ the map increases in (2w − 1)², so that there is one w* for each μ > 0 (docs/error-bounds.md, section 15): it
is above every weight at which M − θ is negative at some θ < 0, and below every one at which M − θ has no zero on θ ≤ 0.
Both are shown in balls for all μ of the interval.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import flint

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.family import BoxForm
from emtheory.numerics.limits.tangency import MODEL, proposal, with_weight
from emtheory.numerics.models.evaluation import enclosures
from emtheory.numerics.models.fixed_points import fixed_points
from emtheory.numerics.models.packaged import packaged_models
from emtheory.numerics.models.targets import em_map_target

_GROWTH, _TRIES = 1.6, 6
"""Of the distance from the proposal, from try to try, and how many there are."""
_LEAST = 2.0**-40
"""The least width: proposals are no better."""


def threshold_over(separation: flint.arb, accuracy: float) -> flint.arb:
    """Enclose w*(μ) for every μ in a ball, at Arb's precision in force; an infinite ball if that does not succeed.

    `separation`: μ; `accuracy`: L of values of M.
    """
    unknown = flint.arb(0, flint.arb.pos_inf())
    if not separation > 0:
        return unknown
    theta, weight = proposal(float(separation.mid()))
    mu, width = float(separation.mid()), max(float(separation.rad()), _LEAST)
    # 1 − w* falls about as e^{−μ²}, whose logarithm has the slope 2μ.
    gaps = [(1 + 2 * mu) * width * (1 - weight) * _GROWTH**turn for turn in range(_TRIES)]
    lower = _first([weight - gap for gap in gaps], lambda each: _dips(separation, theta, each, accuracy))
    upper = _first([weight + gap for gap in gaps], lambda each: _has_none(separation, each, accuracy))
    return unknown if lower is None or upper is None else flint.arb(lower).union(flint.arb(upper))


def _first(weights: list[float], holds: Callable[[float], bool]) -> float | None:
    return next((weight for weight in weights if 1 / 2 < weight < 1 and holds(weight)), None)


def _dips(separation: flint.arb, theta: float, weight: float, accuracy: float) -> bool:
    """Whether M < θ at one θ < 0, so that there is a fixed point below it."""
    model, place = packaged_models()[MODEL], flint.arb(theta)
    values = {"theta": place, **with_weight(separation, flint.arb(weight))}
    return bool(place < 0 and enclosures(model, em_map_target(model), values, accuracy)[0] < place)


def _has_none(separation: flint.arb, weight: float, accuracy: float) -> bool:
    """Whether there is no fixed point on θ ≤ 0."""
    values = {"theta": flint.arb(0), **with_weight(separation, flint.arb(weight))}
    try:
        return not fixed_points(packaged_models()[MODEL], values, -math.inf, Fraction(0), (), accuracy)
    except CannotAnswerError:
        return False


def _over(balls: Mapping[str, Any], accuracy: float, _: Mapping[str, Any]) -> flint.arb:
    if balls["fit_variance"] != 1:
        raise CannotAnswerError("that is asked of fits with the variance 1 only")
    return threshold_over(balls["separation"], accuracy)


SPURIOUS_THRESHOLD = BoxForm(_over, None)
