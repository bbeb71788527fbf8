"""What a model is: a law of the data and a fit, both finite mixtures, in parameters of which EM renews some."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy

REAL, POSITIVE, UNIT, ZERO = "real", "positive", "unit", "zero"
DOMAINS = (REAL, POSITIVE, UNIT)
"""Of a parameter that is declared: the line, (0, ∞) and (0, 1). `ZERO` is that of an estimated vector across the named
coordinates: it is 0 and stays so, but EM's Jacobian has a column for it."""

NORMAL, POISSON, BINOMIAL, EXPONENTIAL = "normal", "poisson", "binomial", "exponential"
LAPLACE, UNIFORM, LOGISTIC = "laplace", "uniform", "logistic"
ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    NORMAL: ("mean", "variance"),
    POISSON: ("rate",),
    BINOMIAL: ("n", "p"),
    EXPONENTIAL: ("rate",),
    LAPLACE: ("mean", "scale"),
    UNIFORM: ("low", "high"),
    LOGISTIC: ("mean", "scale"),
}
"""Kind of a distribution → its arguments."""
FITTED = (NORMAL, POISSON, BINOMIAL, EXPONENTIAL)
"""What a component of a fit may have; the others are for data alone."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a model.

    `name`, `domain`: what it is called, and one of `DOMAINS` or `ZERO`; `default`: its value where none is given, as
    text of an exact expression; None if one must be.
    """

    name: str
    domain: str
    default: str | None = None

    @property
    def symbol(self) -> sympy.Symbol:
        """The parameter in expressions."""
        is_real = self.domain in (REAL, ZERO)
        return sympy.Symbol(self.name, real=True) if is_real else sympy.Symbol(self.name, positive=True)


@dataclass(frozen=True)
class Distribution:
    """A law of one coordinate of the observation.

    `kind`: one of `ARGUMENTS`; `arguments`: in the order there: expressions in the parameters and, of a mean, linear in
    earlier coordinates.
    """

    kind: str
    arguments: tuple[sympy.Expr, ...]


@dataclass(frozen=True)
class Component:
    """A component of a mixture.

    `weight`: an expression in the parameters; `laws`: of the coordinates in their order; each may depend on those
    before it.
    """

    weight: sympy.Expr
    laws: tuple[Distribution, ...]


@dataclass(frozen=True)
class Space:
    """The dimensions that a model speaks of, of which e1, and perhaps e2 and e3, are written as coordinates.

    `text`: the dimensions, for people; `axes`: how many coordinates are written; `across`: whether one more coordinate
    stands for all others, in which means are 0; `is_one`: whether there are as many dimensions as coordinates of the
    observation.
    """

    text: str
    axes: int
    across: bool
    is_one: bool


@dataclass(frozen=True)
class MixtureModel:
    """A law of the data, and a fit whose parameters EM renews.

    `name`, `title`: what it is called and, for the reader, what it is; `observed`: names of the coordinates, one to
    three; `data`, `fit`: the components of both; `estimate`: names of the parameters that an EM step renews, the others
    being known; `parameters`: all of them; `dependent`: name → expression, of the last weight of a simplex, which is 1
    minus the others, and of shorthands; `text`: the definition as canonical text (`canonical_text`), from which
    `emtheory.theory.mixtures.reading` makes the same model; `vectors`: name → names of its coordinates e1, e2, e3, of
    what is a vector in dimension d; `space`: where vectors are, and what the last coordinate of the observation stands
    for if that is more than one; where it is, E log p depends on d. Empty where there are no vectors.
    """

    name: str
    title: str
    observed: tuple[str, ...]
    data: tuple[Component, ...]
    fit: tuple[Component, ...]
    estimate: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    dependent: tuple[tuple[str, sympy.Expr], ...]
    text: str
    vectors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    space: Space | None = None

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def coordinates(self) -> tuple[sympy.Symbol, ...]:
        """The coordinates of the observation in expressions."""
        return tuple(sympy.Symbol(name, real=True) for name in self.observed)

    @property
    def estimated(self) -> tuple[sympy.Symbol, ...]:
        """The estimated parameters in expressions."""
        by_name = {each.name: each.symbol for each in self.parameters}
        return tuple(by_name[name] for name in self.estimate)


def canonical_text(name: str, table: Mapping[str, Any]) -> str:
    """Return a definition as one line of JSON, the same for all ways to write it that differ in layout only."""
    return json.dumps({"name": name, **table}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
