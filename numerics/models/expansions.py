"""Quantities of a model near p = 0 where no posterior depends on the observation: exact terms, and a rest.

There means are moments of the data, so that derivatives of every order at p = 0 are formulas in the other parameters,
and q(p) = Σ_{i<n} q^(i)(0) pⁱ/i! + pⁿR with R between the values of q^(n)/n! between 0 and p, of KL too where it is 0
at p = 0. The same with one or two terms where p tends to 0 or 1 and weights vanish.
"""

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache, partial
from itertools import product
from typing import Any

import flint
import sympy

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.program import compiled
from emtheory.numerics.family import Expansion
from emtheory.numerics.models.box_forms import own_values
from emtheory.numerics.models.evaluation import enclosures, local_box, means_over
from emtheory.numerics.models.targets import Target, scalar_target, target_of
from emtheory.numerics.models.touching import conditions_of
from emtheory.theory.mixtures.constant_posteriors import value_at
from emtheory.theory.mixtures.derivatives import derived, parameters_by_name, total_derivative
from emtheory.theory.mixtures.expression import formula_text
from emtheory.theory.mixtures.model import UNIT, MixtureModel
from emtheory.theory.mixtures.truth import merged_truth
from emtheory.theory.mixtures.vanishing_weight import (
    End,
    Slope,
    divergence_slope_at_end,
    ends,
    slope_at_end,
    slope_value,
)

TERMS, FURTHER = (2, 3), (8,)
"""Numbers of exact terms that are tried, and further ones where two components are fitted. A choice: with more of them
means of many posteriors are enclosed."""
_ACCURACY_AT_END = 16.0
"""L of derivatives in a weight that is nearly 0."""
_ACCURACY = 16.0
"""L of the rest in the middle of a box: sums of products of posteriors cancel."""


def expansions(model: MixtureModel) -> Iterator[Expansion]:
    """Yield what is known of a model's quantities at a parameter 0."""
    if model.space is not None:
        return
    for p in (each.name for each in model.parameters if each.name in model.estimate and each.domain != UNIT):
        if value_at(model, sympy.Integer(0), {parameters_by_name(model)[p]: 0}) is None:
            continue
        terms = (*TERMS, *FURTHER) if len(model.fit) == 2 else TERMS
        for kind, name in (
            ("em_map", f"em_map({p})"),
            ("em_jacobian", f"em_jacobian({p}, {p})"),
            ("observed_information", f"observed_information({p}, {p})"),
            ("kl_divergence", "kl_divergence"),
        ):
            needed = conditions_of(merged_truth(model, p)) if kind == "kl_divergence" else ()
            if needed is not None:
                parts = partial(_coefficients, model, kind, p), partial(_rest, model, kind, p)
                yield Expansion(name, p, *parts, needed, terms=terms)
    for end in ends(model):
        kinds: list[tuple[str, tuple[str, ...]]] = [("em_map", (p,)) for p in model.estimate]
        kinds += product(("em_jacobian", "observed_information"), product(model.estimate, repeat=2))
        if divergence_slope_at_end(end, 1) is not None:
            kinds.append(("kl_divergence", ()))
        for kind, names in kinds:
            name = f"{kind}({', '.join(names)})" if names else kind
            parts = partial(_at_end, model, kind, names, end), partial(_rest_at_end, model, kind, names, end)
            yield Expansion(name, end.name, *parts, terms=(1, 2), at=Fraction(end.at), root=end.root)


@lru_cache(maxsize=256)
def _written(model: MixtureModel, kind: str, names: tuple[str, ...]) -> sympy.Expr:
    (expression,) = scalar_target(model, kind, *names).expressions
    return expression


def _slope(model: MixtureModel, kind: str, names: tuple[str, ...], end: End, order: int) -> Slope:
    """A derivative of a quantity in a weight, from where it is 0 on."""
    if kind == "kl_divergence":
        found = divergence_slope_at_end(end, order)
    else:
        symbol = parameters_by_name(model)[end.name]
        found = slope_at_end(_written(model, kind, names).subs(symbol, symbol**end.root), end, order)
    if found is None:
        raise CannotAnswerError("the derivative where a weight is 0 is not enclosed for these laws")
    return found


@lru_cache(maxsize=256)
def _at_end(model: MixtureModel, kind: str, names: tuple[str, ...], end: End, count: int) -> tuple[str, ...]:
    """The formulas of a quantity where a weight is 0, and of its derivative in the parameter that ends."""
    known = [sympy.Integer(0)] if kind == "kl_divergence" else []
    slopes = (_slope(model, kind, names, end, order) for order in range(len(known), count))
    values = [*known, *(slope_value(each, end) for each in slopes)]
    if any(value is None or not value.is_finite for value in values):
        raise CannotAnswerError("where the weight is 0 it is no formula")
    return tuple(map(formula_text, values))


def _rest_at_end(
    model: MixtureModel, kind: str, names: tuple[str, ...], end: End, balls: Mapping[str, Any], _: float, count: int
) -> flint.arb:
    """Enclose the first derivative in a weight from where it is 0 on, or half of the second."""
    slope = _slope(model, kind, names, end, count)
    values = own_values(model, balls)
    if end.root > 1:
        values = {**values, end.name: _root(values[end.name])}
    numbers = dict(values)
    box = local_box(values, still={end.name})
    for law in dict.fromkeys(law for law, _ in slope.laws.values()):
        wanted = {mean: symbol for symbol, (own, mean) in slope.laws.items() if own == law}
        found = means_over(law, tuple(wanted), box, _ACCURACY_AT_END)
        numbers |= {wanted[mean].name: value for mean, value in found.items()}
    value: flint.arb = compiled((slope.expression,))(numbers)[0] / math.factorial(count)
    return value


def _root(ball: flint.arb) -> flint.arb:
    """The square roots of what is not negative in a ball."""
    zero = flint.arb(0)
    found: flint.arb = ball.lower().max(zero).sqrt().union(ball.upper().max(zero).sqrt())
    return found


@lru_cache(maxsize=256)
def _derivative(model: MixtureModel, kind: str, p: str, order: int) -> sympy.Expr:
    if kind == "kl_divergence" and order <= 1:
        return -derived(model, "score", p) if order else sympy.Integer(0)
    if order:
        return total_derivative(model, _derivative(model, kind, p, order - 1), p)
    return derived(model, kind, *((p,) if kind == "em_map" else (p, p)))


@lru_cache(maxsize=256)
def _coefficients(model: MixtureModel, kind: str, p: str, count: int) -> tuple[str, ...]:
    """The formulas of the first terms."""
    texts = []
    for order in range(count):
        value = value_at(model, _derivative(model, kind, p, order), {parameters_by_name(model)[p]: 0})
        if value is None:
            raise CannotAnswerError("posteriors depend on the observation there")
        texts.append(formula_text(value / math.factorial(order)))
    return tuple(texts)


@lru_cache(maxsize=256)
def _target(model: MixtureModel, kind: str, p: str, order: int) -> Target:
    return target_of(model, _derivative(model, kind, p, order) / math.factorial(order))


def _rest(model: MixtureModel, kind: str, p: str, balls: Mapping[str, Any], accuracy: float, count: int) -> flint.arb:
    """Enclose R, for all parameters in balls, that of p containing 0."""
    accuracy = max(accuracy, _ACCURACY)
    return enclosures(model, _target(model, kind, p, count), own_values(model, balls), accuracy)[0]
