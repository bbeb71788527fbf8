"""Where a weight of the fit is 0: values of expressions in means there, and derivatives in the weight up to there.

γ_j = (w_j/w_i) e^{L_j − L_i} γ_i with L the log densities without weights, so that a mean of γ_j is w_j/w_i times one
of γ_i under data that are tilted by e^{L_j − L_i}: of normals these are normals again. What is divided by w_j in a
derivative has such a mean as its factor, and w_j cancels.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import sympy

from emtheory.theory.mixtures.constant_posteriors import moment
from emtheory.theory.mixtures.derivatives import mean_derivative, parameters_by_name, score
from emtheory.theory.mixtures.means import Mean, means_in
from emtheory.theory.mixtures.model import NORMAL, UNIT, Component, Distribution, MixtureModel
from emtheory.theory.mixtures.truth import is_one_law


@dataclass(frozen=True)
class End:
    """A parameter p in (0, 1) with an end at which one component of the fit vanishes.

    Attributes
    ----------
    name, at
        p, and 0 or 1.
    component
        The one whose weight is p, or 1 − p.
    """

    name: str
    at: int
    component: int


@dataclass(frozen=True)
class Slope:
    """A derivative in means under several laws.

    `expression`: in the parameters and symbols of means; `laws`: Symbol → a model whose data are that law, and the mean
    under it.
    """

    expression: sympy.Expr
    laws: Mapping[sympy.Symbol, tuple[MixtureModel, Mean]]


def ends(model: MixtureModel) -> Iterator[End]:
    """Yield the ends of a model's parameters at which just one weight of the fit is 0."""
    for each in model.parameters:
        for at in (0, 1) if each.domain == UNIT else ():
            gone = [j for j, part in enumerate(model.fit) if sympy.expand(part.weight.subs(each.symbol, at)) == 0]
            distance = each.symbol if at == 0 else 1 - each.symbol
            if len(gone) == 1 and sympy.expand(model.fit[gone[0]].weight - distance) == 0:
                yield End(each.name, at, gone[0])


def value_at_end(model: MixtureModel, expression: sympy.Expr, end: End) -> sympy.Expr | None:
    """Return the value of an expression in means at an end; None if that is no formula.

    Parameters
    ----------
    model, expression, end
        The model, what is asked, and where.
    """
    placed = expression.subs(parameters_by_name(model)[end.name], end.at)
    if placed.has(sympy.zoo, sympy.nan, sympy.oo):
        return None
    values = {}
    for mean in means_in(expression):
        left = () if len(model.fit) == 2 else mean.posteriors
        known = sympy.Integer(0) if end.component in mean.posteriors else None if left else moment(model, mean.x)
        if known is None:
            return None
        values[mean.symbol] = known
    return sympy.simplify(placed.subs(values).subs(parameters_by_name(model)[end.name], end.at))


def divergence_slope_at_end(model: MixtureModel, end: End) -> Slope | None:
    """Return the derivative of KL in the parameter that ends, where KL is 0 there; None if it is not, or not found.

    Parameters
    ----------
    model, end
        The model, and where.
    """
    symbol = parameters_by_name(model)[end.name]
    left = tuple(part for j, part in enumerate(model.fit) if j != end.component)
    if any(part.weight.has(symbol) for part in model.data) or not is_one_law(left, model.data, {symbol: end.at}):
        return None
    return slope_at_end(model, -score(model, end.name), end, integrated=True)


