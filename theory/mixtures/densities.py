"""Logarithms of the weighted densities of a fit's components, as expressions in the observation and the parameters."""

import sympy

from emtheory.theory.mixtures.model import (
    BINOMIAL,
    EXPONENTIAL,
    LAPLACE,
    LOGISTIC,
    NORMAL,
    POISSON,
    UNIFORM,
    Component,
    Distribution,
    MixtureModel,
)


def log_density(law: Distribution, x: sympy.Symbol) -> sympy.Expr:
    """Return the log density of a law at x, without what depends on x only (log x!, binomial coefficients)."""
    if law.kind == NORMAL:
        mean, variance = law.arguments
        return -sympy.log(2 * sympy.pi * variance) / 2 - (x - mean) ** 2 / (2 * variance)
    if law.kind == POISSON:
        (rate,) = law.arguments
        return x * sympy.log(rate) - rate
    if law.kind == BINOMIAL:
        count, p = law.arguments
        return x * sympy.log(p) + (count - x) * sympy.log(1 - p)
    if law.kind == EXPONENTIAL:
        (rate,) = law.arguments
        return sympy.log(rate) - rate * x
    raise ValueError(f"{law.kind} has no log density that is a polynomial in x")


def log_component(component: Component, model: MixtureModel) -> sympy.Expr:
    """Return l_j, the log of weight times density, a polynomial in the coordinates, of laws that a fit may have."""
    logs = [log_density(law, x) for law, x in zip(component.laws, model.coordinates, strict=True)]
    return sympy.log(component.weight) + sympy.Add(*logs)


def log_components(model: MixtureModel) -> tuple[sympy.Expr, ...]:
    """Return l_0, …, l_{k−1} of the fit."""
    return tuple(log_component(component, model) for component in model.fit)


def location_and_scale(law: Distribution) -> tuple[sympy.Expr, sympy.Expr]:
    """Return m and s for which x = m + s y, where the law of y has no parameters; ValueError for discrete laws."""
    first, *others = law.arguments
    if law.kind == EXPONENTIAL:
        return sympy.Integer(0), 1 / first
    if law.kind in (LAPLACE, LOGISTIC):
        return first, others[0]
    if law.kind == UNIFORM:
        return first, others[0] - first
    if law.kind == NORMAL:
        return first, sympy.sqrt(others[0])
    raise ValueError(f"{law.kind} has no scale")
