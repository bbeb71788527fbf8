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
from emtheory.theory.mixtures.derivatives import derived, mean_derivative, parameters_by_name
from emtheory.theory.mixtures.means import Mean, means_in
from emtheory.theory.mixtures.model import NORMAL, UNIT, Component, Distribution, MixtureModel
from emtheory.theory.mixtures.truth import is_one_law
from emtheory.theory.sums import factored


@dataclass(frozen=True)
class End:
    """A parameter p in (0, 1) with an end at which some components of the fit vanish.

    `name`, `at`: p, and 0 or 1; `parts`: which components vanish, each with the quotient of its weight and p, or 1 − p,
    which is finite at the end; `root`: 2 where weights are in √p, and `model` the model with p² for p then, whose p is
    that of the parts; else 1, and the model itself.
    """

    name: str
    at: int
    parts: tuple[tuple[int, sympy.Expr], ...]
    root: int
    model: MixtureModel

    @property
    def gone(self) -> frozenset[int]:
        """The components that vanish."""
        return frozenset(j for j, _ in self.parts)


@dataclass(frozen=True)
class Slope:
    """A derivative in means under several laws.

    `expression`: in the parameters and symbols of means; `laws`: Symbol → a model whose data are that law, and the mean
    under it.
    """

    expression: sympy.Expr
    laws: Mapping[sympy.Symbol, tuple[MixtureModel, Mean]]


def ends(model: MixtureModel) -> Iterator[End]:
    """Yield the ends of parameters p at which weights of the fit, but not all, are 0 to first order, or so in √p."""
    for each in model.parameters:
        for at in (0, 1) if each.domain == UNIT else ():
            powers = {
                power.exp for part in model.fit for power in part.weight.atoms(sympy.Pow) if power.base == each.symbol
            }
            root = 2 if any((2 * power).is_odd for power in powers) else 1
            own = _with_power(model, each.symbol, root)
            gone = [j for j, part in enumerate(own.fit) if sympy.expand(part.weight.subs(each.symbol, at)) == 0]
            distance = each.symbol if at == 0 else 1 - each.symbol
            parts = tuple((j, sympy.cancel(own.fit[j].weight / distance)) for j in gone)
            finite = all(factor.is_polynomial(each.symbol) for _, factor in parts)
            if 0 < len(gone) < len(model.fit) and finite:
                yield End(each.name, at, parts, root, own)


def _with_power(model: MixtureModel, symbol: sympy.Symbol, power: int) -> MixtureModel:
    """The model with a power of a parameter in its place."""
    if power == 1:
        return model

    def placed(part: Component) -> Component:
        laws = (
            replace(law, arguments=tuple(a.subs(symbol, symbol**power) for a in law.arguments)) for law in part.laws
        )
        return Component(part.weight.subs(symbol, symbol**power), tuple(laws))

    data, fit = (tuple(map(placed, parts)) for parts in (model.data, model.fit))
    return replace(model, data=data, fit=fit, text=f"{model.text} with {symbol} to the power {power}")


def divergence_slope_at_end(end: End, order: int) -> Slope | None:
    """Return a derivative of KL in the parameter that ends, where KL is 0 there; None if it is not, or not found."""
    model = end.model
    symbol = parameters_by_name(model)[end.name]
    left = tuple(part for j, part in enumerate(model.fit) if j not in end.gone)
    if any(part.weight.has(symbol) for part in model.data) or not is_one_law(left, model.data, {symbol: end.at}):
        return None
    return slope_at_end(-derived(model, "score", end.name), end, order, integrated=True)


@lru_cache(maxsize=256)
def slope_at_end(expression: sympy.Expr, end: End, order: int = 1, *, integrated: bool = False) -> Slope | None:
    """Return a derivative of an expression in means in the parameter that ends, or itself; None if it is not found.

    `expression`, `end`, `order`: what is asked, of the model at the end, where, and how many times it is
    differentiated; `integrated`: whether the expression, linear in means, is the first derivative itself.
    """
    model = end.model
    symbol = parameters_by_name(model)[end.name]
    if order and any(a.has(symbol) for part in (*model.data, *model.fit) for law in part.laws for a in law.arguments):
        return None
    found: Slope | None = Slope(expression, {mean.symbol: (model, mean) for mean in means_in(expression)})
    for turn in range(order):
        found = found and _differentiated(found, end, integrated=integrated and turn == 0)
    return found


