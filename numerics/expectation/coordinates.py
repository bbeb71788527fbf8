"""A model in standard normal coordinates: each component of its data is a linear image of independent standard normals.

The observation is x_s = m_s + √v_s z_s with a mean that is linear in earlier coordinates, so that x is linear in z and
the log-ratios l_i − l_0 of the fit's components are polynomials of degree at most 2.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import sympy

from emtheory.numerics.errors import CannotAnswerError
from emtheory.theory.mixtures.densities import log_components
from emtheory.theory.mixtures.model import NORMAL, Component, MixtureModel

Polynomial = Mapping[tuple[int, ...], sympy.Expr]
"""Exponents of z → coefficient, an expression in the parameters."""

_LARGEST_DEGREE = 2
"""Of log-ratios: then Im (l_i − l_j)(z + iy) = y ∂(l_i − l_j)(z), by which strips are found."""


@dataclass(frozen=True)
class Chart:
    """A component of the data in its standard normal coordinates z.

    `weight`: of the component, an expression in the parameters; `observation`: the coordinates of the observation,
    linear in z; `reference`: l_0, the log of the weighted density of the first component of the mixture that has
    posteriors; `ratios`: l_i − l_0 for the others; `active`: the coordinates of z that some ratio depends on.
    """

    weight: sympy.Expr
    observation: tuple[Polynomial, ...]
    reference: Polynomial
    ratios: tuple[Polynomial, ...]
    active: tuple[int, ...]


@dataclass(frozen=True)
class Image:
    """What makes a component of the data the image of an earlier one, with the same posteriors in another order.

    `of`: which one; `signs`: those with which coordinates of the observation are multiplied; `order`: for each
    posterior of the image that of the other one.
    """

    of: int
    signs: tuple[int, ...]
    order: tuple[int, ...]


def images(found: Sequence[Chart]) -> tuple[Image | None, ...]:
    """Return for each component the image that it is, by signs of z, where algebra sees one."""
    turns = list(product((1, -1), repeat=len(found[0].observation)))
    turned = [[_turned(chart, turn) for turn in turns] for chart in found]
    return tuple(
        next((each for c in range(index) for other in turned[c] if (each := _image(turned[index][0], c, other))), None)
        for index in range(len(found))
    )


def _image(own: Sequence[Sequence[Polynomial]], index: int, other: Sequence[Sequence[Polynomial]]) -> Image | None:
    """The image that one component is of another with a number, if it is one."""
    (logs, seen, _), (theirs, plus, minus) = own, other
    signs = tuple(1 if x == y else -1 if x == z else 0 for x, y, z in zip(seen, plus, minus, strict=True))
    order = tuple(theirs.index(each) if each in theirs else -1 for each in logs)
    return Image(index, signs, order) if 0 not in signs and sorted(order) == [*range(len(theirs))] else None


def _turned(chart: Chart, turn: Sequence[int]) -> list[list[Polynomial]]:
    """All l_j, the observation, and that with other signs, multiplied out, where z have given signs."""
    none, whole = sympy.Integer(0), chart.reference
    logs = [{e: whole.get(e, none) + r.get(e, none) for e in {**whole, **r}} for r in ({}, *chart.ratios)]
    opposite = [{e: -c for e, c in each.items()} for each in chart.observation]
    rows = [
        [{e: sympy.expand(c * parity(e, turn), log=False) for e, c in each.items()} for each in row]
        for row in (logs, chart.observation, opposite)
    ]
    return [[{e: c for e, c in each.items() if c != 0} for each in row] for row in rows]


def parity(e: tuple[int, ...], signs: Sequence[int]) -> int:
    """Return the sign of z^e where the z have these signs."""
    return math.prod(sign for sign, power in zip(signs, e, strict=True) if power % 2)


@lru_cache(maxsize=64)
def charts(model: MixtureModel) -> tuple[Chart, ...]:
    """Return a chart for each component of the data; CannotAnswerError if a coordinate of the data has another law."""
    logs = log_components(model)
    return tuple(_chart(component, logs, model) for component in model.data)


def _chart(component: Component, logs: Sequence[sympy.Expr], model: MixtureModel) -> Chart:
    z = tuple(sympy.Symbol(f"z_{s}_", real=True) for s in range(len(model.observed)))
    place: dict[sympy.Symbol, sympy.Expr] = {}
    for x, law, each in zip(model.coordinates, component.laws, z, strict=True):
        if law.kind != NORMAL:
            raise CannotAnswerError(f"data with a coordinate that is {law.kind} have no enclosure here")
        mean, variance = law.arguments
        place[x] = sympy.expand(mean.subs(place) + sympy.sqrt(variance) * each)
    reference = logs[0].subs(place)
    ratios = [_polynomial(log.subs(place) - reference, z) for log in logs[1:]]
    if any(sum(exponents) > _LARGEST_DEGREE for ratio in ratios for exponents in ratio):
        raise CannotAnswerError("log-ratios of components of a degree above 2 have no enclosure")
    active = tuple(s for s in range(len(z)) if any(exponents[s] for ratio in ratios for exponents in ratio))
    observation = tuple(_polynomial(place[x], z) for x in model.coordinates)
    return Chart(component.weight, observation, _polynomial(reference, z), tuple(ratios), active)


def _polynomial(expression: sympy.Expr, z: Sequence[sympy.Symbol]) -> Polynomial:
    expanded = sympy.expand(expression, log=False)
    terms = sympy.Poly(expanded, *z).terms()
    return {exponents: sympy.factor_terms(coefficient) for exponents, coefficient in terms if coefficient != 0}
