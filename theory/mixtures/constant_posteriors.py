"""Means where no posterior depends on the observation: then they are moments of the data, which are exact."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sympy

from emtheory.theory.mixtures.densities import log_components
from emtheory.theory.mixtures.means import means_in
from emtheory.theory.mixtures.model import NORMAL, MixtureModel
from emtheory.theory.sums import factored

Place = Mapping[sympy.Symbol, Any]
"""Parameter → its value, or an expression in others."""


def value_at(model: MixtureModel, expression: sympy.Expr, place: Place) -> sympy.Expr | None:
    """Return the value of an expression in means where log-ratios of components are constant.

    Parameters
    ----------
    model, expression
        The model, and what is asked.
    place
        Parameters that have values; the others stay symbols.

    Returns
    -------
    Expr or None
        None where log-ratios depend on the observation or are infinite, or the data have another law than normals.
    """
    logs = [log.subs(place) for log in log_components(model)]
    ratios = [sympy.expand(log - logs[0], log=False) for log in logs]
    if any(ratio.has(*model.coordinates, sympy.zoo, sympy.nan, sympy.oo) for ratio in ratios):
        return None
    terms = [sympy.exp(ratio) for ratio in ratios]
    posteriors = [sympy.cancel(term / sympy.Add(*terms)) for term in terms]
    moments = {mean: moment(model, mean.x) for mean in means_in(expression)}
    if any(each is None for each in moments.values()):
        return None
    means = {
        mean.symbol: sympy.Mul(each, *(posteriors[j] for j in mean.posteriors))
        for mean, each in moments.items()
        if each is not None
    }
    value = expression.subs(means).subs(place)
    return factored(value) if value.is_rational_function(*value.free_symbols) else sympy.simplify(value)


@lru_cache(maxsize=256)
def moment(model: MixtureModel, exponents: tuple[int, ...]) -> sympy.Expr | None:
    """Return E[x^a] under the data's law in the parameters; None if the data are no mixture of normals."""
    z = tuple(sympy.Symbol(f"z_{s}_", real=True) for s in range(len(model.observed)))
    total = sympy.Integer(0)
    for component in model.data:
        at: dict[sympy.Symbol, sympy.Expr] = {}
        for x, law, each in zip(model.coordinates, component.laws, z, strict=True):
            if law.kind != NORMAL:
                return None
            mean, variance = law.arguments
            at[x] = mean.subs(at) + sympy.sqrt(variance) * each
        power = sympy.Mul(*(at[x] ** a for x, a in zip(model.coordinates, exponents, strict=True)))
        for powers, coefficient in sympy.Poly(sympy.expand(power), *z).terms():
            if all(e % 2 == 0 for e in powers):
                total += component.weight * coefficient * sympy.Mul(*(sympy.factorial2(e - 1) for e in powers))
    return sympy.expand(total)
