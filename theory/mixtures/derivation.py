"""What SymPy derives of a model, line by line, each checked, with the conditions under which it holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import sympy

from emtheory.theory.derivations.model import general_em
from emtheory.theory.mixtures.conditions import DECIDED, NO_TRUTH, OPEN, Condition, conditions_of
from emtheory.theory.mixtures.constant_posteriors import value_at
from emtheory.theory.mixtures.densities import log_components
from emtheory.theory.mixtures.derivatives import derived
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.expression import formula_text
from emtheory.theory.mixtures.invariances import invariances
from emtheory.theory.mixtures.means import expanded, means_in, total_one, without_across
from emtheory.theory.mixtures.model import NORMAL, MixtureModel
from emtheory.theory.mixtures.truth import truths
from emtheory.theory.proof.derivation import made
from emtheory.theory.proof.identity import identity

_FACTS = (
    "a step of EM adds to the expected log-likelihood what it adds to Q, or more",
    "Q(·|η) and the expected log-likelihood have the same slopes at η, so that EM stops where it is stationary",
    "observed information is complete information less what is missing",
    "EM's Jacobian at a fixed point is I − I_c⁻¹ I_o",
    "where the fit is the data's law the score is 0",
)
"""What the conclusions of statement general-em say."""
_MOST_COMPONENTS = 3
"""Up to so many the calculus is checked for as many components as the model has; a choice: a second. For more it is
checked for these: its proof is the same."""


@dataclass(frozen=True)
class Line:
    """A line of the derivation.

    `label`, `left`, `formula`: what it is about, the left side as text, and the right side; `explanation`: why it
    holds; `checked`: what has checked it; empty for a definition.
    """

    label: str
    left: str
    formula: sympy.Expr
    explanation: str
    checked: str = ""


@dataclass(frozen=True)
class Fact:
    """What a derivation of the catalogue says of every mixture, and how its premises stand for the model."""

    words: str
    formula: str
    derivation: str
    premises: tuple[Condition, ...]


@dataclass(frozen=True)
class ModelDerivation:
    """What is derived of a `model`: the `lines`, the `conditions` they are under, and the `facts` that are quoted."""

    model: MixtureModel
    lines: tuple[Line, ...]
    conditions: tuple[Condition, ...]
    facts: tuple[Fact, ...]


def derive_model(model: MixtureModel) -> ModelDerivation:
    """Derive posteriors, Q, EM's map, score, information and Jacobian, checking each line.

    InputError if the M-step has no unique solution that is found in closed form; DerivationError if a line fails its
    check.
    """
    conditions = tuple(conditions_of(model))
    return ModelDerivation(model, tuple(_lines(model)), conditions, tuple(_facts(model, conditions)))


def _facts(model: MixtureModel, conditions: Sequence[Condition]) -> Iterator[Fact]:
    """What statement general-em says, with its premises checked for the model."""
    unique = all(each.standing != OPEN for each in conditions if each.text != NO_TRUTH)
    standing = {
        # The laws of fits are exponential families, and those of the data have all moments and no other support.
        "finite mixture": DECIDED,
        "inner M-step": DECIDED if unique else OPEN,
        "well specified": DECIDED if truths(model) else OPEN,
    }
    statement = made(general_em.derive_general).statement
    for words, said, grounds in zip(_FACTS, statement.said, statement.grounds, strict=True):
        yield Fact(words, said.strip("$"), "general-em", tuple(Condition(name, standing[name]) for name in grounds))


def _lines(model: MixtureModel) -> Iterator[Line]:
    logs, step = log_components(model), em_step(model)
    for j, log in enumerate(logs):
        yield Line(f"component {j}", f"l_{j}", log, "log of weight times density, without what depends on x alone")
    terms = [sympy.exp(sympy.Symbol(f"l_{j}")) for j in range(len(logs))]
    yield Line("posteriors", "γ_j", sympy.exp(sympy.Symbol("l_j")) / sympy.Add(*terms), "Bayes' formula")
    yield Line("surrogate", "Q", step.surrogate, "E Σ_j γ_j l_j(x; η′), in which η′ is written as η and means are at η")
    for name, equation in zip(model.estimate, step.equations, strict=True):
        yield Line("M-step", f"∂Q/∂{name}", equation, "is 0 after the step")
    symbols = {each.name: each.symbol for each in model.parameters}
    for group in step.order:
        solved = {symbols[name]: step.solutions[name] for name in group}
        for name in group:
            checked = _vanishes(total_one(step.equations[model.estimate.index(name)].subs(solved), model))
            alone = "" if len(group) == 1 else f", together with {', '.join(other for other in group if other != name)}"
            why = f"the equations are linear in it{alone}, once the earlier ones are solved; put in, it solves them"
            yield Line("EM's map", f"em_map({name})", step.update[name], why, checked)
    first, second = _calculus(min(len(logs), _MOST_COMPONENTS)) if len(logs) > 1 else ("", "")
    for name in model.estimate:
        why = "∂ log Σ_j e^{l_j} = Σ_j γ_j ∂l_j, which is ∂Q/∂η′ at η′ = η"
        yield Line("score", f"score({name})", derived(model, "score", name), why, first)
    pairs = [(p, q) for i, p in enumerate(model.estimate) for q in model.estimate[i:]]
    for p, q in pairs:
        value = derived(model, "complete_information", p, q)
        yield Line("information", f"complete_information({p}, {q})", value, "−E Σ_j γ_j ∂²l_j")
        value = derived(model, "observed_information", p, q)
        why = "complete information less E Σ_{i<j} γ_i γ_j ∂_p(l_i − l_j) ∂_q(l_i − l_j)"
        yield Line("information", f"observed_information({p}, {q})", value, why, second)
    for p in model.estimate:
        for q in model.estimate:
            why = "∂γ_j = γ_j Σ_i γ_i ∂(l_j − l_i) in the means of EM's map"
            value = without_across(derived(model, "em_jacobian", p, q), model)
            value = min(expanded(value), value, key=sympy.count_ops)
            yield Line("Jacobian", f"em_jacobian({p}, {q})", value, why, second)
    yield from _at_origin(model)
    found = truths(model)
    for number, truth in enumerate(found, start=1):
        which = f"truth {number} of {len(found)}: " if len(found) > 1 else ""
        why = which + _where(truth.conditions) + "the fit is the data's law: a fixed point of EM, with score 0"
        for name, value in truth.values.items():
            yield Line("truth", name, value, why, "the components of the fit are those of the data")
    yield from _invariances(model)


def _invariances(model: MixtureModel) -> Iterator[Line]:
    """What changes of parameters EM's map follows."""
    maps = {each: sympy.Symbol(f"em_map({each.name})") for each in model.estimated}
    for each in invariances(model):
        turned = [x for x, sign in zip(model.observed, each.signs, strict=True) if sign < 0]
        why = [f"the law of the data does not change with the sign of {', '.join(turned)}"] if turned else []
        why += ["the components of the fit change places"] if sorted(each.order) != [*each.order] else []
        images = [*each.values.values()]
        checked = {_vanishes(difference) for difference in each.differences(model)}
        values = [image.subs(maps) for image in images]
        value = values[0] if len(values) == 1 else sympy.Tuple(*values)
        place = ", ".join(map(formula_text, images))
        said = f"{', '.join(sorted(checked))}, with what each mean is there put in"
        yield Line("invariance", f"em_map at ({place})", value, _where(each.conditions) + " and ".join(why), said)


