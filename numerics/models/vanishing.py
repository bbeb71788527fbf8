"""Boxes of parameters that reach weights 0 of a fit, as where p or 1 − p is one and p ranges over (0, 1].

There log-ratios have no lower end. The weights concerned are parameters of their own then, which only posteriors depend
on: these are enclosed for every weight from 0 to the largest one, and derivatives are those in other parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import flint
import sympy

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.program import Program, compiled
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

    CannotAnswerError if a weight of the fit is neither known to be positive nor to vanish only where a parameter of the
    interval (0, 1) ends, or one of the data is not known to be at least 0.
    """
    weights = [_range(model, index, values) for index in range(len(model.fit) + len(model.data))]
    for index, weight in enumerate(weights):
        if weight is None:
            where = f"fit[{index}]" if index < len(model.fit) else f"data[{index - len(model.fit)}]"
            number = weights_of(model).program(values)[index]
            said = f"{number.str(5)}, which is not positive" if number.is_finite() else "not enclosed there"
            raise CannotAnswerError(f"the weight of {where} is {said}")
    vanishing = {index: weight for index, weight in enumerate(weights[: len(model.fit)]) if weight and not weight > 0}
    if not vanishing:
        return None
    if len(vanishing) == len(model.fit):
        raise CannotAnswerError("no weight of the fit is known to be positive")
    own = {f"weight {index}": weight.upper() for index, weight in vanishing.items()}
    names = {symbol.name for index in vanishing for symbol in model.fit[index].weight.free_symbols}
    return Freed(_with_weights(model, tuple(vanishing)), {**values, **own}, tuple(vanishing), frozenset(names))


@dataclass(frozen=True)
class _End:
    """p, 0 < p < 1, or 1 − p^a if a `power` is given, which decreases in p."""

    name: str
    power: sympy.Rational | None

    def range(self, values: Mapping[str, flint.arb]) -> tuple[flint.arb, flint.arb]:
        """Its least and its largest value."""
        given = values[self.name]
        if self.power is None:
            return given.lower(), given.upper()
        power, gap = flint.arb(flint.fmpq(int(self.power.p), int(self.power.q))), 1 - given
        # p^a = e^{a log(1 − gap)}, so that nothing cancels where p is nearly 1.
        least, most = (-(power * (-each).log1p()).expm1() for each in (gap.lower(), gap.upper().min(flint.arb(1))))
        return least, most if most.is_finite() else flint.arb(1)


def _range(model: MixtureModel, index: int, values: Mapping[str, flint.arb]) -> flint.arb | None:
    """Where a weight is, at least 0; None if it is not seen to be positive but for ends of (0, 1)."""
    ends, program = _factors(model)[index]
    (rest,) = program(values)
    if rest.lower() < -_ROUNDED * rest.upper() or (index < len(model.fit) and not rest > 0):
        return None
    low, high = rest.lower().max(flint.arb(0)), rest.upper().max(flint.arb(0))
    for end, power in ends:
        least, most = end.range(values)
        if least < -_ROUNDED * most or (index < len(model.fit) and not most > 0):
            return None
        low *= least.max(flint.arb(0)) ** power
        high *= most.max(flint.arb(0)) ** power
    return flint.arb(low).union(high)


@lru_cache(maxsize=256)
def _factors(model: MixtureModel) -> tuple[tuple[tuple[tuple[_End, flint.fmpq], ...], Program], ...]:
    """Of each weight: its factors p and 1 − p^a, 0 < p < 1, with their powers, and the product of all others."""
    units = [each.symbol for each in model.parameters if each.domain == UNIT]
    found = []
    for each in (*model.fit, *model.data):
        rest, ends = sympy.Integer(1), list[tuple[_End, flint.fmpq]]()
        for base, power in sympy.factor(each.weight).as_powers_dict().items():
            turned = power.is_Integer and _end(base, units) is None
            end = _end(-base, units) if turned else _end(base, units)
            if end is not None and power.is_Rational and power > 0:
                rest *= sympy.Integer(-1) ** power if turned else 1
                ends.append((end, flint.fmpq(int(power.p), int(power.q))))
            else:
                rest *= base**power
        found.append((tuple(ends), compiled([rest])))
    return tuple(found)


def _end(base: sympy.Expr, units: Sequence[sympy.Symbol]) -> _End | None:
    """A factor that is p or 1 − p^a, 0 < p < 1 and a > 0; else None."""
    if base in units:
        return _End(base.name, None)
    root, power = (1 - base).as_base_exp()
    return _End(root.name, power) if root in units and power.is_Rational and power > 0 else None


@lru_cache(maxsize=256)
def _with_weights(model: MixtureModel, vanishing: tuple[int, ...]) -> MixtureModel:
    fit = tuple(
        replace(each, weight=sympy.Symbol(f"weight {index}", positive=True)) if index in vanishing else each
        for index, each in enumerate(model.fit)
    )
    return replace(model, fit=fit, text=f"{model.text} without weights {vanishing}")
