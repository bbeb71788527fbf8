"""Values of targets in balls: at a point, with derivatives over a box, and of wide balls by both."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from functools import lru_cache
from typing import Any

import flint

from emtheory.numerics.arithmetic.constant import Real
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.expectation.box import Box, BoxMeans, Term, box_expectations, box_sums
from emtheory.numerics.expectation.point import expectations
from emtheory.numerics.expectation.program import BALLS, Arithmetic, Dual, dual_arithmetic, numbers_of, variables
from emtheory.numerics.models.targets import Target
from emtheory.numerics.models.vanishing import Freed, freed, weights_of
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import MixtureModel

Balls = Mapping[str, flint.arb]
"""Name of a parameter → a ball."""

_NARROW = 2.0**-40
"""A ball with a smaller radius than this is taken for a number: slopes would tell no more."""
_LARGEST_OF_DOUBLES = 20.0
"""L up to which intervals of doubles over all nodes at once serve, which is faster in two and three coordinates."""
_UNKNOWN = flint.arb(0, flint.arb.pos_inf())
"""A derivative of which nothing is known."""
_DOMAIN_BITS = 256
"""A weight that is not told from 0 to so many bits is taken for 0."""
_SLOPE_ACCURACY = {1: 28.0, 2: 16.0, 3: 16.0, 4: 16.0}
"""Coordinates → L of derivatives, which are multiplied by the radius of a box: on a line more nodes cost next to
nothing, and small derivatives are told from 0."""


def is_narrow(values: Balls) -> bool:
    """Whether all parameters are almost numbers."""
    return all(value.rad() <= _NARROW for value in values.values())


def middle(values: Balls) -> Balls:
    """The centre of a box."""
    return {name: value.mid() for name, value in values.items()}


def moving(values: Balls) -> tuple[str, ...]:
    """The parameters that are no single numbers."""
    return tuple(name for name, value in values.items() if not value.is_exact())


def check_weights(model: MixtureModel, values: Balls) -> None:
    """Raise CannotAnswerError if a weight is not known to be positive, or of the data not to be at least 0."""
    if freed(model, values) is not None:
        raise CannotAnswerError("a weight of the fit may be 0")


def check_domain(model: MixtureModel, values: Mapping[str, Real]) -> None:
    """Raise InputError if a weight is not seen to be positive to many digits, or one of the data is below 0."""
    if not set(model.estimate) <= set(values):
        return
    with arb_precision(_DOMAIN_BITS):
        weights = weights_of(model).program(numbers_of(values))
    for index, weight in enumerate(weights):
        of_fit = index < len(model.fit)
        if weight < 0 or (of_fit and not weight > 0):
            where = f"fit[{index}]" if of_fit else f"data[{index - len(model.fit)}]"
            number = "0" if weight.contains(0) else weight.str(5, radius=False)
            raise InputError(f"the weight of {where} is {number}, which is not positive")


@lru_cache(maxsize=256)
def _without(model: MixtureModel, absent: tuple[int, ...]) -> MixtureModel:
    data = tuple(each for index, each in enumerate(model.data) if index not in absent)
    return replace(model, data=data, text=f"{model.text} without {absent}")


def present(model: MixtureModel, values: Mapping[str, Any], arithmetic: Arithmetic = BALLS) -> MixtureModel:
    """Return a model without the components of the data whose weight is 0, of which there is no logarithm."""
    weights = weights_of(model).program(values, arithmetic)[len(model.fit) :]
    absent = tuple(index for index, weight in enumerate(weights) if weight == 0)
    return _without(model, absent) if absent else model


def point_values(model: MixtureModel, target: Target, values: Balls, accuracy: float) -> list[flint.arb]:
    """Enclose a target's expressions, at Arb's precision in force."""
    free = freed(model, values)
    means: Mapping[Mean, flint.arb] = {}
    if target.means and (free is not None or (accuracy <= _LARGEST_OF_DOUBLES and len(model.observed) > 1)):
        means = means_over(model, target.means, Box(values, values, ()), min(accuracy, _LARGEST_OF_DOUBLES))
    elif target.means:
        means = expectations(model, target.means, values, accuracy).means
    return target.program({**values, **{mean.symbol.name: value for mean, value in means.items()}})


def means_over(model: MixtureModel, means: Sequence[Mean], box: Box, accuracy: float) -> Mapping[Mean, flint.arb]:
    """Enclose means over a box, at weights of the fit that may vanish, too."""
    free = freed(model, box.hull)
    law, inner = (model, box) if free is None else (free.model, _freed_box(free, box.centre, box.moving))
    return {mean: dual.value for mean, dual in box_expectations(law, means, inner, accuracy).means.items()}


def dual_values(model: MixtureModel, target: Target, box: Box) -> list[Dual]:
    """Enclose a target's expressions and their derivatives over a box."""
    free = freed(model, box.hull)
    if free is not None:
        inner = _freed_box(free, box.centre, box.moving)
        return [_with_unknown(each, box, inner) for each in _dual_values(free.model, target, inner)]
    return _dual_values(model, target, box)


def _freed_box(free: Freed, centre: Balls, moving: tuple[str, ...]) -> Box:
    """The box in which weights that may vanish stay balls, and nothing moves with them."""
    own = {name: value for name, value in free.values.items() if name in free.names or name not in centre}
    return Box({**centre, **own}, free.values, tuple(each for each in moving if each not in free.names), free.vanishing)


def _with_unknown(dual: Dual, box: Box, inner: Box) -> Dual:
    """The same with derivatives in all that moves: unknown ones in weights that may vanish."""
    slopes = dict(zip(inner.moving, dual.slopes, strict=True))
    return Dual(dual.value, tuple(slopes.get(name, _UNKNOWN) for name in box.moving))