def _at_origin(model: MixtureModel) -> Iterator[Line]:
    """EM's Jacobian at the origin, where posteriors do not depend on the observation there."""
    place = dict.fromkeys(model.estimated, sympy.Integer(0))
    update = em_step(model).update
    if any(s.is_positive for s in place) or any(value_at(model, each, place) != 0 for each in update.values()):
        return
    tied = _tied_jacobian(model)
    for i, p in enumerate(model.estimate):
        for j, q in enumerate(model.estimate):
            value = value_at(model, derived(model, "em_jacobian", p, q), place)
            if value is not None:
                why, checked = "no posterior depends on the observation there, and means are moments of the data", ""
                if tied is not None and sympy.simplify(value - tied[i, j]) == 0:
                    why += (
                        "; it is an entry of I − N⁻¹AᵀA, where A = Σ_j π_j L_j, N = Σ_j π_j L_jᵀL_j and L_j = ∂m_j/∂η"
                    )
                    checked = "computed from the means m_j alone, the entry is the same"
                yield Line("origin", f"em_jacobian({p}, {q}) at 0", value, why, checked)


def _tied_jacobian(model: MixtureModel) -> sympy.Matrix | None:
    """I − N⁻¹AᵀA for means that are linear in what is estimated, known weights and covariance I, also of the data."""
    laws = [law for each in (*model.fit, *model.data) for law in each.laws]
    if any(law.kind != NORMAL or law.arguments[1] != 1 for law in laws) or len(model.data) > 1:
        return None
    names = model.estimated
    if any(law.arguments[0] != 0 for law in model.data[0].laws) or any(each.weight.has(*names) for each in model.fit):
        return None
    zero = dict.fromkeys(names, 0)
    average, norm = sympy.zeros(len(model.observed), len(names)), sympy.zeros(len(names), len(names))
    for each in model.fit:
        means = sympy.Matrix([law.arguments[0] for law in each.laws])
        slopes = means.jacobian(names)
        if slopes.has(*names, *model.coordinates) or any(sympy.expand(mean.subs(zero)) != 0 for mean in means):
            return None
        average, norm = average + each.weight * slopes, norm + each.weight * slopes.T * slopes
    return sympy.eye(len(names)) - norm.inv() * average.T * average if norm.det() != 0 else None


