"""EM's iterates, at a point and over boxes, and the stationary point next to given parameters."""

import math
from collections.abc import Mapping
from dataclasses import replace
from operator import mul
from typing import Any

import flint

from emtheory.numerics.arithmetic.krawczyk import has_one_zero, newton_step
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.expectation.box import Box
from emtheory.numerics.expectation.program import Dual
from emtheory.numerics.models.evaluation import Balls, box_of, centred, dual_values, enclosures, point_values
from emtheory.numerics.models.spectrum import rows_of
from emtheory.numerics.models.targets import em_map_target, information_target, jacobian_target, score_target
from emtheory.theory.mixtures.model import ZERO, MixtureModel

MAX_STEPS = 100_000
"""A choice: minutes at a millisecond a step."""
_SLOPES = 12.0
"""L of derivatives at least, which are multiplied by the radius of an iterate's ball: few nodes serve."""
_NEWTON_STEPS = 60
"""Each doubles the digits once it is near."""


def checked_steps(steps: Any) -> int:
    """Return a number of steps; an error for one that varies or is too large."""
    if isinstance(steps, flint.arb):
        raise CannotAnswerError("the number of steps varies")
    number = int(steps)
    if number > MAX_STEPS:
        raise InputError(f"t = {number} is out of range: at most {MAX_STEPS} steps are followed")
    return number


def iterate(model: MixtureModel, values: Balls, steps: int, accuracy: float) -> Balls:
    """Return the estimated parameters after some steps of EM, all of them.

    A step of a ball is that of its centre and what the Jacobian adds, so that radii grow no more than EM lets them.
    """
    size = len(model.estimate)
    current = dict(values)
    for _ in range(steps):
        place = [current[name] for name in model.estimate]
        if all(each.is_exact() for each in place):
            new = point_values(model, em_map_target(model), current, accuracy)
        else:
            centre = {**current, **{name: current[name].mid() for name in model.estimate}}
            middle = point_values(model, em_map_target(model), centre, accuracy)
            offsets = [each - each.mid() for each in place]
            lost = math.log(max(float(each.abs_upper()) for each in offsets))
            slopes = point_values(model, jacobian_target(model), current, max(accuracy + lost, _SLOPES))
            new = [
                value + sum((slopes[p * size + q] * offset for q, offset in enumerate(offsets)), flint.arb(0))
                for p, value in enumerate(middle)
            ]
        if not all(each.is_finite() for each in new):
            raise CannotAnswerError("an iterate is not enclosed: it may leave the parameters' domain")
        current.update(zip(model.estimate, new, strict=True))
    return current


def iterate_over(
    model: MixtureModel,
    values: Balls,
    steps: int,
    accuracy: float,
    moving: tuple[str, ...] | None = None,
    inside: Balls | None = None,
    start: Mapping[str, Dual] | None = None,
) -> Mapping[str, Dual]:
    """Return the estimated parameters after some steps over a box, with derivatives in what varies."""
    box = box_of(values) if moving is None or inside is None else Box(inside, values, moving)
    found = {
        name: Dual(values[name], tuple(flint.arb(int(name == other)) for other in box.moving))
        for name in model.estimate
    } | dict(start or {})
    centre: Balls = box.centre
    for _ in range(steps):
        near = {**box.centre, **{name: centre[name].mid() for name in model.estimate}}
        # Slopes are enclosed on the way from the centre, too, should rounding put that outside.
        hull = {**values, **{name: found[name].value.union(near[name]) for name in model.estimate}}
        inner = tuple(dict.fromkeys((*model.estimate, *box.moving)))
        duals = dual_values(model, em_map_target(model), Box(near, hull, inner))
        slopes = [_chained(dual, inner, found, box.moving) for dual in duals]
        middle = point_values(model, em_map_target(model), near, accuracy)
        offsets = [centre[name] - near[name] if name in found else flint.arb(0) for name in inner]
        new = (v + sum(map(mul, dual.slopes, offsets), flint.arb(0)) for v, dual in zip(middle, duals, strict=True))
        centre = {**centre, **dict(zip(model.estimate, new, strict=True))}
        around = [replace(dual, slopes=slope) for dual, slope in zip(duals, slopes, strict=True)]
        over = centred([centre[name] for name in model.estimate], around, box)
        found = {name: Dual(v, s) for name, v, s in zip(model.estimate, over, slopes, strict=True)}
    return found


