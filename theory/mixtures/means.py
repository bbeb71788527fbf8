"""Means E[x^a γ^b] under the data's law, of which every quantity of a model is made, as symbols.

The polynomials in the observation x and the posteriors γ are closed under differentiation in parameters:
∂γ_j = γ_j Σ_i γ_i ∂(l_j − l_i), as Σ_i γ_i = 1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sympy

from emtheory.theory.mixtures.model import ZERO, MixtureModel


@dataclass(frozen=True)
class Mean:
    """E[Π x_s^{a_s} Π γ_j^{b_j}].

    `x`: the exponents a_s of the coordinates; `posteriors`: the components whose posteriors are multiplied, in order;
    one that is squared stands twice.
    """

    x: tuple[int, ...]
    posteriors: tuple[int, ...]

    @property
    def symbol(self) -> sympy.Symbol:
        """The mean in expressions."""
        return sympy.Symbol(f"E_x{'_'.join(map(str, self.x))}_g{'_'.join(map(str, self.posteriors))}", real=True)

    def text(self, observed: Sequence[str]) -> str:
        """Return the mean as it is written, such as E[γ_0 x²], by the names of the coordinates."""
        parts = [f"γ_{j}" for j in self.posteriors]
        parts += [name if a == 1 else f"{name}^{a}" for name, a in zip(observed, self.x, strict=True) if a]
        return f"E[{' '.join(parts) or '1'}]"


_MOST_OPERATIONS = 300
"""Of an expression that is multiplied out, which takes minutes for quotients of more. A choice."""
_SYMBOL = re.compile(r"E_x([0-9_]*)_g([0-9_]*)")


def mean_of(symbol: sympy.Symbol) -> Mean | None:
    """Return the mean that a symbol stands for; None for a parameter."""
    match = _SYMBOL.fullmatch(symbol.name)
    if match is None:
        return None
    x, posteriors = (tuple(map(int, filter(None, part.split("_")))) for part in match.groups())
    return Mean(x, posteriors)


def means_in(expression: sympy.Expr) -> tuple[Mean, ...]:
    """Return the means that an expression is made of, in a fixed order."""
    found = (mean_of(symbol) for symbol in expression.free_symbols)
    return tuple(sorted((mean for mean in found if mean), key=lambda mean: (mean.x, mean.posteriors)))


def expectation(polynomial: sympy.Expr, posteriors: Sequence[int], model: MixtureModel) -> sympy.Expr:
    """Return E[p(x) γ_i γ_j …], of the posteriors of these components, as coefficients times symbols of means."""
    terms = sympy.Poly(sympy.expand(polynomial), *model.coordinates).terms()
    own = tuple(sorted(posteriors))
    return sympy.Add(*(coefficient * _mean(tuple(x), own) for x, coefficient in terms))


def _mean(x: tuple[int, ...], posteriors: tuple[int, ...]) -> sympy.Expr:
    return Mean(x, posteriors).symbol if any(x) or posteriors else sympy.Integer(1)


def total_one(expression: sympy.Expr, model: MixtureModel) -> sympy.Expr:
    """Put 1 minus the others for the last E[γ_j], of which the sum is 1."""
    zero = (0,) * len(model.observed)
    *others, last = (Mean(zero, (j,)).symbol for j in range(len(model.fit)))
    return expression.subs(last, 1 - sympy.Add(*others))


def without_sums(expression: sympy.Expr, model: MixtureModel) -> sympy.Expr:
    """Put E[x^a] minus the others for the last E[γ_j x^a], where an expression is linear in all of them.

    Of what posteriors add up to nothing has to be integrated, and nothing is lost where it is enclosed.
    """
    by_power: dict[tuple[int, ...], set[int]] = {}
    for mean in means_in(expression):
        if len(mean.posteriors) == 1:
            by_power.setdefault(mean.x, set()).update(mean.posteriors)
    for x, found in by_power.items():
        if len(found) < len(model.fit):
            continue
        symbols = [Mean(x, (j,)).symbol for j in range(len(model.fit))]
        slopes = [expanded(sympy.diff(expression, symbol)) for symbol in symbols]
        if any(slope.free_symbols & set(symbols) for slope in slopes):
            continue
        rest = expression.subs(dict.fromkeys(symbols, 0))
        terms = (expanded(slope - slopes[-1]) * symbol for slope, symbol in zip(slopes, symbols, strict=True))
        expression = rest + slopes[-1] * _mean(x, ()) + sympy.Add(*terms)
    return expression


def without_across(expression: sympy.Expr, model: MixtureModel) -> sympy.Expr:
    """Put their values for means of the coordinate that stands for all in which no mean has a part.

    There the data are standard normal and the fit's means are 0, so that it is independent of the posteriors: the mean
    E[x^a γ^b] is E of what does not depend on it, times 0 for an odd power and (n − 1)!! for an even power n.
    Derivatives in the estimated parameters of that coordinate are to be taken before.
    """
    if model.space is None or not model.space.across:
        return expression
    values: dict[sympy.Symbol, sympy.Expr] = {
        each.symbol: sympy.S.Zero for each in model.parameters if each.domain == ZERO
    }
    for mean in means_in(expression):
        *others, n = mean.x
        if n:
            left = _mean((*others, 0), mean.posteriors)
            values[mean.symbol] = left * sympy.factorial2(n - 1) if n % 2 == 0 else sympy.S.Zero
    return expression.subs(values, simultaneous=True)


def shown(expression: sympy.Expr, model: MixtureModel) -> str:
    """Return an expression in means and parameters as text, with means as they are written."""
    names = {mean.symbol: sympy.Symbol(mean.text(model.observed)) for mean in means_in(expression)}
    return str(sympy.sstr(expression.subs(names))).replace("**", "^")


def expanded(expression: sympy.Expr) -> sympy.Expr:
    """Return an expression multiplied out, if that is not known to take long."""
    return sympy.expand(expression) if expression.count_ops() <= _MOST_OPERATIONS else expression
