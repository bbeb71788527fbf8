"""Quantities of a model near p = 0 where no posterior depends on the observation: exact terms, and a rest.

There means are moments of the data, so that derivatives of every order at p = 0 are formulas in the other parameters,
and q(p) = Σ_{i<n} q^(i)(0) pⁱ/i! + pⁿR with R between the values of q^(n)/n! between 0 and p.
"""

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

import flint
import sympy

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.family import Expansion
from emtheory.numerics.models.box_forms import own_values
from emtheory.numerics.models.evaluation import enclosures
from emtheory.numerics.models.targets import Target, target_of
from emtheory.theory.mixtures.constant_posteriors import value_at
from emtheory.theory.mixtures.derivatives import em_jacobian, observed_information, parameters_by_name, total_derivative
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.expression import formula_text
from emtheory.theory.mixtures.model import MixtureModel

TERMS = (2, 3)
"""Numbers of exact terms that are tried. A choice: with more of them means of many posteriors are enclosed."""

_ACCURACY = 16.0
"""L of the rest in the middle of a box: sums of products of posteriors cancel."""


def expansions(model: MixtureModel) -> Iterator[Expansion]:
    """Yield what is known of a model's quantities at a parameter 0."""
    if model.space is not None:
        return
    for p in model.estimate:
        if value_at(model, sympy.Integer(0), {parameters_by_name(model)[p]: 0}) is None:
            continue
        for kind, name in (
            ("em_map", f"em_map({p})"),
            ("em_jacobian", f"em_jacobian({p}, {p})"),
            ("observed_information", f"observed_information({p}, {p})"),
        ):
            yield Expansion(
                name, p, partial(_coefficients, model, kind, p), partial(_rest, model, kind, p), terms=TERMS
            )


@lru_cache(maxsize=256)
def _derivative(model: MixtureModel, kind: str, p: str, order: int) -> sympy.Expr:
    if order:
        return total_derivative(model, _derivative(model, kind, p, order - 1), p)
    if kind == "em_map":
        return em_step(model).update[p]
    return {"em_jacobian": em_jacobian, "observed_information": observed_information}[kind](model, p, p)


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
