"""Where two fixed points merge when the weight is known: M(θ) = θ and M′(θ) = 1 at once, in θ < 0 and w = W₀ = W.

A float search proposes the pair; Krawczyk's test on a box around it shows that there is one solution in the box and no
other. No larger weight has one: outside the θ of the box M − θ has no zero at the lower end of its weights, nor
therefore above it, and inside none at a weight of the box beyond.

That weight w*(μ), above which there is no spurious fixed point, is also enclosed for all μ of an interval. For θ < μ
the map increases in (2w − 1)², so that there is one w* for each μ > 0 (docs/error-bounds.md, section 15): it is above
every weight at which M − θ is negative at some θ < 0, and below every one at which M − θ has no zero on θ ≤ 0. Both are
shown in balls for all μ of the interval.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.krawczyk import has_one_zero, newton_step
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.family import BoxForm
from emtheory.numerics.level import Level
from emtheory.numerics.limits.crossing import check_unit_variance, proposed
from emtheory.numerics.models.evaluation import dual_values, enclosures, local_box, point_values
from emtheory.numerics.models.fixed_points import fixed_points
from emtheory.numerics.models.packaged import packaged_models
from emtheory.numerics.models.targets import em_map_target, scalar_target

MODEL = "two-means"
_BESIDE = Fraction(1, 2**12)
"""Half the width of the box in which the tangency is the only one, in θ, and in w as a part of 1 − w."""
_ACCURACY = 30.0
"""L of values of M where fixed points are excluded."""
_RESERVE = 10.0
"""Added to L where M − θ and M′ − 1 are computed: the smaller μ, the more errors in them move the tangency."""
_STEPS = 60
"""Of Newton's method, more than it ever takes."""
_NEAREST = 1e-6
"""To 0, as far as a float search looks for the least M − θ."""

Pair = tuple[flint.arb, flint.arb]


def spurious_threshold(case: Case, digits: int) -> Enclosure:
    """Enclose the tangency, beside which no other one leaves fixed points below 0; else CannotAnswerError."""
    mu = _separation(case)
    start = proposal(float(mu))
    accuracy = (digits + 6) * math.log(10) - math.log(1 - start[1])  # Digits of 1 − w.
    with arb_precision(working_bits(2 * accuracy)):
        theta, weight = _refined(to_arb(mu), start, accuracy)
        beside = _BESIDE * (1 - ball_bounds(weight)[1])
        halves = to_arb(_BESIDE), to_arb(beside)
        box = tuple(
            value.mid() + flint.arb(0, half.upper()) for value, half in zip((theta, weight), halves, strict=True)
        )
        if not _is_only_one(to_arb(mu), (theta.mid(), weight.mid()), (box[0], box[1]), accuracy):
            raise CannotAnswerError("the tangency is not shown to be the only one nearby")
        width = (-flint.arb(accuracy)).exp() * 100
        narrow = tuple(value.mid() + flint.arb(0, width.upper()) for value in (theta, weight))
        if not _is_only_one(to_arb(mu), (theta.mid(), weight.mid()), (narrow[0], narrow[1]), accuracy):
            raise CannotAnswerError("the tangency is not enclosed to so many digits")
        lower, upper = ball_bounds(narrow[1])
    left, right = ball_bounds(theta.mid() - halves[0])[1], min(ball_bounds(theta.mid() + halves[0])[0], Fraction(0))
    with arb_precision(working_bits(_ACCURACY)):
        around = (lower, -math.inf, left), (lower, right, Fraction(0)), (lower + beside, left, right)
        if not all(_has_none(to_arb(mu), to_arb(each), low, high, _ACCURACY) for each, low, high in around):
            raise CannotAnswerError("fixed points below 0 are not excluded beside the tangency")
    return Enclosure(lower, upper, Level.CERTIFIED, "ball")


def spurious_threshold_float(case: Case, digits: int) -> Enclosure:
    """Return it in double precision."""
    return proposed(proposal(float(_separation(case)))[1])


def _separation(case: Case) -> Fraction:
    check_unit_variance(case)
    if (mu := case.rationals["separation"]) == 0:
        raise CannotAnswerError("μ = 0 has no tangency: 0 is the only fixed point for every weight")
    return mu


def proposal(mu: float) -> tuple[float, float]:
    """Return θ and w near the tangency, in double precision."""
    z = np.arange(-9, 9, 1 / 64)
    normal = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) / 64
    x = np.concatenate([z + mu, z - mu])

    def least(w: float) -> tuple[float, float]:
        mass = np.concatenate([w * normal, (1 - w) * normal])
        offset = math.atanh(2 * w - 1)
        from scipy.optimize import minimize_scalar

        found = minimize_scalar(
            lambda t: float(mass @ (x * np.tanh(t * x + offset))) - t,
            bounds=(-mu - 1, -_NEAREST),
            method="bounded",
            options={"xatol": 1e-10},
        )
        return float(found.fun), float(found.x)

    low, high = 0.5, 1 - 1e-12
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if least(middle)[0] < 0 else (low, middle)
    return least(high)[1], high