def _chained(
    dual: Dual, inner: tuple[str, ...], found: Mapping[str, Dual], moving: tuple[str, ...]
) -> tuple[flint.arb, ...]:
    """Derivatives of a step in what varies: through the estimated parameters, and in the others at once."""
    result = []
    for p, name in enumerate(moving):
        total = flint.arb(0)
        for slope, other in zip(dual.slopes, inner, strict=True):
            if other in found:
                total += slope * found[other].slopes[p]
            elif other == name:
                total += slope
        result.append(total)
    return tuple(result)


def stationary_point(model: MixtureModel, values: Balls, within: flint.arb, accuracy: float) -> Balls:
    """Return the only stationary point of E log p with all estimated parameters within a distance of given ones.

    Newton's method proposes; Krawczyk's test shows that it is there, and that there is no other in the box.
    CannotAnswerError if that is not shown.
    """
    names = _moved_by_newton(model)
    around = {**values, **{name: values[name] + flint.arb(0, 1) * within for name in names}}
    wide = flint.arb_mat(rows_of(enclosures(model, information_target(model, *names), around, accuracy)))
    start = [values[name] for name in names]
    here = dict(values)
    for _ in range(_NEWTON_STEPS):
        scores = point_values(model, score_target(model, *names), here, accuracy)
        information = flint.arb_mat(rows_of(point_values(model, information_target(model, *names), here, accuracy)))
        try:
            step = newton_step(scores, information)
        except ZeroDivisionError:
            raise CannotAnswerError("the information is singular on the way to a stationary point") from None
        here.update({name: (here[name] + change).mid() for name, change in zip(names, step, strict=True)})
        if any(abs(here[name] - begin) > 2 * within for name, begin in zip(names, start, strict=True)):
            raise CannotAnswerError(f"Newton's method finds no stationary point within {within.str(5, radius=False)}")
        if max(float(abs(change).upper()) for change in step) < 2.0 ** (8 - flint.ctx.prec):
            break
    centre = [here[name] for name in names]
    scores = point_values(model, score_target(model, *names), here, accuracy)
    information = flint.arb_mat(rows_of(point_values(model, information_target(model, *names), here, accuracy)))
    whole = [around[name] for name in names]
    negative = [-each for each in scores]
    if not has_one_zero(centre, whole, negative, information, wide):
        raise CannotAnswerError(
            f"just one stationary point within {within.str(5, radius=False)} is not shown: try a smaller within"
        )
    return {**values, **_narrowed(model, here, negative, information, accuracy)}


def _moved_by_newton(model: MixtureModel) -> tuple[str, ...]:
    """The estimated parameters but those that stay 0: the score in them is 0 there, whatever the others are."""
    return tuple(each.name for each in model.parameters if each.name in model.estimate and each.domain != ZERO)


def _narrowed(
    model: MixtureModel, here: Balls, negative: list[flint.arb], information: flint.arb_mat, accuracy: float
) -> Balls:
    """A small box in which the stationary point is, by the same test."""
    names = _moved_by_newton(model)
    centre = [here[name] for name in names]
    radius = max(float(abs(each).upper()) for each in negative)
    scale = max(float(abs(entry).upper()) for entry in information.inv().entries())
    for enlarged in (8, 2**10, 2**20):
        small = flint.arb(0, max(radius * scale, 2.0 ** (-flint.ctx.prec // 2)) * enlarged)
        box = {**here, **{name: here[name] + small for name in names}}
        wide = flint.arb_mat(rows_of(point_values(model, information_target(model, *names), box, accuracy)))
        if has_one_zero(centre, [box[name] for name in names], negative, information, wide):
            return {name: box[name] for name in names}
    raise CannotAnswerError("the stationary point is not enclosed more narrowly than the box it is the only one in")
