"""Means over boxes of parameters where the data are no mixture of normals, with their derivatives.

Sums over integers are made in balls with derivatives. On the line derivatives are means of the same kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import chain
from operator import add

import flint
import sympy

from emtheory.numerics.expectation.integrals import has_kinks, integrals
from emtheory.numerics.expectation.program import Dual, Program, compiled, constant, dual_arithmetic, variables
from emtheory.numerics.expectation.sums import DISCRETE, sums, with_derivatives
from emtheory.theory.mixtures.densities import location_and_scale
from emtheory.theory.mixtures.derivatives import parameters_by_name, slopes_with_data
from emtheory.theory.mixtures.means import Mean, means_in
from emtheory.theory.mixtures.model import MixtureModel

Found = tuple[dict[Mean, Dual], tuple[Dual, ...], tuple[tuple[flint.arb, ...], ...]]
"""Means, the weights of the data's components, and the derivatives of E log Σ_j e^{l_j} over each."""

_UNKNOWN = flint.arb(0, flint.arb.pos_inf())


def other_box(
    model: MixtureModel,
    wanted: Sequence[Mean],
    hull: Mapping[str, flint.arb],
    moving: tuple[str, ...],
    accuracy: float,
    *,
    log: bool,
) -> Found:
    """Enclose means, and derivatives in the `moving` parameters, over the box `hull`, at Arb's precision in force."""
    if all(law.kind in DISCRETE for each in model.data for law in each.laws):
        numbers = with_derivatives(len(moving))
        found = sums(model, wanted, variables(hull, moving), numbers, accuracy)
        zero = numbers.number(0)
        means = {mean: reduce(add, (each.weight * each.means[mean] for each in found), zero) for mean in wanted}
        return means, tuple(each.weight for each in found), tuple(each.log.slopes for each in found)
    return _on_the_line(model, wanted, hull, moving, accuracy, log=log)


def _on_the_line(
    model: MixtureModel,
    wanted: Sequence[Mean],
    hull: Mapping[str, flint.arb],
    moving: tuple[str, ...],
    accuracy: float,
    *,
    log: bool,
) -> Found:
    count, components = len(moving), range(len(model.data))
    of_means = [[_of_means(model, index, tuple(wanted), name) for name in moving] for index in components]
    of_logs = [[_of_log(model, index, name) for name in moving if log] for index in components]
    needed = dict.fromkeys(wanted)
    for each in chain(*of_means, *of_logs):
        needed |= dict.fromkeys(() if each is None else each.means)
    weights = data_weights(model)(variables(hull, moving), dual_arithmetic(count))
    totals, logs = dict.fromkeys(wanted, constant(flint.arb(0), count)), []
    means = [each.means for each in integrals(model, tuple(needed), hull, accuracy)] if needed else [{}] * len(weights)
    for index, own in enumerate(means):
        named = {**hull, **{mean.symbol.name: value for mean, value in own.items()}}
        slopes = [each.program(named) for each in of_means[index]]
        for place, mean in enumerate(wanted):
            totals[mean] += weights[index] * Dual(own[mean], tuple(found[place] for found in slopes))
        logs.append(tuple(_UNKNOWN if each is None else each.program(named)[0] for each in of_logs[index]))
    return totals, tuple(weights), tuple(logs) if log else ()


@dataclass(frozen=True)
class _Slopes:
    """Derivatives, and the means that they are made of."""

    program: Program
    means: tuple[Mean, ...]


@lru_cache(maxsize=256)
def data_weights(model: MixtureModel) -> Program:
    """Return the weights of the data's components."""
    return compiled([each.weight for each in model.data])


@lru_cache(maxsize=256)
def _of_means(model: MixtureModel, index: int, wanted: tuple[Mean, ...], name: str) -> _Slopes:
    return _slopes(slopes_with_data(model, index, wanted, name)[0] if wanted else ())


@lru_cache(maxsize=256)
def _of_log(model: MixtureModel, index: int, name: str) -> _Slopes | None:
    """The derivative of E log p over a component, p that of the fit, or of the data if they are one component."""
    if not has_kinks(model):
        return _slopes((slopes_with_data(model, index, (), name)[1],))
    symbol = parameters_by_name(model)[name]
    if len(model.data) == 1:  # The density is that of a fixed law divided by the scale.
        return _slopes((-sympy.diff(sympy.log(location_and_scale(model.data[0].laws[0])[1]), symbol),))
    parts = (part for each in model.data for part in (each.weight, *(a for law in each.laws for a in law.arguments)))
    return None if any(symbol in part.free_symbols for part in parts) else _slopes((sympy.Integer(0),))


def _slopes(expressions: Sequence[sympy.Expr]) -> _Slopes:
    return _Slopes(compiled(expressions), tuple(dict.fromkeys(mean for each in expressions for mean in means_in(each))))
