"""Routes and box forms of quantities of families that are quantities of models (`emtheory.numerics.alias`)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import flint

from emtheory.numerics.alias import Alias
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.family import BoxForm, Divided, Family
from emtheory.numerics.models.family import family_of
from emtheory.numerics.models.packaged import packaged_models
from emtheory.numerics.quantity import Quantity, resolve

Values = Mapping[str, Any]
"""Name of a variable or of an argument → a number, or a ball."""


def route(alias: Alias, name: str) -> Callable[..., Enclosure]:
    """Return the function by which a route computes a quantity."""
    return partial(_at, alias, name)


def box_form(alias: Alias) -> BoxForm:
    """Return how a quantity is followed over boxes."""
    followed = _found(alias, 0).form.slopes is not None
    slopes = partial(_slopes, alias) if followed else None
    return BoxForm(partial(_value, alias), slopes, resolve(alias.tail) if alias.tail else None)


def divided(aliases: Sequence[tuple[str, Alias]], called: Collection[str]) -> Iterator[Divided]:
    """Yield identities of the models that quantities are of, of all if of none, under the names in a family."""
    models = {alias.model for name, alias in aliases if name in called}
    for name, alias in aliases:
        if alias.sign > 0 and (not models or alias.model in models):
            for each in _family(alias).divided(()):
                if (each.quantity,) == alias.quantities:
                    yield replace(each, quantity=name)


def _at(alias: Alias, name: str, case: Case, digits: int, **arguments: Any) -> Enclosure:
    target, values, own = _placed(alias, dict(case.parameters), arguments)
    place = replace(case, parameters=tuple(values.items()), family=_family(alias).name)
    found: Enclosure = target.routes[name](place, digits, **own)
    return found if alias.sign > 0 else replace(found, lower=-found.upper, upper=-found.lower)


def _value(alias: Alias, balls: Values, accuracy: float, arguments: Values) -> flint.arb:
    target, values, own = _placed(alias, balls, _with_balls(alias, arguments))
    found: flint.arb = target.form.value(values, accuracy, own)
    return alias.sign * found


def _slopes(alias: Alias, balls: Values, accuracy: float, arguments: Values) -> Mapping[str, flint.arb]:
    target, values, own = _placed(alias, balls, _with_balls(alias, arguments))
    found = {name: alias.sign * slope for name, slope in target.form.slopes(values, accuracy, own).items()}
    if alias.start in found:
        found["start"] = found.pop(alias.start)
    return found


def _with_balls(alias: Alias, arguments: Values) -> Values:
    """The start as a ball, as all variables are."""
    start = arguments.get("start") if alias.start else None
    return {**arguments, "start": flint.arb(to_fmpq(start))} if isinstance(start, Fraction) else arguments


def _placed(alias: Alias, values: Values, arguments: Values) -> tuple[Quantity, dict[str, Any], dict[str, Any]]:
    """The quantity of the model, its parameters and its arguments."""
    place, own, index = dict(values), dict(arguments), 0
    if len(alias.quantities) > 1:
        index = _component(own.pop("component"), len(alias.quantities))
    if alias.start:
        place[alias.start] = own.pop("start")
    return _found(alias, index), place, own


def _found(alias: Alias, index: int) -> Quantity:
    """The quantity of the model."""
    name, family = alias.quantities[index], _family(alias)
    found = next((each for each in family.quantities if each.name == name), None)
    if found is None:
        valid = ", ".join(each.name for each in family.quantities)
        raise InputError(f"{name!r} is no quantity of the model {alias.model}: it has {valid}")
    return found


def _component(component: object, count: int) -> int:
    if not isinstance(component, Fraction):
        raise CannotAnswerError("the component varies")
    if not 1 <= component <= count:
        raise InputError(f"component = {component} is not an integer from 1 to {count}")
    return int(component) - 1


def _family(alias: Alias) -> Family:
    models = packaged_models()
    if alias.model not in models:
        raise InputError(f"{alias.model!r} is no model of the package: it has {', '.join(models)}")
    return family_of(models[alias.model].text)
