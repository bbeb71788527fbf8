"""The conditions under which what is derived of a model holds: assumed, decided by signs of expressions, or open."""

from collections.abc import Iterator
from dataclasses import dataclass

import sympy

from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import Mean, means_in, shown, total_one, without_across
from emtheory.theory.mixtures.model import (
    ARGUMENTS,
    BINOMIAL,
    NORMAL,
    POSITIVE,
    REAL,
    UNIFORM,
    UNIT,
    ZERO,
    MixtureModel,
)
from emtheory.theory.mixtures.truth import truths
from emtheory.theory.proof.sign import POSITIVE_ONLY, possible_signs

ASSUMED, DECIDED, OPEN = "assumed", "decided", "left open"
"""How a condition stands: it is a premise, the machine has decided it, or neither."""

NO_TRUTH = "the data are no fit: no truth is found among the parameters"

_WORDS = {REAL: "is real", POSITIVE: "is positive", UNIT: "is between 0 and 1", ZERO: "is 0"}
_MOST_OPERATIONS = 300
"""Of an expression whose sign is looked for. A choice: a second."""


@dataclass(frozen=True)
class Condition:
    """A condition of the derivation, and how it stands: `ASSUMED`, `DECIDED` or `OPEN`."""

    text: str
    standing: str


def conditions_of(model: MixtureModel) -> Iterator[Condition]:
    """Yield what is needed of the parameters, of the M-step's denominators and of its values."""
    for each in model.parameters:
        yield Condition(f"{each.name} {_WORDS[each.domain]}", ASSUMED)
    yield Condition("the weights of the data and of the fit sum to 1", DECIDED)
    for text, value in dict.fromkeys(_needed(model)):
        if not value.is_positive:
            yield Condition(f"{text} is positive", DECIDED if is_positive(value, model) else ASSUMED)
    for denominator in dict.fromkeys(_denominators(model)):
        standing = DECIDED if is_positive(denominator, model) or is_positive(-denominator, model) else OPEN
        yield Condition(f"{shown(denominator, model)} is not 0, so that the step is unique", standing)
    for each in model.parameters:
        if each.name in model.estimate and each.domain != REAL:
            update = em_step(model).update[each.name]
            inside = [update, 1 - update] if each.domain == UNIT else [update]
            stays = each.domain == ZERO and without_across(update, model) == 0
            decided = stays or _is_variance(each.symbol, model) or all(is_positive(value, model) for value in inside)
            yield Condition(f"em_map({each.name}) stays in the domain of {each.name}", DECIDED if decided else OPEN)
    if not truths(model):
        yield Condition(NO_TRUTH, OPEN)


def _needed(model: MixtureModel) -> Iterator[tuple[str, sympy.Expr]]:
    """What has to be positive, with its name."""
    for component in (*model.fit, *model.data):
        yield f"the weight {component.weight}", component.weight
        for law in component.laws:
            for name, value in zip(ARGUMENTS[law.kind], law.arguments, strict=True):
                if name in ("variance", "rate", "scale", "p"):
                    yield f"the {name} {value}", value
                if name == "p":
                    yield f"1 - p = {1 - value}", 1 - value
            if law.kind == UNIFORM:
                low, high = law.arguments
                yield f"high - low = {high - low}", high - low


def _denominators(model: MixtureModel) -> Iterator[sympy.Expr]:
    for value in em_step(model).update.values():
        for factor in sympy.Mul.make_args(sympy.fraction(sympy.together(value))[1]):
            base = factor.base if isinstance(factor, sympy.Pow) else factor
            if base.free_symbols and not (base.is_Symbol and base.is_positive):
                yield -base if base.could_extract_minus_sign() else base


def is_positive(expression: sympy.Expr, model: MixtureModel) -> bool:
    """Whether an expression in means and parameters is seen to be positive whatever the parameters are."""
    if expression.count_ops() > _MOST_OPERATIONS:
        return False
    domain = {each.symbol: sympy.Interval.open(0, 1) for each in model.parameters if each.domain == UNIT}
    return any(
        possible_signs(form, {**domain, **{mean.symbol: _range(mean, model) for mean in means_in(form)}})
        == POSITIVE_ONLY
        for form in _forms(expression, model)
    )


def _range(mean: Mean, model: MixtureModel) -> sympy.Interval:
    """Posteriors are between 0 and 1; even powers, and coordinates that are not negative, have positive means."""
    if not any(mean.x):
        return sympy.Interval.open(0, 1) if len(model.fit) > 1 else sympy.Interval.Lopen(0, 1)
    kinds = [law.kind for law in model.fit[0].laws]
    known = all(a % 2 == 0 or kind != NORMAL for a, kind in zip(mean.x, kinds, strict=True))
    return sympy.Interval.open(0 if known else -sympy.oo, sympy.oo)


def _forms(expression: sympy.Expr, model: MixtureModel) -> Iterator[sympy.Expr]:
    """The expression as it is, and by positive numbers in place of means.

    These are what means of some posteriors leave of 1, n E[γ] − E[γ x] for binomial laws, and what is left of E[γ x^2a]
    when E[γ x^a]²/E[γ] is taken away.
    """
    expression = total_one(expression, model)
    yield expression
    means = means_in(expression)
    masses = [mean.symbol for mean in means if not any(mean.x) and len(mean.posteriors) == 1]
    if 1 < len(masses) < len(model.fit):
        rest = 1 - sympy.Add(*masses[1:]) - sympy.Dummy(positive=True)
        yield sympy.expand(expression.subs(masses[0], rest))
    counts = {
        mean.symbol: law.arguments[0] * _mass(mean, model) - sympy.Dummy(positive=True)
        for mean in means
        for law, a in zip(model.fit[0].laws, mean.x, strict=True)
        if law.kind == BINOMIAL and a == sum(mean.x) == 1
    }
    if counts:
        yield sympy.cancel(expression.subs(counts))
    squares = {
        mean.symbol: Mean(tuple(a // 2 for a in mean.x), mean.posteriors).symbol ** 2 / _mass(mean, model)
        + sympy.Dummy(positive=True)
        for mean in means
        if any(mean.x) and not any(a % 2 for a in mean.x)
    }
    if squares:
        yield sympy.cancel(expression.subs(squares))


def _mass(mean: Mean, model: MixtureModel) -> sympy.Expr:
    """The mean of the posteriors alone."""
    alone = Mean((0,) * len(model.observed), mean.posteriors).symbol
    return total_one(alone, model) if mean.posteriors else sympy.Integer(1)


def _is_variance(symbol: sympy.Symbol, model: MixtureModel) -> bool:
    """Whether a parameter is but a variance of normals: after a step it is a mean of squares, which have densities."""
    places = [
        (law.kind == NORMAL and index == 1 and argument == symbol)
        for component in model.fit
        for law in component.laws
        for index, argument in enumerate(law.arguments)
        if symbol in argument.free_symbols
    ]
    return bool(places) and all(places) and not any(symbol in each.weight.free_symbols for each in model.fit)