def _where(conditions: object) -> str:
    given = dict(conditions)  # type: ignore[call-overload]
    return f"for {', '.join(f'{name} = {value}' for name, value in given.items())} " if given else ""


def _vanishes(expression: sympy.Expr) -> str:
    method, points = identity(sympy.cancel(expression), sympy.Integer(0))
    return f"{method}, and at {points} exact {'point' if points == 1 else 'points'}" if points else method


def _calculus(count: int) -> tuple[str, str]:
    """Check first and second derivatives of log Σ_j e^{l_j}, for l_j with any first and mixed second derivatives."""
    e = sympy.symbols(f"e_:{count}", positive=True)
    u, v, c = (sympy.symbols(f"{name}_:{count}", real=True) for name in "uvc")
    s, t = sympy.symbols("s t", real=True)
    terms = [e[j] * sympy.exp(u[j] * s + v[j] * t + c[j] * s * t) for j in range(count)]
    log, at, total = sympy.log(sympy.Add(*terms)), {s: 0, t: 0}, sympy.Add(*e)
    posteriors = [each / total for each in e]
    first = identity(sympy.diff(log, s).subs(at), sympy.Add(*(g * a for g, a in zip(posteriors, u, strict=True))))
    spread = sympy.Add(
        *(posteriors[i] * posteriors[j] * (u[i] - u[j]) * (v[i] - v[j]) for i, j in combinations(range(count), 2))
    )
    mixed = sympy.diff(log, s, t).subs(at)
    second = identity(mixed, sympy.Add(*(g * a for g, a in zip(posteriors, c, strict=True))) + spread)
    return tuple(f"{method}, for {count} components with any derivatives" for method, _ in (first, second))  # type: ignore[return-value]


def latex(expression: sympy.Expr, model: MixtureModel) -> str:
    """Return an expression in means and parameters in LaTeX, with means as they are written."""
    names = {mean.symbol: _mean_latex(mean.x, mean.posteriors, model.observed) for mean in means_in(expression)}
    return str(sympy.latex(expression, symbol_names=names))


def _mean_latex(x: Sequence[int], posteriors: Sequence[int], observed: Sequence[str]) -> str:
    parts = [rf"\gamma_{{{j}}}" for j in posteriors]
    parts += [name if a == 1 else f"{name}^{{{a}}}" for name, a in zip(observed, x, strict=True) if a]
    return rf"\operatorname{{E}}[{' '.join(parts) or '1'}]"