@lru_cache(maxsize=256)
def slope_at_end(model: MixtureModel, expression: sympy.Expr, end: End, *, integrated: bool = False) -> Slope | None:
    """Return the derivative of an expression in means in the parameter that ends; None if it is not found.

    Parameters
    ----------
    model, expression, end
        The model, what is asked, and where.
    integrated
        Whether the expression, linear in means, is the derivative itself.
    """
    symbol, j = parameters_by_name(model)[end.name], end.component
    if any(a.has(symbol) for part in (*model.data, *model.fit) for law in part.laws for a in law.arguments):
        return None
    i = next((i for i, each in enumerate(model.fit) if i != j and _alike(each, model.fit[j])), int(j == 0))
    tilted = _tilted(model, j, i)
    if tilted is None:
        return None
    weight, inverse = sympy.symbols("w_ r_", positive=True)
    place = {symbol: weight if end.at == 0 else 1 - weight}
    laws: dict[sympy.Symbol, tuple[MixtureModel, Mean]] = {}

    def under(law: MixtureModel, name: str, mean: Mean) -> sympy.Symbol:
        found = sympy.Symbol(f"{name}{mean.symbol.name}", real=True)
        laws[found] = (law, mean)
        return found

    def written(part: sympy.Expr) -> sympy.Expr:
        """The same with w_j as a factor where γ_j is one."""
        values = {}
        for mean in means_in(part):
            others = [*mean.posteriors]
            if j in others:
                others[others.index(j)] = i
                changed = under(tilted, "tilted ", Mean(mean.x, tuple(sorted(others))))
                values[mean.symbol] = weight * inverse * changed
            else:
                under(model, "", mean)
        return part.subs(place).subs(values)

    total = _cancelled(written(expression), laws.keys()) if integrated else written(sympy.diff(expression, symbol))
    for mean in () if integrated else means_in(expression):
        slope = _cancelled(written(mean_derivative(model, mean, end.name)), laws.keys())
        for c, part in enumerate(model.data):
            rate = sympy.diff(part.weight, symbol)
            if rate != 0:
                alone = replace(part, weight=sympy.Integer(1))
                slope += rate * under(replace(model, data=(alone,), text=f"data {c} of {model.text}"), f"{c} ", mean)
        total += written(sympy.diff(expression, mean.symbol)) * slope
    found = total.subs(inverse, 1 / model.fit[i].weight)
    return Slope(found.subs(weight, symbol if end.at == 0 else 1 - symbol), laws)


def _cancelled(linear: sympy.Expr, means: Collection[sympy.Symbol]) -> sympy.Expr:
    """A sum of means with coefficients in the parameters, in which factors of these cancel."""
    own = sorted(linear.free_symbols & set(means), key=lambda each: each.name)
    return sympy.Add(*(sympy.factor(sympy.cancel(sympy.diff(linear, mean))) * mean for mean in own))


def _alike(first: Component, second: Component) -> bool:
    """Whether two components differ in their means only."""
    return all(a.arguments[1:] == b.arguments[1:] for a, b in zip(first.laws, second.laws, strict=True))


def _tilted(model: MixtureModel, j: int, i: int) -> MixtureModel | None:
    """The data times the density of component j over that of i; None but for normals with independent coordinates."""
    rows = [(*part.laws,) for part in (*model.data, model.fit[j], model.fit[i])]
    if any(law.kind != NORMAL or law.arguments[0].has(*model.coordinates) for row in rows for law in row):
        return None
    data = []
    for part in model.data:
        weight, laws = part.weight, []
        for law, more, less in zip(part.laws, model.fit[j].laws, model.fit[i].laws, strict=True):
            (m, v), (a, r), (b, s) = (each.arguments for each in (law, more, less))
            precision, shift = 1 / v + (0 if r == s else 1 / r - 1 / s), m / v + a / r - b / s
            height = sympy.expand(shift**2 / precision - m**2 / v - a**2 / r + b**2 / s) / 2
            weight *= sympy.exp(height) * (1 if r == s else sympy.sqrt(s / r) / sympy.sqrt(v * precision))
            laws.append(Distribution(NORMAL, (sympy.expand(shift) / precision, 1 / precision)))
        data.append(Component(weight, tuple(laws)))
    return replace(model, data=tuple(data), text=f"{model.text} tilted by {j} over {i}")