def _refined(mu: flint.arb, start: tuple[float, float], accuracy: float) -> Pair:
    """Newton's method from a proposal; what it gives is tested afterwards."""
    point = (flint.arb(start[0]), flint.arb(start[1]))
    for _ in range(_STEPS):
        values, jacobian = _system(mu, point, accuracy + _RESERVE)
        try:
            step = newton_step(values, jacobian)
        except ZeroDivisionError:
            raise CannotAnswerError("the tangency is not told from a multiple one") from None
        point = ((point[0] - step[0]).mid(), (point[1] - step[1]).mid())
        if not (point[0] < 0 and point[1] > 0 and point[1] < 1):
            raise CannotAnswerError("Newton's method leaves the weights between 0 and 1")
        if max(abs(step[0]), abs(step[1]), key=float) < (-flint.arb(accuracy)).exp():
            return point
    raise CannotAnswerError("Newton's method does not converge to a tangency")


def _is_only_one(mu: flint.arb, centre: Pair, box: Pair, accuracy: float) -> bool:
    """Krawczyk's test."""
    values, near = _system(mu, centre, accuracy + _RESERVE)
    _, wide = _system(mu, box, min(accuracy, 30.0))
    return has_one_zero(centre, box, values, near, wide)


def _system(mu: flint.arb, point: Pair, accuracy: float) -> tuple[list[flint.arb], flint.arb_mat]:
    """M − θ and M′ − 1, and their derivatives in θ and in w, which is both weights."""
    theta, weight = point
    values = {"theta": theta, **with_weight(mu, weight)}
    box = local_box(values, "theta", "truth_weight", "fit_weight")
    found, jacobian = [], []
    for kind, names, less in (("em_map", ("theta",), theta), ("em_jacobian", ("theta", "theta"), flint.arb(1))):
        target = scalar_target(packaged_models()[MODEL], kind, *names)
        (dual,) = dual_values(packaged_models()[MODEL], target, box)
        slopes = dict(zip(box.moving, dual.slopes, strict=True))
        found.append(point_values(packaged_models()[MODEL], target, values, accuracy)[0] - less)
        own = slopes["theta"] - (1 if kind == "em_map" else 0)
        jacobian.append([own, slopes["truth_weight"] + slopes["fit_weight"]])
    return found, flint.arb_mat(jacobian)


def with_weight(mu: flint.arb, weight: flint.arb) -> dict[str, flint.arb]:
    """Return all parameters but θ where data and fit have one weight."""
    return {"separation": mu, "truth_weight": weight, "fit_weight": weight, "fit_variance": flint.arb(1)}


_GROWTH, _TRIES = 1.6, 6
"""Of the distance from the proposal, from try to try, and how many there are."""
_LEAST = 2.0**-24
"""The least width. A choice: nearer the tangency fixed points are ever harder to tell apart."""


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
    upper = _first(
        [weight + gap for gap in gaps], lambda each: _has_none(separation, each, -math.inf, Fraction(0), accuracy)
    )
    return unknown if lower is None or upper is None else flint.arb(lower).union(flint.arb(upper))


def _first(weights: list[float], holds: Callable[[float], bool]) -> float | None:
    return next((weight for weight in weights if 1 / 2 < weight < 1 and holds(weight)), None)


def _dips(separation: flint.arb, theta: float, weight: float, accuracy: float) -> bool:
    """Whether M < θ at one θ < 0, so that there is a fixed point below it."""
    model, place = packaged_models()[MODEL], flint.arb(theta)
    values = {"theta": place, **with_weight(separation, flint.arb(weight))}
    return bool(place < 0 and enclosures(model, em_map_target(model), values, accuracy)[0] < place)


def _has_none(separation: flint.arb, weight: float | flint.arb, low: Bound, high: Fraction, accuracy: float) -> bool:
    """Whether there is no fixed point from one θ to another."""
    values = {"theta": flint.arb(0), **with_weight(separation, flint.arb(weight))}
    try:
        return not fixed_points(packaged_models()[MODEL], values, low, high, (), accuracy)
    except CannotAnswerError:
        return False


def _over(balls: Mapping[str, Any], accuracy: float, _: Mapping[str, Any]) -> flint.arb:
    # Of a ball around 1 neither == nor != is true.
    if not (balls["fit_variance"] == 1):
        raise CannotAnswerError("that is asked of fits with the variance 1 only")
    return threshold_over(balls["separation"], accuracy)


SPURIOUS_THRESHOLD = BoxForm(_over, None)