def _differentiated(slope: Slope, end: End, *, integrated: bool) -> Slope | None:
    """The derivative in the parameter that ends, or the same with w_j as a factor where γ_j is one."""
    model = end.model
    symbol = parameters_by_name(model)[end.name]
    left = [i for i in range(len(model.fit)) if i not in end.gone]
    i = next((i for i in left if all(_alike(model.fit[i], model.fit[j]) for j in end.gone)), left[0])
    weight, inverse = sympy.symbols("w_ r_", positive=True)
    place = {symbol: weight if end.at == 0 else 1 - weight}
    laws: dict[sympy.Symbol, tuple[MixtureModel, Mean]] = {}
    tilts = {(law, j): _tilted(law, j, i) for law, _ in slope.laws.values() for j in end.gone}
    if None in tilts.values():
        return None

    def under(law: MixtureModel, mean: Mean) -> sympy.Symbol:
        return _symbol(laws, law, mean)

    def changed(law: MixtureModel, mean: Mean) -> sympy.Expr:
        for j, factor in end.parts:
            tilted = tilts[law, j]
            if j in mean.posteriors and tilted is not None:
                others = [*mean.posteriors]
                others[others.index(j)] = i
                return factor.subs(place) * weight * inverse * under(tilted, Mean(mean.x, tuple(sorted(others))))
        return under(law, mean)

    def written(part: sympy.Expr) -> sympy.Expr:
        return part.subs(place).subs({each: changed(*law) for each, law in slope.laws.items()})

    if integrated:
        total = _cancelled(written(slope.expression), laws)
    else:
        total = written(sympy.diff(slope.expression, symbol))
        for each, (law, mean) in slope.laws.items():
            inner = mean_derivative(law, mean, end.name)
            terms = inner.subs(place).subs({one.symbol: changed(law, one) for one in means_in(inner)})
            own = _cancelled(terms, laws)
            for c, part in enumerate(law.data):
                rate = sympy.diff(part.weight, symbol)
                if rate != 0:
                    alone = replace(part, weight=sympy.Integer(1))
                    own += rate * under(replace(law, data=(alone,), text=f"data {c} of {law.text}"), mean)
            total += written(sympy.diff(slope.expression, each)) * own
    found = total.subs(inverse, 1 / model.fit[i].weight)
    return Slope(found.subs(weight, symbol if end.at == 0 else 1 - symbol), laws)


def slope_value(slope: Slope, end: End) -> sympy.Expr | None:
    """Return the value of a derivative at the end; None if it is no formula."""
    model = end.model
    placed = slope.expression.subs(parameters_by_name(model)[end.name], end.at)
    if placed.has(sympy.zoo, sympy.nan, sympy.oo):
        return None
    *others, last = (j for j in range(len(model.fit)) if j not in end.gone)
    unknown: dict[sympy.Symbol, tuple[MixtureModel, Mean]] = {}

    def written(law: MixtureModel, mean: Mean) -> sympy.Expr:
        """The mean where posteriors that are left add up to 1."""
        if end.gone & {*mean.posteriors}:
            return sympy.Integer(0)
        if not mean.posteriors:
            known = moment(law, mean.x)
            return sympy.nan if known is None else known
        if last in mean.posteriors:
            fewer = [*mean.posteriors]
            fewer.remove(last)
            less = (written(law, Mean(mean.x, tuple(sorted((*fewer, i))))) for i in others)
            return written(law, Mean(mean.x, tuple(fewer))) - sympy.Add(*less)
        return _symbol(unknown, law, mean)

    values = {symbol: written(*pair) for symbol, pair in slope.laws.items()}
    found = sympy.simplify(placed.subs(values).subs(parameters_by_name(model)[end.name], end.at))
    return None if found.free_symbols & unknown.keys() or found.has(sympy.nan) else found


def _symbol(known: dict[sympy.Symbol, tuple[MixtureModel, Mean]], law: MixtureModel, mean: Mean) -> sympy.Symbol:
    """The symbol of a mean under a law, a new one if it has none."""
    found = next((symbol for symbol, pair in known.items() if pair == (law, mean)), None)
    if found is None:
        found = sympy.Symbol(f"{len(known)} {mean.symbol.name}", real=True)
        known[found] = law, mean
    return found


def _cancelled(linear: sympy.Expr, means: Collection[sympy.Symbol]) -> sympy.Expr:
    """A sum of means with coefficients in the parameters, in which factors of these cancel."""
    own = sorted(linear.free_symbols & set(means), key=lambda each: each.name)
    return sympy.Add(*(factored(sympy.cancel(sympy.diff(linear, mean))) * mean for mean in own))


def _alike(first: Component, second: Component) -> bool:
    """Whether two components differ in their means only."""
    return all(a.arguments[1:] == b.arguments[1:] for a, b in zip(first.laws, second.laws, strict=True))


def _tilted(model: MixtureModel, j: int, i: int) -> MixtureModel | None:
    """The data times the density of component j over that of i; None but for normals, or if its mean is infinite."""
    if any(law.kind != NORMAL for part in (*model.data, model.fit[j], model.fit[i]) for law in part.laws):
        return None
    data = []
    for part in model.data:
        weight, height, laws = part.weight, sympy.Integer(0), []
        rows = zip(model.coordinates, part.laws, model.fit[j].laws, model.fit[i].laws, strict=True)
        for x, law, more, less in reversed([*rows]):
            (m, v), (a, r), (b, s) = (each.arguments for each in (law, more, less))
            bend, slope = (sympy.diff(height, x, n).subs(x, 0) for n in (2, 1))
            precision = 1 / v + (0 if r == s else 1 / r - 1 / s) - bend
            if precision.is_nonpositive:
                return None
            shift = m / v + a / r - b / s + slope
            height = height.subs(x, 0) + (shift**2 / precision - m**2 / v - a**2 / r + b**2 / s) / 2
            height = sympy.expand(height)
            weight *= sympy.sqrt(1 if r == s else s / r) / sympy.sqrt(sympy.expand(v * precision))
            laws.append(Distribution(NORMAL, (sympy.expand(shift / precision), 1 / precision)))
        data.append(Component(weight * sympy.exp(height), tuple(reversed(laws))))
    return replace(model, data=tuple(data), text=f"{model.text} tilted by {j} over {i}")
