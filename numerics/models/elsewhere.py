"""Quantities of a model at other parameters than the rest of a statement: ``em_map(theta, truth_weight=1)``.

Each parameter is an argument of each quantity, under a name that no argument of its own can have.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import flint

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.program import numbers_of
from emtheory.numerics.family import BoxForm
from emtheory.numerics.names import ELSEWHERE
from emtheory.theory.mixtures.model import POSITIVE, REAL, UNIT, MixtureModel

Given = Mapping[str, Any]
"""Name → value: of arguments, or of variables as balls."""


def routed(
    route: Callable[..., Enclosure], kind: str, names: tuple[str, ...], case: Case, digits: int, **arguments: Any
) -> Enclosure:
    """Return what a route says of a quantity where its arguments put it."""
    moved, own = _split(arguments)
    parameters = tuple({**dict(case.parameters), **moved}.items())
    return route(kind, names, replace(case, parameters=parameters) if moved else case, digits, **own)


def moved_form(model: MixtureModel, form: BoxForm) -> BoxForm:
    """Return how a quantity is followed over boxes where its arguments put it, by how it is where the statement is."""
    return replace(
        form, value=partial(_value, model, form), slopes=None if form.slopes is None else partial(_slopes, model, form)
    )


def _value(model: MixtureModel, form: BoxForm, balls: Given, accuracy: float, arguments: Given) -> Any:
    moved, own = _split(arguments)
    return form.value({**balls, **_balls(model, moved)}, accuracy, own)


def _slopes(model: MixtureModel, form: BoxForm, balls: Given, accuracy: float, arguments: Given) -> Given:
    moved, own = _split(arguments)
    if form.slopes is None:
        raise ValueError("a quantity without slopes was asked for them")
    found = form.slopes({**balls, **_balls(model, moved)}, accuracy, own)
    # Of a parameter that is given here the value elsewhere does not matter.
    return {f"{ELSEWHERE}{name}" if name in moved else name: slope for name, slope in found.items()}


def _split(arguments: Given) -> tuple[Given, Given]:
    """Parameters that are given to the quantity, and its own arguments."""
    moved = {name.removeprefix(ELSEWHERE): value for name, value in arguments.items() if name.startswith(ELSEWHERE)}
    return moved, {name: value for name, value in arguments.items() if not name.startswith(ELSEWHERE)}


def _balls(model: MixtureModel, moved: Given) -> Given:
    """The parameters as balls; CannotAnswerError if one is not all in its domain, for which formulas are simplified.

    A weight may be 0 or 1 itself, as those of the data are.
    """
    balls = {**moved, **numbers_of({name: each for name, each in moved.items() if not isinstance(each, flint.arb)})}
    for each in model.parameters:
        if each.name in balls and each.domain != REAL:
            value = balls[each.name]
            weight = each.domain == UNIT and value in (0, 1)
            if not weight and not (value > 0 and (each.domain == POSITIVE or value < 1)):
                raise CannotAnswerError(f"{each.name} = {value.str(5)} is not all in its domain")
    return balls
