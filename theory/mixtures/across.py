"""Means where one coordinate of the observation stands for all in which no mean has a part: it is integrated exactly.

There the data are standard normal, and the fit's means are 0, so that the coordinate is independent of the posteriors:
E[x^a γ^b] is E of what does not depend on it, times 0 for an odd power and (n − 1)!! for an even power n.
"""

import sympy

from emtheory.theory.mixtures.means import Mean, means_in
from emtheory.theory.mixtures.model import ZERO, MixtureModel


def without_across(expression: sympy.Expr, model: MixtureModel) -> sympy.Expr:
    """Return an expression in means in which those of that coordinate have their values; else it as it is.

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
            left = Mean((*others, 0), mean.posteriors)
            rest = left.symbol if any(others) or mean.posteriors else sympy.S.One
            values[mean.symbol] = rest * sympy.factorial2(n - 1) if n % 2 == 0 else sympy.S.Zero
    return expression.subs(values, simultaneous=True)
