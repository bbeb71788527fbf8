"""Score, information and Jacobian of EM for any mixture, as functions of means E[x^a γ^b].

With u_j = ∂l_j/∂p, ∂γ_j/∂p = γ_j Σ_i γ_i (u_j − u_i). So the score is E Σ_j γ_j u_j, complete information is
−E Σ_j γ_j ∂²l_j, observed information is that less the missing E Σ_{i<j} γ_i γ_j (∂_p(l_i − l_j)) (∂_q(l_i − l_j)), and
∂E[γ_j x^a]/∂p = Σ_i E[γ_i γ_j x^a (u_j − u_i)].
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import combinations

import sympy

from emtheory.theory.mixtures.densities import location_and_scale, log_components
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import Mean, expectation, means_in
from emtheory.theory.mixtures.model import MixtureModel


@lru_cache(maxsize=1024)
def derived(model: MixtureModel, kind: str, *names: str) -> sympy.Expr:
    """Return a quantity of a model, of `DERIVED`, in means and parameters; `names` are of parameters of the fit."""
    return DERIVED[kind](model, *names)


def _score(model: MixtureModel, p: str) -> sympy.Expr:
    """∂E[L]/∂p."""
    return sympy.Add(*(expectation(slope, (j,), model) for j, slope in enumerate(_slopes(model, p))))


def _complete_information(model: MixtureModel, p: str, q: str) -> sympy.Expr:
    """−∂²Q/∂η′_p∂η′_q at η′ = η."""
    symbol = _symbol(model, q)
    curvatures = [sympy.diff(slope, symbol) for slope in _slopes(model, p)]
    return -sympy.Add(*(expectation(each, (j,), model) for j, each in enumerate(curvatures)))


def _observed_information(model: MixtureModel, p: str, q: str) -> sympy.Expr:
    """−∂²E[L]/∂p∂q: complete less missing information."""
    first, second = _slopes(model, p), _slopes(model, q)
    missing = [
        expectation((first[i] - first[j]) * (second[i] - second[j]), (i, j), model)
        for i, j in combinations(range(len(first)), 2)
    ]
    return derived(model, "complete_information", p, q) - sympy.Add(*missing)


DERIVED: Mapping[str, Callable[..., sympy.Expr]] = {
    "em_map": lambda model, p: em_step(model).update[p],
    "em_jacobian": lambda model, p, q: total_derivative(model, em_step(model).update[p], q),
    "score": _score,
    "observed_information": _observed_information,
    "complete_information": _complete_information,
}
"""Kind of a quantity → its expression."""


def total_derivative(model: MixtureModel, expression: sympy.Expr, q: str) -> sympy.Expr:
    """Return the derivative of an expression in means and parameters.

    `model`, `expression`, `q`: the model, the expression, and the name of a parameter of the fit that the data do not
    depend on.
    """
    result = sympy.diff(expression, _symbol(model, q))
    for mean in means_in(expression):
        result += sympy.diff(expression, mean.symbol) * mean_derivative(model, mean, q)
    return result


def mean_slope(mean: Mean, slopes: tuple[sympy.Expr, ...], model: MixtureModel) -> sympy.Expr:
    """Return the derivative of E[x^a γ^b] in a parameter of the fit that the data do not depend on."""
    power = sympy.Mul(*(x**a for x, a in zip(model.coordinates, mean.x, strict=True)))
    pairs = ((i, j) for j in mean.posteriors for i in range(len(slopes)) if i != j)
    return sympy.Add(*(expectation(power * (slopes[j] - slopes[i]), (*mean.posteriors, i), model) for i, j in pairs))


@lru_cache(maxsize=1024)
def mean_derivative(model: MixtureModel, mean: Mean, p: str) -> sympy.Expr:
    """Return the same in the parameter p."""
    return mean_slope(mean, _slopes(model, p), model)


@lru_cache(maxsize=1024)
def slopes_with_data(
    model: MixtureModel, index: int, means: tuple[Mean, ...], p: str
) -> tuple[tuple[sympy.Expr, ...], sympy.Expr]:
    """Return the derivatives of E[x^a γ^b] and of E[L], all under one component of data on a line, which moves, too.

    Where x = m + s y and the law of y is fixed, x moves at v = m′ + (s′/s) (x − m), l_j by ∂_p l_j + v ∂_x l_j.

    `model`, `index`: a model with one coordinate, and which component of its data it is; `means`, `p`: what is
    differentiated, and the name of the parameter.
    """
    (x,), symbol = model.coordinates, _symbol(model, p)
    location, scale = location_and_scale(model.data[index].laws[0])
    velocity = sympy.diff(location, symbol) + sympy.diff(sympy.log(scale), symbol) * (x - location)
    logs = log_components(model)
    slopes = tuple(sympy.expand(sympy.diff(log, symbol) + velocity * sympy.diff(log, x)) for log in logs)
    of_log = sympy.Add(*(expectation(slope, (j,), model) for j, slope in enumerate(slopes)))
    moved = (expectation(velocity * sympy.diff(x ** mean.x[0], x), mean.posteriors, model) for mean in means)
    return tuple(mean_slope(mean, slopes, model) + each for mean, each in zip(means, moved, strict=True)), of_log


@lru_cache(maxsize=256)
def _slopes(model: MixtureModel, p: str) -> tuple[sympy.Expr, ...]:
    symbol = _symbol(model, p)
    return tuple(sympy.expand(sympy.diff(log, symbol)) for log in log_components(model))


def _symbol(model: MixtureModel, name: str) -> sympy.Symbol:
    return parameters_by_name(model)[name]


def parameters_by_name(model: MixtureModel) -> Mapping[str, sympy.Symbol]:
    """Return name → symbol of all parameters of a model."""
    return {each.name: each.symbol for each in model.parameters}