def _dual_values(model: MixtureModel, target: Target, box: Box) -> list[Dual]:
    accuracy = _SLOPE_ACCURACY[len(model.observed)]
    own = variables(box.hull, box.moving)
    linear = target.linear
    if linear is not None:
        hull = iter(linear.coefficients(own, dual_arithmetic(len(box.moving))))
        centre = iter(linear.coefficients(box.centre))
        rows = [[Term(mean, next(centre), next(hull)) for mean in row] for row in linear.rows]
        return box_sums(model, rows, box, accuracy)
    means = box_expectations(model, target.means, box, accuracy).means if target.means else {}
    named = {**own, **{mean.symbol.name: value for mean, value in means.items()}}
    return target.program(named, dual_arithmetic(len(box.moving)))


def centred(centre: Sequence[flint.arb], duals: Sequence[Dual], box: Box) -> list[flint.arb]:
    """Return values over a box: those at its centre and what slopes add, cut by the direct enclosures."""
    found = []
    for value, dual in zip(centre, duals, strict=True):
        steps = zip(dual.slopes, box.moving, strict=True)
        mean_value = value + sum((slope * (box.hull[name] - box.centre[name]) for slope, name in steps), flint.arb(0))
        found.append(_common(mean_value, dual.value))
    return found


def box_of(values: Balls) -> Box:
    """Return the box that balls are."""
    return Box(middle(values), values, moving(values))


def local_box(values: Balls, *always: str, still: Set[str] = frozenset()) -> Box:
    """Return the box that balls are, in which what is almost a number does not move but stays the ball that it is."""
    wide = tuple(
        name for name, ball in values.items() if name in always or (ball.rad() > _NARROW and name not in still)
    )
    return Box({name: value.mid() if name in wide else value for name, value in values.items()}, values, wide)


def enclosures(model: MixtureModel, target: Target, values: Balls, accuracy: float) -> list[flint.arb]:
    """Enclose a target's expressions for all parameters in balls, wide ones too."""
    if is_narrow(values):
        return point_values(model, target, values, accuracy)
    free = freed(model, values)
    box = local_box(values) if free is None else local_box(values, still=free.names)
    return centred(point_values(model, target, box.centre, accuracy), dual_values(model, target, box), box)


def law_of_data(model: MixtureModel, values: Mapping[str, Any], arithmetic: Arithmetic = BALLS) -> MixtureModel:
    """Return a model whose fit is the law of its data, without components whose weight is 0."""
    return _own_fit(present(model, values, arithmetic))


@lru_cache(maxsize=256)
def _own_fit(model: MixtureModel) -> MixtureModel:
    return replace(model, fit=model.data, text=f"the data of {model.text}")


def log_likelihood(model: MixtureModel, values: Balls, accuracy: float) -> flint.arb:
    """Enclose E log p(X) of the fit."""
    free = freed(model, values)
    if is_narrow(values) and free is None:
        return expectations(model, (), values, accuracy, log=True).log_partition
    box = box_of(values) if free is None else local_box(values, still=free.names)
    centre = _log_at_centre(model, free, box.centre, accuracy)
    slopes = log_likelihood_slopes(model, values)
    steps = (slopes[name] * (box.hull[name] - box.centre[name]) for name in box.moving)
    found = centre + sum(steps, flint.arb(0))
    if free is not None or found.is_finite():
        return found
    return expectations(model, (), values, accuracy, log=True).log_partition


def _log_at_centre(model: MixtureModel, free: Freed | None, values: Balls, accuracy: float) -> flint.arb:
    """E log p, which grows with each weight that may vanish."""
    if free is None:
        return expectations(model, (), values, accuracy, log=True).log_partition
    fit = tuple(each for index, each in enumerate(model.fit) if index not in free.vanishing)
    without = replace(model, fit=fit, text=f"{model.text} but {free.vanishing}")
    most = {**free.values, **values}
    least, largest = (expectations(law, (), most, accuracy, log=True) for law in (without, free.model))
    return least.log_partition.union(largest.log_partition)


def log_likelihood_slopes(model: MixtureModel, values: Balls) -> Balls:
    """Enclose the derivatives of E log p(X) over a box, of data that vary with the parameters, too."""
    free, box = freed(model, values), box_of(values)
    law, box = (model, box) if free is None else (free.model, _freed_box(free, box.centre, box.moving))
    means = box_expectations(law, (), box, _SLOPE_ACCURACY[len(model.observed)], log=True)
    logs = _logs_over(law, box, means)
    found = {} if free is None else dict.fromkeys(free.names, _UNKNOWN)
    for p, name in enumerate(box.moving):
        found[name] = sum(
            (
                weight.value * slopes[p] + (0 if weight.slopes[p] == 0 else weight.slopes[p] * log)
                for weight, slopes, log in zip(means.weights, means.log_slopes, logs, strict=True)
            ),
            flint.arb(0),
        )
    return found


def _logs_over(model: MixtureModel, box: Box, means: BoxMeans) -> list[flint.arb]:
    """E log p over each component of the data on a box; only of interest where weights of the data vary."""
    if all(slope == 0 for weight in means.weights for slope in weight.slopes):
        return [flint.arb(0)] * len(means.weights)
    if box.vanishing:
        return [_UNKNOWN] * len(means.weights)
    centre = expectations(model, (), box.centre, _SLOPE_ACCURACY[len(model.observed)], log=True).logs
    return centred(centre, [Dual(_UNKNOWN, slopes) for slopes in means.log_slopes], box)


def _common(first: flint.arb, second: flint.arb) -> flint.arb:
    """What two enclosures of one number have in common."""
    if not second.is_finite():
        return first
    if not first.is_finite():
        return second
    try:
        return first.intersection(second)
    except ValueError:  # They touch only within their roundings.
        return first
