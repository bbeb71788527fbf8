"""Where a fit is the law of its data, or EM rests on it: estimated parameters, and conditions on the known ones."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Any

import sympy

from emtheory.theory.mixtures.constant_posteriors import Place, value_at
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.model import NORMAL, REAL, Component, MixtureModel
from emtheory.theory.sums import factored

_MOST_TERMS = 12
"""Of an equation that is factored. A choice: milliseconds."""
_MOST_MAPS = 1000
"""Of the fit's components to the data's that are tried. A choice: a second."""


@dataclass(frozen=True)
class Truth:
    """Parameters for which the fit is the data's law.

    `values`: name of an estimated parameter → its value, an expression in known ones; `conditions`: name of a known
    parameter → what it has to be.
    """

    values: Mapping[str, sympy.Expr]
    conditions: Mapping[str, sympy.Expr]


@lru_cache(maxsize=64)
def truths(model: MixtureModel) -> tuple[Truth, ...]:
    """Return the truths that are found by equating the components of the fit to those of the data.

    Each component of the fit is taken for one of the data, and weights of those taken for the same one add up; the
    equations have to be linear in the estimated parameters, one after the other.
    """
    if len(model.data) ** len(model.fit) > _MOST_MAPS:
        return ()
    found: list[Truth] = []
    for places in product(range(len(model.data)), repeat=len(model.fit)):
        truth = solved_for(model, places) if len(set(places)) == len(model.data) else None
        if truth is not None and truth not in found:
            found.append(truth)
    return tuple(found)


@lru_cache(maxsize=64)
def rests(model: MixtureModel) -> tuple[Truth, ...]:
    """Return points that are no truths where EM rests as the fit is its own mirror image, as for symmetric data."""
    laws = [part.laws for part in (*model.fit, *model.data)]
    if any(law.kind != NORMAL for own in laws for law in own):
        return ()
    found: list[Truth] = []
    for signs in product((1, -1), repeat=len(model.observed)):
        image = tuple(mirrored(part, signs, model) for part in model.fit)
        if min(signs) > 0 or law_of(model.fit, {}).keys() != law_of(image, {}).keys():
            continue
        both = (*model.data, *(mirrored(part, signs, model) for part in model.data))
        data = tuple(Component(weight / 2, laws) for laws, weight in law_of(both, {}).items())
        for each in truths(replace(model, data=data, text=f"{model.text} mirrored by {signs}")):
            place = {one.symbol: each.conditions[one.name] for one in model.parameters if one.name in each.conditions}
            if each not in (*truths(model), *found) and is_one_law(model.fit, image, place):
                found.append(each)
    return tuple(found)


def merged_truth(model: MixtureModel, p: str) -> Truth | None:
    """Return when the data have the one law of all components of the fit at p = 0; None if there is none, or never."""
    laws = law_of(model.fit, {parameter.symbol: 0 for parameter in model.parameters if parameter.name == p})
    if len(laws) > 1:
        return None
    one = replace(model, fit=model.data, data=(Component(sympy.Integer(1), *laws),), estimate=())
    return solved_for(one, (0,) * len(model.data))


def law_of(components: tuple[Component, ...], place: Place) -> Mapping[tuple[Any, ...], sympy.Expr]:
    """Return law → weight, of components with parameters in place of which others are put, equal ones together."""
    total: Counter[Any] = Counter()
    for each in components:
        laws = (
            replace(part, arguments=tuple(sympy.expand(a.subs(place)) for a in part.arguments)) for part in each.laws
        )
        total[tuple(laws)] += each.weight.subs(place)
    return total


def is_one_law(first: tuple[Component, ...], second: tuple[Component, ...], place: Place) -> bool:
    """Return whether two mixtures are seen to be one, their components in any order.

    `first`, `second`, `place`: their components, and what is put in place of parameters.
    """
    one, other = (law_of(each, place) for each in (first, second))
    return all(sympy.expand(one.get(law, 0) - other.get(law, 0)) == 0 for law in {*one, *other})


def mirrored(component: Component, signs: tuple[int, ...], model: MixtureModel) -> Component:
    """Return a component of normals with other signs of the coordinates."""
    image = {x: sign * x for x, sign in zip(model.coordinates, signs, strict=True)}
    laws = (
        replace(law, arguments=(sympy.expand(sign * law.arguments[0].subs(image, simultaneous=True)), law.arguments[1]))
        for law, sign in zip(component.laws, signs, strict=True)
    )
    return replace(component, laws=tuple(laws))


def solved_for(model: MixtureModel, places: tuple[int, ...]) -> Truth | None:
    """Return when each component of the fit is the one of the data that is given; None if never, or not found."""
    return _solved(model, [*_equations(model, places)])


def _equations(model: MixtureModel, places: tuple[int, ...]) -> Iterator[sympy.Expr]:
    """What has to be 0."""
    for component, place in zip(model.fit, places, strict=True):
        yield from _differences(component, model.data[place], model)
    for place, component in enumerate(model.data):
        own = (each.weight for each, other in zip(model.fit, places, strict=True) if other == place)
        yield sympy.Add(*own) - component.weight


def _differences(fit: Component, data: Component, model: MixtureModel) -> Iterator[sympy.Expr]:
    for mine, yours in zip(fit.laws, data.laws, strict=True):
        if mine.kind != yours.kind:
            yield sympy.Integer(1)
            return
        for a, b in zip(mine.arguments, yours.arguments, strict=True):
            yield from sympy.Poly(sympy.expand(a - b), *model.coordinates).coeffs() if a != b else ()


def _solved(model: MixtureModel, equations: list[sympy.Expr]) -> Truth | None:
    """The solution of equations that are solved one by one; None if there is none, or it is not found."""
    estimated = set(model.estimated)
    values: dict[sympy.Symbol, sympy.Expr] = {}
    conditions: dict[sympy.Symbol, sympy.Expr] = {}
    left = [_may_vanish(each) for each in equations]
    while left := [each for each in (sympy.expand(e.subs(values).subs(conditions)) for e in left) if each != 0]:
        step = next((found for each in left if (found := _isolated(each, estimated - set(values))) is not None), None)
        if step is not None:
            values = {symbol: value.subs([step]) for symbol, value in values.items()} | {step[0]: step[1]}
            continue
        known = {each.symbol for each in model.parameters} - estimated
        step = next((found for each in left if (found := _isolated(each, known)) is not None), None)
        if step is None:
            return None
        conditions[step[0]] = step[1]
    if set(values) != estimated or any(
        symbol.is_positive and value.is_nonpositive for symbol, value in (values | conditions).items()
    ):
        return None
    return Truth({s.name: v for s, v in values.items()}, {s.name: v for s, v in conditions.items()})


def _may_vanish(equation: sympy.Expr) -> sympy.Expr:
    """An equation without factors that are positive, such as sums of parameters that are."""
    expanded = sympy.expand(equation)
    if expanded.is_number or len(sympy.Add.make_args(expanded)) > _MOST_TERMS:
        return expanded
    return sympy.expand(sympy.Mul(*(f for f in sympy.Mul.make_args(factored(expanded)) if not f.is_positive)))


def _isolated(equation: sympy.Expr, unknowns: set[sympy.Symbol]) -> tuple[sympy.Symbol, sympy.Expr] | None:
    """An unknown in which an equation is linear with a constant coefficient, and what it is then."""
    for symbol in sorted(equation.free_symbols & unknowns, key=lambda each: each.name):
        slope = sympy.diff(equation, symbol)
        if slope.is_number and slope != 0:
            return symbol, sympy.expand(symbol - equation / slope)
    return None


@lru_cache(maxsize=64)
def central_points(model: MixtureModel) -> tuple[str, ...]:
    """Return the estimated parameters p for which EM leads from p = 0 to p = 0 by symmetry, whatever the others are."""
    reals = [each for each in model.parameters if each.name in model.estimate and each.domain == REAL]
    return tuple(
        each.name for each in reals if value_at(model, em_step(model).update[each.name], {each.symbol: 0}) == 0
    )
