"""What the quantities of a model are: expressions in means and parameters, each alone or in a matrix."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import sympy

from emtheory.numerics.expectation.program import Program, compiled
from emtheory.theory.mixtures.derivatives import derived
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import Mean, means_in, without_across, without_sums
from emtheory.theory.mixtures.model import MixtureModel


@dataclass(frozen=True)
class Linear:
    """Expressions that are sums of means with coefficients in the parameters.

    `rows`: for each expression its means, the last of them 1 where there is a rest; `coefficients`: those of all rows,
    one after the other.
    """

    rows: tuple[tuple[Mean, ...], ...]
    coefficients: Program


@dataclass(frozen=True)
class Target:
    """Expressions in means and parameters.

    `expressions`: the expressions; `means`: what they are made of; `program`: their values.
    """

    expressions: tuple[sympy.Expr, ...]
    means: tuple[Mean, ...]
    program: Program

    @cached_property
    def linear(self) -> Linear | None:
        """The expressions as sums; None if one is none, or all are without means."""
        rows, coefficients = [], []
        for expression in self.expressions:
            own = means_in(expression)
            slopes = [sympy.diff(expression, mean.symbol) for mean in own]
            if any(means_in(slope) for slope in slopes):
                return None
            rest = expression.subs(dict.fromkeys((mean.symbol for mean in own), 0))
            rows.append((*own, *self._one) if rest != 0 else own)
            coefficients += [*slopes, rest] if rest != 0 else slopes
        return Linear(tuple(rows), compiled(coefficients)) if self.means else None

    @property
    def _one(self) -> tuple[Mean, ...]:
        """The mean of 1."""
        return tuple(Mean((0,) * len(mean.x), ()) for mean in self.means[:1])


def target_of(model: MixtureModel, *given: sympy.Expr) -> Target:
    """Return expressions ready to be computed."""
    expressions = tuple(without_sums(without_across(each, model), model) for each in given)
    means = dict.fromkeys(mean for each in expressions for mean in means_in(each))
    return Target(expressions, tuple(means), compiled(expressions))


@lru_cache(maxsize=256)
def em_map_target(model: MixtureModel) -> Target:
    """Return M_p for all estimated parameters."""
    return target_of(model, *em_step(model).update.values())


@lru_cache(maxsize=256)
def scalar_target(model: MixtureModel, kind: str, *names: str) -> Target:
    """Return a quantity that is one expression."""
    return target_of(model, derived(model, kind, *names))


@lru_cache(maxsize=64)
def jacobian_target(model: MixtureModel) -> Target:
    """Return ∂M/∂η row by row, in the estimated parameters."""
    return target_of(model, *(derived(model, "em_jacobian", p, q) for p in model.estimate for q in model.estimate))


@lru_cache(maxsize=64)
def information_target(model: MixtureModel, *names: str) -> Target:
    """Return the observed information row by row, in the estimated parameters named, or in all of them."""
    chosen = names or model.estimate
    return target_of(model, *(derived(model, "observed_information", p, q) for p in chosen for q in chosen))


@lru_cache(maxsize=64)
def score_target(model: MixtureModel, *names: str) -> Target:
    """Return the derivatives of E log p in the estimated parameters named, or in all of them."""
    return target_of(model, *(derived(model, "score", p) for p in names or model.estimate))
