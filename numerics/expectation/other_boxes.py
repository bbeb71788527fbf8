"""Means over boxes of parameters where the data are no mixture of normals, with their derivatives.

Sums over integers are made in balls with derivatives. On the line derivatives in parameters of the fit are means of the
same kind; in those of the data they are not enclosed.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache, reduce
from operator import add

import flint
import sympy

from emtheory.numerics.expectation.dual import Dual, variables
from emtheory.numerics.expectation.integrals import integrals
from emtheory.numerics.expectation.program import Program, compiled
from emtheory.numerics.expectation.sums import DISCRETE, sums, with_derivatives
from emtheory.theory.mixtures.derivatives import mean_derivative, score
from emtheory.theory.mixtures.means import Mean, means_in
from emtheory.theory.mixtures.model import MixtureModel

Found = tuple[dict[Mean, Dual], tuple[Dual, ...], tuple[tuple[flint.arb, ...], ...]]
"""Means, the weights of the data's components, and the derivatives of E log Σ_j e^{l_j} over each."""


def other_box(
    model: MixtureModel,
    wanted: Sequence[Mean],
    hull: Mapping[str, flint.arb],
    moving: tuple[str, ...],
    accuracy: float,
    *,
    log: bool,
    of_data: bool,
) -> Found:
    """Enclose means and their derivatives over a box, at Arb's precision in force.

    `hull`, `moving`: the parameters over the box, and those in which derivatives are wanted.
    """
    if all(law.kind in DISCRETE for each in model.data for law in each.laws):
        numbers = with_derivatives(len(moving))
        found = sums(model, wanted, variables(hull, moving), numbers, accuracy, of_data=of_data)
        zero = numbers.number(0)
        means = {mean: reduce(add, (each.weight * each.means[mean] for each in found), zero) for mean in wanted}
        return means, tuple(each.weight for each in found), tuple(each.log.slopes for each in found)
    return _on_the_line(model, wanted, hull, moving, accuracy, log=log, of_data=of_data)


def _on_the_line(
    model: MixtureModel,
    wanted: Sequence[Mean],
    hull: Mapping[str, flint.arb],
    moving: tuple[str, ...],
    accuracy: float,
    *,
    log: bool,
    of_data: bool,
) -> Found:
    known = [name for name in moving if name not in _of_data(model)]
    needed = dict.fromkeys(wanted)
    programs = {}
    for name in known:
        programs[name] = _derivatives(model, tuple(wanted), name, log=log and not of_data)
        needed |= dict.fromkeys(programs[name][1])
    found = integrals(model, tuple(needed), hull, accuracy)
    unknown = flint.arb(0, flint.arb.pos_inf())
    totals = {mean: sum((weight * own[mean] for weight, own, _ in found), flint.arb(0)) for mean in needed}
    named = {**hull, **{mean.symbol.name: value for mean, value in totals.items()}}
    slopes = {name: programs[name][0](named) for name in known}
    means = {
        mean: Dual(totals[mean], tuple(slopes[name][index] if name in known else unknown for name in moving))
        for index, mean in enumerate(wanted)
    }
    weight = Dual(flint.arb(1), (flint.arb(0),) * len(moving))
    zero = flint.arb(0)
    of_log = tuple((zero if of_data else slopes[name][-1]) if name in known else unknown for name in moving)
    # The derivatives of the whole mixture's log stand as those of one component that has all the weight.
    return means, (weight,), (of_log,) if log else ()


def _of_data(model: MixtureModel) -> set[str]:
    parts = (part for each in model.data for part in (each.weight, *(a for law in each.laws for a in law.arguments)))
    return {symbol.name for part in parts for symbol in part.free_symbols}


@lru_cache(maxsize=256)
def _derivatives(
    model: MixtureModel, wanted: tuple[Mean, ...], name: str, *, log: bool
) -> tuple[Program, tuple[Mean, ...]]:
    expressions: list[sympy.Expr] = [mean_derivative(model, mean, name) for mean in wanted]
    if log:
        expressions.append(score(model, name))
    means = dict.fromkeys(mean for each in expressions for mean in means_in(each))
    return compiled(expressions), tuple(means)
