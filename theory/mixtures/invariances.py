"""Changes of parameters by which a model stays what it is, up to the order of components and signs of coordinates."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations, product

import sympy

from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import Mean, means_in, total_one
from emtheory.theory.mixtures.model import NORMAL, Component, MixtureModel
from emtheory.theory.mixtures.truth import is_one_law, mirrored, solved_for

_MOST_CHANGES = 120
"""Of order and signs that are tried. A choice: a second."""


@dataclass(frozen=True)
class Invariance:
    """A change σ of estimated parameters with γ_j(x; ση) = γ_{π(j)}(Sx; η), S signs that the data do not change with.

    `values`, `conditions`: name of an estimated parameter → what σ makes of it, and of a known one → what it has to be;
    `order`, `signs`: π and S.
    """

    values: Mapping[str, sympy.Expr]
    conditions: Mapping[str, sympy.Expr]
    order: tuple[int, ...]
    signs: tuple[int, ...]

    def differences(self, model: MixtureModel) -> Iterator[sympy.Expr]:
        """Yield M(ση) − σM(η) for each estimated parameter, in means at η: all are 0."""
        update = em_step(model).update
        symbols = {each.name: each.symbol for each in model.parameters}
        known = {symbols[name]: value for name, value in self.conditions.items()}
        moved = {symbols[name]: value for name, value in self.values.items()}
        after = {symbols[name]: update[name] for name in model.estimate}
        for name in model.estimate:
            images = {mean.symbol: self._image(mean) for mean in means_in(update[name])}
            there = update[name].subs({**moved, **images}, simultaneous=True)
            yield total_one((there - self.values[name].subs(after, simultaneous=True)).subs(known), model)

    def _image(self, mean: Mean) -> sympy.Expr:
        """The mean at ση, as one at η."""
        odd = (sign for sign, power in zip(self.signs, mean.x, strict=True) if power % 2)
        posteriors = tuple(sorted(self.order[j] for j in mean.posteriors))
        return math.prod(odd) * (Mean(mean.x, posteriors).symbol if any(mean.x) or posteriors else 1)


def invariances(model: MixtureModel) -> tuple[Invariance, ...]:
    """Return generators of the invariances that are found by equating components of the fit to those of its image."""
    found: list[Invariance] = []
    made: set[tuple[sympy.Expr, ...]] = {model.estimated}
    for each in _found(model):
        values = tuple(each.values.values())
        if values in made or any(sympy.cancel(difference) != 0 for difference in each.differences(model)):
            continue
        found.append(each)
        steps = [dict(zip(model.estimated, one.values.values(), strict=True)) for one in found]
        new = {values}
        while new := new - made:
            made |= new
            new = {tuple(sympy.expand(v.subs(s, simultaneous=True)) for v in one) for one in made for s in steps}
    return tuple(found)


def _found(model: MixtureModel) -> Iterator[Invariance]:
    before = {each: sympy.Symbol(f"{each.name} before", **each.assumptions0) for each in model.estimated}
    after = {old: symbol for symbol, old in before.items()}
    normal = all(law.kind == NORMAL for part in (*model.fit, *model.data) for law in part.laws)
    turns = [*product((1, -1) if normal else (1,), repeat=len(model.observed))]
    if math.factorial(len(model.fit)) * len(turns) > _MOST_CHANGES:
        return
    for signs, order in product(turns, permutations(range(len(model.fit)))):
        data, fit = (
            tuple(mirrored(part, signs, model) if normal else part for part in parts)
            for parts in (model.data, model.fit)
        )
        own = replace(model, data=tuple(_renamed(part, before) for part in fit))
        image = solved_for(own, order) if is_one_law(model.data, data, {}) else None
        if image is not None and not any(value.has(*before, *after) for value in image.conditions.values()):
            values = {name: image.values[name].subs(after) for name in model.estimate}
            yield Invariance(values, image.conditions, order, signs)


def _renamed(component: Component, names: Mapping[sympy.Symbol, sympy.Symbol]) -> Component:
    laws = (replace(law, arguments=tuple(a.subs(names) for a in law.arguments)) for law in component.laws)
    return replace(component, weight=component.weight.subs(names), laws=tuple(laws))
