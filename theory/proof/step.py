"""Steps of derivations that rules check, made by the way in which they are shown.

Every maker takes the label of its step, and what it is `given` and `under`, too, as for `Step`.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from emtheory.theory.proof.formula import related
from emtheory.theory.proof.step_parts import LATER, PLACE, Rule, Step

__all__ = ["LATER", "PLACE", "Step"]

Factors = Mapping[Any, sympy.Expr | int]


def by_sides(make: Callable[..., Step]) -> Callable[..., Step]:
    """Let a maker of steps take a formula in one piece, or as left side, sign and right side."""

    @wraps(make)
    def made(explanation: str, *said: Any, **more: Any) -> Step:
        if len(said) > 2 and isinstance(said[1], str) and said[1] in ("<", "<=", ">", ">=", "=="):
            said = (related(*said[:3]), *said[3:])
        return make(explanation, *said, **more)

    return made


def _step(rule: Rule, explanation: str, formula: Boolean, **more: Any) -> Step:
    return Step("equation" if isinstance(formula, sympy.Eq) else "inequality", explanation, formula, rule=rule, **more)


def _pairs(values: Factors) -> tuple[tuple[Any, sympy.Expr], ...]:
    return tuple((name, sympy.sympify(value)) for name, value in values.items())


def _items(domain: Mapping[sympy.Symbol, sympy.Set] | None) -> tuple[tuple[sympy.Symbol, sympy.Set], ...]:
    return tuple(sorted((domain or {}).items(), key=str))


def equation(explanation: str, lhs: sympy.Basic, rhs: sympy.Basic, **more: Any) -> Step:
    """Make a step lhs = rhs, by two different roads, which follows by algebra from definitions and equations given."""
    return _step("", explanation, related(lhs, "==", rhs), **more)


@by_sides
def inequality(
    explanation: str, formula: Boolean, *, domain: Mapping[sympy.Symbol, sympy.Set] | None = None, **more: Any
) -> Step:
    """Make a step from the sign of a difference of sides; ``< <= > >=`` has to be strict if that can be proved."""
    return Step("inequality", explanation, formula, rule="sign", domain=_items(domain), **more)


@by_sides
def combination(
    explanation: str,
    formula: Boolean,
    multipliers: Factors,
    *,
    domain: Mapping[sympy.Symbol, sympy.Set] | None = None,
    **more: Any,
) -> Step:
    """Make a step that is exactly the sum of earlier relations times factors, which for inequalities are not negative.

    It is strict if and only if one that is strict has a positive factor; inequalities in `within` show factors not to
    be negative, where their signs do not. A chain a ≤ b ≤ c is the case of two factors 1.
    """
    parts = {"multipliers": _pairs(multipliers), "domain": _items(domain)}
    return _step("combination", explanation, formula, **parts, **more)


@by_sides
def monotone(explanation: str, formula: Boolean, increasing: sympy.Expr, of: str, **more: Any) -> Step:
    """Make a step that puts sides of an inequality in `PLACE` of sums, factors ≥ 0, means, increasing functions."""
    return Step(
        "inequality", explanation, formula, rule="monotone", multipliers=_pairs({of: 1}), expression=increasing, **more
    )


@by_sides
def induction(
    explanation: str, formula: Boolean, counter: sympy.Symbol, factor: sympy.Expr, multipliers: Factors, **more: Any
) -> Step:
    """Make a step for all t ≥ 0: at 0 by sign, at t + 1 by itself at t, with `factor` ≥ 0, and earlier ones."""
    parts = {"multipliers": _pairs(multipliers), "expression": sympy.sympify(factor), "at": _pairs({counter: 0})}
    return Step("inequality", explanation, formula, rule="induction", **parts, **more)


@by_sides
def instance(explanation: str, formula: sympy.Rel, of: str, at: Factors, **more: Any) -> Step:
    """Make a step that gives variables of an earlier relation values in their domains."""
    return _step("instance", explanation, formula, multipliers=_pairs({of: 1}), at=_pairs(at), **more)


def limit(
    explanation: str,
    of: sympy.Limit,
    value: sympy.Expr,
    shape: sympy.Expr,
    places: Mapping[str, sympy.Symbol],
    *,
    along: tuple[str, ...] = (),
    **more: Any,
) -> Step:
    """Make a step for the limit of sums, products and powers of places; each stands for what has the limit of a step.

    `LATER` of one is the same a step later, and equations given are applied to what the limit is of.
    A limit at 0 is that along what is positive and tends to 0 by one of `along`.
    """
    parts = {"multipliers": tuple(places.items()), "within": along, "expression": shape}
    return _step("limit", explanation, related(of, "==", value), **parts, **more)


@by_sides
def meant(explanation: str, formula: Boolean, meanings: Factors, **more: Any) -> Step:
    """Make a step that follows from what names stand for, by the laws of the hypotheses that it is under.

    A member of a family stands for all, as a_j for ⟨X, U_jh⟩; a name stands for the same in all steps of a derivation.
    """
    return _step("meant", explanation, formula, at=_pairs(meanings), **more)


@by_sides
def either(explanation: str, formula: Boolean, of: Mapping[str, str], **more: Any) -> Step:
    """Make a step that says what earlier steps say, each under an assumption, one of which holds.

    Label of a step → that of its assumption. Of two, the one is what holds where the other fails; without a second one
    what is said is itself what holds there.
    """
    parts = {"multipliers": _pairs(dict.fromkeys(of, 1)), "discharging": tuple(of.values())}
    return _step("either", explanation, formula, **parts, **more)


def all_of(explanation: str, said: Mapping[str, Boolean], *, label: str) -> Step:
    """Make a step that says at once what several steps say, label → formula, for words that need all of it."""
    formula = sympy.And(*said.values(), evaluate=False)
    return Step("inequality", explanation, formula, label, rule="all", multipliers=_pairs(dict.fromkeys(said, 1)))


@by_sides
def positive(
    explanation: str,
    formula: Boolean,
    unless: str,
    *,
    points: tuple[sympy.Expr | int, ...] = (),
    meanings: Factors | None = None,
    **more: Any,
) -> Step:
    """Make a step that a sum or mean of what is not negative is positive, as else what `unless` says not to be 0 is.

    A mean is over one coordinate of the data, which `meanings` says, and 0 only if what it is of is 0 at all `points`.
    """
    parts = {"multipliers": _pairs({unless: 1}), "expression": sympy.Tuple(*points), "at": _pairs(meanings or {})}
    return Step("inequality", explanation, formula, rule="positive", **parts, **more)
