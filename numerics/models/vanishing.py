"""Boxes of parameters that reach weights 0 of a fit, as where p or 1 − p is one and p ranges over (0, 1].

There log-ratios have no lower end. The weights concerned are parameters of their own then, which only posteriors depend
on: these are enclosed for every weight from 0 to the largest one, and derivatives are those in other parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import flint
import sympy

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.models.targets import Target, target_of
from emtheory.theory.mixtures.model import UNIT, MixtureModel

_ROUNDED = flint.arb(2) ** -20
"""A ball around [0, b] reaches below 0 by no larger part of b."""


@dataclass(frozen=True)
class Freed:
    """A model in which weights that may vanish are parameters of their own.

    `model`, `values`: the model, and its parameters: of the weights that may vanish their largest values; `vanishing`,
    `names`: which components of the fit these are of, and the parameters of the given model that are in their weights.
    """

    model: MixtureModel
    values: Mapping[str, flint.arb]
    vanishing: tuple[int, ...]
    names: frozenset[str]


@lru_cache(maxsize=256)
def weights_of(model: MixtureModel) -> Target:
    """Return the weights of the fit and then of the data, in the parameters."""
    return target_of(model, *(each.weight for each in (*model.fit, *model.data)))


def freed(model: MixtureModel, values: Mapping[str, flint.arb]) -> Freed | None:
    """Return a model with parameters for the weights that may vanish; None if all are positive.

    CannotAnswerError if a weight of the fit is not known to be positive, nor the only one that vanishes where a
    parameter of the interval (0, 1) ends, or one of the data is not known to be at least 0.
    """
    weights = weights_of(model).program(values)
    vanishing = [index for index, weight in enumerate(weights[: len(model.fit)]) if not weight > 0]
    for index, weight in enumerate(weights):
        of_fit = index < len(model.fit)
        ends = index in vanishing and index in _ending(model) and weight.upper() > 0
        if not (weight.lower() >= -_ROUNDED * weight.upper() if ends or not of_fit else weight > 0):
            where = f"fit[{index}]" if of_fit else f"data[{index - len(model.fit)}]"
            raise CannotAnswerError(f"the weight of {where} is {weight.str(5)}, which is not positive")
    if not vanishing:
        return None
    if len(vanishing) == len(model.fit):
        raise CannotAnswerError("no weight of the fit is known to be positive")
    own = {f"weight {index}": weights[index].upper() for index in vanishing}
    names = frozenset(_ending(model)[index] for index in vanishing)
    return Freed(_with_weights(model, tuple(vanishing)), {**values, **own}, tuple(vanishing), names)


@lru_cache(maxsize=256)
def _ending(model: MixtureModel) -> Mapping[int, str]:
    """Component of the fit → p, where its weight is a multiple of p or 1 − p, 0 < p < 1."""
    units = {each.symbol: each.name for each in model.parameters if each.domain == UNIT}
    return {
        index: name
        for index, each in enumerate(model.fit)
        for symbol, name in units.items()
        for end in (symbol, 1 - symbol)
        if each.weight.has(symbol) and sympy.cancel(each.weight / end).is_number
    }


@lru_cache(maxsize=256)
def _with_weights(model: MixtureModel, vanishing: tuple[int, ...]) -> MixtureModel:
    fit = tuple(
        replace(each, weight=sympy.Symbol(f"weight {index}", positive=True)) if index in vanishing else each
        for index, each in enumerate(model.fit)
    )
    return replace(model, fit=fit, text=f"{model.text} without weights {vanishing}")
